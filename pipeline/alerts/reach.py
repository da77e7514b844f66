"""Which suppliers a watchlist reaches, and how much of them can be seen.

One query for all recipients: lines and rules go in as tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.alerts.message import SEVERITIES
from pipeline.alerts.watchlist import Watcher
from pipeline.snapshots.calendar import Week
from pipeline.thresholds import YEAR_WEEKS
from pipeline.warehouse.connection import create_temp_table

LINE: Final = pa.schema(
    [
        ("watcher", pa.int32()),
        ("line", pa.int32()),
        ("company_id", pa.string()),
        ("supplier_id", pa.string()),
        ("hs4", pa.string()),
        ("rival_id", pa.string()),
        ("rival_name", pa.string()),
        ("least", pa.int32()),
    ]
)
RULE: Final = pa.schema(
    [("watcher", pa.int32()), ("line", pa.int32()), ("alert_type", pa.string()), ("step", pa.int32())]
)


def load_watch_lines(connection: duckdb.DuckDBPyConnection, watchers: Sequence[Watcher], week: Week) -> None:
    """Make the temporary tables `watch_line`, `watch_rule` and `reach` (watcher, line, supplier_id, nearness).

    `watcher` is the index in `watchers`; nearness is 1 for a supplier, 2 for a product, 3 for everything.
    """
    lines, rules = [], []
    for number, watcher in enumerate(watchers):
        for watch in watcher.watches:
            rival = watch.rival or (None, None)
            lines.append(
                {
                    "watcher": number,
                    "line": watch.line,
                    "company_id": watcher.company_id,
                    "supplier_id": watch.supplier_id,
                    "hs4": watch.hs4,
                    "rival_id": rival[0],
                    "rival_name": rival[1],
                    "least": SEVERITIES.index(watch.least_severity),
                }
            )
            for step, types in ((-1, watch.raised), (1, watch.lowered), (None, watch.ignored)):
                rules += [
                    {"watcher": number, "line": watch.line, "alert_type": name, "step": step} for name in sorted(types)
                ]
    create_temp_table(connection, "watch_line", pa.Table.from_pylist(lines, LINE))
    create_temp_table(connection, "watch_rule", pa.Table.from_pylist(rules, RULE))
    connection.execute(_REACH, {"first": week.before(YEAR_WEEKS - 1).monday, "last": week.monday})


def watched_suppliers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return every supplier that a line reaches by name, product or company; needs `reach`."""
    rows = connection.execute("select distinct supplier_id from reach order by supplier_id").fetchall()
    return [row[0] for row in rows]


def coverage(connection: duckdb.DuckDBPyConnection, week: Week) -> dict[int, tuple[int, float | None]]:
    """Return for each watcher the suppliers reached and the part of their yearly kilograms whose customer has a name.

    Needs `reach` and `watch_line`.
    """
    rows = connection.execute(_COVERAGE, {"first": week.before(YEAR_WEEKS - 1).monday, "last": week.monday}).fetchall()
    return {watcher: (suppliers, named) for watcher, suppliers, named in rows}


_REACH: Final = """
create or replace temp table reach as
with in_product as (
    select distinct bill.consignee_id as company_id, bill.supplier_id, product.hs4
    from fct_shipment as bill
    inner join fct_shipment_product as product using (shipment_id)
    where
        bill.week_start_date between $first and $last
        and not bill.is_in_transit
        and bill.supplier_id is not null
        and product.hs4 in (select hs4 from watch_line)
),

bought as (
    select distinct consignee_id as company_id, supplier_id
    from fct_pair_weekly
    where week_start_date between $first and $last and consignee_id in (select company_id from watch_line)
)

select watcher, line, supplier_id, 1 as nearness from watch_line where supplier_id is not null
union all
select distinct watch_line.watcher, watch_line.line, in_product.supplier_id, 2 as nearness
from watch_line
inner join in_product
    on watch_line.hs4 = in_product.hs4
    and (watch_line.company_id is null or watch_line.company_id = in_product.company_id)
union all
select watch_line.watcher, watch_line.line, bought.supplier_id, 3 as nearness
from watch_line
inner join bought using (company_id)
where watch_line.supplier_id is null and watch_line.hs4 is null
"""

_COVERAGE: Final = """
with bill as (
    select
        supplier_id,
        weight_kg,
        consignee_id is not null and consignee_visibility not in ('forwarder', 'bank') as is_named
    from fct_shipment
    where week_start_date between $first and $last and not is_in_transit and supplier_id is not null
),

supplier as (
    select supplier_id, sum(weight_kg) as weight_kg, sum(weight_kg) filter (where is_named) as named_kg
    from bill
    group by supplier_id
),

reached as (
    select distinct watcher, supplier_id from reach
    union
    select watch_line.watcher, supplier.supplier_id
    from watch_line
    cross join supplier
    where watch_line.company_id is null and watch_line.supplier_id is null and watch_line.hs4 is null
)

select
    reached.watcher,
    count(*) as suppliers,
    coalesce(sum(supplier.named_kg), 0) / nullif(sum(supplier.weight_kg), 0) as named
from reached
left join supplier using (supplier_id)
group by reached.watcher
"""
