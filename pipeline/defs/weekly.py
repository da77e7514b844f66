"""The week as assets: computed models with their tests, `snapshot`, published models, `report` and `digests`."""

from typing import Any, Final

import dagster as dg
from dagster_dbt import dbt_assets

from pipeline.alerts.watched_suppliers import write_watched
from pipeline.alerts.watchlist import WatchlistError
from pipeline.defs.bi import BI, SUMMARY
from pipeline.defs.dbt import WEEKLY, Models, Results
from pipeline.defs.partitions import run_week, week_partitions
from pipeline.defs.resources import OUTPUTS, WRITE_TAGS, WRITES, step_failure
from pipeline.delivery.deliver import DeliveryReport, deliver
from pipeline.delivery.outbox import enqueue
from pipeline.entities.products.choices import show_choices
from pipeline.progress import Progress
from pipeline.reporting.alerts.digest import digests
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.compute import compute_week
from pipeline.snapshots.due import Due, closed_week, due
from pipeline.snapshots.freeze import TABLES, freeze
from pipeline.snapshots.manifest import Manifest, frozen_weeks, newest_manifest
from pipeline.snapshots.publishes import DIGESTED, REPORTED, note_published, note_step
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import PUBLISHED_TAG, UNIT_TESTS, WEEKLY_TAG, dbt_paths, published_arguments
from pipeline.warehouse.dbt_runner import run_dbt

COMPUTE: Final = "compute_week"
FREEZE: Final = "freeze"
PUBLISHED: Final = "published"
"""Group of the frozen tables as the warehouse reads them back."""
SNAPSHOT: Final = dg.AssetKey(["snapshot"])
"""The dbt source of frozen tables has the same."""
REPORT: Final = dg.AssetKey(["report"])
DIGESTS: Final = dg.AssetKey(["digests"])
UNTOUCHED: Final = "Nothing was published; what was published before is untouched."


class WeekConfig(dg.Config):
    """How a week is computed."""

    revise: str = ""
    """Why a published week is computed again although no input has changed; empty: only where one has."""


def definitions(settings: Settings, models: Models) -> dg.Definitions:
    """The assets and checks of a week."""
    computed = {name: models.key(table.model) for name, table in TABLES.items()}
    weeks = week_partitions(settings)
    one_week = dg.BackfillPolicy.multi_run(1)  # a week's tiers continue from those of the week before

    @dbt_assets(
        manifest=models.manifest,
        select=WEEKLY_TAG,
        exclude=UNIT_TESTS,
        dagster_dbt_translator=models.translator,
        name=COMPUTE,
        partitions_def=weeks,
        backfill_policy=one_week,
        **WRITES,
    )
    def compute(context: dg.AssetExecutionContext, config: WeekConfig) -> Results:
        wanted = week_due(settings, context.run, config)
        if wanted is None:
            context.log.info("The week is published with these inputs: nothing to compute.")
            return
        context.log.info("Computing %s revision %s: %s", wanted.week, wanted.revision, wanted.reason)
        try:
            context.log.info("%s suppliers are watched", write_watched(settings, wanted.week))
        except WatchlistError as error:  # an invalid watchlist blocks the digest, not the snapshot
            context.log.warning("The watched suppliers are those of the last valid watchlist: %s", error)
        as_of = AsOf.of(wanted.week.monday, wanted.cut_off)
        yield from models.run(
            settings,
            compute,
            lambda on_event: compute_week(settings, as_of, on_event),
            context.resources.progress,
            UNTOUCHED,
        )

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                SNAPSHOT,
                deps=list(computed.values()),
                description="The frozen week: immutable Parquet and `manifest.json` in `snapshots/<WEEK>/r<N>/`. "
                "Only corrected bytes inside its cut-off make a revision.",
                partitions_def=weeks,
                group_name=WEEKLY,
                kinds={"parquet"},
            )
        ],
        name=FREEZE,
        partitions_def=weeks,
        backfill_policy=one_week,
        **WRITES,
    )
    def freeze_(context: dg.AssetExecutionContext, config: WeekConfig) -> dg.MaterializeResult[None]:
        wanted = week_due(settings, context.run, config)
        progress: Progress = context.resources.progress
        progress.started("snapshot", 1)
        with step_failure():
            frozen = freeze(settings, wanted) if wanted is not None else None
        if frozen is None:
            context.log.info("No figure has changed: the existing snapshot stays.")
            frozen = frozen_manifest(settings, run_week(context.run))
        progress.advanced(frozen.name)
        return dg.MaterializeResult(
            asset_key=SNAPSHOT, metadata=snapshot_metadata(frozen), data_version=dg.DataVersion(frozen.name)
        )

    @dbt_assets(
        manifest=models.manifest,
        select=PUBLISHED_TAG,
        exclude=UNIT_TESTS,
        dagster_dbt_translator=models.translator,
        name="publish",
        **WRITES,
    )
    def publish(context: dg.AssetExecutionContext) -> Results:
        weeks = frozen_weeks(settings)
        for week in weeks:
            note_published(settings, frozen_manifest(settings, week))
        if weeks:  # a rebuild comes here before the first week too
            show_choices(settings, weeks[-1].text)
        arguments = published_arguments(dbt_paths(settings))
        yield from models.run(
            settings,
            publish,
            lambda on_event: run_dbt(settings, arguments, on_event).results,
            context.resources.progress,
            UNTOUCHED,
        )

    @dg.asset(
        key=REPORT,
        deps=list(publish.keys),
        group_name=OUTPUTS,
        partitions_def=weeks,
        backfill_policy=one_week,
        kinds={"html"},
        description="The weekly report, self-contained, in `reports/<WEEK>/`.",
        required_resource_keys=WRITES["required_resource_keys"],
        op_tags=WRITE_TAGS,
    )
    def report(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        from pipeline.reporting.weekly.report import write_report

        week = run_week(context.run)
        progress: Progress = context.resources.progress
        progress.started("report", 1)
        path = write_report(settings, week.text)
        progress.advanced(week.text)
        note_step(settings, frozen_manifest(settings, week), REPORTED)
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(str(path))})

    @dg.asset(
        key=DIGESTS,
        deps=[REPORT, BI],
        group_name=OUTPUTS,
        partitions_def=weeks,
        backfill_policy=one_week,
        kinds={"json"},
        description="A digest for each recipient of the watchlist, also when nothing changed, and an immediate message "
        "for each critical alert: put into `outbox/` once and sent.",
        required_resource_keys=WRITES["required_resource_keys"],
        op_tags=WRITE_TAGS,
    )
    def send_digests(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        week = run_week(context.run)
        progress: Progress = context.resources.progress
        progress.started("digests", 1)
        with step_failure(f"{week} is published; its digests are sent by the next run after the cause is fixed"):
            queued = enqueue(settings, digests(settings, week))
        note_step(settings, frozen_manifest(settings, week), DIGESTED)
        sent = deliver(settings)
        count = sum(queued.new.values())
        for note in (*queued.notes, *sent.notes):
            context.log.warning(note)
        context.log.info(delivery_text(count, sent))
        progress.advanced(week.text)
        return dg.MaterializeResult(
            metadata={
                SUMMARY: delivery_text(count, sent),
                "queued": count,
                "sent": sum(sent.sent.values()),
                "waiting": sum(sent.waiting.values()),
                "dead letters": sum(sent.dead.values()),
            }
        )

    return dg.Definitions(assets=[compute, freeze_, publish, report, send_digests])


def after_freeze(models: Models) -> list[dg.AssetKey]:
    """The assets of a run that continues after a freeze: published models, report, BI copy, digests."""
    return [*models.of_group(PUBLISHED), REPORT, BI, DIGESTS]


def week_due(settings: Settings, run: dg.DagsterRun, config: WeekConfig) -> Due | None:
    """What has to be computed for the week of a run; None where it is published with these inputs."""
    with step_failure():
        return due(settings, closed_week(settings, run_week(run)), config.revise or None)


def frozen_manifest(settings: Settings, week: Week) -> Manifest:
    """The newest revision of a frozen week."""
    frozen = newest_manifest(settings, week)
    assert frozen is not None, f"{week} is not frozen"
    return frozen


def snapshot_metadata(frozen: Manifest) -> dict[str, Any]:
    """What was frozen, for the UI."""
    return {
        "snapshot": frozen.name,
        "reason": frozen.reason,
        "cut-off": frozen.cut_off.isoformat(),
        "er_version": frozen.versions.er_version,
        "ruleset_version": frozen.versions.ruleset_version,
        "code_version": frozen.versions.code_version,
        "waived days": len(frozen.inputs.waived),
        **{f"rows {name}": table.rows for name, table in frozen.tables.items()},
    }


def delivery_text(queued: int, sent: DeliveryReport) -> str:
    """One sentence on the messages of a run."""
    parts = [f"{queued} messages put into the outbox"] if queued else []
    parts += [f"{count} sent by {via}" for via, count in sorted(sent.sent.items())]
    parts += [f"{count} waiting ({via})" for via, count in sorted(sent.waiting.items())]
    parts += [f"{count} given up ({via})" for via, count in sorted(sent.dead.items())]
    return ", ".join(parts) or "nothing is due"
