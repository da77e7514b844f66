"""When runs start by themselves.

Belongs here: the job, its schedule, the catch-up for days published late or corrected. Does not belong here: its steps.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import dagster as dg

from pipeline.defs.dbt import FULL_REFRESH_TAG
from pipeline.defs.hooks import failure_hook
from pipeline.defs.partitions import first_day, range_tags, today
from pipeline.defs.turns import writer_tags
from pipeline.settings import Settings
from pipeline.source.outcomes import read_outcomes

NIGHTLY_CRON: Final = "30 5 * * *"
"""After the publisher's night: a release day's files are complete by the early morning after it."""
CATCH_UP_CRON: Final = "30 9,13,17,21 * * *"
CATCH_UP_DAYS: Final = 21
"""How far back late and corrected days are looked for: beyond the 14 days for which a week stays open."""
SETTLED: Final = ("loaded", "unchanged")


def definitions(settings: Settings) -> dg.Definitions:
    """The jobs and both schedules."""
    hooks = {failure_hook(settings)}
    job = dg.define_asset_job(
        "nightly",
        selection=dg.AssetSelection.all(),
        description="Land, stage, check, accept and model release days. Launch it for one day, or for a range as a "
        "single run.",
        executor_def=dg.in_process_executor,
        tags=writer_tags(),
        hooks=hooks,
    )
    rebuild = dg.define_asset_job(
        "rebuild",
        selection=dg.AssetSelection.all() - dg.AssetSelection.groups("releases", "raw"),
        description="Build every table anew from raw and state: after damage, or after a change of the models.",
        executor_def=dg.in_process_executor,
        tags={**writer_tags(), FULL_REFRESH_TAG: "true"},
        hooks=hooks,
    )

    @dg.schedule(
        name="nightly",
        job=job,
        cron_schedule=NIGHTLY_CRON,
        execution_timezone=settings.timezone,
        description="Yesterday's release, every night.",
    )
    def nightly() -> dg.RunRequest:
        newest = today(settings) - timedelta(days=1)
        return dg.RunRequest(run_key=f"nightly-{newest}", partition_key=newest.isoformat())

    @dg.schedule(
        name="catch_up",
        job=job,
        cron_schedule=CATCH_UP_CRON,
        execution_timezone=settings.timezone,
        description=f"Days of the last {CATCH_UP_DAYS} that are not loaded yet, singly; and the loaded ones asked for "
        "again in one run, which does nothing unless the publisher has corrected one.",
    )
    def catch_up(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        newest = today(settings) - timedelta(days=1)
        moment = context.scheduled_execution_time.isoformat(timespec="minutes")
        missing = missing_days(settings, newest)
        for day in missing:
            yield dg.RunRequest(run_key=f"late-{day}-{moment}", partition_key=day.isoformat())
        first = max(newest - timedelta(days=CATCH_UP_DAYS - 1), first_day(settings))
        if first < newest:
            yield dg.RunRequest(run_key=f"corrected-{moment}", tags=range_tags(first, newest))

    return dg.Definitions(jobs=[job, rebuild], schedules=[nightly, catch_up])


def missing_days(settings: Settings, newest: date) -> list[date]:
    """Days up to `newest`, at most `CATCH_UP_DAYS` back, that were never loaded."""
    settled = {item.release_date for item in read_outcomes(settings) if item.outcome in SETTLED}
    first = max(newest - timedelta(days=CATCH_UP_DAYS - 1), first_day(settings))
    days = [first + timedelta(days=n) for n in range((newest - first).days + 1)]
    return [day for day in days if day not in settled]
