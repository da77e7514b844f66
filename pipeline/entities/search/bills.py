"""Bills in force by name variant, from the warehouse."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.settings import Settings
from pipeline.warehouse.connection import WarehouseError, warehouse

BILLS_SCHEMA: Final = pa.schema([("spelling_id", pa.int64()), ("bills", pa.int64())])

_BILLS: Final = """
with bills as (
    select records.shipper_spelling_id, records.consignee_spelling_id
    from fct_shipment
    inner join int_record as records on fct_shipment.identifier = records.identifier
),
parties as (
    select shipper_spelling_id as spelling_id from bills
    union all
    select consignee_spelling_id from bills
)
select spelling_id, count(*) as bills
from parties
where spelling_id is not null {wanted}
group by spelling_id
order by spelling_id
"""


def bills_of_variants(settings: Settings, spelling_ids: Iterable[int] | None = None) -> pa.Table | None:
    """Return `spelling_id`, `bills`; a name variant without bills in force has no row.

    Args:
        settings: whose warehouse.
        spelling_ids: only these; None: all.

    Returns:
        None where there is no warehouse yet, or another process has it open.
    """
    ids = None if spelling_ids is None else list(spelling_ids)
    query = _BILLS.format(wanted="" if ids is None else "and spelling_id in (select unnest(?))")
    try:
        with warehouse(settings) as connection:
            return connection.execute(query, [] if ids is None else [ids]).to_arrow_table().cast(BILLS_SCHEMA)
    except (WarehouseError, duckdb.CatalogException):
        return None
