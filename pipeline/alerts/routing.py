"""Which alerts of a week are relevant for whom: one query for all recipients, over the tables of `reach`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import duckdb

from pipeline.alerts.message import SEVERITIES, Severity
from pipeline.snapshots.calendar import Week

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
