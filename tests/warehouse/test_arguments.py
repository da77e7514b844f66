"""The arguments of dbt calls, tested without dbt."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.project_files import DBT_PROJECT
from pipeline.settings import Settings, load_settings
from pipeline.warehouse.dbt_arguments import (
    AUDIT_TAG,
    UNIT_TESTS,
    WEEKLY,
    audit_arguments,
    build_arguments,
    common_arguments,
    dbt_paths,
    parse_arguments,
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


def test_dbt_writes_below_the_home_only(settings: Settings) -> None:
    paths = dbt_paths(settings)
    assert paths.project_dir == DBT_PROJECT
    assert (DBT_PROJECT / "dbt_project.yml").is_file()
    for path in (paths.target_dir, paths.log_dir, paths.manifest_path, paths.manifest_key_path):
        assert path.is_relative_to(settings.home)


def test_every_call_is_quiet_and_private(settings: Settings) -> None:
    paths = dbt_paths(settings)
    for make in (parse_arguments, build_arguments, audit_arguments):
        arguments = make(paths)
        common = common_arguments(paths)
        assert any(arguments[n : n + len(common)] == common for n in range(len(arguments)))
    assert "--no-send-anonymous-usage-stats" in common_arguments(paths)


def test_a_night_leaves_out_audit_and_unit_tests(settings: Settings) -> None:
    arguments = build_arguments(dbt_paths(settings))
    assert arguments[0] == "build"
    assert arguments[arguments.index("--exclude") + 1 :] == [AUDIT_TAG, UNIT_TESTS, *WEEKLY]


def test_an_audit_takes_every_data_test(settings: Settings) -> None:
    arguments = audit_arguments(dbt_paths(settings))
    assert arguments[0] == "test"
    assert AUDIT_TAG not in arguments
    assert arguments[arguments.index("--exclude") + 1 :] == [UNIT_TESTS, *WEEKLY]


def test_a_build_can_be_narrowed_and_refreshed(settings: Settings) -> None:
    arguments = build_arguments(dbt_paths(settings), full_refresh=True, select=("meta_release",), exclude=())
    assert "--full-refresh" in arguments
    assert "--exclude" not in arguments
    assert arguments[arguments.index("--select") + 1] == "meta_release"
