"""The list of alerts of all weeks: filtered, one line with one sentence for each.

Read from the BI copy, which every job and every change of state renews, so that it can be read while a run writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb

from pipeline.alerts.message import SEVERITIES, Severity
from pipeline.alerts.reach import load_watch_lines
from pipeline.alerts.routing import load_relevant_alerts, severities_of
from pipeline.alerts.watchlist import Watcher
from pipeline.errors import NotReadyError
from pipeline.formatting import NumberFormat
from pipeline.reporting.alerts.compose import read_names, read_rows
from pipeline.reporting.alerts.headline import Cast, headline
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, parse_week
from pipeline.warehouse.connection import engine

TO_WORK: Final = ("open", "acknowledged", "snoozed")
"""States that are listed by default: somebody may still have to act."""
SHORT_ID: Final = 10
"""Characters of an id in a list: of a million alerts, two share ten hexadecimal ones with a chance under one half."""


class NoAlertsError(NotReadyError):
    """No week with alerts is published yet; the message says what to do."""


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts are listed; None or empty means no restriction.

    Attributes:
        severities: as the table has them, or as the watcher's lines do.
    """

    week: str | None = None
    statuses: Sequence[str] = TO_WORK
    severities: Sequence[str] = ()
    supplier_id: str | None = None
    watcher: Watcher | None = None


@dataclass(frozen=True)
class Line:
    """An alert in a line."""

    alert_id: str
    as_of_week: str
    alert_type: str
    severity: Severity
    status: str
    snoozed_until: date | None
    certainty: str
    supplier_id: str
    supplier_name: str
    consignee_id: str | None
    consignee_name: str | None
    from_value: float | None
    to_value: float | None
    value_unit: str | None
    headline: str


@contextmanager
def published(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the BI copy for the length of a block.

    Raises:
        NoAlertsError: it is not there, or holds no alerts yet.
        WarehouseError: it does not open.
    """
    if not settings.bi_path.exists():
        raise NoAlertsError("no week is published yet: run `leverage publish`")
    with closing(engine(settings, settings.bi_path, read_only=True)) as connection:
        found = connection.execute(
            "select count(*) from information_schema.tables where table_name = 'fct_alert'"
        ).fetchone()
        if not found or not found[0]:
            raise NoAlertsError("no week with alerts is published yet: run `leverage publish`")
        yield connection


def listed(connection: duckdb.DuckDBPyConnection, wanted: AlertFilter) -> list[Line]:
    """The alerts that match, newest week first, within a week the most severe first."""
    rows = connection.execute(
        _CHOSEN,
        {
            "week": wanted.week,
            "statuses": list(wanted.statuses),
            "supplier_id": wanted.supplier_id,
            "severities": [] if wanted.watcher else list(wanted.severities),
        },
    ).fetchall()
    ids = [row[0] for row in rows]
    severities: dict[str, Severity] = {}
    if wanted.watcher:
        severities = _of_watcher(connection, wanted.watcher, rows)
        ids = [
            key for key in ids if key in severities and severities[key] in (wanted.severities or severities.values())
        ]
    found = read_rows(connection, ids)
    names = read_names(connection, {key for row in found.values() for key in _customers(row)})
    lines = [_line(found[key], names, severities.get(key)) for key in ids]
    by_severity = sorted(lines, key=lambda line: SEVERITIES.index(line.severity))
    return sorted(by_severity, key=lambda line: line.as_of_week, reverse=True)


def _of_watcher(
    connection: duckdb.DuckDBPyConnection, watcher: Watcher, rows: Sequence[tuple[Any, ...]]
) -> dict[str, Severity]:
    """Severity, as the watcher has it, of the alerts of these weeks that concern it."""
    severities: dict[str, Severity] = {}
    for name in sorted({week for _, week in rows}):
        week: Week = parse_week(name)
        load_watch_lines(connection, [watcher], week)
        load_relevant_alerts(connection, week, None, ())
        severities |= severities_of(connection)
    return severities


def _line(row: dict[str, Any], names: dict[str, str], severity: Severity | None) -> Line:
    subject = next(iter(_customers(row)), None)
    cast = Cast(row["supplier_name"], names.get(subject) if subject else None, None)
    return Line(
        **{
            name: row[name]
            for name in Line.__dataclass_fields__
            if name not in ("severity", "consignee_name", "headline")
        },
        severity=severity or row["severity"],
        consignee_name=names.get(row["consignee_id"]) if row["consignee_id"] else None,
        headline=headline(row, cast, NumberFormat(), row["taken_back"]),
    )


def _customers(row: dict[str, Any]) -> list[str]:
    return [key for key in (row["consignee_id"], row["driver_consignee_id"]) if key]


_CHOSEN: Final = """
select alert_id, as_of_week
from fct_alert
where
    ($week is null or as_of_week = $week)
    and (len($statuses) = 0 or list_contains($statuses, status))
    and (len($severities) = 0 or list_contains($severities, severity))
    and ($supplier_id is null or supplier_id = $supplier_id)
order by as_of_week desc, abs(coalesce(effect, 0)) desc, alert_id
"""
