"""Pending releases and facts of tables."""

from __future__ import annotations

import shutil
from datetime import date

from pipeline.settings import Settings
from pipeline.warehouse.pending import applied_versions, pending_days
from pipeline.warehouse.table_facts import table_facts
from tests.dbt.story import DAYS, story
from tests.dbt.world import rows, write_release


def test_a_built_release_is_not_pending_and_a_corrected_one_is(reference: Settings, settings: Settings) -> None:
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)
    assert sorted(applied_versions(settings)) == list(DAYS)
    assert pending_days(settings) == []
    write_release(settings, DAYS[2], story()[DAYS[2]][1:])
    write_release(settings, date(2026, 3, 20), [])
    assert pending_days(settings) == [DAYS[2], date(2026, 3, 20)]


def test_before_the_first_build_all_is_pending(settings: Settings) -> None:
    write_release(settings, DAYS[0], [])
    assert pending_days(settings) == [DAYS[0]]


def test_table_facts_have_rows_and_newest_week(reference: Settings) -> None:
    facts = table_facts(reference)
    (counted,) = rows(reference, "select count(*) as rows, max(week_start_date) as week from fct_supplier_weekly")
    assert (facts["fct_supplier_weekly"].rows, facts["fct_supplier_weekly"].newest_week) == (
        counted["rows"],
        counted["week"],
    )
    assert facts["dim_supplier"].newest_week is None
    assert facts["stg_header"].rows is None, "counting a view would run it"
    assert facts["stg_header"].columns["identifier"] == "BIGINT"
