"""Which weeks are closed, and the words for those that are not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, WeekError, judge, newest_closed, parse_week, week_of
from pipeline.snapshots.due import closed_week
from pipeline.snapshots.inputs import read_release_state
from pipeline.state.waivers import waive
from tests.snapshots.toy import CUT_OFF, FIRST, LATENESS, WEEK, connected, days, home, journal_line, load, record

HOLE = WEEK.monday + timedelta(days=2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return home(tmp_path)


def lose(settings: Settings, day: date) -> None:
    """Take a release out of the journal and the warehouse."""
    lines = settings.outcomes_path.read_text().splitlines()
    settings.outcomes_path.write_text("".join(f"{line}\n" for line in lines if f'"{day}"' not in line))
    with connected(settings) as connection:
        for table, column in (("int_record", "run_date"), ("int_release_applied", "release_date")):
            connection.execute(f"delete from {table} where {column} = ?", [day])


def fault(settings: Settings) -> str:
    return judge(WEEK, read_release_state(settings), LATENESS).fault or ""


def waived(settings: Settings) -> Mapping[date, str]:
    return judge(WEEK, read_release_state(settings), LATENESS).waived


def test_a_week_is_parsed_and_printed_as_iso_text_across_a_new_year() -> None:
    week = parse_week("2026-W53")
    assert (week.monday, week.sunday) == (date(2026, 12, 28), date(2027, 1, 3))
    assert week_of(date(2027, 1, 2)) == week
    assert str(week) == "2026-W53"
    assert week.before(1).text == "2026-W52"
    for text in ("2025-W53", "2026-46", "2026-W00", "week 46", "2026-W46x"):
        with pytest.raises(WeekError, match="give one such as 2026-W46"):
            parse_week(text)


def test_a_week_closes_on_the_day_its_cut_off_is_loaded(settings: Settings) -> None:
    assert date(2026, 3, 22) == CUT_OFF
    assert fault(settings) == ""
    lose(settings, CUT_OFF)
    assert "waits for records up to 2026-03-22" in fault(settings)
    assert "the newest loaded are of 2026-03-21" in fault(settings)


def test_the_newest_closed_week_is_found(settings: Settings) -> None:
    state = newest_closed(read_release_state(settings), LATENESS)
    assert state is not None
    assert state.week == WEEK
    load(settings, days(CUT_OFF + timedelta(days=1), CUT_OFF + timedelta(days=6)))
    assert closed_week(settings, None).week == WEEK
    load(settings, [CUT_OFF + timedelta(days=7)])
    assert closed_week(settings, None).week == WEEK.before(-1)


def test_nothing_is_closed_before_the_first_release(tmp_path: Path) -> None:
    from pipeline.settings import load_settings

    with pytest.raises(WeekError, match="no release is loaded"):
        closed_week(load_settings(home=tmp_path / "empty"), None)


def test_a_day_that_was_never_asked_for_keeps_the_week_open(settings: Settings) -> None:
    lose(settings, HOLE)
    assert f"1 release day is missing up to its cut-off {CUT_OFF}: {HOLE} (never asked for)" in fault(settings)
    with pytest.raises(WeekError, match="leverage backfill"):
        closed_week(settings, None)


@pytest.mark.parametrize("outcome", ["failed", "incomplete", "not_published"])
def test_three_days_that_lack_are_waived_by_rule_and_a_fourth_blocks(settings: Settings, outcome: str) -> None:
    lacking = days(HOLE - timedelta(days=3), HOLE)
    for number, day in enumerate(lacking):
        assert fault(settings) == ""
        assert len(waived(settings)) == number
        lose(settings, day)
        journal_line(settings, day, outcome, at=day + timedelta(days=100))
    assert f"1 release day is missing up to its cut-off {CUT_OFF}: {HOLE} (" in fault(settings)
    waive(settings, HOLE, "will not come")
    assert fault(settings) == ""


def test_a_failed_day_blocks_until_its_lateness_has_run_out(settings: Settings) -> None:
    newest = CUT_OFF - timedelta(days=LATENESS - 1)
    lose(settings, newest)
    journal_line(settings, newest, "failed")
    assert f"{newest} (failed: disk full)" in fault(settings)
    load(settings, [CUT_OFF + timedelta(days=1)])
    assert fault(settings) == ""
    assert waived(settings) == {newest: "waived by rule: failed: disk full"}


def test_a_failed_correction_leaves_the_release_loaded_before_in_force(settings: Settings) -> None:
    journal_line(settings, HOLE, "failed")
    assert fault(settings) == ""


def test_an_unpublished_day_is_waived_when_its_own_lateness_has_run_out(settings: Settings) -> None:
    lose(settings, HOLE)
    journal_line(settings, HOLE, "not_published", at=HOLE + timedelta(days=LATENESS - 1))
    assert f"not published yet, may come until {HOLE + timedelta(days=LATENESS)}" in fault(settings)
    journal_line(settings, HOLE, "not_published", at=HOLE + timedelta(days=LATENESS))
    assert fault(settings) == ""
    assert waived(settings) == {HOLE: "waived by rule: still unpublished 14 days later"}


def test_people_waive_a_day_with_a_reason(settings: Settings) -> None:
    lose(settings, HOLE)
    with pytest.raises(UsageError, match="needs a reason"):
        waive(settings, HOLE, " ")
    waive(settings, HOLE, "the publisher will not repair it")
    assert fault(settings) == ""
    assert waived(settings) == {HOLE: "waived by people: the publisher will not repair it"}
    load(settings, [HOLE])
    assert waived(settings) == {}


def test_a_day_that_a_later_cumulative_file_brings_counts_as_loaded(settings: Settings) -> None:
    lose(settings, HOLE)
    with connected(settings) as connection:
        record(connection, HOLE, CUT_OFF)
    assert fault(settings) == ""
    with connected(settings) as connection:
        connection.execute(
            "insert into int_record select identifier + 1000 + i, release_date, run_date, weight_kg "
            "from int_record, range(20) as t(i) where run_date <> ?",
            [HOLE],
        )
    assert "never asked for" in fault(settings), "one record among days of twenty is a stray"


def test_a_release_that_is_not_built_yet_keeps_the_week_open(settings: Settings) -> None:
    journal_line(settings, HOLE, "loaded", version="v2")
    assert f"{HOLE} (loaded, but not in the warehouse yet" in fault(settings)


def test_history_begins_with_the_first_release_and_only_52_weeks_block(settings: Settings) -> None:
    assert fault(settings) == "", "no day before the first release is missed"
    before = judge(WEEK.before(2), read_release_state(settings), LATENESS)
    assert before.fault == f"{WEEK.before(2)} is not closed: history begins after its Monday, with {FIRST}"
    early = Week(WEEK.monday - timedelta(weeks=200))
    load(settings, [early.monday])
    window = days(WEEK.before(51).monday, FIRST - timedelta(days=1))
    assert fault(settings).startswith(f"{WEEK} cannot be published: {len(window)} release days are missing")
    assert f"{window[0]} (never asked for)" in fault(settings)
    older = days(early.monday + timedelta(days=1), window[0] - timedelta(days=1))
    assert waived(settings) == dict.fromkeys(older, "before the 52 weeks: never asked for")
