"""Move an alert to another state, and publish it: the journal, `fct_alert`, the BI copy."""

from __future__ import annotations

from datetime import date
from typing import Final

from pipeline.alerts.states import note_state
from pipeline.progress import Progress
from pipeline.runs.nightly import refresh_bi
from pipeline.runs.report import RunReport
from pipeline.settings import Settings
from pipeline.state.writer_lock import writer
from pipeline.warehouse.dbt_arguments import UNIT_TESTS, build_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt

TABLE: Final = "fct_alert"


def move_state(
    settings: Settings, alert_id: str, status: str, *, until: date | None, reason: str | None, progress: Progress
) -> RunReport:
    """Note a state in the journal at once, then publish it as soon as no other process is writing.

    Args:
        settings: whose home.
        alert_id: whole id.
        status: `acknowledged`, `snoozed` or `resolved`.
        until: the day on which a snooze ends.
        reason: why.
        progress: receives each step.

    Raises:
        StateError: an alert does not go from its state to this one.
        DbtError: `fct_alert` could not be built; the state is noted all the same.
    """
    note_state(settings, alert_id, status, until=until, reason=reason)

    def waiting(text: str) -> None:
        progress.waiting(f"{status} is noted; {text}. You can stop waiting: the note remains")

    with writer(settings.home, "`leverage alerts`", waiting):
        run_dbt(settings, build_arguments(dbt_paths(settings), select=(TABLE,), exclude=(UNIT_TESTS,)))
        return refresh_bi(settings, progress)
