"""The unit tests that stand beside the models."""

from __future__ import annotations

import shutil

from pipeline.settings import Settings
from pipeline.warehouse.dbt_arguments import UNIT_TESTS, common_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt

FEWEST = 14
"""As many as there are: a selection that finds none would pass as well."""


def test_models_do_what_their_unit_tests_say(reference: Settings, settings: Settings) -> None:
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)  # the staging views read its raw rows
    arguments = ["test", *common_arguments(dbt_paths(settings)), "--select", UNIT_TESTS]
    results = run_dbt(settings, arguments).results
    assert len(results) >= FEWEST
    assert {str(result.status) for result in results} == {"pass"}
