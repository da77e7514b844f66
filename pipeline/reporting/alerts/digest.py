"""A week's digest for every recipient of the watchlist; there is one also when nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import duckdb

from pipeline.alerts.message import SEVERITIES, AlertMessage, Digest
from pipeline.alerts.reach import coverage, load_watch_lines
from pipeline.alerts.routing import WEEKLY_CAP, load_relevant_alerts, relevant_alerts
from pipeline.alerts.watchlist import Watcher, load_watchlist
from pipeline.reporting.alerts.compose import AlertRequest, compose_alerts
from pipeline.reporting.facts.published_week import NoSnapshotError
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, parse_week
from pipeline.warehouse.connection import warehouse

Row = dict[str, Any]


def digests(settings: Settings, week: Week | str) -> list[Digest]:
    """The digest of a published week for each recipient, in the order of the watchlist.

    Raises:
        WatchlistError: the watchlist is invalid; no digest is made before it is corrected.
        NoSnapshotError: the week is not published.
        WarehouseError: the warehouse is missing or in use.
        RegistryError: the registry of parties is damaged.
    """
    chosen = parse_week(week) if isinstance(week, str) else week
    watchers = load_watchlist(settings).watchers
    with warehouse(settings) as connection:
        return digests_of(connection, watchers, chosen)


def digests_of(connection: duckdb.DuckDBPyConnection, watchers: Sequence[Watcher], week: Week) -> list[Digest]:
    """The digests of `watchers`; see `digests`."""
    published = connection.execute(
        "select revision, newest_release_date, closed_through_date from meta_publish where as_of_week = $1 "
        "order by revision desc limit 1",
        [week.text],
    ).fetchone()
    if published is None:
        raise NoSnapshotError(f"{week} is not published: run `leverage publish --as-of {week}`")
    revision, newest_release, closed_through = published
    load_watch_lines(connection, watchers, week)
    load_relevant_alerts(connection, week, newest_release)
    rows = relevant_alerts(connection)
    seen = coverage(connection, week)
    shown = [row for row in rows if row["is_retraction"] or row["rank"] <= WEEKLY_CAP]
    requests = [_request(row, watchers[row["watcher"]]) for row in shown]
    composed: dict[tuple[int, bool], list[AlertMessage]] = {}
    for row, alert in zip(shown, compose_alerts(connection, requests), strict=True):
        composed.setdefault((row["watcher"], row["is_retraction"]), []).append(alert)
    more: Counter[int] = Counter()
    for row in rows:
        if not row["is_retraction"] and row["rank"] > WEEKLY_CAP:
            more[row["watcher"]] += row["in_group"]
    unseen = _limits(connection, week)
    now = datetime.now(UTC).replace(microsecond=0)
    made = []
    for place, watcher in enumerate(watchers):
        suppliers, named = seen.get(place, (0, None))
        made.append(
            Digest(
                recipient=watcher.recipient,
                as_of_week=week.text,
                revision=revision,
                window_end=week.sunday,
                newest_release_date=newest_release,
                closed_through=closed_through,
                coverage=named,
                suppliers_watched=suppliers,
                alerts=tuple(composed.get((place, False), ())),
                more=more[place],
                retractions=tuple(composed.get((place, True), ())),
                made_at=now,
                limits=unseen,
            )
        )
    return made


def _limits(connection: duckdb.DuckDBPyConnection, week: Week) -> tuple[str, ...]:
    """What the week does not show; how long the record is is known of the week that was computed last."""
    from pipeline.reporting.alerts.limits import limits

    record = connection.execute(
        "select asof_week.week_number - week_past.first_week + 1 from week_past cross join asof_week "
        "where asof_week.as_of_week = $1",
        [week.text],
    ).fetchone()
    (last,) = connection.execute(
        "select max(as_of_week) from meta_publish where as_of_week < $1", [week.text]
    ).fetchall()[0]
    return limits(week, record[0] if record else None, parse_week(last) if last else None)


def _request(row: Row, watcher: Watcher) -> AlertRequest:
    company = watcher.recipient.company
    return AlertRequest(
        alert_id=row["alert_id"],
        severity=SEVERITIES[row["severity"]],
        company=(watcher.company_id, company) if watcher.company_id and company else None,
        rival=(row["rival_id"], row["rival_name"]) if row["rival_id"] else None,
        number_format=watcher.recipient.number_format,
        group_size=row["in_group"],
    )
