"""Promoting a release: what lies in raw afterwards, and that it can be cut off anywhere."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.ingest import nightly
from pipeline.ingest.acceptance import accept, raw_files
from pipeline.ingest.acceptance.accept import accept_releases
from pipeline.ingest.acceptance.raw_files import damaged_days
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.paths import staged_folder
from pipeline.ingest.reader_version import raw_version
from pipeline.ingest.stage import stage_releases
from pipeline.settings import Settings
from pipeline.state.release_outcomes import accepted_versions, read_outcomes

from .conftest import DAY, Land, bad_file, good_tables, read

NEXT_DAY = DAY + timedelta(days=1)


class Killed(BaseException):
    """Stands for a process that is gone: nothing catches it."""


def rows(folder: Path, day: date = DAY) -> int:
    return len(read(folder / f"release_date={day}" / "*.parquet"))


def everything(settings: Settings) -> dict[str, bytes]:
    """Each file outside of the journal, by its place."""
    return {
        str(path.relative_to(settings.home)): path.read_bytes()
        for path in sorted(settings.home.rglob("*"))
        if path.is_file() and settings.state_dir not in path.parents
    }


def test_accepted_release_is_in_raw_and_is_journaled(settings: Settings, land: Land) -> None:
    landing = land({"cargodesc": bad_file("cargodesc__stray_quote"), "tariff": None})
    stage_releases(settings, [landing])

    (release,) = accept_releases(settings, [DAY])

    assert {table: rows(settings.raw_dir / table) for table in ("header", "cargodesc", "tariff")} == {
        "header": 5,
        "cargodesc": 3,
        "tariff": 0,
    }
    assert rows(settings.quarantine_dir) == 1
    assert not staged_folder(settings, DAY).exists()
    assert accepted_versions(settings) == {DAY: raw_version(landing.files)}
    lines = {line.table_name: line for line in read_outcomes(settings)}
    assert {line.outcome for line in lines.values()} == {"loaded"}
    assert set(lines) == set(TABLES) - {"tariff"}
    broken = lines["cargodesc"]
    assert (broken.rows_in, broken.rows_loaded, broken.rows_quarantined) == (4, 3, 1)
    assert broken.reason == "1 rows in quarantine: stray_quote"
    assert release.files[0].sha256 in {line.sha256 for line in lines.values()}


def test_corrected_release_replaces_the_old_one_whole(settings: Settings, land: Land) -> None:
    extra, odd = bad_file("cargodesc__extra_column"), good_tables()["header"].replace(b",5200,", b",n/a,")
    bad = bad_file("billgen__missing_master")
    stage_releases(settings, [land({"cargodesc": extra, "header": odd, "billgen": bad})])
    accept_releases(settings, [DAY])
    assert (rows(settings.aside_dir), rows(settings.quarantine_dir)) == (3, 1)

    stage_releases(settings, [land({"hazmat": None, "header": b"".join(good_tables()["header"].splitlines(True)[:3])})])
    accept_releases(settings, [DAY])

    assert rows(settings.raw_dir / "header") == 2
    assert not (settings.raw_dir / "hazmat" / f"release_date={DAY}").exists()
    assert rows(settings.quarantine_dir) == rows(settings.aside_dir) == 0
    assert len({line.raw_version for line in read_outcomes(settings)}) == 2


def test_only_releases_that_can_be_loaded_are_accepted(settings: Settings, land: Land) -> None:
    good, bad = land(), land({"header": b""}, day=NEXT_DAY)
    stage_releases(settings, [good, bad])

    accepted = accept_releases(settings, [DAY, NEXT_DAY, NEXT_DAY + timedelta(days=1)])

    assert [release.release_date for release in accepted] == [DAY]
    assert rows(settings.raw_dir / "header", NEXT_DAY) == 0
    assert staged_folder(settings, NEXT_DAY).exists()


def test_accepting_twice_changes_nothing(settings: Settings, land: Land) -> None:
    stage_releases(settings, [land()])
    accept_releases(settings, [DAY])
    before = everything(settings), read_outcomes(settings)

    assert accept_releases(settings, [DAY]) == []
    assert (everything(settings), read_outcomes(settings)) == before


@pytest.fixture
def fuse(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Kills at the n-th change of the disk."""
    left = [10**9]

    def guarded(change: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return change(*args, **named)

        return call

    monkeypatch.setattr(Path, "rename", guarded(Path.rename))
    monkeypatch.setattr(Path, "mkdir", guarded(Path.mkdir))
    monkeypatch.setattr(shutil, "rmtree", guarded(shutil.rmtree))
    monkeypatch.setattr(os, "sync", guarded(lambda: None))
    monkeypatch.setattr(accept, "append_outcomes", guarded(accept.append_outcomes))
    yield lambda steps: left.__setitem__(0, steps)
    left[0] = 10**9


def test_run_killed_at_any_step_is_simply_run_again(
    settings: Settings, land: Land, fuse: Callable[[int], None], tmp_path: Path
) -> None:
    few = dict.fromkeys(set(TABLES) - {"header", "billgen", "cargodesc", "hazmat"})  # the fewer, the fewer steps
    old = {**few, "cargodesc": bad_file("cargodesc__stray_quote")}
    new = {**few, "cargodesc": bad_file("cargodesc__odd_values"), "billgen": bad_file("billgen__missing_master")}
    stage_releases(settings, [land(old)])
    accept_releases(settings, [DAY])
    stage_releases(settings, [land({**new, "hazmat": None}), land(few, day=NEXT_DAY)])
    start = tmp_path / "start"
    shutil.copytree(settings.home, start)
    accept_releases(settings, [DAY, NEXT_DAY])
    unbroken, versions = everything(settings), accepted_versions(settings)
    lines = len(read_outcomes(settings))

    kills = 0
    for steps in range(10_000):
        shutil.rmtree(settings.home)
        shutil.copytree(start, settings.home)
        fuse(steps)
        try:
            accept_releases(settings, [DAY, NEXT_DAY])
        except Killed:
            kills += 1
        else:
            break
        finally:
            fuse(10**9)
        accept_releases(settings, [DAY, NEXT_DAY])
        assert everything(settings) == unbroken, f"killed after {steps} steps"
        assert accepted_versions(settings) == versions, f"killed after {steps} steps"
        assert len(read_outcomes(settings)) == lines, f"killed after {steps} steps: journaled twice"
    assert kills > 20


def test_rows_are_on_disk_before_the_journal_records_them(
    settings: Settings, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    append = accept.append_outcomes
    monkeypatch.setattr(os, "sync", lambda: order.append("rows forced to disk"))
    monkeypatch.setattr(accept, "append_outcomes", lambda *given: (order.append("journal written"), append(*given)))
    stage_releases(settings, [land()])
    accept_releases(settings, [DAY])
    assert order == ["rows forced to disk", "journal written"]


@pytest.mark.parametrize("damage", ["truncated", "deleted", "another file"])
def test_rows_that_the_disk_lost_are_loaded_again_from_landing(
    settings: Settings, land: Land, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    landing = land()
    monkeypatch.setattr(nightly, "landed", lambda _settings, _day: landing)
    stage_releases(settings, [landing])
    accept_releases(settings, [DAY])
    assert nightly.waiting_to_load(settings, [DAY]) == []
    (path,) = (settings.raw_dir / "header" / f"release_date={DAY}").glob("*.parquet")
    if damage == "truncated":
        path.write_bytes(path.read_bytes()[:100])
    elif damage == "deleted":
        path.unlink()
    else:
        (other,) = (settings.raw_dir / "tariff" / f"release_date={DAY}").glob("*.parquet")
        path.write_bytes(other.read_bytes())
    assert str(path.parent) in damaged_days(settings)[DAY]
    assert nightly.waiting_to_load(settings, [DAY]) == [landing]
    stage_releases(settings, [landing])
    accept_releases(settings, [DAY])
    assert damaged_days(settings) == {}
    assert rows(settings.raw_dir / "header") == 5


def test_what_waits_is_found_with_one_reading_of_journal_and_footers(
    settings: Settings, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = land()
    monkeypatch.setattr(nightly, "landed", lambda _settings, _day: landing)
    stage_releases(settings, [landing])
    accept_releases(settings, [DAY])
    opened: list[str] = []
    journal, footer = "read_outcomes", "read_metadata"
    for module, name in ((nightly, journal), (raw_files, journal), (raw_files.parquet, footer)):
        whole = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *given, name=name, whole=whole: opened.append(name) or whole(*given))
    assert nightly.waiting_to_load(settings, [DAY]) == []
    assert (opened.count(journal), opened.count(footer)) == (1, len(TABLES))
    assert nightly.waiting_to_load(settings, [DAY]) == []
    assert (opened.count(journal), opened.count(footer)) == (2, len(TABLES))
