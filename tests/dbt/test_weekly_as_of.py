"""As known at a past cut-off, whatever came later, is as in a warehouse that was loaded only so far."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import Any

import pytest

from pipeline.settings import Settings
from tests.dbt.conftest import empty
from tests.dbt.story import DAYS, story
from tests.dbt.world import Bill, build_models, build_week, rows, write_release

CUT_OFFS = (date(2026, 3, 3), date(2026, 3, 10))
LAST_WEEK = date(2026, 3, 9)
AS_KNOWN = """
select {columns} from {table} where identifier not in (select identifier from late_identifier)
union all select {columns} from late_{late} order by all
"""
FACTS = {"fct_shipment": "bill"}
"""The table of what later records change in each, which has the columns that a week reads."""
CANDIDATES = ("snap_tier", "snap_leverage_snapshot", "snap_consolidation")

Tables = dict[str, list[dict[str, Any]]]


def closed_week(cut_off: date) -> date:
    """The Monday of the last week that was over."""
    return cut_off - timedelta(days=cut_off.weekday() + 7)


def week_as_known(settings: Settings, cut_off: date) -> Tables:
    """All rows that a week's build has for one cut-off."""
    build_week(settings, closed_week(cut_off), cut_off, tests=False)
    known = {
        table: rows(settings, AS_KNOWN.format(table=table, late=late, columns=columns_of(settings, late)))
        for table, late in FACTS.items()
    }
    names = (*CANDIDATES, "asof_shipment", "asof_product")
    return known | {name: unstamped(rows(settings, f"select * from {name} order by all")) for name in names}


def columns_of(settings: Settings, late: str) -> str:
    return ", ".join(row["column_name"] for row in rows(settings, f"describe late_{late}"))


def unstamped(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the batch of decisions, which depends on when the warehouse was built."""
    return [{name: value for name, value in row.items() if name != "er_version"} for row in found]


def loaded_until(settings: Settings, days: dict[date, list[Bill]], cut_offs: tuple[date, ...]) -> dict[date, Tables]:
    """The same of a warehouse that holds no later record, night by night."""
    known = {}
    for cut_off in cut_offs:
        for day in DAYS:
            if day <= cut_off:
                write_release(settings, day, days[day])
        build_models(settings)
        known[cut_off] = week_as_known(settings, cut_off)
        late = rows(settings, "select * from late_identifier")
        assert late == []
        for table, late in FACTS.items():
            columns = columns_of(settings, late)
            assert known[cut_off][table] == rows(settings, f"select {columns} from {table} order by all")
    return known


def test_what_came_after_the_cut_off_does_not_show(reference: Settings, settings: Settings) -> None:
    first = CUT_OFFS[:1]
    expected = loaded_until(settings, story(), first)
    empty(settings)
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)
    for cut_off in first:
        found = week_as_known(settings, cut_off)
        assert rows(settings, "select count(*) as n from late_identifier where was_in_force")[0]["n"] > 10
        for name in found:
            assert found[name] == expected[cut_off][name], (cut_off, name)
        assert found["asof_shipment"]
        assert found["snap_tier"]


@pytest.mark.full
@pytest.mark.parametrize("seed", range(4))
def test_the_folder_of_a_record_does_not_matter(settings: Settings, seed: int) -> None:
    days = story(seed=200 + seed, bills=150)
    expected = loaded_until(settings, days, CUT_OFFS)
    empty(settings)
    write_release(settings, DAYS[-1], [bill for day in DAYS for bill in days[day]])
    build_models(settings)
    for cut_off in CUT_OFFS:
        found = week_as_known(settings, cut_off)
        for name in found:
            assert found[name] == expected[cut_off][name], (cut_off, name)


def test_what_no_later_record_touches_is_not_worked_out_anew(reference: Settings, settings: Settings) -> None:
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)
    build_week(settings, LAST_WEEK, DAYS[-1], tests=False)
    for table in ("late_family", "late_shipment", "late_shipment_container", "late_bill"):
        assert rows(settings, f"select count(*) as n from {table}") == [{"n": 0}], table
