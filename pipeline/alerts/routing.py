"""Which suppliers a watchlist reaches, which alerts of a week are relevant for whom, and how much of it can be seen.

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
from pipeline.warehouse.connection import create_temp_table

Row = dict[str, Any]

WEEKLY_CAP: Final = 10
"""Alerts that a recipient gets in full in a week; the others are counted. More than ten are not read: ten is also what
one Slack message shows."""
REPORTED_STATES: Final = ("open", "acknowledged")
"""Alerts that somebody resolved or snoozed, and those that were taken back, are not reported."""
OWN_MOVES: Final = ("customer_lost", "customer_won", "went_dark", "resurfaced")
"""What a watcher's own company did is no news to it, only what a supplier can read of it: reported as info."""
OF_ONE_BUYER: Final = "alternatives_gone"
"""Relevant for the buyer whose alternatives are gone, for no other buyer there."""
LINES: Final = ("tier_crossed", "concentration_crossed")
"""Lines that one move of a customer crosses together: reported once, as the graver."""
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


def load_relevant_alerts(
    connection: duckdb.DuckDBPyConnection, week: Week, cut_off: date | None, states: Sequence[str] = REPORTED_STATES
) -> None:
    """Make the temporary table `relevant_alert`: watcher, alert, severity as the watcher has it; needs `reach`.

    Args:
        connection: tables and temporary tables.
        week: the week whose alerts are meant.
        cut_off: newest run date of the week's records: alerts snoozed until a day of the week before it come again;
            None: none does.
        states: only alerts in one of them; empty for any.
    """
    connection.execute(
        _RELEVANT,
        {
            "week": week.text,
            "states": list(states),
            "own": list(OWN_MOVES),
            "of_one_buyer": OF_ONE_BUYER,
            "retracted": RETRACTED,
            "severities": list(SEVERITIES),
            "cut_off": cut_off,
        },
    )


def relevant_alerts(connection: duckdb.DuckDBPyConnection) -> list[Row]:
    """Return the alerts of each watcher, one of each cause, the gravest first; needs `relevant_alert`.

    Returns:
        Rows: watcher, alert_id, is_retraction, severity, rival_id, rival_name, in_group (relevant alerts of its cause),
        rank (1 is the first of its watcher; retractions are counted apart).
    """
    cursor = connection.execute(_ONCE, {"lines": list(LINES)})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def severities_of(connection: duckdb.DuckDBPyConnection) -> dict[str, Severity]:
    """Return the severity of each alert relevant for the first watcher, as it has it; needs `relevant_alert`."""
    rows = connection.execute("select alert_id, severity from relevant_alert where watcher = 0").fetchall()
    return {alert_id: SEVERITIES[severity] for alert_id, severity in rows}


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

_RELEVANT: Final = """
create or replace temp table relevant_alert as
with subject as (
    -- a retraction is relevant for whom the alert that it takes back was relevant
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
        (
            alert.as_of_week = $week
            and (
                len($states) = 0
                or list_contains($states, alert.status)
                -- of a week that was revised later the episode is over: who got the alert hears all the same
                or (alert.alert_type = $retracted and alert.status = 'expired')
            )
        )
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
        watch_line.company_id is not null and reached.alert_type = $of_one_buyer as is_of_one_buyer
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
        list_contains($lines, alert_type) as is_line,
        -- a customer that crosses a tier and a tenth in one week made one move
        coalesce(
            cause_group,
            case when is_line then supplier_id || '\n' || consignee_id end,
            alert_id
        ) as cause
    from relevant_alert
),

grouped as (
    select
        *,
        count(*) over (partition by watcher, is_retraction, cause) as in_group
    from named
    qualify
        row_number() over (
            partition by watcher, is_retraction, cause
            order by
                severity, is_line, nearness, certainty = 'watch', abs(coalesce(effect, 0)) desc, alert_id
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
        order by severity, is_line, nearness, certainty = 'watch', abs(coalesce(effect, 0)) desc, alert_id
    ) as rank
from grouped
order by watcher, is_retraction, rank
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
