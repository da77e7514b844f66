"""`make demo`: the whole job on the embedded sample, and its results."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Final

from pipeline.alerts.watchlist import load_watchlist
from pipeline.cli import console
from pipeline.defs.partitions import is_sample
from pipeline.reporting.alerts.listing import AlertFilter, listed
from pipeline.reporting.brief.gather import gather
from pipeline.reporting.brief.page import page_of
from pipeline.reporting.document.text import as_text
from pipeline.reporting.facts.published_week import opened
from pipeline.reporting.weekly.snapshot import snapshots
from pipeline.reporting.weekly.watch import watched_pairs
from pipeline.runs.nightly import backfill_days, run_release_days
from pipeline.runs.report import RunReport
from pipeline.runs.weekly import publish_week
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, newest_closed
from pipeline.snapshots.inputs import read_release_state
from pipeline.warehouse.connection import warehouse
from simulator import FIRST_RELEASE, LAST_RELEASE

SINGLE_NIGHTS: Final = 7
PUBLISHED_WEEKS: Final = 4
SHOWN_ALERTS: Final = 8
SHOWN_SECTIONS: Final = 1
"""Of the brief: what is read while the telephone rings."""


def run_demo(settings: Settings) -> bool:
    """Load the sample's history as one range, its last nights singly, publish its last weeks, show the results."""
    if not is_sample(settings):
        console.err.print(
            f"{settings.home} holds imported exports: give the demo a home of its own, such as LEVERAGE_HOME=./demo."
            if settings.source_url == "imports:"
            else "The demo shows the embedded sample, but LEVERAGE_SOURCE_URL names another source. Unset it, or load "
            "that source with `leverage backfill`.",
            style="red",
        )
        return False
    started = time.monotonic()
    turn = LAST_RELEASE - timedelta(days=SINGLE_NIGHTS)
    console.out.print(f"Loading {FIRST_RELEASE} to {turn} as one range ...")
    with console.Drawn() as progress:
        history = backfill_days(settings, FIRST_RELEASE, turn, recheck=False, chunk_days=None, progress=progress)
    console.print_report(_only_failed(history))
    if not history.success:
        return False
    for night in range(1, SINGLE_NIGHTS + 1):
        day = turn + timedelta(days=night)
        with console.Drawn(quiet=True) as progress:
            report = run_release_days(settings, day, day, recheck=True, progress=progress)
        console.out.print(f"{day} {report.days[0].outcome} in {report.seconds:.1f} s")
        if not report.success:
            console.print_report(report)
            return False
    newest = newest_closed(read_release_state(settings), settings.lateness_days)
    if newest is None:
        console.err.print("No week of the sample is closed: LEVERAGE_LATENESS_DAYS is too long for it.", style="red")
        return False
    for weeks in reversed(range(PUBLISHED_WEEKS)):
        with console.Drawn(quiet=True) as progress:
            published = publish_week(settings, newest.week.before(weeks), progress=progress)
        console.out.print(f"{published.as_of_week} {published.outcome} in {published.seconds:.1f} s")
        if not published.success:
            console.err.print("; ".join(published.faults), style="red")
            return False
    _close(settings, newest.week, time.monotonic() - started)
    return True


def _only_failed(report: RunReport) -> RunReport:
    """The report without its hundreds of successful days."""
    return replace(report, days=tuple(day for day in report.days if day.outcome not in ("loaded", "skipped")))


def _close(settings: Settings, week: Week, seconds: float) -> None:
    with warehouse(settings) as connection:
        shipments, suppliers, consignees = connection.execute(
            "select count(*), count(distinct supplier_id), count(distinct consignee_id) from fct_shipment"
        ).fetchone() or (0, 0, 0)
    console.out.print(
        f"\n{shipments:,} shipments of {suppliers:,} suppliers to {consignees:,} consignees loaded, checked and "
        f"modelled, {PUBLISHED_WEEKS} weeks published, in {seconds:.0f} s. All firms are invented.\n"
    )
    _print_alerts(settings)
    with opened(settings, week) as reading:
        pair = watched_pairs(load_watchlist(settings), reading.connection, snapshots(settings, week))[0]
        page = page_of(gather(reading, pair.supplier_id, pair.consignee_id, pair.rival_id))
    console.print_lines(as_text(replace(page, sections=page.sections[:SHOWN_SECTIONS])).splitlines())
    home = settings.home
    console.out.print(
        f"\n  report       {home / 'reports' / week.text / 'index.html'}\n"
        f"  BI copy      {home / 'bi' / 'leverage.duckdb'}\n"
        f"  snapshot     {home / 'snapshots' / week.text}\n"
        f"  digests      {home / 'outbox'}\n"
        f"  checks       {home / 'validation' / 'index.html'}\n"
        f"  set aside    {home / 'quarantine'}\n\n"
        f"The whole brief: leverage brief --supplier {pair.supplier_id} --buyer {pair.consignee_id}\n"
        "Next: `make dev` shows the asset graph; docs/operating.md shows how to load your own feed.",
    )


def _print_alerts(settings: Settings) -> None:
    """A short table of the newest alerts, the most severe of each week first."""
    with warehouse(settings) as connection:
        lines = listed(connection, AlertFilter(statuses=()))
    if not lines:
        console.out.print("No alert in these weeks.\n")
        return
    console.out.print("The newest alerts:")
    rows = [(line.as_of_week, line.severity, line.headline) for line in lines[:SHOWN_ALERTS]]
    console.print_rows(("week", "severity", "what"), rows)
    more = f"and {len(lines) - len(rows)} more; " if len(lines) > len(rows) else ""
    console.out.print(f"  {more}all of them: leverage alerts list --status all\n")
