"""Run a job in this process: the nightly one for a release day or a range, or the rebuild.

Belongs here: one in-process execution. Does not belong here: several of them (see `backfill`), printing.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from pipeline.definitions import build_defs
from pipeline.defs.dbt import ER_VERSION_TAG, FULL_REFRESH_TAG
from pipeline.defs.partitions import RECHECK_TAG, day_tags, days_between
from pipeline.defs.progress import Progress
from pipeline.defs.writer import writer
from pipeline.runs.instance import IN_PROCESS_TAG, end_killed_runs, history_held_open, open_instance
from pipeline.runs.report import RunReport, report_days, step_faults, step_seconds
from pipeline.settings import Settings
from pipeline.source.outcomes import read_outcomes

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
    waiting: Callable[[str], None] | None = None,
) -> RunReport:
    """Run the nightly job once for the release days `first` to `last`.

    Args:
        settings: source, home and limits.
        first: first release day.
        last: last release day, included.
        recheck: ask the source also for days that are loaded already.
        progress: told of each step.
        waiting: called with a sentence when another process is writing.
    """
    tags = {**day_tags(first, last), RECHECK_TAG: "true" if recheck else "false"}
    return _execute(settings, NIGHTLY_JOB, tags, days_between(first, last), progress, waiting)


def rebuild_warehouse(
    settings: Settings,
    *,
    progress: Progress,
    waiting: Callable[[str], None] | None = None,
    er_version: str | None = None,
) -> RunReport:
    """Build every table anew from raw and state, with the decisions on parties as of `er_version` or the newest."""
    tags = {FULL_REFRESH_TAG: "true", **({ER_VERSION_TAG: er_version} if er_version else {})}
    return _execute(settings, REBUILD_JOB, tags, [], progress, waiting)


def _execute(
    settings: Settings,
    job: str,
    tags: dict[str, str],
    days: Sequence[date],
    progress: Progress,
    waiting: Callable[[str], None] | None,
) -> RunReport:
    started = time.monotonic()
    run_id = str(uuid.uuid4())
    with (
        writer(settings, f"`leverage` {job}", waiting),
        open_instance(settings) as instance,
        history_held_open(settings, instance, run_id),
    ):
        end_killed_runs(instance)
        before = max((item.seq for item in read_outcomes(settings)), default=0)
        result = (
            build_defs(settings, progress, for_range=len(days) > 1)
            .resolve_job_def(job)
            .execute_in_process(
                instance=instance,
                run_id=run_id,
                run_config=QUIET,
                tags={**tags, IN_PROCESS_TAG: "true"},
                raise_on_error=False,
            )
        )
        outcomes = read_outcomes(settings)
    return RunReport(
        success=result.success,
        run_id=result.run_id,
        days=report_days(days, outcomes, before),
        step_seconds=step_seconds(result.all_events),
        faults=step_faults(result.all_events),
        seconds=time.monotonic() - started,
    )
