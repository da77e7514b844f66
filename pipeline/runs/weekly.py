"""Run the weekly job in this process: publish a closed week, or report that it is published."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import dagster as dg

from pipeline.bi.publish import is_behind
from pipeline.defs.dbt import Models
from pipeline.defs.resources import WEEKLY_JOB
from pipeline.defs.weekly import COMPUTE, DIGESTS, FREEZE, WeekConfig, after_freeze
from pipeline.progress import Progress
from pipeline.runs.execute import execute_job
from pipeline.runs.nightly import refresh_bi
from pipeline.runs.report import asset_summary, step_faults, step_seconds
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.due import closed_week
from pipeline.snapshots.manifest import newest_manifest, snapshot_dir
from pipeline.snapshots.tasks import Task, task_of, why_not_newer
from pipeline.state.writer_lock import writer


@dataclass(frozen=True)
class PublishReport:
    """The result of publishing a week.

    Attributes:
        as_of_week: the week.
        outcome: `published`, `already published`, `same figures` (computed again, nothing changed) or `failed`.
        success: whether the week is published now.
        revision: its newest revision; None when nothing was frozen.
        reason: why that revision was made.
        snapshot: its folder.
        waived: waived release days, with the reason of each.
        rows: rows of each frozen table.
        newer: why the week after this one is not published yet although its time has come.
        digests: a sentence on its digests and alerts; None where none were made.
        run_id: Dagster's; None where nothing was to do.
        step_seconds: duration of each step that ran.
        faults: each failed step or check with its reason.
        seconds: duration of the run.
    """

    as_of_week: str
    outcome: str
    success: bool
    revision: int | None
    reason: str | None
    snapshot: str | None
    waived: dict[str, str]
    rows: dict[str, int]
    newer: str | None
    digests: str | None = None
    run_id: str | None = None
    step_seconds: dict[str, float] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    seconds: float = 0.0


def publish_week(
    settings: Settings, week: Week | None, *, progress: Progress, revise: str | None = None
) -> PublishReport:
    """Publish `week`, or the newest closed one.

    Args:
        settings: whose home.
        week: None for the newest closed week.
        progress: receives each step.
        revise: why a published week is computed again although no input has changed.

    Raises:
        WeekError: the week is not closed; the message says why.
        SnapshotError: its snapshot is damaged.
    """
    started = time.monotonic()
    with writer(settings.home, "`leverage publish`", progress.waiting):
        state = closed_week(settings, week)
        task = task_of(settings, state, revise)
        newer = why_not_newer(settings, state.week) if week is None else None
        if task is None:
            faults = refresh_bi(settings, progress).faults if is_behind(settings) else ()
            return _report(settings, state.week, "failed" if faults else "already published", newer, faults=faults)
        config = WeekConfig(revise=revise or "")
        result = execute_job(
            settings,
            WEEKLY_JOB,
            progress,
            partition=state.week.monday.isoformat(),
            config={COMPUTE: config, FREEZE: config} if task.computes else None,
            only=() if task.computes else after_freeze(Models.load(settings)),
        )
    faults = step_faults(result)
    outcome = _outcome(settings, task) if result.success and not faults else "failed"
    return _report(settings, state.week, outcome, newer, result, faults, time.monotonic() - started)


def _outcome(settings: Settings, task: Task) -> str:
    frozen = newest_manifest(settings, task.week)
    return "published" if frozen is not None and frozen.revision == task.revision else "same figures"


def _report(
    settings: Settings,
    week: Week,
    outcome: str,
    newer: str | None,
    result: dg.ExecuteInProcessResult | None = None,
    faults: tuple[str, ...] = (),
    seconds: float = 0.0,
) -> PublishReport:
    frozen = newest_manifest(settings, week)
    return PublishReport(
        as_of_week=week.text,
        outcome=outcome,
        success=outcome != "failed",
        revision=frozen.revision if frozen else None,
        reason=frozen.reason if frozen else None,
        snapshot=str(snapshot_dir(settings, week, frozen.revision)) if frozen else None,
        waived={day.isoformat(): why for day, why in frozen.inputs.waived.items()} if frozen else {},
        rows={name: table.rows for name, table in frozen.tables.items()} if frozen else {},
        newer=newer,
        digests=asset_summary(DIGESTS, result.all_events) if result else None,
        run_id=result.run_id if result else None,
        step_seconds=step_seconds(result.all_events) if result else {},
        faults=faults,
        seconds=seconds,
    )
