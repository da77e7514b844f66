"""The asset `bi`: the published tables as files for BI tools."""

from collections.abc import Iterator
from typing import Final

import dagster as dg

from pipeline.bi.publish import BiReport, is_behind, publish_bi
from pipeline.bi.tables import published_tables
from pipeline.bi.versions import BiError
from pipeline.defs.dbt import Translator, asset_groups, asset_keys
from pipeline.defs.hooks import failure_hook
from pipeline.defs.turns import WRITER, writer_tags
from pipeline.entities.registry import RegistryError
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.warehouse.connection import WarehouseError
from pipeline.warehouse.dbt_manifest import load_manifest
from pipeline.warehouse.dbt_runner import DbtError

BI: Final = dg.AssetKey(["bi"])
BI_JOB: Final = "bi"
HOLD_TAG: Final = "leverage/hold_bi"
"""`true` on a run after which the copy is not refreshed: a later run of the same command does it once for all."""
TOLD: Final = "told"
CATCH_UP_CRON: Final = "45 9,13,17,21 * * *"
"""A quarter of an hour after the catch-up of releases: a copy that a kill or a full disk left behind."""


def definitions(settings: Settings, progress: Progress) -> dg.Definitions:
    """The asset; it has no partitions: it is a copy of the tables as they are."""
    manifest = load_manifest(settings)
    keys = asset_keys(manifest, Translator(asset_groups(manifest)))
    names = {item.name for item in published_tables(manifest)}
    above = sorted(key for unique_id, key in keys.items() if manifest["nodes"][unique_id]["name"] in names)

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                BI,
                deps=above,
                description="The published tables for BI tools, in `bi/leverage.duckdb` and `bi/parquet/`: sorted, "
                "commented, proven by rows and hash, swapped in atomically; the last versions are kept.",
                skippable=True,
                group_name="publish",
                kinds={"duckdb", "parquet"},
            )
        ],
        name="publish_bi",
        required_resource_keys={WRITER},
        op_tags=writer_tags(),
    )
    def publish(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        if context.run.tags.get(HOLD_TAG) == "true":
            context.log.info("A later run of the same command refreshes the BI copy.")
            return
        progress.started("publish", 1)
        try:
            report = publish_bi(settings)
        except (BiError, WarehouseError, RegistryError, DbtError) as error:
            raise dg.Failure(f"{error}. The warehouse is built; `leverage bi publish` copies it again.") from error
        progress.advanced(report.in_words())
        context.log.info(report.in_words())
        yield dg.MaterializeResult(asset_key=BI, metadata=bi_metadata(report))

    job = dg.define_asset_job(
        BI_JOB,
        selection=dg.AssetSelection.assets(BI),
        description="Refresh the BI copy alone.",
        executor_def=dg.in_process_executor,
        tags=writer_tags(),
        hooks={failure_hook(settings)},
    )
    schedule = dg.ScheduleDefinition(
        name="bi_catch_up",
        job=job,
        cron_schedule=CATCH_UP_CRON,
        execution_timezone=settings.timezone,
        should_execute=lambda _: is_behind(settings),
        description="Refreshes the BI copy where a run that was cut short left it behind the warehouse.",
    )
    return dg.Definitions(assets=[publish], jobs=[job], schedules=[schedule])


def bi_metadata(report: BiReport) -> dict[str, dg.MetadataValue]:
    """Counts for the UI's plots."""
    return {
        TOLD: dg.MetadataValue.text(report.in_words()),
        "version": dg.MetadataValue.int(report.version),
        "newest release": dg.MetadataValue.text(report.newest_release_date or "none yet"),
        "rows": dg.MetadataValue.int(sum(report.rows.values())),
        "tables written anew": dg.MetadataValue.int(len(report.changed)),
        "file bytes": dg.MetadataValue.int(report.file_bytes),
        "Parquet bytes": dg.MetadataValue.int(report.parquet_bytes),
    }
