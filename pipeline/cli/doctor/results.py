"""Checks on what people read: published weeks, the BI copy, delivery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Final

from pipeline.cli.doctor.finding import Finding
from pipeline.errors import PipelineError
from pipeline.settings import Settings

COMPARED_WEEKS: Final = 13
"""Published weeks whose inputs are compared with what is loaded now: those that people still talk about."""


def weeks(settings: Settings) -> Iterator[Finding]:
    """Yield damaged snapshots, the newest closed week, and weeks whose inputs moved."""
    from pipeline.snapshots.calendar import NotYetError
    from pipeline.snapshots.due import closed_week, outdated
    from pipeline.snapshots.manifest import frozen_weeks
    from pipeline.snapshots.tasks import damaged_snapshots

    for fault in damaged_snapshots(settings):
        yield Finding("snapshot", False, f"{fault}. Restore snapshots/ from a backup (docs/operating.md)")
    weeks = frozen_weeks(settings)
    try:
        newest = closed_week(settings, None).week
        moved = outdated(settings, weeks[-COMPARED_WEEKS:])
    except NotYetError as error:
        yield Finding("weeks", True, str(error))
        return
    except PipelineError as error:
        yield Finding("weeks", False, str(error))
        return
    published = (
        f"{len(weeks)} published, the newest {weeks[-1]}" if weeks else "none is published: run `leverage publish`"
    )
    yield Finding("weeks", True, f"{newest} is the newest closed one; {published}")
    for week, what in sorted(moved.items())[-3:]:
        text = f"{week}: {what}; `leverage publish --as-of {week}` makes a revision"
        yield Finding("week", True, text)


def bi(settings: Settings) -> Iterator[Finding]:
    """Yield whether the BI copy opens and is as new as the warehouse."""
    import duckdb

    from pipeline.bi.publish import is_behind
    from pipeline.bi.versions import current, is_rolled_back
    from pipeline.warehouse.connection import engine

    again = "`leverage bi publish` copies it again"
    seen = current(settings)
    if seen is None:
        there = settings.bi_path.exists()
        yield Finding(
            "BI copy", not there, f"{settings.bi_path} is none of the kept versions: {again}" if there else "none yet"
        )
        return
    try:
        with closing(engine(settings, settings.bi_path, read_only=True)) as connection:
            connection.execute("select count(*) from meta_publish").fetchone()
    except (duckdb.Error, PipelineError) as error:
        yield Finding("BI copy", False, f"{settings.bi_path} does not open: {str(error).splitlines()[0]}; {again}")
        return
    try:
        behind = is_behind(settings)
    except PipelineError:  # of the warehouse, which has a line of its own
        behind = False
    hours = (datetime.now(UTC) - datetime.fromisoformat(seen.made_at)).total_seconds() / 3600
    text = f"version {seen.number}, as of release {seen.newest_release_date}, made {hours:,.0f} hours ago, is readable"
    text += ", rolled back" if is_rolled_back(settings) else ""
    yield Finding("BI copy", not behind, text + (f"; it is behind the warehouse: {again}" if behind else ""))


def delivery(settings: Settings) -> Iterator[Finding]:
    """Yield the state of each channel, and where failures are sent."""
    from pipeline.delivery.channel_states import channel_states, finding

    for state in channel_states(settings):
        found = finding(state)
        if found:
            yield Finding(f"delivery by {state.via}", *found)
    webhook = "is set" if settings.failure_webhook_url else "is not set: failures go to the log only"
    yield Finding("failure alerts", True, f"LEVERAGE_FAILURE_WEBHOOK_URL {webhook}")
