"""Whether a week has to be computed: never published, or inputs inside its cut-off have moved, or an operator asks.

A week stays as it was published when only code, rules or decisions on parties moved: `leverage diff` and the next week
show their effect. `leverage publish --revise "why"` publishes a new revision nevertheless.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from pipeline.settings import Settings
from pipeline.snapshots.calendar import (
    NotYetError,
    ReleaseState,
    Week,
    WeekError,
    WeekState,
    judge,
    newest_closed,
    newest_reached_week,
)
from pipeline.snapshots.inputs import Inputs, read_inputs, read_release_state
from pipeline.snapshots.manifest import FIRST_REASON, Manifest, SnapshotError, damage, moved, newest_manifest
from pipeline.snapshots.publishes import known_same_figures
from pipeline.state.release_outcomes import accepted_versions

WAY_BACK = (
    "Restore it from a backup; or move the folder away and publish the week again: the same inputs and versions give "
    "the same bytes"
)


@dataclass(frozen=True)
class Due:
    """A week that has to be computed and frozen.

    Attributes:
        week: the week.
        cut_off: the last run date known to it.
        revision: the number that it gets.
        reason: why, in words.
        inputs: what it is computed from.
        replaces: the newest revision there is.
    """

    week: Week
    cut_off: date
    revision: int
    reason: str
    inputs: Inputs
    replaces: Manifest | None


def closed_week(settings: Settings, week: Week | None) -> WeekState:
    """The state of `week`, or of the newest closed week.

    Raises:
        NotYetError: its time, or the first week's, has not come.
        WeekError: a release is missing.
    """
    release_state = read_release_state(settings)
    if week is not None:
        return _require_closed(judge(week, release_state, _lateness(settings, week)))
    newest = newest_closed(release_state, settings.lateness_days)
    if newest is None:
        raise NotYetError(_why_none(release_state, settings.lateness_days))
    return newest


def due(settings: Settings, state: WeekState, revise: str | None = None) -> Due | None:
    """What has to be computed for a closed week; None where it is published as its inputs have it.

    Args:
        settings: of the home.
        state: a closed week.
        revise: why it is to be published anew although no input has moved.

    Raises:
        SnapshotError: the snapshot that is there is damaged.
    """
    before = newest_manifest(settings, state.week)
    inputs = read_inputs(settings, state.cut_off, state.waived)
    if before is None:
        return Due(state.week, state.cut_off, 1, FIRST_REASON, inputs, None)
    faults = damage(settings, before)
    if faults:
        raise SnapshotError(f"{'; '.join(faults)}. {WAY_BACK}")
    change = moved(before.inputs, inputs)
    again = Due(state.week, state.cut_off, before.revision + 1, change or "", inputs, before)
    if revise:
        return replace(again, reason="; ".join(part for part in (f"asked for: {revise}", change) if part))
    if change is None or known_same_figures(settings, before, inputs):
        return None
    return again


def outdated(settings: Settings, weeks: list[Week]) -> dict[Week, str]:
    """Frozen weeks whose inputs have moved since, each with what moved."""
    found, accepted = {}, accepted_versions(settings)
    for week in weeks:
        before = newest_manifest(settings, week)
        if before is not None:
            inputs = read_inputs(settings, before.cut_off, before.inputs.waived, accepted)
            change = moved(before.inputs, inputs)
            if change and not known_same_figures(settings, before, inputs):
                found[week] = change
    return found


def _lateness(settings: Settings, week: Week) -> int:
    """A week keeps the lateness with which it was first published."""
    before = newest_manifest(settings, week)
    return settings.lateness_days if before is None else (before.cut_off - week.sunday).days


def _require_closed(state: WeekState) -> WeekState:
    if state.fault is not None:
        raise (NotYetError if state.is_early else WeekError)(state.fault)
    return state


def _why_none(release_state: ReleaseState, lateness_days: int) -> str:
    newest = newest_reached_week(release_state, lateness_days)
    if newest is None:
        return "no week is closed yet: no release is loaded"
    return judge(newest, release_state, lateness_days).fault or f"{newest} is closed"
