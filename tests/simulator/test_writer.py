"""Worlds written to a folder: any size, two layouts, the same records."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.land import land_release
from pipeline.settings import load_settings
from simulator import FIRST_RELEASE
from simulator.feed.feed import runs_of_days
from simulator.feed.tables.block import block_text
from simulator.feed.writer import write_sample
from simulator.world.span import DAYS, EMBEDDED_BILLS_PER_DAY, EMBEDDED_SEED
from simulator.world.world import Spec, build
from tests.simulator.conftest import Unread, embedded_release, file_name, read_file

START = date(2024, 12, 9)
WORLD = {"days": 40, "bills_per_day": 30, "seed": 11, "start": START}


@pytest.fixture(scope="module")
def daily(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("daily")
    write_sample(out, **WORLD)
    return out


@pytest.fixture(scope="module")
def cumulative(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cumulative")
    write_sample(out, **WORLD, layout="cumulative")
    return out


def releases(out: Path) -> list[date]:
    return sorted(date.fromisoformat(path.parent.name) for path in out.rglob("manifest.json"))


def folder(out: Path, day: date) -> Path:
    return out / f"{day:%Y}" / f"{day:%Y%m%d}"


def records(out: Path, table: str, days: list[date]) -> list[tuple[str, ...]]:
    rows = []
    for day in days:
        rows += read_file((folder(out, day) / file_name(table, day)).read_bytes(), table, day)[0]
    return [tuple(row) for row in rows]


def unread(out: Path, days: list[date]) -> list[Unread]:
    return [
        line
        for table in TABLES
        for day in days
        for line in read_file((folder(out, day) / file_name(table, day)).read_bytes(), table, day)[1]
    ]


def fingerprints(out: Path) -> dict[str, str]:
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_writes_the_same_bytes(daily: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, **WORLD)
    assert fingerprints(tmp_path) == fingerprints(daily)


def test_another_seed_writes_another_world(daily: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, **{**WORLD, "seed": 12, "days": 1})
    name = f"2024/20241209/{file_name('header', START)}"
    assert fingerprints(tmp_path)[name] != fingerprints(daily)[name]


def test_every_day_is_a_release_of_twelve_files(daily: Path) -> None:
    assert releases(daily) == [START + timedelta(n) for n in range(40)]
    assert len(fingerprints(daily)) == 40 * (len(TABLES) + 1)


def test_reported_counts_are_those_of_the_written_files(daily: Path, tmp_path: Path) -> None:
    reported = []
    written = write_sample(tmp_path, **WORLD, progress=reported.append)
    manifests = [json.loads(path.read_bytes())["files"] for path in tmp_path.rglob("manifest.json")]
    assert written.files == len(fingerprints(tmp_path))
    assert written.rows == sum(entry["rows"] for entries in manifests for entry in entries)
    assert written.bills == sum(
        entry["rows"] for entries in manifests for entry in entries if "__header_" in entry["name"]
    )
    assert written.bytes == sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert reported == [START + timedelta(n) for n in range(40)]


def test_cumulative_releases_come_weekly_and_at_the_ends(cumulative: Path) -> None:
    weekly = [START + timedelta(n) for n in (6, 13, 20, 27, 34)]
    assert releases(cumulative) == sorted([*weekly, date(2024, 12, 31), START + timedelta(39)])


def test_a_cumulative_release_repeats_its_year_to_date(daily: Path, cumulative: Path) -> None:
    days = [START + timedelta(n) for n in range(14)]
    for table in TABLES:
        assert records(cumulative, table, days[-1:]) == records(daily, table, days), table


def test_both_layouts_have_the_same_records(daily: Path, cumulative: Path) -> None:
    ends = [date(2024, 12, 31), START + timedelta(39)]
    for table in TABLES:
        assert Counter(records(cumulative, table, ends)) == Counter(records(daily, table, releases(daily))), table


def test_cut_off_line_is_never_in_the_middle(daily: Path, cumulative: Path) -> None:
    ends = [date(2024, 12, 31), START + timedelta(39)]
    daily_lines, cumulative_lines = unread(daily, releases(daily)), unread(cumulative, ends)
    cut = Counter(line.content for line in daily_lines if line.is_last and line.content.count(b'"') % 2)
    assert cut
    assert Counter(line.content for line in cumulative_lines) == Counter(line.content for line in daily_lines) - cut


def test_a_cumulative_manifest_counts_the_records_of_its_files(cumulative: Path) -> None:
    for day in releases(cumulative):
        for entry in json.loads((folder(cumulative, day) / "manifest.json").read_bytes())["files"]:
            content = (folder(cumulative, day) / entry["name"]).read_bytes()
            table = next(table for table in TABLES if f"__{table}_" in entry["name"])
            rows, unread = read_file(content, table, day)
            assert (entry["sha256"], entry["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
            assert entry["rows"] == len(rows) + len(unread)


@pytest.mark.parametrize("layout", ["daily", "cumulative"])
def test_a_written_release_lands_through_the_folder_source(
    layout: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    out: Path = request.getfixturevalue(layout)
    settings = load_settings(_env_file=None, home=tmp_path, source_url=out.as_uri(), min_free_bytes=0)
    landing = land_release(settings, START + timedelta(6))
    assert landing.outcome == "landed", landing.reason
    assert {file.table for file in landing.files} == set(TABLES)
    assert all(file.rows_declared is not None for file in landing.files)


def test_days_can_be_made_in_any_portions() -> None:
    world = build(Spec(11, START, 14, 30))
    single = [block_text(world, run) for run in runs_of_days(world, 1, 1)]
    whole = [block_text(world, run) for run in runs_of_days(world, 1 << 20, 1 << 40)]
    assert len(single) == 14
    assert len(whole) == 1
    for table in TABLES:
        pieces = b"".join(bytes(text.tables[table].body[: text.tables[table].first_byte[-1]]) for text in single)
        assert pieces == bytes(whole[0].tables[table].body[: whole[0].tables[table].first_byte[-1]]), table


def test_portions_respect_their_limits() -> None:
    world = build(Spec(11, START, 40, 30))
    runs = list(runs_of_days(world, 9, 150))
    assert [run.first_day for run in runs[1:]] == [run.first_day + run.days for run in runs[:-1]]
    assert sum(run.days for run in runs) == 40
    assert all(run.days == 1 or (run.days <= 9 and len(run.deliveries["key"]) <= 150) for run in runs)


@pytest.mark.parametrize(("bills_per_day", "days"), [(57, 60), (3000, 9)])
def test_a_day_has_about_as_many_deliveries_as_asked_for(bills_per_day: int, days: int) -> None:
    world = build(Spec(5, START, days, bills_per_day))
    made = sum(len(run.deliveries["key"]) for run in runs_of_days(world, 28, 40_000))
    assert made / days == pytest.approx(bills_per_day, rel=0.25)


def test_the_embedded_world_can_be_written_too() -> None:
    world = build(Spec(EMBEDDED_SEED, FIRST_RELEASE, DAYS, EMBEDDED_BILLS_PER_DAY))
    text = block_text(world, next(iter(runs_of_days(world, 3, 1 << 40))))
    (rows, _) = read_file(embedded_release(FIRST_RELEASE)[file_name("header", FIRST_RELEASE)], "header", FIRST_RELEASE)
    table = text.tables["header"]
    first = bytes(table.body[: table.first_byte[1]]).decode().splitlines()
    assert [row[0] for row in rows] == [line.split(",")[0] for line in first]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"days": 0}, "days and bills per day must be 1 or more, got 0 and 30"),
        ({"bills_per_day": -1}, "days and bills per day must be 1 or more, got 40 and -1"),
        ({"seed": -1}, "seed must be 0 .. 4294967295, got -1"),
        ({"seed": 1 << 32}, "seed must be 0 .. 4294967295, got 4294967296"),
    ],
)
def test_a_number_outside_its_range_is_refused(wrong: dict[str, int], message: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        write_sample(tmp_path, **{**WORLD, **wrong})
    assert not list(tmp_path.iterdir())


def test_a_world_of_one_bill_a_day_can_be_written(tmp_path: Path) -> None:
    written = write_sample(tmp_path, days=5, bills_per_day=1, seed=1)
    assert written.files == 5 * (len(TABLES) + 1)
