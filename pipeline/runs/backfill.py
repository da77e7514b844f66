"""Run a range of release days, chunk by chunk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from pipeline.defs import steps
from pipeline.defs.partitions import is_sample
from pipeline.progress import Progress
from pipeline.runs.report import DayReport, RunReport
from pipeline.runs.run import catch_up_bi, run_release_days
from pipeline.settings import Settings

CHUNK_DAYS: Final = 31
"""A month of a national feed is some 1.4 million bills: one dbt build fits in 4 GiB, and a stop costs little."""
SAMPLE_CHUNK_DAYS: Final = 2000
"""The embedded sample has 60 bills a day."""


def backfill_days(
    settings: Settings,
    start: date,
    end: date,
    *,
    recheck: bool,
    chunk_days: int | None,
    progress: Progress,
) -> RunReport:
    """Run the nightly job over `start` to `end`, chunk by chunk.

    A chunk in which checks refused a day is run a second time, which passes over that day. A chunk that fails for
    another reason (disk, dbt, a lock) ends the backfill. The BI copy is refreshed once, after the last chunk: made anew
    for every chunk it would cost more than the chunks.
    """
    size = chunk_days or (SAMPLE_CHUNK_DAYS if is_sample(settings) else CHUNK_DAYS)
    reports: list[RunReport] = []
    first = start
    hold = end - start >= timedelta(days=size)
    while first <= end:
        last = min(first + timedelta(days=size - 1), end)
        report = run_release_days(settings, first, last, recheck=recheck, progress=progress, hold_bi=hold)
        if not report.success and steps.refused_days(settings, [day.release_date for day in report.days]):
            again = run_release_days(settings, first, last, recheck=False, progress=progress, hold_bi=hold)
            report = replace(again, days=_merged(report.days, again.days), seconds=report.seconds + again.seconds)
        reports.append(report)
        if not report.success:
            break
        first = last + timedelta(days=1)
    return catch_up_bi(settings, _joined(reports), progress=progress)


def _merged(before: tuple[DayReport, ...], after: tuple[DayReport, ...]) -> tuple[DayReport, ...]:
    """The later report of each day, unless it was passed over then."""
    return tuple(
        old if new.outcome == "skipped" or (new.outcome == "failed" and old.outcome == "failed") else new
        for old, new in zip(before, after, strict=True)
    )


def _joined(reports: list[RunReport]) -> RunReport:
    seconds: dict[str, float] = {}
    for report in reports:
        for step, value in report.step_seconds.items():
            seconds[step] = round(seconds.get(step, 0.0) + value, 3)
    return RunReport(
        success=all(report.success for report in reports),
        run_id=reports[-1].run_id,
        days=tuple(day for report in reports for day in report.days),
        step_seconds=seconds,
        faults=tuple(fault for report in reports for fault in report.faults),
        seconds=sum(report.seconds for report in reports),
        bi=reports[-1].bi,
    )
