"""What the warehouse tells of parties: how many bills bear a spelling or name an entity, and where the entity is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.settings import Settings
from pipeline.warehouse.connection import WarehouseError, warehouse

BILLS_SCHEMA: Final = pa.schema([("spelling_id", pa.int64()), ("bills", pa.int64())])

_OF_SPELLINGS: Final = """
with bills as (
    select records.shipper_spelling_id, records.consignee_spelling_id
    from fct_shipment
    inner join int_record as records on fct_shipment.identifier = records.identifier
),
borne as (
    select shipper_spelling_id as spelling_id from bills
    union all
    select consignee_spelling_id from bills
)
select spelling_id, count(*) as bills
from borne
where spelling_id is not null {wanted}
group by spelling_id
order by spelling_id
"""
_OF_ENTITIES: Final = """
with wanted as (select unnest(?) as entity_id),
bills as (
    select {kind}_id as entity_id, count(*) as bills
    from fct_shipment
    where {kind}_id in (select entity_id from wanted)
    group by 1
)
select wanted.entity_id, coalesce(bills.bills, 0), concat_ws(', ', {place})
from wanted
inner join dim_{kind} as party on wanted.entity_id = party.{kind}_id
left join bills on wanted.entity_id = bills.entity_id
"""
_PLACES: Final = {
    "supplier": "party.city, party.country_code",
    "consignee": "party.city, party.state, party.country_code",
}


@dataclass(frozen=True)
class Standing:
    """Bills in force that name an entity, and its place."""

    bills: int
    place: str


def bills_of_variants(settings: Settings, spelling_ids: Iterable[int] | None = None) -> pa.Table | None:
    """Bills in force by spelling: `spelling_id`, `bills`; a spelling without bills has no row.

    Args:
        settings: whose warehouse.
        spelling_ids: only these; None: all.

    Returns:
        None where there is no warehouse yet, or another process has it.
    """
    ids = None if spelling_ids is None else list(spelling_ids)
    query = _OF_SPELLINGS.format(wanted="" if ids is None else "and spelling_id in (select unnest(?))")
    try:
        with warehouse(settings) as connection:
            return connection.execute(query, [] if ids is None else [ids]).to_arrow_table().cast(BILLS_SCHEMA)
    except (WarehouseError, duckdb.CatalogException):
        return None


def standing_of(settings: Settings, entity_ids: Sequence[str]) -> dict[str, Standing]:
    """Bills and place of entities; those that the warehouse does not know (yet) are left out."""
    found: dict[str, Standing] = {}
    try:
        with warehouse(settings) as connection:
            for kind, place in _PLACES.items():
                rows = _rows(connection, _OF_ENTITIES.format(kind=kind, place=place), list(entity_ids))
                found |= {entity_id: Standing(bills, where) for entity_id, bills, where in rows}
    except (WarehouseError, duckdb.CatalogException):
        return found
    return found


def _rows(connection: duckdb.DuckDBPyConnection, query: str, ids: list[str]) -> list[tuple[Any, ...]]:
    return connection.execute(query, [ids]).fetchall()
