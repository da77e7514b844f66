"""When the manifest is made anew."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from pipeline.project_files import DBT_PROJECT
from pipeline.warehouse.dbt_arguments import DbtPaths
from pipeline.warehouse.dbt_manifest import project_key


@pytest.fixture
def paths(tmp_path: Path) -> DbtPaths:
    project = tmp_path / "project"
    shutil.copytree(DBT_PROJECT, project)
    return DbtPaths(project, tmp_path / "target", tmp_path / "logs")


def test_a_changed_file_makes_the_manifest_stale(paths: DbtPaths, tmp_path: Path) -> None:
    before = project_key(paths, tmp_path)
    assert project_key(paths, tmp_path) == before
    model = paths.project_dir / "models" / "marts" / "fct_shipment.sql"
    os.utime(model, ns=(1, 1))
    assert project_key(paths, tmp_path) != before


def test_a_new_file_or_another_home_makes_it_stale(paths: DbtPaths, tmp_path: Path) -> None:
    before = project_key(paths, tmp_path)
    assert project_key(paths, tmp_path / "elsewhere") != before
    (paths.project_dir / "seeds" / "more.csv").write_text("a\n")
    assert project_key(paths, tmp_path) != before
