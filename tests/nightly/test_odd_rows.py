"""Odd but possible rows through the whole night: what arrives is loaded, quarantined or refused in words."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.runs.upkeep import audit_warehouse
from pipeline.settings import Settings
from pipeline.state.release_outcomes import read_outcomes
from pipeline.warehouse.connection import warehouse
from tests.nightly.conftest import run_days
from tests.nightly.odd_rows import ROUND, Rows, clean_rows, odd_rows, write_release

FIRST = date(2026, 1, 5)


def write(folder: Path, days: Sequence[date]) -> dict[date, Rows]:
    """Write an odd release for each day but the last, whose release is clean."""
    written = {day: odd_rows(day, (day - FIRST).days) for day in days[:-1]}
    written[days[-1]] = clean_rows(days[-1], random.Random(1))
    for day, rows in written.items():
        write_release(folder, day, rows)
    return written


def check(settings: Settings, written: dict[date, Rows]) -> None:
    """Every file has an outcome with a reason where it was refused, and every row of the others is accounted for."""
    outcomes = {(line.release_date, line.table_name): line for line in read_outcomes(settings)}
    for day, rows in written.items():
        for table, found in rows.items():
            line = outcomes[day, table]
            if line.outcome == "failed":
                assert line.reason, line
                continue
            assert line.outcome in ("loaded", "partial"), line
            assert line.rows_in == len(found), line
            assert line.rows_in == (line.rows_loaded or 0) + (line.rows_quarantined or 0), line
    days = list(written)
    assert outcomes[days[-1], "header"].outcome == "loaded", "the clean release"
    loaded = [day for day in days if outcomes[day, "header"].outcome == "loaded"]
    with warehouse(settings) as connection:
        built = {row[0] for row in connection.execute("select release_date from int_release_applied").fetchall()}
    assert set(loaded) <= built
    assert len(loaded) > len(days) / 2, "most odd values are no reason to refuse a release"


def test_ten_releases_of_odd_rows_lose_no_row_and_break_no_night(
    tmp_path: Path, home_of: Callable[..., Settings]
) -> None:
    days = [FIRST + timedelta(days=number) for number in range(ROUND + 1)]
    written = write(tmp_path / "feed", days)
    settings = home_of(tmp_path / "feed")
    report = run_days(settings, days[0], days[-1])
    assert report.success, report.faults
    check(settings, written)


@pytest.mark.full
def test_two_hundred_releases_of_odd_rows_leave_every_clean_night_to_build(
    tmp_path: Path, home_of: Callable[..., Settings]
) -> None:
    settings = home_of(tmp_path / "feed")
    for turn in range(20):
        days = [FIRST + timedelta(days=turn * (ROUND + 1) + number) for number in range(ROUND + 1)]
        written = write(tmp_path / "feed", days)
        report = run_days(settings, days[0], days[-1])
        assert report.success, (turn, report.faults)
        check(settings, written)
    assert {name: fault for name, fault in audit_warehouse(settings).items() if fault} == {}
