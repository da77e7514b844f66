"""Read from the journal and the warehouse what closes a week and what a snapshot is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

from pipeline.ingest.release_days import read_rhythm
from pipeline.settings import Settings
from pipeline.snapshots.calendar import ReleaseState
from pipeline.state.release_outcomes import accepted_versions, read_outcomes
from pipeline.state.waivers import read_waivers
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.pending import pending_days

RECORDS: Final = "int_record"
RECORD_PARTS: Final = ("int_record_container", "int_record_hs", "int_record_notify")


@dataclass(frozen=True)
class Inputs:
    """What a week is computed from.

    Attributes:
        releases: raw version of each accepted release day up to the cut-off.
        later_records: of records that a release after the cut-off brought although their run date lies before it (in a
            feed of cumulative files, all of them): a digest by run date, so that another file with the same records is
            the same input.
        waived: waived release days, with the reason.
    """

    releases: dict[date, str]
    later_records: dict[date, str]
    waived: dict[date, str]


def read_release_state(settings: Settings) -> ReleaseState:
    """Return what decides whether a week is closed.

    Raises:
        WarehouseError: the warehouse is damaged or in use by another process.
    """
    run_dates: dict[date, int] = {}
    if settings.warehouse_path.exists():
        with warehouse(settings) as connection, suppress(duckdb.CatalogException):  # no night has built it yet
            run_dates = dict(connection.execute(_RUN_DATES).fetchall())
    outcomes = read_outcomes(settings)
    rhythm = read_rhythm(settings, outcomes)
    return ReleaseState(outcomes, run_dates, read_waivers(settings), rhythm, tuple(pending_days(settings)))


def read_inputs(
    settings: Settings, cut_off: date, waived: dict[date, str], accepted: Mapping[date, str] | None = None
) -> Inputs:
    """The inputs of a week with this cut-off, as they are now.

    Args:
        settings: whose home.
        cut_off: the last run date known to the week.
        waived: waived release days.
        accepted: raw version of each accepted release, where the caller has read the journal already.
    """
    versions = accepted_versions(settings) if accepted is None else accepted
    releases = {day: version for day, version in sorted(versions.items()) if day <= cut_off}
    with warehouse(settings) as connection:
        found = connection.execute(_LATER_RECORDS, [cut_off]).fetchall()
    return Inputs(releases, dict(found), waived)


_RUN_DATES: Final = f"select run_date, count(*) from {RECORDS} where run_date is not null group by run_date"
_PARTS: Final = "\n    union all\n".join(
    f"""    select late.run_date, cast(part as varchar) as content
    from (select * exclude (release_date) from {name}) as part
    inner join late on part.identifier = late.identifier"""
    for name in RECORD_PARTS
)
_LATER_RECORDS: Final = f"""
with late as (
    select identifier, run_date from {RECORDS} where run_date <= $1 and release_date > $1
),
parts as (
    select late.run_date, cast(record as varchar) as content
    from (select * exclude (release_date) from {RECORDS}) as record
    inner join late on record.identifier = late.identifier
    union all
{_PARTS}
)
select run_date, count(*) || '-' || lower(to_hex(bit_xor(md5_number_lower(content)))) as digest
from parts
group by run_date
order by run_date
"""
