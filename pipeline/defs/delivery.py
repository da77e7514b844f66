"""The asset `digests`: what a week changed, put into the outbox and sent; and the schedule that tries again."""

from typing import Final

import dagster as dg

from pipeline.alerts.watchlist import WatchlistError
from pipeline.defs.hooks import failure_hook
from pipeline.defs.publish import BI, TOLD
from pipeline.defs.turns import WRITER, writer_tags
from pipeline.defs.weekly import DIGESTS, PUBLISHED, REPORT, run_week, week_partitions
from pipeline.delivery.deliver import DeliveryReport, deliver
from pipeline.delivery.outbox import enqueue
from pipeline.delivery.receipts import is_due
from pipeline.entities.registry import RegistryError
from pipeline.progress import Progress
from pipeline.reporting.alerts.digest import digests
from pipeline.settings import Settings
from pipeline.snapshots.manifest import newest_manifest
from pipeline.snapshots.publishes import DIGESTED, note_step
from pipeline.warehouse.connection import WarehouseError

DELIVER_JOB: Final = "deliver"
DELIVER_CRON: Final = "*/10 * * * *"
"""Between the step of five minutes and those of half an hour and more; a look costs reading one file."""


def definitions(settings: Settings, progress: Progress) -> dg.Definitions:
    """The asset, the job that sends what is due, its schedule."""

    @dg.asset(
        key=DIGESTS,
        deps=[REPORT, BI],
        group_name=PUBLISHED,
        partitions_def=week_partitions(settings),
        backfill_policy=dg.BackfillPolicy.multi_run(1),
        description="A digest for each recipient of the watchlist, also when nothing changed, and a message at once "
        "for each critical alert: put into `outbox/` once and sent.",
        required_resource_keys={WRITER},
        op_tags=writer_tags(),
    )
    def tell(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        week = run_week(context.run.tags)
        progress.started("digests", 1)
        try:
            put_in = enqueue(settings, digests(settings, week))
        except (WatchlistError, WarehouseError, RegistryError) as error:
            raise dg.Failure(
                f"{error}. {week} is published; its digests go out with the next run once this is mended",
                allow_retries=False,
            ) from error
        frozen = newest_manifest(settings, week)
        assert frozen is not None  # what is told is frozen
        note_step(settings, frozen, DIGESTED)
        sent = deliver(settings)
        told = in_words(sum(put_in.new.values()), sent)
        for note in (*put_in.notes, *sent.notes):
            context.log.warning(note)
        context.log.info(told)
        progress.advanced(week.text)
        return dg.MaterializeResult(
            metadata={
                TOLD: dg.MetadataValue.text(told),
                "put in": dg.MetadataValue.int(sum(put_in.new.values())),
                "sent": dg.MetadataValue.int(sum(sent.sent.values())),
                "waiting": dg.MetadataValue.int(sum(sent.waiting.values())),
                "dead letters": dg.MetadataValue.int(sum(sent.dead.values())),
            }
        )

    @dg.op
    def send_due(context: dg.OpExecutionContext) -> None:
        sent = deliver(settings)
        for note in sent.notes:
            context.log.warning(note)
        context.log.info(in_words(0, sent))
        if not sent.success:
            raise dg.Failure(
                f"{in_words(0, sent)}; `leverage doctor` tells why",
                allow_retries=False,
            )

    @dg.job(
        name=DELIVER_JOB,
        executor_def=dg.in_process_executor,
        hooks={failure_hook(settings)},
        description="Send what is due from the outbox.",
    )
    def deliver_job() -> None:
        send_due()

    schedule = dg.ScheduleDefinition(
        name="deliver",
        job=deliver_job,
        cron_schedule=DELIVER_CRON,
        execution_timezone=settings.timezone,
        should_execute=lambda _: is_due(settings),
        description="Tries again what could not be sent.",
    )
    return dg.Definitions(assets=[tell], jobs=[deliver_job], schedules=[schedule])


def in_words(put_in: int, sent: DeliveryReport) -> str:
    """What became of the messages, in a sentence."""
    parts = [f"{put_in} messages put into the outbox"] if put_in else []
    parts += [f"{count} sent by {via}" for via, count in sorted(sent.sent.items())]
    parts += [f"{count} waiting ({via})" for via, count in sorted(sent.waiting.items())]
    parts += [f"{count} given up ({via})" for via, count in sorted(sent.dead.items())]
    return ", ".join(parts) or "nothing is due"
