"""The jobs, and the schedules and sensors that start them.

A schedule starts what the clock decides: a night, a look at the source. A sensor starts what waits for data.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import dagster as dg

from pipeline.bi.publish import is_behind
from pipeline.defs.bi import BI
from pipeline.defs.dbt import BUILD, WEEKLY, BuildConfig, Models
from pipeline.defs.partitions import days_between, first_day, is_sample, today
from pipeline.defs.releases import RAW, RELEASES, outcome_counts
from pipeline.defs.resources import OUTPUTS, WEEKLY_JOB, WRITE_TAGS, notify_failure
from pipeline.defs.weekly import DIGESTS, PUBLISHED, REPORT, after_freeze, delivery_text
from pipeline.delivery.channel_states import is_due
from pipeline.delivery.deliver import deliver
from pipeline.errors import PipelineError
from pipeline.ingest.acceptance.verdicts import refused_days
from pipeline.ingest.nightly import land_days, waiting_to_load
from pipeline.ingest.reader_version import raw_version
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.snapshots.tasks import next_task
from pipeline.state.release_outcomes import read_outcomes
from pipeline.state.writer_lock import WriterBusy, writer

NIGHTLY_JOB: Final = "nightly"
REBUILD_JOB: Final = "rebuild"
BI_JOB: Final = "bi"
NIGHTLY_CRON: Final = "30 5 * * *"
"""After the publisher's night: a release day's files are complete by the early morning after it."""
LOOK_CRON: Final = "0 9,13,17,21 * * *"
CATCH_UP_DAYS: Final = 21
"""How far back late and corrected days are looked for: beyond the 14 days for which a week stays open."""
SENSOR_S: Final = 600
"""Between two evaluations of a sensor: between the delivery retries of five minutes and of half an hour."""
RETRIES: Final = dg.RetryPolicy(max_retries=2, delay=10, backoff=dg.Backoff.EXPONENTIAL)
"""For a warehouse that another program has open; every other expected failure forbids its retry."""
JOB: Final[Mapping[str, Any]] = {
    "executor_def": dg.in_process_executor,  # decision 0001
    "tags": WRITE_TAGS,
    "hooks": {notify_failure},
    "op_retry_policy": RETRIES,
}
Answer = TypeVar("Answer")


def definitions(settings: Settings, models: Models) -> dg.Definitions:
    """The jobs, schedules and sensors; they run by default where a real source is set."""
    sample = is_sample(settings)
    schedule_status = dg.DefaultScheduleStatus.STOPPED if sample else dg.DefaultScheduleStatus.RUNNING
    sensor_status = dg.DefaultSensorStatus.STOPPED if sample else dg.DefaultSensorStatus.RUNNING
    everything = dg.AssetSelection.all()
    nightly_job = dg.define_asset_job(
        NIGHTLY_JOB,
        selection=everything - dg.AssetSelection.groups(WEEKLY, PUBLISHED) - dg.AssetSelection.assets(REPORT, DIGESTS),
        description="Land, stage, check, accept and model release days: one day, or a range as a single run.",
        **JOB,
    )
    rebuild_job = dg.define_asset_job(
        REBUILD_JOB,
        selection=everything
        - dg.AssetSelection.groups(RELEASES, RAW, WEEKLY)
        - dg.AssetSelection.assets(REPORT, DIGESTS),
        description="Build every table again from raw and state: after damage, or after a change of the models.",
        config=dg.RunConfig(ops={BUILD: BuildConfig(full_refresh=True)}),
        **JOB,
    )
    weekly_job = dg.define_asset_job(
        WEEKLY_JOB,
        selection=dg.AssetSelection.groups(WEEKLY, PUBLISHED, OUTPUTS),
        description="Compute, check, freeze and publish a closed week; the partition is its Monday.",
        **JOB,
    )
    bi_job = dg.define_asset_job(
        BI_JOB, selection=dg.AssetSelection.assets(BI), description="Refresh the BI copy alone.", **JOB
    )

    @dg.op(required_resource_keys={"writer"}, tags=WRITE_TAGS)
    def land_recent(context: dg.OpExecutionContext) -> None:
        context.log.info(outcome_counts(land_days(settings, recent_days(settings), recheck=True, progress=Progress())))

    @dg.job(
        executor_def=dg.in_process_executor,
        tags=WRITE_TAGS,
        hooks={notify_failure},
        description=f"Ask the source for the last {CATCH_UP_DAYS} release days: late and corrected ones are landed.",
    )
    def look_again() -> None:
        land_recent()

    @dg.op
    def send_due(context: dg.OpExecutionContext) -> None:
        sent = deliver(settings)
        for note in sent.notes:
            context.log.warning(note)
        context.log.info(delivery_text(0, sent))
        if not sent.success:
            raise dg.Failure(f"{delivery_text(0, sent)}; `leverage doctor` says why", allow_retries=False)

    @dg.job(
        name="deliver",
        executor_def=dg.in_process_executor,
        hooks={notify_failure},
        description="Send what is due from the outbox.",
    )
    def deliver_job() -> None:
        send_due()

    @dg.schedule(
        name="nightly",
        job=nightly_job,
        cron_schedule=NIGHTLY_CRON,
        execution_timezone=settings.timezone,
        default_status=schedule_status,
        description="Loads yesterday's release, every night.",
    )
    def nightly() -> dg.RunRequest:
        newest = today(settings) - timedelta(days=1)
        return dg.RunRequest(run_key=f"nightly-{newest}", partition_key=newest.isoformat())

    look_schedule = dg.ScheduleDefinition(
        name="look_again",
        job=look_again,
        cron_schedule=LOOK_CRON,
        execution_timezone=settings.timezone,
        default_status=schedule_status,
        description=f"Asks the source for late and corrected releases of the last {CATCH_UP_DAYS} days.",
    )

    @dg.sensor(
        name="late_releases",
        job=nightly_job,
        minimum_interval_seconds=SENSOR_S,
        default_status=sensor_status,
        description="Starts a run for each recent day that is landed and not loaded, or that failed, one a day.",
    )
    def late_releases() -> Iterator[dg.RunRequest]:
        for day, version in due_days(settings).items():
            yield dg.RunRequest(run_key=f"late-{day}-{version}-{today(settings)}", partition_key=day.isoformat())

    @dg.sensor(
        name="closed_weeks",
        job=weekly_job,
        minimum_interval_seconds=SENSOR_S,
        default_status=sensor_status,
        description="Publishes the oldest week that has closed and is not published, or whose publication broke off.",
    )
    def closed_weeks() -> dg.RunRequest | dg.SkipReason:
        task = _unless_writing(settings, lambda: next_task(settings))
        if isinstance(task, dg.SkipReason):
            return task
        if task is None:
            return dg.SkipReason("Every closed week is published.")
        # One try a day: what a check refuses is refused again until a night brings other records.
        what = f"{task.week}-r{task.revision}-{'all' if task.computes else 'rest'}"
        return dg.RunRequest(
            run_key=f"weekly-{what}-{today(settings)}",
            partition_key=task.week.monday.isoformat(),
            asset_selection=None if task.computes else after_freeze(models),
        )

    @dg.sensor(
        name="bi_behind",
        job=bi_job,
        minimum_interval_seconds=SENSOR_S,
        default_status=sensor_status,
        description="Refreshes the BI copy where a broken-off run left it behind the warehouse.",
    )
    def bi_behind() -> dg.RunRequest | dg.SkipReason:
        behind = _unless_writing(settings, lambda: is_behind(settings))
        if isinstance(behind, dg.SkipReason):
            return behind
        hour = datetime.now(ZoneInfo(settings.timezone)).strftime("%Y-%m-%dT%H")
        return dg.RunRequest(run_key=f"bi-{hour}") if behind else dg.SkipReason("The BI copy is up to date.")

    @dg.sensor(
        name="outbox",
        job=deliver_job,
        minimum_interval_seconds=SENSOR_S,
        default_status=sensor_status,
        description="Sends messages whose next try is due.",
    )
    def outbox() -> dg.RunRequest | dg.SkipReason:
        return dg.RunRequest() if is_due(settings) else dg.SkipReason("No message is due.")

    return dg.Definitions(
        jobs=[nightly_job, rebuild_job, weekly_job, bi_job, look_again, deliver_job],
        schedules=[nightly, look_schedule],
        sensors=[late_releases, closed_weeks, bi_behind, outbox],
    )


def recent_days(settings: Settings) -> list[date]:
    """The release days up to yesterday that may still come late or be corrected."""
    newest = today(settings) - timedelta(days=1)
    return days_between(max(newest - timedelta(days=CATCH_UP_DAYS - 1), first_day(settings)), newest)


def due_days(settings: Settings) -> dict[date, str]:
    """Recent days that a run would load: landed but not loaded, with their version, or failed."""
    days = recent_days(settings)
    outcome = {item.release_date: item.outcome for item in read_outcomes(settings)}
    waiting = {item.release_date: raw_version(item.files) for item in waiting_to_load(settings, days)}
    refused = set(refused_days(settings, days))
    return {
        day: waiting.get(day, "failed")
        for day in days
        if day not in refused and (day in waiting or outcome.get(day) == "failed")
    }


def _unless_writing(settings: Settings, read: Callable[[], Answer]) -> Answer | dg.SkipReason:
    """Read the warehouse under the writer lock, or skip: an open reader would make a run's dbt fail to open it."""
    try:
        with writer(settings.home, "a sensor", wait=False):
            return read()
    except (WriterBusy, PipelineError) as error:
        return dg.SkipReason(str(error))
