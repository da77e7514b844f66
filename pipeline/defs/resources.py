"""What runs share: the writer lock, the notifier of failures, and how an expected failure ends a step."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import dagster as dg
import requests
from pydantic import SecretStr

from pipeline.defs.partitions import run_days
from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.snapshots.calendar import week_of
from pipeline.state.writer_lock import writer
from pipeline.warehouse.connection import WarehouseBusyError

WEEKLY_JOB: Final = "weekly"
"""The job whose partitions are weeks, named by their Mondays."""
OUTPUTS: Final = "outputs"
"""Group of what people and BI tools read."""
TIMEOUT_S: Final = 15.0
WRITE_TAGS: Final = {"leverage/writes": "warehouse"}
"""Marks a run or step that writes; `dagster.yaml` lets one such run go at a time."""
WRITES: Final[Mapping[str, Any]] = {"required_resource_keys": {"writer", "progress"}, "op_tags": WRITE_TAGS}
"""What every asset that writes declares."""


class WriterLock(dg.ConfigurableResource["WriterLock"]):
    """The writer lock of a home, held for the length of a run; the operating system frees it when one is killed."""

    home: str

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator["WriterLock"]:
        """Wait for the lock, and release it when the run ends."""
        holder = f"run {context.run_id[:8]}" if context.run_id else "a run"
        with writer(Path(self.home), holder, lambda text: context.log.warning(text) if context.log else None):
            yield self


class FailureNotifier:
    """Posts failures to `LEVERAGE_FAILURE_WEBHOOK_URL`; a plain object, so that the UI does not show the address."""

    def __init__(self, url: SecretStr | None) -> None:
        """Without an address failures go to the log only."""
        self._url = url

    def notify(self, text: str) -> str | None:
        """Post `text`; return why that failed, if it did."""
        if self._url is None:
            return None
        try:
            answer = requests.post(
                self._url.get_secret_value(), json={"text": text}, timeout=TIMEOUT_S, allow_redirects=False
            )
        except requests.RequestException as fault:
            return type(fault).__name__
        return None if answer.ok else f"it answered {answer.status_code}"


@dg.failure_hook(name="notify_failure", required_resource_keys={"notifier"})
def notify_failure(context: dg.HookContext) -> None:
    """Report which step failed for which days, and why."""
    run = context.instance.get_run_by_id(context.run_id)
    fault = " ".join(str(context.op_exception or "no reason given").split())
    text = f"import-leverage: step `{context.op.name}` failed for {run_scope(run)}. {fault}"
    context.log.error(text)
    failed = context.resources.notifier.notify(text)
    if failed:
        context.log.error(f"LEVERAGE_FAILURE_WEBHOOK_URL was not reached: {failed}")


def run_scope(run: dg.DagsterRun | None) -> str:
    """Return "release 2026-11-20", "releases 2026-11-01 to 2026-11-20", "week 2026-W46" or "the whole warehouse"."""
    days = run_days(run) if run else []
    if not run or not days:
        return "the whole warehouse"
    if run.job_name == WEEKLY_JOB:
        return f"week {week_of(days[0])}"
    return f"release {days[0]}" if len(days) == 1 else f"releases {days[0]} to {days[-1]}"


@contextmanager
def step_failure(advice: str = "") -> Iterator[None]:
    """End the step with the message of an expected failure; only a warehouse in use is worth a retry."""
    try:
        yield
    except PipelineError as error:
        text = f"{error}. {advice}" if advice else str(error)
        raise dg.Failure(text, allow_retries=isinstance(error, WarehouseBusyError)) from error


def resources(settings: Settings) -> dict[str, object]:
    """The resources of production; see `pipeline.definitions.build_defs` for others."""
    return {"writer": WriterLock(home=str(settings.home)), "notifier": FailureNotifier(settings.failure_webhook_url)}
