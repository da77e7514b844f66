"""How much of what is watched can be seen: the part of it that names its customer."""

from __future__ import annotations

from typing import Final

import duckdb

from pipeline.snapshots.calendar import Week
from pipeline.thresholds import YEAR_WEEKS


def coverage(connection: duckdb.DuckDBPyConnection, week: Week) -> dict[int, tuple[int, float | None]]:
    """For each watcher: suppliers reached, and the part of their kilograms of a year whose customer has a name.

    `reach` and `watch_line` must be there (`take_up_lines`).
    """
    rows = connection.execute(_COVERAGE, {"first": week.before(YEAR_WEEKS - 1).monday, "last": week.monday}).fetchall()
    return {watcher: (suppliers, named) for watcher, suppliers, named in rows}


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

looked_at as (
    select distinct watcher, supplier_id from reach
    union
    select watch_line.watcher, supplier.supplier_id
    from watch_line
    cross join supplier
    where watch_line.company_id is null and watch_line.supplier_id is null and watch_line.hs4 is null
)

select
    looked_at.watcher,
    count(*) as suppliers,
    coalesce(sum(supplier.named_kg), 0) / nullif(sum(supplier.weight_kg), 0) as named
from looked_at
left join supplier using (supplier_id)
group by looked_at.watcher
"""
