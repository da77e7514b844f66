"""The week's alerts on the first page of the report, as its template takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb
from markupsafe import Markup

from pipeline import formatting as fmt
from pipeline.alerts.message import SEVERITIES, AlertMessage, Picture
from pipeline.alerts.reach import load_watch_lines
from pipeline.alerts.routing import load_relevant_alerts
from pipeline.alerts.watchlist import Watchlist
from pipeline.reporting.alerts.compose import AlertRequest, compose_alerts
from pipeline.reporting.alerts.text import NAMES
from pipeline.reporting.charts import charts
from pipeline.reporting.charts.svg import drawn
from pipeline.snapshots.calendar import Week
from pipeline.warehouse.connection import find_table

ALERTS_SHOWN: Final = 8
"""Alerts that the first page shows in full: more than a screen of them is read as a list, which the commands give."""
TABLE: Final = "fct_alert"


@dataclass(frozen=True)
class AlertCard:
    """An alert as the page shows it.

    Attributes:
        cause: of how many alerts of one cause it is one; empty where it stands alone.
    """

    identifier: str
    severity: str
    kind: str
    headline: str
    numbers: str
    question: str
    instead: str
    cause: str
    bills: str
    picture: Markup | None
    spoken: str
    alert_id: str


@dataclass(frozen=True)
class WeekAlerts:
    """The alerts of a week.

    Attributes:
        shown: those on the page, those that concern somebody on the watchlist first, then the gravest.
    """

    shown: list[AlertMessage] = field(default_factory=list)
    more: int = 0
    is_known: bool = True


def week_alerts(connection: duckdb.DuckDBPyConnection, watchlist: Watchlist, week: Week) -> WeekAlerts:
    """The alerts of `week`, whatever became of them since: a page printed again is the same."""
    if find_table(connection, TABLE) is None:
        return WeekAlerts(is_known=False)
    if watchlist.watchers:
        load_watch_lines(connection, watchlist.watchers, week)
        load_relevant_alerts(connection, week, None, ())
    else:
        connection.execute("create or replace temp table relevant_alert (alert_id varchar, severity integer)")
    rows = connection.execute(_WEEK, {"week": week.text, "severities": list(SEVERITIES)}).fetchall()
    shown = rows[:ALERTS_SHOWN]
    requests = [
        AlertRequest(alert_id, SEVERITIES[severity], group_size=in_group) for alert_id, severity, in_group in shown
    ]
    return WeekAlerts(compose_alerts(connection, requests), sum(in_group for *_, in_group in rows[ALERTS_SHOWN:]))


def alert_cards(alerts: Sequence[AlertMessage]) -> list[AlertCard]:
    """The alerts as printed."""
    return [_card(number, alert) for number, alert in enumerate(alerts, start=1)]


def _card(number: int, alert: AlertMessage) -> AlertCard:
    return AlertCard(
        identifier=f"alert{number}",
        severity=alert.severity,
        kind=NAMES[alert.alert_type],
        headline=alert.headline,
        numbers=alert.numbers,
        question=alert.question,
        instead=alert.instead,
        cause=f"one of {alert.group_size} alerts of the same cause" if alert.group_size > 1 else "",
        bills=f"{fmt.whole(alert.bills_in_all)} {'bill' if alert.bills_in_all == 1 else 'bills'}",
        picture=_drawn(alert.picture, f"a{number}") if alert.picture else None,
        spoken=_spoken(alert.picture) if alert.picture else "",
        alert_id=alert.alert_id,
    )


def _drawn(picture: Picture, identifier: str) -> Markup:
    rungs: list[dict[str, Any]] = [
        {
            "name": customer.name,
            "before": customer.before,
            "after": customer.after,
            "role": "subject" if customer.is_subject else "us" if customer.is_watcher else "other",
            "says": f"{customer.name}: {fmt.share(customer.before)} before, {fmt.share(customer.after)} now",
        }
        for customer in picture.customers
    ]
    return drawn(charts.shift(rungs), identifier)


def _spoken(picture: Picture) -> str:
    first, last = picture.before, picture.after
    spans = (
        f"ring: {fmt.day(first[0])} \N{EN DASH} {fmt.day(first[1])}, "
        f"disc: {fmt.day(last[0])} \N{EN DASH} {fmt.day(last[1])}"
    )
    return f"{spans}, by bills"


_WEEK: Final = """
with concerned as (
    select alert_id, min(severity) as severity
    from relevant_alert
    group by alert_id
),

weighed as (
    select
        alert.alert_id,
        coalesce(alert.cause_group, alert.alert_id) as cause,
        concerned.alert_id is null as concerns_none,
        coalesce(concerned.severity, list_position($severities, alert.severity) - 1)::integer as severity,
        abs(coalesce(alert.effect, 0)) as size
    from fct_alert as alert
    left join concerned using (alert_id)
    where alert.as_of_week = $week
),

-- alerts of one cause are shown by the first of them
firsts as (
    select
        *,
        count(*) over (partition by cause) as in_group
    from weighed
    qualify row_number() over (partition by cause order by concerns_none, severity, size desc, alert_id) = 1
)

select alert_id, severity, in_group
from firsts
order by concerns_none, severity, size desc, alert_id
"""
