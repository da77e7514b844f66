"""When the manifest is made anew, and when dbt parses again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pipeline.project_files import DBT_PROJECT
from pipeline.settings import load_settings
from pipeline.warehouse.dbt_arguments import common_arguments, dbt_paths
from pipeline.warehouse.dbt_manifest import load_manifest
from pipeline.warehouse.dbt_runner import run_dbt
from pipeline.warehouse.project_key import project_key


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DBT_PROJECT, tmp_path / "project"))


def test_a_changed_file_makes_the_manifest_stale(project: Path) -> None:
    before = project_key(project)
    assert project_key(project) == before
    os.utime(project / "models" / "marts" / "fct_shipment.sql", ns=(1, 1))
    assert project_key(project) != before


def test_a_new_file_makes_it_stale(project: Path) -> None:
    before = project_key(project)
    (project / "seeds" / "more.csv").write_text("a\n")
    assert project_key(project) != before


def test_a_second_home_of_a_process_reads_the_project_as_parsed_for_the_first(tmp_path: Path) -> None:
    first, second = (load_settings(home=tmp_path / name) for name in ("first", "second"))
    manifest = load_manifest(first)
    assert load_manifest(second) is manifest
    for settings, other in ((first, second), (second, first)):
        compiled = run_dbt(settings, ["compile", *common_arguments(dbt_paths(settings)), "--select", "stg_consignee"])
        traces = str(compiled.results).count(str(other.home))
        assert traces == 0
    assert not (dbt_paths(second).target_dir / "partial_parse.msgpack").exists()
