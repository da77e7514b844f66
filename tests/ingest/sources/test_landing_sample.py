"""Landing from the embedded sample: the bytes it makes, stored as if they had been delivered."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.land import land_release, landed
from pipeline.ingest.landing import folder as folder_module
from pipeline.settings import Settings, load_settings

from .conftest import DAY, landed_bytes, leftovers, manifest, release, table_bytes


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> dict[date, dict[str, bytes]]:
    """Stands in for the sample's world: release day to files."""
    files = release()
    days = {DAY: {**files, "manifest.json": manifest(files)}}
    module = ModuleType("simulator.feed.source")
    module.release_files = days.get  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "simulator.feed.source", module)
    return days


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(_env_file=None, home=tmp_path / "home", min_free_bytes=0)


def test_release_of_the_sample_lands(settings: Settings, world: dict[date, dict[str, bytes]]) -> None:
    landing = land_release(settings, DAY)
    assert landing.outcome == "landed"
    assert [file.table for file in landing.files] == list(TABLES)
    assert {name: content for name, content in landed_bytes(settings).items() if name != "provenance.json"} == release()
    assert landing.files[0].url == f"sample:{landing.files[0].file_name}"
    assert {file.rows_declared for file in landing.files} == {3}
    assert leftovers(settings) == []


def test_its_names_do_not_follow_another_template(tmp_path: Path, world: dict[date, dict[str, bytes]]) -> None:
    other = load_settings(_env_file=None, home=tmp_path, source_template="%Y%m%d/{table}.csv", min_free_bytes=0)
    assert land_release(other, DAY).outcome == "landed"


def test_same_again_is_unchanged_and_a_correction_lands(
    settings: Settings, world: dict[date, dict[str, bytes]]
) -> None:
    first = land_release(settings, DAY)
    again = land_release(settings, DAY)
    assert (again.outcome, again.files) == ("unchanged", first.files)
    changed = {**release(), first.files[0].file_name: table_bytes("header", mark="b")}
    world[DAY] = {**changed, "manifest.json": manifest(changed)}
    assert land_release(settings, DAY).outcome == "landed"


def test_day_without_a_release_is_not_published(settings: Settings, world: dict[date, dict[str, bytes]]) -> None:
    landing = land_release(settings, date(2026, 11, 8))
    assert landing.outcome == "not_published"
    assert landing.reason
    assert "the embedded sample for 2026-11-08" in landing.reason
    assert landed(settings, date(2026, 11, 8)) is None


def test_space_is_checked_first(
    settings: Settings, world: dict[date, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_store: object, _wanted: int, name: str) -> None:
        raise folder_module.DiskFullError(f"not enough disk for {name}")

    monkeypatch.setattr(folder_module.LandingFolder, "require_space", no_space)
    assert land_release(settings, DAY).outcome == "failed"
    assert leftovers(settings) == []
