"""The report of a run, day by day."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import dagster as dg

from pipeline.defs.bi import SUMMARY
from pipeline.state.release_outcomes import Outcome

CHECK_FAILED: Final = "DagsterAssetCheckFailedError"
"""Dagster's error of a run that a blocking check ended; the class is not public in every version."""
ACCEPTED: Final = ("loaded", "partial")
"""Outcomes of the files of a release that is loaded."""


@dataclass(frozen=True)
class DayReport:
    """The result of one release day.

    Attributes:
        release_date: the release day.
        outcome: `loaded`, `partial`, `unchanged`, `not_published`, `incomplete`, `failed`; `skipped` for a day that was
            loaded before and not asked for again.
        reason: why it is not loaded.
        rows_in: rows in its files.
        rows_loaded: rows that reached raw.
        rows_quarantined: rows in quarantine.
        bytes: size of its files.
    """

    release_date: date
    outcome: str
    reason: str | None = None
    rows_in: int = 0
    rows_loaded: int = 0
    rows_quarantined: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class RunReport:
    """The result of one run.

    Attributes:
        success: whether every step succeeded.
        run_id: Dagster's.
        days: one report for each release day, in order.
        step_seconds: duration of each step that ran.
        faults: each failed step with its reason.
        seconds: duration of the run.
        bi: a sentence on the BI copy; None where it was not refreshed.
    """

    success: bool
    run_id: str
    days: tuple[DayReport, ...]
    step_seconds: dict[str, float] = field(default_factory=dict)
    faults: tuple[str, ...] = ()
    seconds: float = 0.0
    bi: str | None = None


def report_days(
    days: Collection[date], outcomes: Sequence[Outcome], before: int, unexpected: Collection[date] = ()
) -> tuple[DayReport, ...]:
    """Sum the journal's lines after line `before` into one report a day.

    Days on which the source never publishes (`unexpected`) are left out, unless they brought something.

    A day without such a line was loaded before (`skipped`), or was not reached (`failed`) because the run broke off.
    """
    loaded_before = {item.release_date for item in outcomes if item.seq <= before and item.outcome == "loaded"}
    lines: dict[date, list[Outcome]] = {}
    for item in outcomes:
        if item.seq > before:
            lines.setdefault(item.release_date, []).append(item)
    reports = []
    for day in days:
        brought = {item.outcome for item in lines.get(day, ())} - {"not_published"}
        if day in unexpected and not brought:
            continue
        if day not in lines:
            skipped = day in loaded_before
            reports.append(DayReport(day, "skipped") if skipped else DayReport(day, "failed", "was not reached"))
            continue
        last = lines[day][-1].outcome
        alike = ACCEPTED if last in ACCEPTED else (last,)
        newest = [item for item in lines[day] if item.outcome in alike]
        shown = next((item for item in newest if item.outcome == "partial"), newest[-1])
        reports.append(
            DayReport(
                day,
                shown.outcome,
                shown.reason,
                rows_in=sum(item.rows_in or 0 for item in newest),
                rows_loaded=sum(item.rows_loaded or 0 for item in newest),
                rows_quarantined=sum(item.rows_quarantined or 0 for item in newest),
                bytes=sum(item.bytes or 0 for item in newest),
            )
        )
    return tuple(reports)


def step_seconds(events: Sequence[dg.DagsterEvent]) -> dict[str, float]:
    """Duration of each successful step."""
    return {
        str(event.step_key): round(event.step_success_data.duration_ms / 1000, 3)
        for event in events
        if event.is_step_success
    }


def step_faults(result: dg.ExecuteInProcessResult) -> tuple[str, ...]:
    """Each failed step with its reason, and in place of a check step each blocking check with what it found."""
    refused = [item for item in result.get_asset_check_evaluations() if item.blocking and is_error(item)]
    faults = [f"{item.check_name}: {item.description}" for item in refused if item.description]
    for event in result.all_events:
        if not event.is_step_failure:
            continue
        data = event.step_failure_data
        error = data.error.cause if data.error and data.error.cause else data.error
        if faults and error and error.cls_name == CHECK_FAILED:
            continue
        text = data.user_failure_data.description if data.user_failure_data else None
        faults.append(f"{event.step_key}: {text or (error.message.strip() if error else 'no reason given')}")
    return tuple(faults)


def is_error(evaluation: dg.AssetCheckEvaluation) -> bool:
    """Whether a check failed and ends its run."""
    return not evaluation.passed and evaluation.severity is dg.AssetCheckSeverity.ERROR


def asset_summary(asset: dg.AssetKey, events: Sequence[dg.DagsterEvent]) -> str | None:
    """The summary that a run gave for an asset; None where it did not make it."""
    for event in events:
        if event.is_step_materialization and event.asset_key == asset:
            return str(event.materialization.metadata[SUMMARY].value)
    return None
