"""What is behind alerts: their frozen bills, who took what before and after, bills a week; read for all alerts at once.

A bill without a name is counted, never given to a customer: the bills behind a customer that went dark are those that
still named it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.alerts.message import Bill
from pipeline.plain_text import clean
from pipeline.warehouse.connection import create_temp_table

Row = dict[str, Any]

DRAWN_CUSTOMERS: Final = 6
"""Customers that a picture names; more than some half a dozen bars cannot be distinguished at a glance."""
DRAWN_WEEKS: Final = 52
"""Weeks of the picture of bills a week: one year, so that a season shows."""
BEHIND: Final = pa.schema(
    [(name, pa.string()) for name in ("alert_id", "supplier_id", "subject_id")]
    + [(name, pa.date32()) for name in ("before_first", "before_last", "first", "last", "known_by")]
)
LISTED: Final = pa.schema([("alert_id", pa.string()), ("newness", pa.int32()), ("shipment_id", pa.string())])


@dataclass(frozen=True)
class Evidence:
    """What is behind one alert.

    Attributes:
        bills: the newest, at most 20, as the snapshot froze them.
        bills_in_all: how many there are.
        query: SQL on the BI copy that lists them all.
        shares: customer id (None: without a name) to its shares of the supplier's bills before and after, 0..1: of the
            largest ones, of the customer that the alert is about and of the companies asked for.
        weeks: Mondays of `DRAWN_WEEKS`, oldest first.
        weekly: the supplier's bills in each.
        subject_weekly: the customer's bills in each; empty where the alert is about none.
    """

    bills: tuple[Bill, ...]
    bills_in_all: int
    query: str
    shares: dict[str | None, tuple[float, float]]
    weeks: tuple[date, ...]
    weekly: tuple[int, ...]
    subject_weekly: tuple[int, ...]


def gather(
    connection: duckdb.DuckDBPyConnection, alerts: Sequence[Row], companies: Collection[str]
) -> dict[str, Evidence]:
    """The evidence of each alert, by its id.

    Args:
        connection: the warehouse; temporary tables are made in it.
        alerts: rows of `windowed`, each id once.
        companies: consignees whose shares are wanted wherever they are customers.
    """
    if not alerts:
        return {}
    behind = [
        {
            "alert_id": row["alert_id"],
            "supplier_id": row["supplier_id"],
            "subject_id": subject_of(row),
            **{name: row[name] for name in ("before_first", "before_last", "first", "last", "known_by")},
        }
        for row in alerts
    ]
    frozen = {row["alert_id"]: json.loads(row["evidence"]) for row in alerts}
    newest = [
        {"alert_id": key, "newness": newness, "shipment_id": shipment}
        for key, evidence in frozen.items()
        for newness, shipment in enumerate(evidence["bills"])
    ]
    create_temp_table(connection, "behind", pa.Table.from_pylist(behind, BEHIND))
    create_temp_table(connection, "listed", pa.Table.from_pylist(newest, LISTED))
    connection.execute(_BEHIND_BILL, {"drawn": DRAWN_WEEKS})
    listed = _grouped(connection.execute(_LISTED).fetchall())
    shares = _grouped(
        connection.execute(_SHARES, {"drawn": DRAWN_CUSTOMERS, "companies": sorted(companies)}).fetchall()
    )
    weekly = _grouped(connection.execute(_WEEKLY).fetchall())
    return {row["alert_id"]: _evidence(row, frozen[row["alert_id"]], listed, shares, weekly) for row in alerts}


def windowed(row: Row) -> Row:
    """An alert row of `fct_alert` with its windows as Mondays: before_first, before_last, first, last."""
    ends = {"first": "start", "last": "end"}
    now = {name: _monday(row[f"window_{end}_date"]) for name, end in ends.items()}
    return row | now | {f"before_{name}": _monday(row[f"window_before_{end}_date"]) for name, end in ends.items()}


def subject_of(row: Row) -> str | None:
    """The customer that an alert is about: its own, else the one that moved most."""
    found: str | None = row["consignee_id"] or row.get("driver_consignee_id")
    return found


def _evidence(
    row: Row,
    frozen: Mapping[str, Any],
    listed: dict[str, list[Any]],
    shares: dict[str, list[Any]],
    weekly: dict[str, list[Any]],
) -> Evidence:
    key = row["alert_id"]
    by_week = {week: (bills_, subject) for week, bills_, subject in weekly.get(key, [])}
    weeks = tuple(row["last"] - timedelta(weeks=back) for back in reversed(range(DRAWN_WEEKS)))
    return Evidence(
        bills=tuple(
            Bill(shipment, arrival, clean(number), clean(name) or None, _float(containers), _float(kg))
            for shipment, arrival, number, name, containers, kg in listed.get(key, [])
        ),
        bills_in_all=frozen["bills_in_all"],
        query=frozen["query"],
        shares={customer: (before, after) for customer, before, after in shares.get(key, [])},
        weeks=weeks,
        weekly=tuple(by_week.get(week, (0, 0))[0] for week in weeks),
        subject_weekly=tuple(by_week.get(week, (0, 0))[1] for week in weeks),
    )


_BEHIND_BILL: Final = """
create or replace temp table behind_bill as
with supplier as (
    select
        supplier_id,
        least(min(before_first), min(last) - 7 * $drawn) as first,
        max(last) as last
    from behind
    group by supplier_id
)

select
    bill.supplier_id,
    bill.week_start_date,
    bill.first_release_date,
    case when bill.consignee_visibility not in ('forwarder', 'bank') then bill.consignee_id end as customer_id
from fct_shipment as bill
inner join supplier
    on bill.supplier_id = supplier.supplier_id
    and bill.week_start_date between supplier.first and supplier.last
where not bill.is_in_transit
"""

_LISTED: Final = """
select
    listed.alert_id,
    bill.shipment_id,
    bill.arrival_date,
    concat_ws(' / ', nullif(bill.master_bol_number, ''), nullif(bill.house_bol_number, '')) as bill_number,
    customer.consignee_name,
    bill.containers,
    bill.weight_kg
from listed
inner join fct_shipment as bill using (shipment_id)
left join dim_consignee as customer using (consignee_id)
order by listed.alert_id, listed.newness
"""

_SHARES: Final = """
with counted as (
    select
        behind.alert_id,
        bill.customer_id,
        count(*) filter (where bill.week_start_date between behind.before_first and behind.before_last) as before,
        count(*) filter (where bill.week_start_date between behind.first and behind.last) as after
    from behind
    inner join behind_bill as bill
        on behind.supplier_id = bill.supplier_id and bill.first_release_date <= behind.known_by
    group by behind.alert_id, bill.customer_id
),

shared as (
    select
        alert_id,
        customer_id,
        coalesce(before / nullif(sum(before) over (partition by alert_id), 0), 0) as before,
        coalesce(after / nullif(sum(after) over (partition by alert_id), 0), 0) as after
    from counted
    where before + after > 0
),

ranked as (
    select
        *,
        row_number() over (
            partition by alert_id
            order by customer_id is null, greatest(before, after) desc, customer_id
        ) as size_rank
    from shared
)

select ranked.alert_id, ranked.customer_id, ranked.before, ranked.after
from ranked
inner join behind using (alert_id)
where
    ranked.size_rank <= $drawn
    or ranked.customer_id is null
    or ranked.customer_id = behind.subject_id
    or list_contains($companies, ranked.customer_id)
order by ranked.alert_id, ranked.customer_id
"""

_WEEKLY: Final = """
select
    behind.alert_id,
    bill.week_start_date,
    count(*) as bills,
    count(*) filter (where bill.customer_id = behind.subject_id) as subject_bills
from behind
inner join behind_bill as bill
    on behind.supplier_id = bill.supplier_id and bill.first_release_date <= behind.known_by
group by behind.alert_id, bill.week_start_date
"""


def _grouped(rows: Sequence[tuple[Any, ...]]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for key, *rest in rows:
        groups.setdefault(key, []).append(tuple(rest))
    return groups


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _float(value: Any) -> float | None:
    return None if value is None else float(value)
