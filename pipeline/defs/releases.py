"""The assets `landing`, `staged` and `raw/<table>`, and the checks that gate a release."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Final

import dagster as dg

from pipeline.defs.partitions import LAND, ReleaseDays, release_partitions, run_days
from pipeline.defs.resources import WRITES
from pipeline.entities.night import Resolver, is_waiting
from pipeline.ingest.acceptance.verdicts import staged_days
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.land import Landing
from pipeline.ingest.nightly import accept_days, land_days, stage_days, waiting_to_load
from pipeline.ingest.reader_version import raw_version
from pipeline.ingest.stage import StagedRelease
from pipeline.ingest.typed import loaded_columns
from pipeline.quality.check_days import check_days
from pipeline.quality.gate import CHECKS, CheckResult
from pipeline.settings import Settings
from pipeline.state.release_outcomes import Outcome, read_outcomes
from pipeline.warehouse.pending import pending_batches, pending_days

LANDING: Final = dg.AssetKey(["landing"])
STAGED: Final = dg.AssetKey(["staged"])
OUTCOMES: Final = dg.AssetKey(["state", "release_outcomes"])
"""The dbt source has the same."""
RELEASES: Final = "releases"
RAW: Final = "raw"
SHOWN_FAULTS: Final = 5
"""Faults that a message names; the journal has them all."""
WHAT_TO_DO: Final = (
    "The release stays out of raw. See `validation/index.html` for all rules and "
    "`staged/release_date=<D>/quarantine/` for the rows that did not parse (they move to `quarantine/` only when the "
    'release is accepted); docs/operating.md, "A bad file", says how to load a corrected release.'
)


def raw_key(table: str) -> dg.AssetKey:
    """Asset key of a raw table; the dbt sources have the same."""
    return dg.AssetKey(["raw", table])


def definitions(settings: Settings, resolver: Resolver) -> dg.Definitions:
    """The assets and checks of this stage.

    A run without new bytes continues all the same where releases, or name variants under `resolver`, wait for it.
    """

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                LANDING,
                description="Files of a release day, bytes unchanged, in `landing/<release_date>/`, with provenance. "
                "Missing: the source has not published the day, or lacks a required table; both are tried again.",
                skippable=True,
                group_name=RELEASES,
                kinds={"file"},
            )
        ],
        name=LAND,
        partitions_def=release_partitions(settings),
        backfill_policy=dg.BackfillPolicy.single_run(),
        **WRITES,
    )
    def land(
        context: dg.AssetExecutionContext, config: ReleaseDays
    ) -> Iterator[dg.MaterializeResult[None] | dg.Output[None]]:
        days = run_days(context.run)
        landings = land_days(settings, days, recheck=config.recheck, progress=context.resources.progress)
        context.log.info(outcome_counts(landings))
        failed = [item for item in landings if item.outcome == "failed"]
        if failed and len(failed) == len(landings):
            raise dg.Failure(failure_text(failed), allow_retries=False)
        if config.first_day:
            for item in landings:
                if item.files:
                    context.log_event(day_materialization(item))
        unapplied = pending_days(settings)
        undecided = is_waiting(settings, resolver.model) or pending_batches(settings)
        if not (waiting_to_load(settings, days) or unapplied or undecided or staged_days(settings, days)):
            context.log.info("Nothing to load: the rest of this run is skipped.")
        elif config.first_day:
            yield dg.Output(None, output_name=LANDING.to_python_identifier())
        else:
            version = dg.DataVersion(raw_version(landings[0].files)) if len(landings) == 1 else None
            yield dg.MaterializeResult(
                asset_key=LANDING, metadata=landing_metadata(landings, unapplied), data_version=version
            )

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                STAGED,
                deps=[LANDING],
                description="Typed rows of the releases that wait for their checks; unreadable rows are in quarantine. "
                "Removed once a release is accepted.",
                group_name=RELEASES,
                kinds={"duckdb", "parquet"},
            )
        ],
        name="stage",
        **WRITES,
    )
    def stage(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        days = run_days(context.run)
        staged = stage_days(settings, days, context.resources.progress)
        unread = [release for release in staged if release.fault]
        if unread:
            faults = "; ".join(f"{release.release_date}: {release.fault}" for release in unread[:SHOWN_FAULTS])
            if len(unread) == len(days):
                raise dg.Failure(
                    f"{faults}. Nothing of it was loaded; what was loaded before is untouched.", allow_retries=False
                )
            context.log.warning(faults)
        return dg.MaterializeResult(asset_key=STAGED, metadata=row_counts(staged))

    @dg.multi_asset_check(specs=check_specs(), name="check", **WRITES)
    def check(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        days = run_days(context.run)
        results = check_days(settings, days, context.resources.progress)
        for spec in check_specs():
            own = [item for item in results if check_name(item.suite, item.blocking) == spec.name]
            yield check_result(spec, own, stops_run=spec.blocking and len(days) == 1)

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                raw_key(table),
                deps=[STAGED],
                description=f"Accepted rows of the AMS table `{table}`, one folder a release day.",
                group_name=RAW,
                kinds={"parquet"},
                metadata={"dagster/column_schema": column_schema(table)},
            )
            for table in TABLES
        ],
        name="accept",
        **WRITES,
    )
    def accept(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        accepted = accept_days(settings, run_days(context.run), context.resources.progress)
        version = dg.DataVersion(accepted[0].raw_version) if len(accepted) == 1 else None
        rows = raw_rows(read_outcomes(settings))
        for table in TABLES:
            metadata = {**row_counts(accepted, table), "dagster/row_count": rows[table]}
            yield dg.MaterializeResult(asset_key=raw_key(table), metadata=metadata, data_version=version)

    outcomes = dg.AssetSpec(
        OUTCOMES,
        deps=[LANDING, STAGED],
        description="The journal of release outcomes: one line for each file and attempt, appended by every step.",
        group_name=RELEASES,
        kinds={"json"},
    )
    return dg.Definitions(assets=[land, stage, accept, outcomes], asset_checks=[check])


def outcome_counts(landings: Sequence[Landing]) -> str:
    """Return a text such as "3 landed, 1 not_published; 2026-11-21 none of the required tables ..."."""
    counts = Counter(item.outcome for item in landings)
    text = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "no day asked for"
    reasons = [f"{item.release_date} {item.reason}" for item in landings if item.reason][:SHOWN_FAULTS]
    return "; ".join([text, *reasons])


def failure_text(failed: Sequence[Landing]) -> str:
    """Each failed day with its reason, and what to do."""
    text = "; ".join(f"{item.release_date}: {item.reason}" for item in failed[:SHOWN_FAULTS])
    more = f" (and {len(failed) - SHOWN_FAULTS} more days)" if len(failed) > SHOWN_FAULTS else ""
    return f"{text}{more}. Fix the cause and run the day again; what was loaded before is untouched."


def landing_metadata(landings: Sequence[Landing], unapplied: Sequence[date] = ()) -> dict[str, Any]:
    """Counts for the UI's plots."""
    files = [file for item in landings if item.outcome == "landed" for file in item.files]
    return {
        "release days": len(landings),
        "landed days": sum(item.outcome == "landed" for item in landings),
        "files": len(files),
        "bytes": sum(file.bytes for file in files),
        "outcomes": outcome_counts(landings),
        "loaded before, not in the warehouse yet": len(unapplied),
    }


def day_materialization(landing: Landing) -> dg.AssetMaterialization:
    """The event of one day of a range, in its partition and with its version."""
    return dg.AssetMaterialization(
        LANDING,
        partition=str(landing.release_date),
        metadata=landing_metadata([landing]),
        tags={"dagster/data_version": raw_version(landing.files)},
    )


def column_schema(table: str) -> dg.TableSchema:
    """Columns and types of a raw table."""
    layout = TABLES[table]
    columns = [dg.TableColumn(name, layout.types.get(name, "VARCHAR")) for name in loaded_columns(layout)]
    return dg.TableSchema([*columns, dg.TableColumn("release_date", "DATE", "The folder's release day.")])


def raw_rows(outcomes: Iterable[Outcome]) -> Counter[str]:
    """Rows of each raw table: those of the newest load of each release day."""
    loads: dict[date, tuple[str | None, dict[tuple[str, str], int]]] = {}
    for item in outcomes:
        if item.outcome in ("loaded", "partial"):
            version, files = loads.get(item.release_date, (None, {}))
            files = files if version == item.raw_version else {}
            files[item.table_name, item.file_name] = item.rows_loaded or 0
            loads[item.release_date] = item.raw_version, files
    totals: Counter[str] = Counter()
    for _, files in loads.values():
        for (table, _), rows in files.items():
            totals[table] += rows
    return totals


def row_counts(releases: Sequence[StagedRelease], table: str | None = None) -> dict[str, Any]:
    """Rows in, loaded and quarantined, of one table or of all."""
    files = [file for release in releases for file in release.files if table in (None, file.table)]
    return {
        "release days": len(releases),
        "rows in": sum(file.rows_in for file in files),
        "rows loaded": sum(file.rows_loaded for file in files),
        "rows quarantined": sum(file.rows_quarantined for file in files),
        "bytes": sum(file.bytes for file in files),
    }


def check_name(suite: str, blocking: bool) -> str:
    """Name of an asset check; one that only warns ends in `_warnings`."""
    return suite if blocking else f"{suite}_warnings"


def check_specs() -> list[dg.AssetCheckSpec]:
    """One check for each suite and level, described by its rules for each table."""
    rules: dict[tuple[str, bool], list[str]] = {}
    for declared in CHECKS:
        rules.setdefault((declared.suite, declared.blocking), []).append(f"* {declared.table}: {declared.description}")
    return [
        dg.AssetCheckSpec(check_name(suite, blocking), asset=STAGED, description="\n".join(lines), blocking=blocking)
        for (suite, blocking), lines in rules.items()
    ]


def check_result(spec: dg.AssetCheckSpec, results: Sequence[CheckResult], *, stops_run: bool) -> dg.AssetCheckResult:
    """One result for the days and tables of a run: passed when all of them passed.

    A refused day ends its own run; a failed optional table does not. A run over a range continues: only passed days are
    accepted, and the refused ones are in the journal and in the report of the run.
    """
    failed = [item for item in results if not item.passed]
    stops_run = stops_run and any(item.refuses for item in failed)
    lines = [f"{item.release_date} {item.table}: {'; '.join(item.failed)}" for item in failed]
    metadata: dict[str, Any] = {
        "release days": len({item.release_date for item in results}),
        "release days failed": len({item.release_date for item in failed}),
        "tables checked": len({item.table for item in results}),
        "rules": sum(int(item.metadata.get("expectations", 0)) for item in results),
    }
    if failed:
        records = [
            dg.TableRecord({"release day": str(item.release_date), "table": item.table, "found and expected": text})
            for item in failed
            for text in item.failed
        ]
        metadata["failed rules"] = dg.MetadataValue.table(records[:50])
        metadata["what to do"] = dg.MetadataValue.md(WHAT_TO_DO)
    return dg.AssetCheckResult(
        asset_key=STAGED,
        check_name=spec.name,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if stops_run else dg.AssetCheckSeverity.WARN,
        description="; ".join(lines[:SHOWN_FAULTS]) or None,
        metadata=metadata,
    )
