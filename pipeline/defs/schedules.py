"""When runs start by themselves."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

import dagster as dg

from pipeline.defs import steps
from pipeline.defs.dbt import FULL_REFRESH_TAG, WEEKLY
from pipeline.defs.hooks import WEEKLY_JOB, failure_hook
from pipeline.defs.landing import count_outcomes
from pipeline.defs.partitions import days_between, first_day, today
from pipeline.defs.publish import BI
from pipeline.defs.turns import WRITER, writer_tags
from pipeline.defs.weekly import DIGESTS, PUBLISHED, REPORT, rest_of_week
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.snapshots.tasks import next_task
from pipeline.state.release_outcomes import read_outcomes
from pipeline.warehouse.connection import WarehouseError

NIGHTLY_CRON: Final = "30 5 * * *"
"""After the publisher's night: a release day's files are complete by the early morning after it."""
LOOK_CRON: Final = "0 9,13,17,21 * * *"
CATCH_UP_CRON: Final = "30 9,13,17,21 * * *"
"""Half an hour after each look."""
WEEKLY_CRON: Final = "30 7,11,15,19,23 * * *"
"""After each run that may load the day on which a week closes."""
CATCH_UP_DAYS: Final = 21
"""How far back late and corrected days are looked for: beyond the 14 days for which a week stays open."""


def definitions(settings: Settings) -> dg.Definitions:
    """The jobs and their schedules."""
    hooks = {failure_hook(settings)}
    job = dg.define_asset_job(
        "nightly",
        selection=dg.AssetSelection.all() - dg.AssetSelection.groups(WEEKLY, PUBLISHED),
        description="Land, stage, check, accept and model release days. Launch it for one day, or for a range as a "
        "single run.",
        executor_def=dg.in_process_executor,
        tags=writer_tags(),
        hooks=hooks,
    )
    rebuild = dg.define_asset_job(
        "rebuild",
        selection=dg.AssetSelection.all()
        - dg.AssetSelection.groups("releases", "raw", WEEKLY)
        - dg.AssetSelection.assets(REPORT, DIGESTS),
        description="Build every table anew from raw and state: after damage, or after a change of the models.",
        executor_def=dg.in_process_executor,
        tags={**writer_tags(), FULL_REFRESH_TAG: "true"},
        hooks=hooks,
    )

    week_job = dg.define_asset_job(
        WEEKLY_JOB,
        selection=dg.AssetSelection.groups(WEEKLY, PUBLISHED) | dg.AssetSelection.assets(BI),
        description="Compute, check, freeze and publish a closed week; the partition is its Monday.",
        executor_def=dg.in_process_executor,
        tags=writer_tags(),
        hooks=hooks,
    )

    @dg.schedule(
        name="weekly",
        job=week_job,
        cron_schedule=WEEKLY_CRON,
        execution_timezone=settings.timezone,
        description="The oldest week that has closed and is not published, or whose publication was broken off.",
    )
    def weekly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        try:
            task = next_task(settings)
        except WarehouseError as error:
            return dg.SkipReason(str(error))
        if task is None:
            return dg.SkipReason("every closed week is published")
        # one try a day: what the exit refuses is refused again until a night brings other records
        what = f"{task.week}-r{task.revision}-{'all' if task.computes else 'rest'}"
        return dg.RunRequest(
            run_key=f"weekly-{what}-{context.scheduled_execution_time.date()}",
            partition_key=task.week.monday.isoformat(),
            asset_selection=None if task.computes else rest_of_week(settings),
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

    @dg.op(tags=writer_tags(), required_resource_keys={WRITER})
    def look(context: dg.OpExecutionContext) -> None:
        landings = steps.land(settings, recent_days(settings), again=True, progress=Progress())
        context.log.info(count_outcomes(landings))

    @dg.job(
        executor_def=dg.in_process_executor,
        tags=writer_tags(),
        hooks=hooks,
        description=f"Ask the source for the last {CATCH_UP_DAYS} release days: late and corrected ones are landed.",
    )
    def look_again() -> None:
        look()

    @dg.schedule(
        name="catch_up",
        job=job,
        cron_schedule=CATCH_UP_CRON,
        execution_timezone=settings.timezone,
        description="A run for each recent day that is landed and not loaded, or that failed.",
    )
    def catch_up(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest]:
        moment = context.scheduled_execution_time.isoformat(timespec="minutes")
        for day in due_days(settings):
            yield dg.RunRequest(run_key=f"late-{day}-{moment}", partition_key=day.isoformat())

    look_schedule = dg.ScheduleDefinition(
        name="look_again",
        job=look_again,
        cron_schedule=LOOK_CRON,
        execution_timezone=settings.timezone,
        description=f"Looks for late and corrected releases of the last {CATCH_UP_DAYS} days.",
    )
    return dg.Definitions(
        jobs=[job, rebuild, look_again, week_job], schedules=[nightly, look_schedule, catch_up, weekly]
    )


def recent_days(settings: Settings) -> list[date]:
    """The release days in which late and corrected ones are looked for, up to yesterday."""
    newest = today(settings) - timedelta(days=1)
    return days_between(max(newest - timedelta(days=CATCH_UP_DAYS - 1), first_day(settings)), newest)


def due_days(settings: Settings) -> list[date]:
    """Recent days that a run would bring forward: landed but not loaded, or broken off."""
    days = recent_days(settings)
    newest = {item.release_date: item.outcome for item in read_outcomes(settings)}
    waiting = {item.release_date for item in steps.waiting_to_load(settings, days)}
    refused = set(steps.refused_days(settings, days))
    return [day for day in days if day not in refused and (day in waiting or newest.get(day) == "failed")]
