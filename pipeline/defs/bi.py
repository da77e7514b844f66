"""The asset `bi`: the published tables as files for BI tools."""

from typing import Any, Final

import dagster as dg

from pipeline.bi.publish import BiReport, publish_bi
from pipeline.bi.tables import published_tables
from pipeline.defs.dbt import Models
from pipeline.defs.resources import OUTPUTS, WRITES, step_failure
from pipeline.progress import Progress
from pipeline.settings import Settings

BI: Final = dg.AssetKey(["bi"])
SUMMARY: Final = "summary"
"""Metadata of an asset with one sentence for the report of the run."""


def definitions(settings: Settings, models: Models) -> dg.Definitions:
    """The asset; it has no partitions: it copies the current tables."""
    names = {item.name for item in published_tables(models.manifest)}
    tables = sorted(key for unique_id, key in models.keys.items() if unique_id.split(".")[-1] in names)

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                BI,
                deps=tables,
                description="The published tables for BI tools, in `bi/leverage.duckdb` and `bi/parquet/`: sorted, "
                "commented, verified by rows and hash, swapped in atomically; the last versions are kept.",
                group_name=OUTPUTS,
                kinds={"duckdb", "parquet"},
            )
        ],
        name="publish_bi",
        **WRITES,
    )
    def publish(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        progress: Progress = context.resources.progress
        progress.started("bi", 1)
        with step_failure("The warehouse is built; `leverage bi publish` copies it again."):
            report = publish_bi(settings)
        progress.advanced(report.in_words())
        context.log.info(report.in_words())
        return dg.MaterializeResult(
            asset_key=BI, metadata=bi_metadata(report), data_version=dg.DataVersion(str(report.version.number))
        )

    return dg.Definitions(assets=[publish])


def bi_metadata(report: BiReport) -> dict[str, Any]:
    """Counts for the UI's plots."""
    return {
        SUMMARY: report.in_words(),
        "version": report.version.number,
        "newest release": report.version.newest_release_date or "none yet",
        "dagster/row_count": report.rows,
        "changed tables": len(report.changed),
        "file bytes": report.version.file_bytes,
        "Parquet bytes": report.version.parquet_bytes,
    }
