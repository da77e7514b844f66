"""Weeks of alerts on bills made by hand: the models' own SQL and Python, week after week, frozen between them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.detection import episodes
from pipeline.project_files import DBT_PROJECT
from pipeline.settings import Settings
from pipeline.snapshots.freeze import TABLES
from pipeline.warehouse.connection import scratch
from pipeline.warehouse.dbt_arguments import common_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt
from pipeline.warehouse.source_views import create_source_views, declared_sources
from tests.dbt.weekly_world import (
    AS_OF,
    WEEK_NUMBER,
    Bill,
    Models,
    Row,
    World,
    found_rows,
    give_seeds,
    in_one_schema,
    measured,
)

ALERTS = DBT_PROJECT / "models" / "snapshot" / "alerts"
SEEDS = ("alert_severity",)
FROZEN = ("fct_tier", "fct_leverage_snapshot", "fct_alternative", "fct_alert", "alert_episode")
PUBLISHED = ("fct_alert", "fct_alert_history")
HISTORY = 129
"""Weeks before MONDAY in which the worlds begin."""
Decided = tuple[int, int, str]
"""A decision on a party: name variant, batch, entity."""


@dataclass(frozen=True)
class PublishedWeek:
    """The alert rows of a published week.

    Attributes:
        alerts: rows of snap_alert by type, supplier, consignee.
        episodes: rows of snap_alert_episode.
        tables: rows of the other models that were asked for.
    """

    alerts: list[Row]
    episodes: list[Row]
    tables: Mapping[str, list[Row]]

    @property
    def brief(self) -> list[tuple[str, str, str | None]]:
        """Type, supplier and consignee of each alert."""
        return sorted(
            ((row["alert_type"], row["supplier_id"], row["consignee_id"]) for row in self.alerts),
            key=lambda row: tuple(part or "" for part in row),
        )

    def of(self, alert_type: str) -> list[Row]:
        """The alerts of one type."""
        return [row for row in self.alerts if row["alert_type"] == alert_type]


def compile_alerts(settings: Settings) -> Models:
    """SQL (Python) of the models of alerts and of the tables that read them back, in the order of the graph."""
    select = ("--select", "path:models/snapshot/alerts,resource_type:model", *PUBLISHED)
    results = run_dbt(settings, ["compile", *common_arguments(dbt_paths(settings)), *select], as_of=AS_OF).results
    return {
        result.node.name: in_one_schema(result.node.compiled_code)
        for result in results
        if result.node.resource_type == "model" and not result.node.name.startswith("asof_")
    }


def weekly(
    consignee: str | None,
    each: int = 1,
    *,
    supplier: str = "s",
    begins: int = HISTORY,
    ends: int = -20,
    every: int = 1,
    **more: Any,
) -> list[Bill]:
    """So many bills in every so many weeks, from `begins` weeks before MONDAY to `ends` weeks before it."""
    one = Bill(supplier=supplier, consignee=consignee, **more)
    return [one.but(weeks_ago=ago) for ago in range(begins, ends - 1, -every) for _ in range(each)]


def write_weeks(settings: Settings, weeks_ago: Iterable[int]) -> None:
    """Note weeks that lack records."""
    numbers = pa.array([WEEK_NUMBER - ago for ago in weeks_ago], pa.int32())
    (settings.home / "weekly").mkdir(exist_ok=True)
    parts = pa.array([1.0] * len(numbers), pa.float64())
    rows = pa.table({"week_number": numbers, "missing_part": parts})
    pq.write_table(rows, settings.home / "weekly" / "incomplete_weeks.parquet")


def watch(settings: Settings, suppliers: Iterable[str]) -> None:
    """Note suppliers that are watched."""
    names = pa.array(list(suppliers), pa.string())
    (settings.home / "weekly").mkdir(exist_ok=True)
    pq.write_table(pa.table({"supplier_id": names}), settings.home / "weekly" / "watched.parquet")


class Weeks:
    """Publishes the weeks of a world in a home, one after the other."""

    def __init__(self, settings: Settings, models: Models, alert_models: Models) -> None:
        """Begin with no week frozen."""
        self.longest_gap = 60
        self.settings = settings
        self._models, self._alert_models = models, alert_models
        settings.state_dir.mkdir(exist_ok=True)

    def publish(
        self,
        bills: Sequence[Bill],
        weeks_on: int = 0,
        *,
        merged: Mapping[str, str] | None = None,
        decided: Sequence[Decided] = (),
        shows: Sequence[str] = (),
        listed: Sequence[tuple[str, str, str]] = (),
        freeze: bool = True,
        **more: Any,
    ) -> PublishedWeek:
        """Compute a week and freeze it, as the next revision where it is there already.

        Args:
            bills: of the world, also those that lie after the week.
            weeks_on: weeks after MONDAY.
            merged: entities that were merged into others by now.
            decided: decisions on parties; those of batch 1 were known to the weeks that are frozen.
            listed: rows of fct_alternative: consignee, product, candidate.
            shows: further models whose rows are returned.
            freeze: whether the week is frozen.
            more: of the world.
        """
        world = World(bills, weeks_on=weeks_on, **more)
        world = replace(world, last_tiers=self._last_tiers(world.as_of.week))
        with measured(self._models, world) as connection:
            self._give(connection, merged or {}, decided)
            for name, code in self._alert_models.items():
                if name not in PUBLISHED:
                    self._run(connection, name, code)
            if freeze:
                self._freeze(connection, world.as_of.week, listed)
            return PublishedWeek(
                found_rows(connection, "select * from snap_alert order by all"),
                found_rows(connection, "select * from snap_alert_episode order by all"),
                {name: found_rows(connection, f"select * from {name} order by all") for name in shows},
            )

    def published(self, table: str = "fct_alert") -> list[Row]:
        """The published table as the newest snapshots give it."""
        with closing(scratch()) as connection:
            connection.execute("attach ':memory:' as warehouse; use warehouse")
            create_source_views(connection, self.settings.home, declared_sources(DBT_PROJECT))
            return found_rows(connection, f"select * from ({self._alert_models[table]}) order by as_of_week, alert_id")

    def folder(self, week: str) -> Path:
        """Folder of the newest revision of a week."""
        return max((self.settings.snapshots_dir / week).iterdir(), key=lambda path: int(path.name[1:]))

    def _last_tiers(self, week: str) -> dict[tuple[str, str], str | None]:
        earlier = [path.parents[1].name for path in self.settings.snapshots_dir.glob("*-W*/r1/manifest.json")]
        earlier = [name for name in earlier if name < week]
        if not earlier:
            return {}
        rows = pq.read_table(self.folder(max(earlier)) / "fct_tier.parquet").to_pylist()
        return {(row["supplier_id"], row["consignee_id"]): row["tier"] for row in rows}

    def _give(
        self, connection: duckdb.DuckDBPyConnection, merged: Mapping[str, str], decided: Sequence[Decided]
    ) -> None:
        give_seeds(connection, SEEDS)
        create_source_views(connection, self.settings.home, declared_sources(DBT_PROJECT))
        connection.execute(
            "create table int_party_entity (entity_id varchar, batch bigint, merged_into varchar, split_from varchar)"
        )
        for one, other in merged.items():
            connection.execute("insert into int_party_entity values (?, 2, ?, null)", [one, other])
        connection.execute(
            "drop view parties.decisions; create table parties.decisions "
            "(spelling_id bigint, batch bigint, entity_id varchar, role varchar, "
            "er_version varchar)"
        )
        for spelling, batch, entity in ((0, 1, "nobody"), *decided):
            connection.execute(
                "insert into parties.decisions values (?, ?, ?, 'party', ?)",
                [spelling, batch, entity, f"m1-{batch:06d}"],
            )
        connection.execute(
            "create table int_party_decision as from parties.decisions "
            "qualify row_number() over (partition by spelling_id order by batch desc) = 1"
        )

    def _run(self, connection: duckdb.DuckDBPyConnection, name: str, code: str) -> None:
        path = ALERTS / f"{name}.py"
        if not path.exists():
            connection.execute(f"create table {name} as {code}")
            return

        class Dbt:
            config = staticmethod(lambda **_settings: None)
            ref = staticmethod(connection.table)
            source = staticmethod(lambda schema, table: connection.sql(f"from {schema}.{table}"))

        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        # Worlds skip weeks to be quick.
        with patch.object(episodes, "LONGEST_GAP", self.longest_gap):
            connection.register("rows_made", module.model(Dbt, connection))
        connection.execute(f"create table {name} as select * from rows_made")
        connection.unregister("rows_made")

    def _freeze(self, connection: duckdb.DuckDBPyConnection, week: str, listed: Sequence[tuple[str, str, str]]) -> None:
        place = self.settings.snapshots_dir / week
        folder = place / f"r{len(list(place.iterdir())) + 1 if place.exists() else 1}"
        folder.mkdir(parents=True)
        for table in FROZEN:
            if table == "fct_alternative":
                names = ("consignee_id", "hs4", "alternative_supplier_id")
                columns = {name: pa.array([row[n] for row in listed], pa.string()) for n, name in enumerate(names)}
                pq.write_table(pa.table(columns), folder / f"{table}.parquet")
                continue
            candidate = TABLES[table].model
            order = ", ".join(TABLES[table].key)
            pq.write_table(
                connection.execute(f"select * from {candidate} order by {order}").to_arrow_table(),
                folder / f"{table}.parquet",
            )
        (folder / "manifest.json").write_text("{}", encoding="utf-8")


def containers_of(teu: str) -> dict[str, Decimal]:
    """Volume of a bill."""
    return {"teu": Decimal(teu), "kg": Decimal(teu) * 10000}
