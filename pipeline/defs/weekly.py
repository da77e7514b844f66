"""The week as assets: `candidate` models, the exit checks, `snapshot`, published models, `report`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

import dagster as dg
from dagster_dbt import dbt_assets

from expectations.week import SUITE_NAMES
from pipeline.alerts.watched import write_watched
from pipeline.alerts.watchlist import WatchlistError
from pipeline.defs.dbt import WEEKLY, Translator, asset_groups, asset_keys, node_events, tell_node
from pipeline.defs.partitions import PARTITION_NAME_TAG, first_day, last_day, today
from pipeline.defs.publish import BI
from pipeline.defs.turns import WRITER, writer_tags
from pipeline.progress import Progress
from pipeline.quality.checks import CheckResult
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, WeekError, week_of
from pipeline.snapshots.compute import compute_week
from pipeline.snapshots.due import Due, closed_week, due
from pipeline.snapshots.exit import check_candidate, checked_tables
from pipeline.snapshots.freeze import freeze
from pipeline.snapshots.frozen import TABLES
from pipeline.snapshots.manifest import Manifest, SnapshotError, frozen_weeks, newest_manifest
from pipeline.snapshots.publishes import REPORTED, note_published, note_step
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import PUBLISHED_TAG, UNIT_TESTS, WEEKLY_TAG, dbt_paths, published_arguments
from pipeline.warehouse.dbt_manifest import load_manifest
from pipeline.warehouse.dbt_runner import DbtError, Event, run_dbt
from pipeline.warehouse.table_facts import table_facts

PUBLISHED: Final = "published"
"""Group of what people and programs read."""
SNAPSHOT: Final = dg.AssetKey(["snapshot"])
"""The dbt source of frozen tables names the same."""
REPORT: Final = dg.AssetKey(["report"])
DIGESTS: Final = dg.AssetKey(["digests"])
"""Named here, since a run that goes on ends with it (see `delivery`)."""
REVISE_TAG: Final = "leverage/revise"
"""On a run that publishes a week anew although no input has moved: why."""
SHOWN_FAULTS: Final = 5


def definitions(settings: Settings, progress: Progress) -> dg.Definitions:
    """The assets and checks of a week."""
    manifest = load_manifest(settings)
    translator = Translator(asset_groups(manifest))
    keys = asset_keys(manifest, translator)
    candidates = {name: _key_of(keys, table.model) for name, table in TABLES.items()}
    weeks = week_partitions(settings)
    one_week = dg.BackfillPolicy.multi_run(1)  # a week's tiers go on from those of the week before
    wiring: Mapping[str, Any] = {"required_resource_keys": {WRITER}, "op_tags": writer_tags()}

    @dbt_assets(
        manifest=manifest,
        select=WEEKLY_TAG,
        exclude=UNIT_TESTS,
        dagster_dbt_translator=translator,
        name="candidate",
        partitions_def=weeks,
        backfill_policy=one_week,
        **wiring,
    )
    def candidate(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        wanted = _due(settings, context.run.tags)
        if wanted is None:
            context.log.info("The week is published as its inputs have it: nothing to compute.")
            return
        context.log.info("Computing %s revision %s: %s", wanted.week, wanted.revision, wanted.reason)
        _note_watched(context, settings, wanted.week)
        progress.started("candidate", len(list(candidate.keys)))
        as_of = AsOf.of(wanted.week.monday, wanted.cut_off)
        build = partial(compute_week, settings, as_of)
        yield from _built(settings, build, keys, candidate, progress)

    @dg.multi_asset_check(
        specs=[
            dg.AssetCheckSpec(
                suite,
                asset=candidates[table],
                description=description,
                blocking=True,
                partitions_def=weeks,
            )
            for (suite, table), description in checked_tables().items()
        ],
        name="exit",
        **wiring,
    )
    def exit_(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        progress.started("exit", len(SUITE_NAMES))
        results = check_candidate(settings, run_week(context.run.tags))
        for result in results:
            yield check_result(result, candidates[result.table])
        for name in SUITE_NAMES:
            progress.advanced(name)

    @dg.multi_asset(
        specs=[
            dg.AssetSpec(
                SNAPSHOT,
                deps=list(candidates.values()),
                description="The frozen week: immutable Parquet and `manifest.json` in `snapshots/<WEEK>/r<N>/`. "
                "Only corrected bytes inside its cut-off make a revision.",
                partitions_def=weeks,
                group_name=WEEKLY,
                kinds={"parquet"},
            )
        ],
        name="freeze",
        partitions_def=weeks,
        backfill_policy=one_week,
        **wiring,
    )
    def freeze_(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        wanted = _due(settings, context.run.tags)
        progress.started("snapshot", 1)
        try:
            frozen = freeze(settings, wanted) if wanted is not None else None
        except SnapshotError as error:
            raise dg.Failure(str(error), allow_retries=False) from error
        if frozen is None:
            context.log.info("No figure has changed: the snapshot there is stays.")
            frozen = newest_manifest(settings, run_week(context.run.tags))
        assert frozen is not None  # it was frozen now or before
        progress.advanced(frozen.name)
        yield dg.MaterializeResult(asset_key=SNAPSHOT, metadata=snapshot_metadata(frozen))

    @dbt_assets(
        manifest=manifest,
        select=PUBLISHED_TAG,
        exclude=UNIT_TESTS,
        dagster_dbt_translator=translator,
        name="publish",
        **wiring,
    )
    def publish() -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        for frozen in newest_manifests(settings):
            note_published(settings, frozen)
        progress.started("published", len(list(publish.keys)))

        def build(on_event: Callable[[Event], None]) -> Sequence[Any]:
            results: Sequence[Any] = run_dbt(settings, published_arguments(dbt_paths(settings)), on_event).results
            return results

        yield from _built(settings, build, keys, publish, progress)

    published_keys = list(publish.keys)

    @dg.asset(
        key=REPORT,
        deps=published_keys,
        group_name=PUBLISHED,
        partitions_def=weeks,
        backfill_policy=one_week,
        kinds={"html"},
        description="The weekly report, self-contained, in `reports/<WEEK>/`.",
        required_resource_keys={WRITER},
        op_tags=writer_tags(),
    )
    def report(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        from pipeline.reporting.weekly.report import write_report  # type: ignore[import-untyped, unused-ignore]

        week = run_week(context.run.tags)
        progress.started("report", 1)
        path = write_report(settings, week.text)
        progress.advanced(week.text)
        frozen = newest_manifest(settings, week)
        assert frozen is not None  # what is published is frozen
        note_step(settings, frozen, REPORTED)
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(str(path))})

    return dg.Definitions(assets=[candidate, freeze_, publish, report], asset_checks=[exit_])


def week_partitions(settings: Settings) -> dg.WeeklyPartitionsDefinition:
    """One partition a week, named by its Monday, from the first whole week of releases on."""
    ahead = (week_of(last_day(settings)).monday - week_of(today(settings)).monday).days // 7
    first = week_of(first_day(settings) + timedelta(days=6)).monday
    return dg.WeeklyPartitionsDefinition(
        start_date=datetime.combine(first, datetime.min.time()),
        day_offset=1,
        timezone=settings.timezone,
        end_offset=ahead,
    )


def rest_of_week(settings: Settings) -> list[dg.AssetKey]:
    """The assets of a run that goes on after a freeze: published models, report, BI copy, digests."""
    manifest = load_manifest(settings)
    groups = asset_groups(manifest)
    keys = asset_keys(manifest, Translator(groups))
    return [*(key for unique_id, key in keys.items() if groups[unique_id] == PUBLISHED), REPORT, BI, DIGESTS]


def week_tags(week: Week, revise: str | None = None) -> dict[str, str]:
    """The tags of a run for a week."""
    return {PARTITION_NAME_TAG: week.monday.isoformat(), **({REVISE_TAG: revise} if revise else {})}


def run_week(tags: Mapping[str, str]) -> Week:
    """The week that a run is for."""
    return Week(date.fromisoformat(tags[PARTITION_NAME_TAG]))


def newest_manifests(settings: Settings) -> list[Manifest]:
    """The newest revision of each frozen week."""
    found = (newest_manifest(settings, week) for week in frozen_weeks(settings))
    return [manifest for manifest in found if manifest is not None]


def check_result(result: CheckResult, key: dg.AssetKey) -> dg.AssetCheckResult:
    """The result of one suite and table as Dagster has it."""
    metadata: dict[str, dg.MetadataValue] = {"rules": dg.MetadataValue.int(int(result.metadata["expectations"]))}
    if result.failed:
        metadata["what failed"] = dg.MetadataValue.md("\n".join(f"* {line}" for line in result.failed))
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=result.suite,
        passed=result.passed,
        severity=dg.AssetCheckSeverity.ERROR,
        description="; ".join(f"{result.table}: {line}" for line in result.failed[:SHOWN_FAULTS]) or None,
        metadata=metadata,
    )


def snapshot_metadata(frozen: Manifest) -> dict[str, dg.MetadataValue]:
    """What was frozen, for the UI."""
    return {
        "snapshot": dg.MetadataValue.text(frozen.name),
        "reason": dg.MetadataValue.text(frozen.reason),
        "cut-off": dg.MetadataValue.text(frozen.cut_off.isoformat()),
        "er_version": dg.MetadataValue.text(frozen.versions.er_version),
        "ruleset_version": dg.MetadataValue.text(frozen.versions.ruleset_version),
        "code_version": dg.MetadataValue.text(frozen.versions.code_version),
        "waived days": dg.MetadataValue.int(len(frozen.inputs.waived)),
        **{f"rows {name}": dg.MetadataValue.int(table.rows) for name, table in frozen.tables.items()},
    }


def _due(settings: Settings, tags: Mapping[str, str]) -> Due | None:
    try:
        return due(settings, closed_week(settings, run_week(tags)), tags.get(REVISE_TAG))
    except (WeekError, SnapshotError) as error:
        raise dg.Failure(str(error), allow_retries=False) from error


def _note_watched(context: dg.AssetExecutionContext, settings: Settings, week: Week) -> None:
    """Tell the models who is watched; a watchlist that is wrong keeps nobody from his figures, only from his digest."""
    try:
        context.log.info("%s suppliers are watched", write_watched(settings, week))
    except WatchlistError as error:
        context.log.warning("The family of watched suppliers stays as it was: %s", error)


def _built(
    settings: Settings,
    build: Callable[[Callable[[Event], None]], Sequence[Any]],
    keys: Mapping[str, dg.AssetKey],
    assets: dg.AssetsDefinition,
    progress: Progress,
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Run dbt and tell its results."""
    own = {unique_id: key for unique_id, key in keys.items() if key in assets.keys}
    checks = {(spec.asset_key, spec.name) for spec in assets.check_specs}
    try:
        results = build(lambda event: tell_node(event, progress))
    except DbtError as error:
        yield from node_events(error.results, own, checks, {})
        raise dg.Failure(f"{error}. Nothing was published; what was published before is untouched.") from error
    yield from node_events(results, own, checks, table_facts(settings))


def _key_of(keys: Mapping[str, dg.AssetKey], model: str) -> dg.AssetKey:
    return next(key for unique_id, key in keys.items() if unique_id.endswith(f".{model}"))
