"""What the weekly job has to do: compute a week, continue one that stopped after its freeze, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, WeekError, WeekState, judge
from pipeline.snapshots.due import closed_week, due
from pipeline.snapshots.inputs import read_release_state
from pipeline.snapshots.manifest import Manifest, SnapshotError, damage, frozen_weeks, newest_manifest
from pipeline.snapshots.publishes import STEPS, steps_done
from pipeline.warehouse.connection import warehouse

PUBLISH_TABLE = "meta_publish"


@dataclass(frozen=True)
class Task:
    """One run of the weekly job.

    Attributes:
        week: the week.
        revision: the revision that it freezes or continues.
        computes: whether the week is computed and frozen; else only what follows is done.
        reason: why, in words.
    """

    week: Week
    revision: int
    computes: bool
    reason: str


def task_of(settings: Settings, state: WeekState, revise: str | None = None) -> Task | None:
    """Return the task of a closed week; None if it is published and its inputs have not moved.

    Raises:
        SnapshotError: its snapshot is damaged.
    """
    wanted = due(settings, state, revise)
    if wanted is not None:
        return Task(wanted.week, wanted.revision, True, wanted.reason)
    frozen = newest_manifest(settings, state.week)
    if frozen is not None and is_unfinished(settings, frozen):
        return Task(frozen.week, frozen.revision, False, "was frozen, but not published to its end")
    return None


def next_task(settings: Settings) -> Task | None:
    """What the schedule starts: the oldest closed week after the newest frozen one, or the newest frozen one anew.

    Without any frozen week it is the newest closed one: earlier weeks are published only on request.
    """
    frozen = frozen_weeks(settings)
    try:
        newest = closed_week(settings, None)
    except WeekError:
        return None
    if not frozen:
        return task_of(settings, newest)
    release_state = read_release_state(settings)
    week = frozen[-1]
    task = task_of(settings, closed_week(settings, week)) if _is_closed(settings, week) else None
    while task is None and week < newest.week:
        week = week.before(-1)
        state = judge(week, release_state, settings.lateness_days)
        task = task_of(settings, state) if state.closed else None
    return task


def is_unfinished(settings: Settings, frozen: Manifest) -> bool:
    """Whether a snapshot is not in the published tables or the report yet."""
    return not set(STEPS) <= steps_done(settings, frozen) or not _is_in_warehouse(settings, frozen)


def damaged_snapshots(settings: Settings) -> list[str]:
    """Return one sentence for each snapshot file that differs from its manifest."""
    found: list[str] = []
    for week in frozen_weeks(settings):
        try:
            manifest = newest_manifest(settings, week)
        except SnapshotError as error:
            found.append(str(error))
        else:
            found += damage(settings, manifest) if manifest else []
    return found


def why_not_newer(settings: Settings, week: Week) -> str | None:
    """Why the week after the newest closed one, `week`, is not closed; None where its time has not come."""
    release_state = read_release_state(settings)
    state = judge(week.before(-1), release_state, settings.lateness_days)
    newest = release_state.newest_run_date
    return state.fault if newest is not None and newest >= state.cut_off else None


def _is_closed(settings: Settings, week: Week) -> bool:
    try:
        return closed_week(settings, week).closed
    except WeekError:
        return False


def _is_in_warehouse(settings: Settings, frozen: Manifest) -> bool:
    if not settings.warehouse_path.exists():
        return False
    with warehouse(settings) as connection:
        try:
            found = connection.execute(
                f"select 1 from {PUBLISH_TABLE} where as_of_week = ? and revision = ?",
                [frozen.week.text, frozen.revision],
            ).fetchone()
        except duckdb.CatalogException:
            return False
    return found is not None
