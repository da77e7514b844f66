"""The assets `staged` and `raw/<table>`, and the checks between them.

Belongs here: their wiring and what the UI is told. Does not belong here: reading files, checks.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg

from pipeline.defs import steps
from pipeline.defs.landing import LANDING, SHOWN_FAULTS
from pipeline.defs.partitions import release_partitions, run_days
from pipeline.defs.progress import Progress
from pipeline.defs.turns import WRITER, writer_tags
from pipeline.quality.gate import CHECKS, Check, CheckResult
from pipeline.records.layout import TABLES
from pipeline.records.stage import StagedRelease
from pipeline.settings import Settings

STAGED: Final = dg.AssetKey(["staged"])


def raw_key(table: str) -> dg.AssetKey:
    """Asset key of a raw table; the dbt sources name the same."""
    return dg.AssetKey(["raw", table])


def check_name(table: str, suite: str, blocking: bool) -> str:
    """Name of an asset check; what only warns says so."""
    return f"{table}__{suite}" if blocking else f"{table}__{suite}__warning"


def definitions(settings: Settings, progress: Progress) -> dg.Definitions:
    """The assets and checks of this stage."""
    partitions = release_partitions(settings)
    single_run = dg.BackfillPolicy.single_run()

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                STAGED,
                deps=[LANDING],
                description="Typed rows of a release that waits for its checks; what could not be read is in "
                "quarantine. Gone once it is accepted.",
                partitions_def=partitions,
                group_name="releases",
                kinds={"duckdb", "parquet"},
            )
        ],
        name="stage",
        partitions_def=partitions,
        backfill_policy=single_run,
        required_resource_keys={WRITER},
        op_tags=writer_tags(),
    )
    def stage(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        days = run_days(context.run.tags)
        staged = steps.stage(settings, steps.waiting_to_load(settings, days), progress)
        unread = [release for release in staged if release.fault]
        if unread:
            told = "; ".join(f"{release.release_date}: {release.fault}" for release in unread[:SHOWN_FAULTS])
            if len(unread) == len(days):
                raise dg.Failure(f"{told}. Nothing of it was loaded; what was loaded before is untouched.")
            context.log.warning(told)
        yield dg.MaterializeResult(asset_key=STAGED, metadata=row_counts(staged))

    @dg.multi_asset_check(
        specs=[_check_spec(check, partitions) for check in CHECKS],
        name="check",
        required_resource_keys={WRITER},
        op_tags=writer_tags(),
    )
    def check(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        days = run_days(context.run.tags)
        # A range goes on without the days that were refused before; one day alone is checked again and told.
        done = {*steps.passed_days(settings, days), *(steps.refused_days(settings, days) if len(days) > 1 else ())}
        staged = [day for day in steps.staged_days(settings, days) if day not in done]
        results = steps.check(settings, staged, progress)
        for declared in CHECKS:
            mine = [item for item in results if _key(item) == (declared.table, declared.suite, declared.blocking)]
            yield check_result(declared, mine)

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                raw_key(table),
                deps=[STAGED],
                description=f"Accepted rows of the AMS table `{table}`, one folder a release day.",
                group_name="raw",
                kinds={"parquet"},
            )
            for table in TABLES
        ],
        name="accept",
        required_resource_keys={WRITER},
        op_tags=writer_tags(),
    )
    def accept(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        days = run_days(context.run.tags)
        accepted = steps.accept(settings, days, progress)
        for table in TABLES:
            yield dg.MaterializeResult(asset_key=raw_key(table), metadata=row_counts(accepted, table))

    return dg.Definitions(assets=[stage, accept], asset_checks=[check])


def row_counts(releases: Sequence[StagedRelease], table: str | None = None) -> dict[str, dg.MetadataValue]:
    """Rows in, loaded and set aside, of one table or of all; for the UI's plots."""
    files = [file for release in releases for file in release.files if table in (None, file.table)]
    return {
        "release days": dg.MetadataValue.int(len(releases)),
        "rows in": dg.MetadataValue.int(sum(file.rows_in for file in files)),
        "rows loaded": dg.MetadataValue.int(sum(file.rows_loaded for file in files)),
        "rows quarantined": dg.MetadataValue.int(sum(file.rows_quarantined for file in files)),
        "bytes": dg.MetadataValue.int(sum(file.bytes for file in files)),
    }


def check_result(declared: Check, results: Sequence[CheckResult]) -> dg.AssetCheckResult:
    """One result for the days of a run: passed when all of them did."""
    failed = [item for item in results if not item.passed]
    told = [f"{item.release_date}: {'; '.join(item.failed)}" for item in failed[:SHOWN_FAULTS]]
    metadata: dict[str, dg.MetadataValue] = {
        "release days checked": dg.MetadataValue.int(len(results)),
        "release days failed": dg.MetadataValue.int(len(failed)),
    }
    if failed:
        metadata["what failed"] = dg.MetadataValue.md("\n".join(f"* {line}" for line in told))
    if len(results) == 1:
        metadata |= {name: dg.MetadataValue.text(str(value)) for name, value in results[0].metadata.items()}
    return dg.AssetCheckResult(
        asset_key=STAGED,
        check_name=check_name(declared.table, declared.suite, declared.blocking),
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if declared.blocking else dg.AssetCheckSeverity.WARN,
        description="; ".join(told) or None,
        metadata=metadata,
    )


def _key(result: CheckResult) -> tuple[str, str, bool]:
    return result.table, result.suite, result.blocking


def _check_spec(check: Check, partitions: dg.PartitionsDefinition) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check_name(check.table, check.suite, check.blocking),
        asset=STAGED,
        description=check.description,
        blocking=check.blocking,
        partitions_def=partitions,
    )
