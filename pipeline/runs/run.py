"""Run a job in this process: the nightly one for a release day or a range, or the rebuild."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import dagster as dg

from pipeline.bi.publish import is_behind
from pipeline.definitions import build_defs
from pipeline.defs.dbt import ER_VERSION_TAG, FULL_REFRESH_TAG
from pipeline.defs.partitions import RECHECK_TAG, day_tags, days_between
from pipeline.defs.publish import BI, BI_JOB, HOLD_TAG
from pipeline.progress import Progress
from pipeline.runs.instance import IN_PROCESS_TAG, end_killed_runs, history_held_open, open_instance
from pipeline.runs.report import RunReport, report_days, step_faults, step_seconds, told_of
from pipeline.settings import Settings
from pipeline.state.release_outcomes import read_outcomes
from pipeline.state.writer_lock import writer

NIGHTLY_JOB: Final = "nightly"
REBUILD_JOB: Final = "rebuild"
QUIET: Final[dict[str, Any]] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def run_release_days(
    settings: Settings,
    first: date,
    last: date,
    *,
    recheck: bool,
    progress: Progress,
    hold_bi: bool = False,
) -> RunReport:
    """Run the nightly job once for the release days `first` to `last`.

    Args:
        settings: source, home and limits.
        first: first release day.
        last: last release day, included.
        recheck: ask the source also for days that are loaded already.
        progress: told of each step.
        hold_bi: leave the BI copy as it is; the caller calls `catch_up_bi` in the end.
    """
    tags = {**day_tags(first, last), RECHECK_TAG: "true" if recheck else "false"}
    if hold_bi:
        return _execute(settings, NIGHTLY_JOB, {**tags, HOLD_TAG: "true"}, days_between(first, last), progress)
    report = _execute(settings, NIGHTLY_JOB, tags, days_between(first, last), progress)
    return catch_up_bi(settings, report, progress=progress)


def catch_up_bi(settings: Settings, report: RunReport, *, progress: Progress) -> RunReport:
    """Refresh the BI copy after a run that went well and left it behind the warehouse, and add that to its report.

    A run without new bytes skips its later steps; that an earlier run was killed before its copy is mended here.
    """
    if not report.success or not is_behind(settings):
        return report
    copied = refresh_bi(settings, progress=progress)
    return replace(
        report,
        success=copied.success,
        step_seconds={**report.step_seconds, **copied.step_seconds},
        faults=(*report.faults, *copied.faults),
        seconds=report.seconds + copied.seconds,
        bi=copied.bi,
    )


def refresh_bi(settings: Settings, *, progress: Progress) -> RunReport:
    """Refresh the BI copy alone."""
    return _execute(settings, BI_JOB, {}, [], progress)


def rebuild_warehouse(
    settings: Settings,
    *,
    progress: Progress,
    er_version: str | None = None,
) -> RunReport:
    """Build every table anew from raw and state, with the decisions on parties as of `er_version` or the newest."""
    tags = {FULL_REFRESH_TAG: "true", **({ER_VERSION_TAG: er_version} if er_version else {})}
    return _execute(settings, REBUILD_JOB, tags, [], progress)


def execute_job(
    settings: Settings,
    job: str,
    tags: Mapping[str, str],
    progress: Progress,
    *,
    for_range: bool = False,
    assets: Sequence[dg.AssetKey] | None = None,
) -> dg.ExecuteInProcessResult:
    """Execute a job in this process; the caller holds the writer lock.

    Args:
        settings: source, home and limits.
        job: its name.
        tags: what the run is for.
        progress: told of each step.
        for_range: see `pipeline.definitions.build_defs`.
        assets: only these of the job; None for all.
    """
    run_id = str(uuid.uuid4())
    with open_instance(settings) as instance, history_held_open(settings, instance, run_id):
        end_killed_runs(instance)
        return (
            build_defs(settings, progress, for_range=for_range)
            .resolve_job_def(job)
            .execute_in_process(
                instance=instance,
                run_id=run_id,
                run_config=QUIET,
                tags={**tags, IN_PROCESS_TAG: "true"},
                asset_selection=assets,
                raise_on_error=False,
            )
        )


def _execute(
    settings: Settings,
    job: str,
    tags: dict[str, str],
    days: Sequence[date],
    progress: Progress,
) -> RunReport:
    started = time.monotonic()
    with writer(settings, f"`leverage` {job}", progress.waiting):
        before = max((item.seq for item in read_outcomes(settings)), default=0)
        result = execute_job(settings, job, tags, progress, for_range=len(days) > 1)
        outcomes = read_outcomes(settings)
    return RunReport(
        success=result.success,
        run_id=result.run_id,
        days=report_days(days, outcomes, before),
        step_seconds=step_seconds(result.all_events),
        faults=step_faults(result.all_events),
        bi=told_of(BI, result.all_events),
        seconds=time.monotonic() - started,
    )
