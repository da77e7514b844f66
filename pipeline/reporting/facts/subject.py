"""The companies and the week of a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import duckdb

from pipeline.plain_text import clean, location_name
from pipeline.reporting.facts.published_week import Reading, Row, rows_of
from pipeline.thresholds import YEAR_WEEKS


@dataclass(frozen=True)
class DocumentWeek:
    """The week of a document.

    Attributes:
        cut_off: newest run date of the records that it knows.
        waived_days: release days of its 52 weeks that never came.
    """

    week: str
    first_day: date
    last_day: date
    cut_off: date
    year_start: date
    revision: int
    er_version: str
    ruleset_version: str
    waived_days: int


@dataclass(frozen=True)
class Party:
    """A company.

    Attributes:
        role: forwarder, trader, ..., or unknown.
        spellings: in how many ways bills write it.
        confidence: that these are one company, 0..1.
    """

    entity_id: str
    name: str
    place: str
    role: str
    spellings: int
    confidence: float | None


def as_of(reading: Reading) -> DocumentWeek:
    """The week of an opened snapshot."""
    manifest, year_start = reading.manifest, reading.window(YEAR_WEEKS)[0]
    return DocumentWeek(
        week=manifest.week.text,
        first_day=manifest.week.monday,
        last_day=manifest.week.sunday,
        cut_off=manifest.cut_off,
        year_start=year_start,
        revision=manifest.revision,
        er_version=manifest.versions.er_version,
        ruleset_version=manifest.versions.ruleset_version,
        waived_days=sum(1 for day in manifest.inputs.waived if day >= year_start),
    )


def parties(connection: duckdb.DuckDBPyConnection, identifiers: Iterable[str]) -> dict[str, Party]:
    """Each company by its id; one that the tables do not show has its id for a name."""
    wanted = sorted(set(identifiers))
    rows = rows_of(
        connection,
        "select *, supplier_id as id, supplier_name as name from dim_supplier "
        "where supplier_id in (select unnest($1::varchar[])) "
        "union all by name select *, consignee_id as id, consignee_name as name from dim_consignee "
        "where consignee_id in (select unnest($1::varchar[]))",
        [wanted],
    )
    known = {row["id"]: row for row in rows}
    return {identifier: _party(known.get(identifier, {}), identifier) for identifier in wanted}


def _party(row: Row, entity_id: str) -> Party:
    return Party(
        entity_id=entity_id,
        name=clean(row.get("name"), entity_id),
        place=location_name(row, ("city", "state", "country_code")),
        role=row.get("role") or "unknown",
        spellings=int(row.get("spellings") or 0),
        confidence=None if row.get("confidence") is None else float(row["confidence"]),
    )
