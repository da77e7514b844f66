"""The companies and the week of a document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.formatting import clean, location_name
from pipeline.reporting.facts.published_week import Reading, Row
from pipeline.thresholds import YEAR_WEEKS


@dataclass(frozen=True)
class AsOf:
    """The week of a document.

    Attributes:
        week: ISO text.
        first_day, last_day: its Monday and Sunday.
        cut_off: newest run date of the records that it knows.
        year_start: first day of its 52 weeks.
        revision, er_version, ruleset_version: of the snapshot.
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
        entity_id: its id.
        name: as the records have it most.
        place: city, state and country, as far as known.
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


def as_of(reading: Reading) -> AsOf:
    """The week of an opened snapshot."""
    manifest, year_start = reading.manifest, reading.window(YEAR_WEEKS)[0]
    return AsOf(
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


def supplier(reading: Reading, entity_id: str) -> Party:
    """A supplier by its id."""
    row = reading.row("select *, supplier_name as name from dim_supplier where supplier_id = $1", [entity_id])
    return _party(row, entity_id, ("city", "country_code"))


def consignee(reading: Reading, entity_id: str) -> Party:
    """A consignee by its id."""
    row = reading.row("select *, consignee_name as name from dim_consignee where consignee_id = $1", [entity_id])
    return _party(row, entity_id, ("city", "state", "country_code"))


def _party(row: Row | None, entity_id: str, place: tuple[str, ...]) -> Party:
    """A row of `dim_supplier` or `dim_consignee`.

    Args:
        row: the row; None for an entity that the tables do not show.
        entity_id: its id.
        place: columns of its place, the smallest first.
    """
    known = row or {}
    return Party(
        entity_id=entity_id,
        name=clean(known.get("name"), entity_id),
        place=location_name(known, place),
        role=known.get("role") or "unknown",
        spellings=int(known.get("spellings") or 0),
        confidence=None if known.get("confidence") is None else float(known["confidence"]),
    )
