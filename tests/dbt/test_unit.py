"""The unit tests that stand beside the models."""

from __future__ import annotations

import shutil

from pipeline.settings import Settings
from pipeline.warehouse.dbt_arguments import dbt_paths, unit_test_arguments
from pipeline.warehouse.dbt_runner import run_dbt

FEWEST = 14
"""As many as there are: a selection that finds none would pass as well."""


def test_models_do_what_their_unit_tests_say(reference: Settings, settings: Settings) -> None:
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)  # the staging views read its raw rows
    results = run_dbt(settings, unit_test_arguments(dbt_paths(settings))).results
    assert len(results) >= FEWEST
    assert {str(result.status) for result in results} == {"pass"}
