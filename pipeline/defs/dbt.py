"""The dbt models as assets, their tests as asset checks."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject, dbt_assets

from pipeline.defs.turns import WRITER, writer_tags
from pipeline.entities.registry import RegistryError, batch_number
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.warehouse.connection import WarehouseError
from pipeline.warehouse.dbt_arguments import NIGHTLY_EXCLUDE, build_arguments, dbt_paths
from pipeline.warehouse.dbt_manifest import load_manifest
from pipeline.warehouse.dbt_runner import DbtError, Event, run_dbt
from pipeline.warehouse.pending import pending_batches, pending_days
from pipeline.warehouse.table_facts import TableFacts, table_facts

FULL_REFRESH_TAG: Final = "leverage/full_refresh"
ER_VERSION_TAG: Final = "leverage/er_version"
"""On a full refresh: the er_version as of which the tables are built; without it the newest."""
INTERMEDIATE: Final = "intermediate"
MARTS: Final = "marts"
WEEKLY: Final = "weekly"
"""Tag and group of the models and seeds of a week."""
NODE_FINISHED: Final = "NodeFinished"


class Translator(DagsterDbtTranslator):
    """Groups models so that the graph reads from left to right."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        """Take the group of each node by its dbt unique id."""
        # the registry of parties is one asset and three sources
        super().__init__(settings=DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))
        self._groups = groups

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The spec of one dbt node, in the group of its folder."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        return spec.replace_attributes(group_name=self._groups[unique_id]) if unique_id in self._groups else spec


def definitions(settings: Settings, progress: Progress) -> dg.Definitions:
    """All models of a nightly build as one step."""
    manifest = load_manifest(settings)
    translator = Translator(asset_groups(manifest))
    keys = asset_keys(manifest, translator)

    @dbt_assets(
        manifest=manifest,
        exclude=" ".join(NIGHTLY_EXCLUDE),
        dagster_dbt_translator=translator,
        name="build",
        required_resource_keys={WRITER},
        op_tags=writer_tags(),
    )
    def build(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        full_refresh = context.run.tags.get(FULL_REFRESH_TAG) == "true"
        pending = [] if full_refresh else pending_days(settings)
        batches = [] if full_refresh else pending_batches(settings)
        if not pending and not batches and not full_refresh:
            context.log.info("Every accepted release and decision is in the warehouse: nothing to build.")
            return
        some = f"{len(pending)} release days and {len(batches)} batches of decisions"
        context.log.info("Building %s", "everything anew" if full_refresh else some)
        progress.started("build", len(list(build.keys)))
        checks = {(spec.asset_key, spec.name) for spec in build.check_specs}
        arguments = build_arguments(dbt_paths(settings), full_refresh=full_refresh)
        try:
            as_of = as_of_batch(settings, context.run.tags) if full_refresh else None
            results = run_dbt(settings, arguments, lambda event: tell_node(event, progress), as_of).results
        except DbtError as error:
            yield from node_events(error.results, keys, checks, {})
            raise dg.Failure(f"{error}. The releases stay pending: the next run builds them.") from error
        except (WarehouseError, RegistryError) as error:
            raise dg.Failure(str(error)) from error
        yield from node_events(results, keys, checks, table_facts(settings))

    return dg.Definitions(assets=[build])


def as_of_batch(settings: Settings, tags: Mapping[str, str]) -> int | None:
    """Number of the batch as of which a run is to build; None is the newest.

    Raises:
        RegistryError: the registry has no such er_version.
    """
    er_version = tags.get(ER_VERSION_TAG)
    return batch_number(settings, er_version) if er_version else None


def asset_keys(manifest: Mapping[str, Any], translator: Translator) -> dict[str, dg.AssetKey]:
    """The asset key of each model and seed by its dbt unique id."""
    return {unique_id: translator.get_asset_spec(manifest, unique_id, None).key for unique_id in asset_groups(manifest)}


def asset_groups(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The group of each model and seed: its layer; an intermediate made from a mart stands with the marts."""
    nodes = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}
    groups = {key: "seeds" if node["resource_type"] == "seed" else node["fqn"][1] for key, node in nodes.items()}
    groups |= {key: WEEKLY for key, node in nodes.items() if WEEKLY in node["tags"]}
    behind = [key for key, group in groups.items() if group == MARTS]
    while behind:
        for child in manifest["child_map"][behind.pop()]:
            if groups.get(child) == INTERMEDIATE:
                groups[child] = MARTS
                behind.append(child)
    return groups


def tell_node(event: Event, progress: Progress) -> None:
    """Tell that a model or seed is through."""
    if event["info"]["name"] == NODE_FINISHED:
        node = event["data"]["node_info"]
        if node["resource_type"] in ("model", "seed"):
            progress.advanced(node["node_name"])


def node_events(
    results: Sequence[Any],
    keys: Mapping[str, dg.AssetKey],
    checks: set[tuple[dg.AssetKey, str]],
    facts: Mapping[str, TableFacts],
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Events of dbt's results: models before their checks, failed or skipped models none."""
    for result in results:
        key = keys.get(result.node.unique_id)
        if key is not None and str(result.status) == "success":
            metadata: dict[str, dg.MetadataValue] = {"seconds": dg.MetadataValue.float(round(result.execution_time, 3))}
            if result.node.name in facts:
                metadata |= facts_metadata(facts[result.node.name])
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)
    for result in results:
        attached = keys.get(getattr(result.node, "attached_node", None) or "")
        if attached is None or (attached, result.node.name) not in checks or str(result.status) == "skipped":
            continue
        yield dg.AssetCheckResult(
            asset_key=attached,
            check_name=result.node.name,
            passed=str(result.status) == "pass",
            severity=dg.AssetCheckSeverity.WARN if str(result.status) == "warn" else dg.AssetCheckSeverity.ERROR,
            metadata={"failing rows": dg.MetadataValue.int(int(result.failures or 0))},
        )


def facts_metadata(facts: TableFacts) -> dict[str, dg.MetadataValue]:
    """Rows and newest week of a table, for the UI's plots."""
    metadata: dict[str, dg.MetadataValue] = {"dagster/row_count": dg.MetadataValue.int(facts.rows)}
    if facts.newest_week:
        metadata["newest week"] = dg.MetadataValue.text(facts.newest_week.isoformat())
    return metadata
