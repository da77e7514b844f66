"""A release whose optional table fails its checks is loaded as partial; a required one keeps it out."""

from __future__ import annotations

from datetime import date

import duckdb

from pipeline.ingest.acceptance.accept import accept_releases
from pipeline.ingest.acceptance.verdicts import passed_days
from pipeline.progress import Progress
from pipeline.quality.check_days import check_days
from pipeline.runs.report import report_days
from pipeline.settings import Settings
from pipeline.state.release_outcomes import accepted_versions, read_outcomes
from tests.quality.staging import BILLS, Release

DAY = date(2026, 11, 2)
OTHER = date(2026, 11, 3)


def test_optional_table_that_fails_is_loaded_with_its_good_rows(settings: Settings) -> None:
    partial, refused = Release(DAY), Release(OTHER)
    partial.sql.execute("insert into quarantine select 'cargodesc', 'too_few_columns' from range(100)")
    refused.sql.execute("insert into quarantine select 'shipper', 'too_few_columns' from range(100)")
    partial.write(settings)
    refused.write(settings)
    check_days(settings, [DAY, OTHER], Progress())
    assert passed_days(settings, [DAY, OTHER]) == [DAY]

    accept_releases(settings, [DAY])
    lines = {item.table_name: item for item in read_outcomes(settings) if item.release_date == DAY}
    assert {item.outcome for item in lines.values()} == {"loaded", "partial"}
    assert lines["cargodesc"].outcome == "partial"
    assert "conservation of cargodesc: rows in quarantine: 20 % (100 of 500)" in (lines["cargodesc"].reason or "")
    assert (lines["cargodesc"].rows_in, lines["cargodesc"].rows_loaded) == (BILLS + 100, BILLS)
    assert lines["header"].outcome == "loaded"
    assert accepted_versions(settings) == {DAY: "version"}
    rows = duckdb.sql(f"select count(*) from '{settings.raw_dir}/cargodesc/*/*.parquet'").fetchall()
    assert rows == [(BILLS,)]
    (report,) = report_days([DAY], read_outcomes(settings), before=0)
    assert (report.outcome, report.rows_quarantined) == ("partial", 100)
