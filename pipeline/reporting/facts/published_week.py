"""A frozen week and the bills known to it, opened for reading: the one place that knows columns and files.

What the snapshot has is read from its Parquet. The rest (history before it, single bills, name variants) is read from
the warehouse, limited to weeks up to the as-of week and to bills first released by the cut-off. A bill that was amended
or deleted since then shows as it is now; the figures of the snapshot do not move.

Temporary views: `tier`, `alternative`, `leverage`, `consolidation`, `customer_event` (the frozen rows), `bill`,
`bill_product`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.dbt_macros import rendered
from pipeline.errors import NotReadyError
from pipeline.formatting import KG, TEU
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.manifest import Manifest, SnapshotError, frozen_weeks, newest_manifest, snapshot_dir
from pipeline.thresholds import SIZED_PART_FOR_TEU
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.renamed_columns import frozen_rows_sql

Row = dict[str, Any]
"""One row by column name."""

FROZEN: Final = {
    "tier": "fct_tier",
    "alternative": "fct_alternative",
    "leverage": "fct_leverage_snapshot",
    "consolidation": "fct_consolidation",
    "customer_event": "fct_customer_event",
    "capacity": "fct_supplier_capacity",
}
"""Views and the frozen tables behind them."""
LATER: Final = ("customer_event", "capacity")
"""Views of tables that weeks published before version 0.2 lack."""
"""Products that the text model gives to bills without a code; there once a week was computed."""
NAMED: Final = rendered("bills/parties", "is_named", "{0}")
"""Whether a side of a bill is named: forwarders and banks keep their id but are no supplier or customer."""


class NoSnapshotError(NotReadyError):
    """No week, or not this one, is published; the message says what to do."""


def rows_of(connection: duckdb.DuckDBPyConnection, query: str, values: Sequence[Any] = ()) -> list[Row]:
    """Rows of a query by column name."""
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Reading:
    """An opened week.

    Attributes:
        connection: the warehouse, read only, with the views.
        manifest: of the snapshot.
        has_events, has_capacity: whether these tables are there; weeks published before version 0.2 have none.
    """

    connection: duckdb.DuckDBPyConnection
    manifest: Manifest
    has_events: bool
    has_capacity: bool

    @property
    def week(self) -> Week:
        """The as-of week."""
        return self.manifest.week

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """Rows of a query by column name."""
        return rows_of(self.connection, query, values)

    def row(self, query: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row of a query."""
        found = self.rows(query, values)
        return found[0] if found else None

    def capacity(self, supplier_id: str) -> Row | None:
        """The supplier's row of `fct_supplier_capacity` over all products; None in weeks without that table."""
        if not self.has_capacity:
            return None
        return self.row("select * from capacity where supplier_id = $1 and hs4 = 'all'", [supplier_id])

    def window(self, weeks: int) -> tuple[date, date]:
        """First and last Monday of the last `weeks` weeks."""
        return self.week.before(weeks - 1).monday, self.week.monday


@contextmanager
def opened(settings: Settings, week: Week | None) -> Iterator[Reading]:
    """Open `week`, or the newest that is published.

    Raises:
        NoSnapshotError: it is not published.
        SnapshotError: it is damaged.
        WarehouseError: the warehouse is missing, damaged or in use.
    """
    published = frozen_weeks(settings)
    if not published:
        raise NoSnapshotError("no week is published yet: run `leverage publish`")
    chosen = week or published[-1]
    manifest = newest_manifest(settings, chosen)
    if manifest is None:
        raise NoSnapshotError(
            f"{chosen} is not published (the newest that is: {published[-1]}): run `leverage publish --as-of {chosen}`"
        )
    with warehouse(settings) as connection:
        folder = snapshot_dir(settings, chosen, manifest.revision)
        there = {view for view, table in FROZEN.items() if (folder / f"{table}.parquet").exists()}
        for view in FROZEN:
            if view not in LATER or view in there:
                _open_frozen(connection, view, folder / f"{FROZEN[view]}.parquet")
        connection.execute(_bill_view(manifest))
        connection.execute(PRODUCT_VIEW)
        yield Reading(connection, manifest, "customer_event" in there, "capacity" in there)


def _open_frozen(connection: duckdb.DuckDBPyConnection, view: str, path: Path) -> None:
    try:
        connection.execute(f"create temp view {view} as select * from {frozen_rows_sql(path)}")
    except duckdb.Error as error:
        text = str(error).splitlines()[0]
        raise SnapshotError(f"{path} cannot be read ({text}). Restore snapshots/ from a backup") from error


def unit_of(reading: Reading, side: str, entity_id: str, weeks: int) -> str:
    """The unit of a company's volumes: TEU where containers of known size carry enough of its weight, else kilograms.

    Args:
        reading: the week.
        side: `supplier` or `consignee`.
        entity_id: the company.
        weeks: how far back.
    """
    found = reading.row(
        "select sum(teu) > 0 and sum(sized_weight_kg) >= $4 * sum(weight_kg) as is_in_teu "
        f"from bill where {side}_id = $1 and {side}_is_named and week_start_date between $2 and $3",
        [entity_id, *reading.window(weeks), SIZED_PART_FOR_TEU],
    )
    return TEU if found and found["is_in_teu"] else KG


def volume_sql(unit: str) -> str:
    """The column of `bill` that a volume is added up from."""
    return "bill.teu" if unit == "teu" else "bill.weight_kg"


def _bill_view(manifest: Manifest) -> str:
    return f"""
create temp view bill as
select
    *,
    {NAMED.format("supplier")} as supplier_is_named,
    {NAMED.format("consignee")} as consignee_is_named
from fct_shipment
where
    not is_in_transit
    and week_start_date <= date '{manifest.week.monday}'
    and first_release_date <= date '{manifest.cut_off}'
"""


PRODUCT_VIEW: Final = "create temp view bill_product as select shipment_id, hs4, fraction from fct_shipment_product"
