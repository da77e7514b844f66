"""Run the nightly job in this process, for a release day or a range, and bring the BI copy up to date."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

import dagster as dg

from pipeline.bi.publish import is_behind
from pipeline.defs.automation import BI_JOB, NIGHTLY_JOB
from pipeline.defs.bi import BI
from pipeline.defs.partitions import LAND, ReleaseDays, days_between, is_sample
from pipeline.ingest.release_days import unexpected
from pipeline.ingest.sources.listing import listed_days
from pipeline.ingest.sources.locations import unpacked_bytes
from pipeline.progress import Progress
from pipeline.runs.execute import execute_job
from pipeline.runs.report import DayReport, RunReport, asset_summary, report_days, step_faults, step_seconds
from pipeline.settings import Settings
from pipeline.state.release_outcomes import read_outcomes
from pipeline.state.writer_lock import writer

CHUNK_DAYS: Final = 31
"""A month of a national feed is some 1.4 million bills: one dbt build fits in 4 GiB, and a stop costs little. A source
whose releases are smaller, or rarer, gets as many days in one run as have the text of such a month."""
CHUNK_TEXT: Final = 2 * 1024**3
MOST_DAYS: Final = 3660
SAMPLE_CHUNK_DAYS: Final = 2000
"""The embedded sample has 60 bills a day."""


def run_release_days(
    settings: Settings, first: date, last: date, *, recheck: bool, progress: Progress, copy: bool = True
) -> RunReport:
    """Run the nightly job once for the release days `first` to `last`.

    Args:
        settings: source, home and limits.
        first: first release day.
        last: last release day, included.
        recheck: also ask the source for days that are already loaded.
        progress: receives each step.
        copy: refresh the BI copy; without, the caller calls `catch_up_bi` in the end.
    """
    report = run_job(
        settings,
        NIGHTLY_JOB,
        progress,
        days=days_between(first, last),
        partition=first.isoformat() if first == last else None,
        config={LAND: ReleaseDays(recheck=recheck) if first == last else ReleaseDays.of(first, last, recheck=recheck)},
        without=() if copy else (BI,),
    )
    return catch_up_bi(settings, report, progress) if copy else report


def backfill_days(
    settings: Settings, start: date, end: date, *, recheck: bool, chunk_days: int | None, progress: Progress
) -> RunReport:
    """Run the nightly job over `start` to `end`, chunk by chunk.

    A day that a check refuses is set aside and the others continue; a chunk that fails (disk, dbt, a lock) ends the
    backfill. The BI copy is refreshed once, after the last chunk: for every chunk it would cost more than the chunks.
    """
    reports: list[RunReport] = []
    first = start
    while first <= end and all(report.success for report in reports):
        size = chunk_days or (SAMPLE_CHUNK_DAYS if is_sample(settings) else days_of_a_run(settings, first, end))
        last = min(first + timedelta(days=size - 1), end)
        is_whole = (first, last) == (start, end)
        reports.append(run_release_days(settings, first, last, recheck=recheck, progress=progress, copy=is_whole))
        first = last + timedelta(days=1)
    return catch_up_bi(settings, _joined(reports), progress)


def days_of_a_run(settings: Settings, first: date, end: date) -> int:
    """Return how many days from `first` on one run loads: by the bytes that the source lists, or has brought so far."""
    listed = listed_days(settings)
    if listed is None:
        known = {item.release_date: 0 for item in read_outcomes(settings)}
        for item in read_outcomes(settings):
            if item.outcome == "loaded":
                known[item.release_date] += unpacked_bytes(item.file_name, item.bytes or 0)
        total, days = sum(known.values()), (max(known) - min(known)).days + 1 if known else 0
    else:
        total = sum(size for day, size in listed.items() if first <= day <= end)
        days = (end - first).days + 1
    return max(CHUNK_DAYS, min(MOST_DAYS, CHUNK_TEXT * days // total)) if total else CHUNK_DAYS


def catch_up_bi(settings: Settings, report: RunReport, progress: Progress) -> RunReport:
    """Refresh the BI copy if a successful run left it behind the warehouse, and add that to its report.

    A run without new bytes skips its later steps, also when an earlier run was killed before its copy.
    """
    if not report.success or not is_behind(settings):
        return report
    copied = refresh_bi(settings, progress)
    return replace(_joined([report, copied]), run_id=report.run_id)


def refresh_bi(settings: Settings, progress: Progress) -> RunReport:
    """Refresh the BI copy alone."""
    return run_job(settings, BI_JOB, progress)


def run_job(
    settings: Settings,
    name: str,
    progress: Progress,
    *,
    days: Collection[date] = (),
    partition: str | None = None,
    config: Mapping[str, dg.Config] | None = None,
    without: Collection[dg.AssetKey] = (),
) -> RunReport:
    """Execute a job under the writer lock and report it, with `days`; see `execute_job`."""
    started = time.monotonic()
    with writer(settings.home, f"`leverage` {name}", progress.waiting):
        before = max((item.seq for item in read_outcomes(settings)), default=0)
        result = execute_job(settings, name, progress, partition=partition, config=config, without=without)
        outcomes = read_outcomes(settings)
    return RunReport(
        success=result.success,
        run_id=result.run_id,
        days=report_days(days, outcomes, before, unexpected(settings, days) if len(days) > 1 else ()),
        step_seconds=step_seconds(result.all_events),
        faults=step_faults(result),
        bi=asset_summary(BI, result.all_events),
        seconds=time.monotonic() - started,
    )


def _joined(reports: list[RunReport]) -> RunReport:
    seconds: dict[str, float] = {}
    for report in reports:
        for step, value in report.step_seconds.items():
            seconds[step] = round(seconds.get(step, 0.0) + value, 3)
    days: tuple[DayReport, ...] = tuple(day for report in reports for day in report.days)
    return RunReport(
        success=all(report.success for report in reports),
        run_id=reports[-1].run_id,
        days=days,
        step_seconds=seconds,
        faults=tuple(fault for report in reports for fault in report.faults),
        seconds=sum(report.seconds for report in reports),
        bi=reports[-1].bi,
    )
