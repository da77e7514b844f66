"""The dbt models as assets, and their tests as asset checks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject, dbt_assets

from pipeline.defs.dbt_rules import with_rules
from pipeline.defs.resources import WRITES, step_failure
from pipeline.entities.registry import batch_number
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.snapshots.release_calendar import write_release_days
from pipeline.warehouse.dbt_arguments import NIGHTLY_EXCLUDE, build_arguments, dbt_paths
from pipeline.warehouse.dbt_manifest import load_manifest
from pipeline.warehouse.dbt_runner import DbtError, Event, run_dbt
from pipeline.warehouse.pending import pending_batches, pending_days
from pipeline.warehouse.table_facts import TableFacts, table_facts

BUILD: Final = "build"
INTERMEDIATE: Final = "intermediate"
MARTS: Final = "marts"
WEEKLY: Final = "weekly"
"""Tag and group of the models and seeds of a week."""
STATE: Final = "state"
"""Group of the sources that no asset makes."""
Results = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]


class BuildConfig(dg.Config):
    """How the nightly models are built."""

    full_refresh: bool = False
    er_version: str = ""
    """On a full refresh: the version of the decisions on parties to build with; empty for the newest."""


class Translator(DagsterDbtTranslator):
    """Groups models by layer, so that the graph reads from left to right."""

    def __init__(self, groups: Mapping[str, str]) -> None:
        """Take the group of each node by its dbt unique id."""
        # the registry of parties is one asset and three sources
        super().__init__(settings=DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))
        self._groups = groups

    def get_asset_spec(self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None) -> dg.AssetSpec:
        """The spec of one dbt node, in the group of its layer and, since names are unique, without its schema."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        if unique_id not in self._groups:
            return spec
        return spec.replace_attributes(key=dg.AssetKey(spec.key.path[-1]), group_name=self._groups[unique_id])


@dataclass(frozen=True)
class Models:
    """The dbt project as Dagster sees it.

    Attributes:
        manifest: of the project.
        groups: group of each model and seed by its unique id.
        translator: makes their asset specs.
        keys: asset key of each model and seed by its unique id.
    """

    manifest: Mapping[str, Any]
    groups: Mapping[str, str]
    translator: Translator
    keys: Mapping[str, dg.AssetKey]

    @classmethod
    def load(cls, settings: Settings) -> "Models":
        """Read the manifest; it is made first where the project has changed."""
        manifest = with_rules(load_manifest(settings))
        groups = asset_groups(manifest)
        translator = Translator(groups)
        keys = {unique_id: translator.get_asset_spec(manifest, unique_id, None).key for unique_id in groups}
        return cls(manifest, groups, translator, keys)

    def key(self, name: str) -> dg.AssetKey:
        """The asset key of the model of this name."""
        return next(key for unique_id, key in self.keys.items() if unique_id.endswith(f".{name}"))

    def of_group(self, group: str) -> list[dg.AssetKey]:
        """The asset keys of a group."""
        return [key for unique_id, key in self.keys.items() if self.groups[unique_id] == group]

    def run(
        self,
        settings: Settings,
        assets: dg.AssetsDefinition,
        build: Callable[[Callable[[Event], None]], Sequence[Any]],
        progress: Progress,
        advice: str,
    ) -> Results:
        """Run dbt and yield the results of the models and tests of `assets`.

        Args:
            settings: whose warehouse.
            assets: what dbt builds.
            build: calls dbt with a listener of its events and returns the node results.
            progress: receives each finished model.
            advice: what to do when a model or test fails.
        """
        progress.started(assets.op.name, len(list(assets.keys)))
        own = {unique_id: key for unique_id, key in self.keys.items() if key in assets.keys}
        checks = {(spec.asset_key, spec.name) for spec in assets.check_specs}
        with step_failure(advice):
            try:
                results = build(lambda event: report_node(event, progress))
            except DbtError as error:
                yield from node_results(error.results, own, checks, {})
                raise
            yield from node_results(results, own, checks, table_facts(settings))


def definitions(settings: Settings, models: Models) -> dg.Definitions:
    """All models of a nightly build as one step, and the sources that no asset makes."""

    @dbt_assets(
        manifest=models.manifest,
        exclude=" ".join(NIGHTLY_EXCLUDE),
        dagster_dbt_translator=models.translator,
        name=BUILD,
        **WRITES,
    )
    def build(context: dg.AssetExecutionContext, config: BuildConfig) -> Results:
        with step_failure():
            as_of = batch_number(settings, config.er_version) if config.er_version else None
            pending = [] if config.full_refresh else pending_days(settings)
            batches = [] if config.full_refresh else pending_batches(settings)
            write_release_days(settings)
        if not pending and not batches and not config.full_refresh:
            context.log.info("Every accepted release and decision is in the warehouse: nothing to build.")
            return
        context.log.info(
            "Building all tables again"
            if config.full_refresh
            else f"Building {len(pending)} release days and {len(batches)} batches of decisions"
        )
        arguments = build_arguments(dbt_paths(settings), full_refresh=config.full_refresh)
        yield from models.run(
            settings,
            build,
            lambda on_event: run_dbt(settings, arguments, on_event, as_of).results,
            context.resources.progress,
            "The releases stay pending: the next run builds them.",
        )

    return dg.Definitions(assets=[build])


def unmade_sources(models: Models, made: Iterable[dg.AssetKey]) -> list[dg.AssetSpec]:
    """The specs of the dbt sources that no asset makes: journals and files written beside the assets."""
    specs = {}
    for unique_id in models.manifest["sources"]:
        spec = models.translator.get_asset_spec(models.manifest, unique_id, None)
        specs[spec.key] = spec.replace_attributes(group_name=STATE, kinds={"file"})
    return [spec for key, spec in specs.items() if key not in set(made)]


def asset_groups(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The group of each model and seed: its layer; an intermediate model made from a mart is grouped with the marts."""
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


def report_node(event: Event, progress: Progress) -> None:
    """Report a finished model or seed."""
    if event["info"]["name"] == "NodeFinished":
        node = event["data"]["node_info"]
        if node["resource_type"] in ("model", "seed"):
            progress.advanced(node["node_name"])


def node_results(
    results: Sequence[Any],
    keys: Mapping[str, dg.AssetKey],
    checks: set[tuple[dg.AssetKey, str]],
    facts: Mapping[str, TableFacts],
) -> Results:
    """Results of dbt's nodes: models before their checks, none for failed or skipped models."""
    for result in results:
        key = keys.get(result.node.unique_id)
        if key is not None and str(result.status) == "success":
            yield dg.MaterializeResult(asset_key=key, metadata=node_metadata(result, facts.get(result.node.name)))
    for result in results:
        attached = keys.get(tested_node(result.node))
        if attached and (attached, result.node.name) in checks and str(result.status) != "skipped":
            yield check_result(result, attached)


def tested_node(node: Any) -> str:
    """Unique id of the model that a test is a check of; of a test in a file of its own, the one model it reads."""
    if attached := getattr(node, "attached_node", None):
        return str(attached)
    read = node.depends_on.nodes if node.resource_type == "test" else []
    return str(read[0]) if len(read) == 1 else ""


def node_metadata(result: Any, facts: TableFacts | None) -> dict[str, Any]:
    """Duration, and of the table its columns, rows and newest week."""
    metadata: dict[str, Any] = {"seconds": round(result.execution_time, 3)}
    if facts is None:
        return metadata
    meanings = {name: column.description for name, column in result.node.columns.items()}
    metadata["dagster/column_schema"] = dg.MetadataValue.table_schema(
        dg.TableSchema([dg.TableColumn(name, kind, meanings.get(name)) for name, kind in facts.columns.items()])
    )
    if facts.rows is not None:
        metadata["dagster/row_count"] = facts.rows
    if facts.newest_week:
        metadata["newest week"] = facts.newest_week.isoformat()
    return metadata


def check_result(result: Any, key: dg.AssetKey) -> dg.AssetCheckResult:
    """The result of a dbt test; a failed one carries its rule, what was expected and found, and what to do."""
    node, passed = result.node, str(result.status) == "pass"
    failures = int(result.failures or 0)
    metadata: dict[str, Any] = {"failing rows": failures}
    found = f"{failures} failing rows" if failures else " ".join(str(result.message or "no reason given").split())
    rule = " ".join((node.description or node.name).split()).rstrip(".")
    if not passed:
        metadata |= {
            "rule": rule,
            "expected": "no row from the query of this test",
            "found": found,
            "query": dg.MetadataValue.md(f"```sql\n{(node.compiled_code or node.raw_code).strip()}\n```"),
            "what to do": dg.MetadataValue.md(
                "Run the query in `warehouse.duckdb` while no run is writing: it lists the rows that break the rule. "
                "After the cause is fixed, run the job again; `leverage rebuild` builds all tables again."
            ),
        }
    return dg.AssetCheckResult(
        asset_key=key,
        check_name=node.name,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN if str(result.status) == "warn" else dg.AssetCheckSeverity.ERROR,
        description=None if passed else f"{rule}: found {found}, expected none",
        metadata=metadata,
    )
