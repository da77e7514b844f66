"""The assets `staged` and `raw/<table>`, and the checks between them."""

from collections.abc import Iterator, Sequence
from typing import Final

import dagster as dg

from pipeline.defs import steps
from pipeline.defs.landing import LANDING, SHOWN_FAULTS
from pipeline.defs.partitions import release_partitions, run_days
from pipeline.defs.turns import WRITER, writer_tags
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.stage import StagedRelease
from pipeline.progress import Progress
from pipeline.quality.gate import CHECKS, CheckResult
from pipeline.settings import Settings

STAGED: Final = dg.AssetKey(["staged"])


def raw_key(table: str) -> dg.AssetKey:
    """Asset key of a raw table; the dbt sources name the same."""
    return dg.AssetKey(["raw", table])


def check_name(suite: str, blocking: bool) -> str:
    """Name of an asset check; what only warns says so."""
    return suite if blocking else f"{suite}_warnings"


def definitions(settings: Settings, progress: Progress, *, for_range: bool) -> dg.Definitions:
    """The assets and checks of this stage.

    Args:
        settings: paths and limits.
        progress: told of each step.
        for_range: declare everything without partitions, and tell the days one by one.
    """
    partitions = None if for_range else release_partitions(settings)
    suites = _suites()
    single_run = None if for_range else dg.BackfillPolicy.single_run()

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
        if for_range:
            for release in staged:
                if not release.fault:
                    day, metadata = str(release.release_date), row_counts([release])
                    context.log_event(dg.AssetMaterialization(STAGED, partition=day, metadata=metadata))
        yield dg.MaterializeResult(asset_key=STAGED, metadata=row_counts(staged))

    @dg.multi_asset_check(
        specs=[
            dg.AssetCheckSpec(
                check_name(suite, blocking),
                asset=STAGED,
                description=description,
                blocking=blocking,
                partitions_def=partitions,
            )
            for (suite, blocking), description in suites.items()
        ],
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
        for suite, blocking in suites:
            mine = [item for item in results if (item.suite, item.blocking) == (suite, blocking)]
            yield check_result(suite, blocking, mine)

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


def check_result(suite: str, blocking: bool, results: Sequence[CheckResult]) -> dg.AssetCheckResult:
    """One result for the days and tables of a run: passed when all of them did."""
    failed = [item for item in results if not item.passed]
    told = [f"{item.release_date} {item.table}: {'; '.join(item.failed)}" for item in failed]
    metadata: dict[str, dg.MetadataValue] = {
        "release days": dg.MetadataValue.int(len({item.release_date for item in results})),
        "release days failed": dg.MetadataValue.int(len({item.release_date for item in failed})),
        "tables checked": dg.MetadataValue.int(len({item.table for item in results})),
        "rules": dg.MetadataValue.int(sum(int(item.metadata.get("expectations", 0)) for item in results)),
    }
    if told:
        more = [f"and {len(told) - SHOWN_FAULTS} more"] if len(told) > SHOWN_FAULTS else []
        lines = [f"* {line}" for line in [*told[:SHOWN_FAULTS], *more]]
        metadata["what failed"] = dg.MetadataValue.md("\n".join(lines))
    return dg.AssetCheckResult(
        asset_key=STAGED,
        check_name=check_name(suite, blocking),
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if blocking else dg.AssetCheckSeverity.WARN,
        description="; ".join(told[:SHOWN_FAULTS]) or None,
        metadata=metadata,
    )


def _suites() -> dict[tuple[str, bool], str]:
    """Suite and level of each asset check, with what it looks at in each table."""
    told: dict[tuple[str, bool], list[str]] = {}
    for declared in CHECKS:
        told.setdefault((declared.suite, declared.blocking), []).append(f"{declared.table}: {declared.description}")
    return {key: "\n".join(lines) for key, lines in told.items()}
