"""A run that fails says so in words, to the log and to a webhook."""

from typing import Final

import dagster as dg
import requests

from pipeline.defs.partitions import run_days
from pipeline.settings import Settings
from pipeline.snapshots.calendar import week_of

TIMEOUT_S: Final = 15.0
WEEKLY_JOB: Final = "weekly"
"""The job whose partitions are weeks, named by their Mondays."""


def failure_text(step: str, days: str, fault: str) -> str:
    """The words of an alert of failure."""
    return f"import-leverage: step `{step}` failed for {days}. {fault}"


def days_in_words(tags: dict[str, str], job: str | None = None) -> str:
    """What a run is for: "release 2026-11-20", "releases 2026-11-01 to 2026-11-20", or "week 2026-W46"."""
    days = run_days(tags)
    if days and job == WEEKLY_JOB:
        return f"week {week_of(days[0])}"
    if not days:
        return "the whole warehouse"
    return f"release {days[0]}" if len(days) == 1 else f"releases {days[0]} to {days[-1]}"


def failure_hook(settings: Settings) -> dg.HookDefinition:
    """Tells `LEVERAGE_FAILURE_WEBHOOK_URL`, if set, which step failed for which days and why."""

    @dg.failure_hook(name="tell_failure")
    def tell_failure(context: dg.HookContext) -> None:
        run = context.instance.get_run_by_id(context.run_id)
        fault = " ".join(str(context.op_exception or "no reason given").split())
        what = days_in_words(dict(run.tags), run.job_name) if run else days_in_words({})
        text = failure_text(context.op.name, what, fault)
        context.log.error(text)
        if settings.failure_webhook_url is not None:
            _post(settings.failure_webhook_url.get_secret_value(), text, context)

    return tell_failure


def _post(url: str, text: str, context: dg.HookContext) -> None:
    """Post `text`; that nobody could be told must not hide what failed."""
    try:
        answer = requests.post(url, json={"text": text}, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException as fault:
        context.log.error(f"LEVERAGE_FAILURE_WEBHOOK_URL could not be told ({type(fault).__name__})")
        return
    if not answer.ok:
        context.log.error(f"LEVERAGE_FAILURE_WEBHOOK_URL could not be told: it answered {answer.status_code}")
