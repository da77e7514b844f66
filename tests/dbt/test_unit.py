"""dbt's unit tests of the models."""

from __future__ import annotations

import shutil

from pipeline.settings import Settings
from pipeline.warehouse.dbt_arguments import UNIT_TESTS, common_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt

FEWEST = 14
"""A selection that finds none would pass as well."""


def test_unit_tests_of_models_pass(reference: Settings, settings: Settings) -> None:
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)  # the staging views read its raw rows
    arguments = ["test", *common_arguments(dbt_paths(settings)), "--select", UNIT_TESTS]
    results = run_dbt(settings, arguments).results
    assert len(results) >= FEWEST
    assert {str(result.status) for result in results} == {"pass"}
