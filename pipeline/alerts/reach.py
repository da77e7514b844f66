"""Which suppliers a watchlist reaches, and which alerts of a week concern whom.

One query for all recipients: lines and rules go in as tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.alerts.message import SEVERITIES, Severity
from pipeline.alerts.watchlist import Watcher
from pipeline.snapshots.calendar import Week
from pipeline.thresholds import YEAR_WEEKS
from pipeline.warehouse.connection import take_up

Row = dict[str, Any]

WEEKLY_CAP: Final = 10
"""Alerts that a recipient is told in full in a week; the others are counted. More than ten are not read: ten is also
what one Slack message shows."""
TOLD_STATES: Final = ("open", "acknowledged")
"""Alerts that somebody resolved or put off, and those that were taken back, are not told (again)."""
OWN_MOVES: Final = ("customer_lost", "customer_won", "went_dark", "resurfaced")
"""What a watcher's own company did is no news to it, only what a supplier can read of it: told as info."""
GONE_FOR: Final = "alternatives_gone"
"""Concerns the buyer whose alternatives are gone, nobody else who buys there."""
LINES: Final = ("tier_crossed", "concentration_crossed")
"""Lines that one move of a customer crosses together: told once, by the graver."""
RETRACTED: Final = "retracted"


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


def take_up_lines(connection: duckdb.DuckDBPyConnection, watchers: Sequence[Watcher], week: Week) -> None:
    """Make the temporary tables `watch_line`, `watch_rule` and `reach` (watcher, line, supplier_id, nearness).

    `watcher` is the place in `watchers`; nearness is 1 for a supplier, 2 for a product, 3 for everything.
    """
    lines, rules = [], []
    for place, watcher in enumerate(watchers):
        for watch in watcher.watches:
            rival = watch.rival or (None, None)
            lines.append(
                {
                    "watcher": place,
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
                    {"watcher": place, "line": watch.line, "alert_type": name, "step": step} for name in sorted(types)
                ]
    take_up(connection, "watch_line", pa.Table.from_pylist(lines, LINE))
    take_up(connection, "watch_rule", pa.Table.from_pylist(rules, RULE))
    connection.execute(_REACH, {"first": week.before(YEAR_WEEKS - 1).monday, "last": week.monday})


def watched_suppliers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Every supplier that a line reaches by name, product or company; `reach` must be there."""
    rows = connection.execute("select distinct supplier_id from reach order by supplier_id").fetchall()
    return [row[0] for row in rows]


def take_up_concerns(
    connection: duckdb.DuckDBPyConnection, week: Week, cut_off: date | None, states: Sequence[str] = TOLD_STATES
) -> None:
    """Make the temporary table `concern`: watcher, alert and its severity as the watcher has it; needs `reach`.

    Args:
        connection: tables and temporary tables.
        week: the week whose alerts are meant.
        cut_off: day up to which records of the week count: alerts that were put off until a day of the week before it
            come again; None: none does.
        states: only alerts in one of them; empty for any.
    """
    connection.execute(
        _CONCERN,
        {
            "week": week.text,
            "states": list(states),
            "own": list(OWN_MOVES),
            "gone": GONE_FOR,
            "retracted": RETRACTED,
            "severities": list(SEVERITIES),
            "cut_off": cut_off,
        },
    )


def concerned(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """What each watcher is told once, the gravest first; `concern` must be there.

    Returns:
        Rows: watcher, alert_id, is_retraction, severity, rival_id, rival_name, in_group (alerts of its cause that
        concern the watcher), place (1 is the first of its watcher; retractions are counted apart).
    """
    cursor = connection.execute(_ONCE, {"lines": list(LINES)})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def severities_of(connection: duckdb.DuckDBPyConnection) -> dict[str, Severity]:
    """Severity of each alert that concerns the first watcher, as it has it; `concern` must be there."""
    rows = connection.execute("select alert_id, severity from concern where watcher = 0").fetchall()
    return {alert_id: SEVERITIES[severity] for alert_id, severity in rows}


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

_CONCERN: Final = """
create or replace temp table concern as
with subject as (
    -- a retraction concerns whom the alert that it takes back concerned
    select
        alert.alert_id,
        alert.alert_type = $retracted as is_retraction,
        coalesce(sent.alert_type, alert.alert_type) as alert_type,
        list_position($severities, coalesce(sent.severity, alert.severity)) - 1 as severity,
        alert.supplier_id,
        coalesce(sent.consignee_id, alert.consignee_id) as consignee_id,
        alert.certainty,
        alert.effect,
        alert.cause_group
    from fct_alert as alert
    left join fct_alert as sent on alert.supersedes_alert_id = sent.alert_id
    where
        (alert.as_of_week = $week and (len($states) = 0 or list_contains($states, alert.status)))
        or (
            alert.as_of_week < $week
            and alert.status in ('open', 'snoozed')
            and alert.snoozed_until > $cut_off::date - interval 7 day
            and alert.snoozed_until <= $cut_off::date
        )
),

reached as (
    select subject.*, reach.watcher, reach.line, reach.nearness
    from subject
    inner join reach using (supplier_id)
    union all
    select subject.*, watch_line.watcher, watch_line.line, 3 as nearness
    from subject
    cross join watch_line
    where watch_line.company_id is null and watch_line.supplier_id is null and watch_line.hs4 is null
),

nearest as (
    select
        reached.*,
        watch_line.least,
        watch_line.rival_id,
        watch_line.rival_name,
        reached.consignee_id is not distinct from watch_line.company_id and reached.consignee_id is not null as is_own,
        watch_line.company_id is not null and reached.alert_type = $gone as is_of_one_buyer
    from reached
    inner join watch_line using (watcher, line)
    qualify
        row_number() over (partition by reached.watcher, reached.alert_id order by reached.nearness, reached.line) = 1
),

weighed as (
    select
        nearest.* exclude (severity),
        greatest(0, least(2,
            case when nearest.is_own and nearest.alert_type in (select unnest($own)) then 2 else nearest.severity end
            + coalesce(watch_rule.step, 0)
        )) as severity
    from nearest
    left join watch_rule using (watcher, line, alert_type)
    where
        (watch_rule.alert_type is null or watch_rule.step is not null)
        and (nearest.is_own or not nearest.is_of_one_buyer)
)

select * from weighed where severity <= least
"""

_ONCE: Final = """
with named as (
    select
        *,
        -- a customer that crosses a tier and a tenth in one week made one move
        coalesce(
            cause_group,
            case when list_contains($lines, alert_type) then supplier_id || '\n' || consignee_id end,
            alert_id
        ) as told_once
    from concern
),

grouped as (
    select
        *,
        count(*) over (partition by watcher, is_retraction, told_once) as in_group
    from named
    qualify
        row_number() over (
            partition by watcher, is_retraction, told_once
            order by severity, nearness, certainty = 'watch', abs(coalesce(effect, 0)) desc, alert_id
        ) = 1
)

select
    watcher,
    alert_id,
    is_retraction,
    severity,
    rival_id,
    rival_name,
    in_group,
    row_number() over (
        partition by watcher, is_retraction
        order by severity, nearness, certainty = 'watch', abs(coalesce(effect, 0)) desc, alert_id
    ) as place
from grouped
order by watcher, is_retraction, place
"""
