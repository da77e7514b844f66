"""What a week would have been with other decisions on parties, or with other records: computed by the same models.

A scratch home beside the real one reads the same raw, state and snapshots; its warehouse is a copy, or, for older
decisions, built anew as of their batch. Nothing of the real home is written. It costs as much as publishing a week,
and for older decisions as much as a rebuild.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.entities.registry import DECISIONS, ENTITIES, batch_number, rows_sql
from pipeline.settings import Settings
from pipeline.snapshots.compute import WITHOUT_TESTS, compute_week
from pipeline.snapshots.differences.causes import State
from pipeline.snapshots.freeze import TABLES, exact
from pipeline.warehouse.connection import engine, scratch
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import build_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt
from pipeline.warehouse.renamed_columns import frozen_rows_sql

READ: Final = ("raw", "state", "snapshots")
"""Folders that a scratch home shares with the real one."""
LEVERAGE: Final = "fct_leverage_snapshot"
TIER: Final = "fct_tier"


class Counterfactuals:
    """States of one pair under other circumstances; warehouses are built on first use and deleted at the end."""

    def __init__(self, settings: Settings, folder: Path, supplier_id: str, consignee_id: str) -> None:
        """Use `folder` for scratch homes."""
        self._settings = settings
        self._folder = folder
        self._pair = (supplier_id, consignee_id)
        self._homes: dict[str | None, Settings] = {}
        self._states: dict[tuple[str | None, AsOf], State] = {}

    def state(self, er_version: str | None, as_of: AsOf) -> State:
        """The pair as of a week and cut-off, under the rules of now.

        Args:
            er_version: decisions on parties; None for those of the warehouse.
            as_of: week and cut-off.
        """
        key = (er_version, as_of)
        if key not in self._states:
            home = self._home(er_version)
            compute_week(home, as_of, tests=False)
            with closing(engine(home, home.warehouse_path, read_only=True)) as connection:
                sources = {name: table.model for name, table in TABLES.items()}
                self._states[key] = read_state(connection, sources, *self._pair)
        return self._states[key]

    def _home(self, er_version: str | None) -> Settings:
        if er_version not in self._homes:
            home = self._folder / (er_version or "now")
            home.mkdir(parents=True)
            for name in READ:
                if (self._settings.home / name).exists():
                    (home / name).symlink_to(self._settings.home / name, target_is_directory=True)
            made = self._settings.model_copy(update={"home": home})
            if (self._settings.home / "dbt").exists():  # what dbt has parsed serves the scratch home too
                shutil.copytree(self._settings.home / "dbt", home / "dbt")
            if er_version is None:
                shutil.copyfile(self._settings.warehouse_path, made.warehouse_path)
            else:
                batch = batch_number(self._settings, er_version)
                arguments = build_arguments(dbt_paths(made), full_refresh=True)
                run_dbt(made, [*arguments, *WITHOUT_TESTS], as_of_batch=batch)
            self._homes[er_version] = made
        return self._homes[er_version]


@contextmanager
def counterfactuals(settings: Settings, supplier_id: str, consignee_id: str) -> Iterator[Counterfactuals]:
    """Make scratch homes below the real one, and remove them in the end; the caller holds the writer lock."""
    if settings.warehouse_path.exists():
        with closing(engine(settings, settings.warehouse_path)) as connection:
            connection.execute("checkpoint")  # a copy without its log would lack rows
    folder = Path(tempfile.mkdtemp(prefix=".diff-", dir=settings.home))
    try:
        yield Counterfactuals(settings, folder, supplier_id, consignee_id)
    finally:
        shutil.rmtree(folder)


def frozen_state(folder: Path, supplier_id: str, consignee_id: str) -> State:
    """The pair in a frozen snapshot."""
    with closing(scratch()) as connection:
        sources = {name: frozen_rows_sql(folder / f"{name}.parquet") for name in TABLES}
        return read_state(connection, sources, supplier_id, consignee_id)


def read_state(
    connection: duckdb.DuckDBPyConnection, sources: Mapping[str, str], supplier_id: str, consignee_id: str
) -> State:
    """The pair's rows, rounded as they are frozen.

    Args:
        connection: an engine.
        sources: the relation of each table of a snapshot.
        supplier_id: the supplier.
        consignee_id: the consignee.
    """
    leverage = _rows(connection, sources[LEVERAGE], supplier_id, consignee_id)
    tiers = _rows(connection, sources[TIER], supplier_id, consignee_id)
    return State({row["hs4"]: row for row in leverage}, tiers[0] if tiers else None)


def decisions_moved(settings: Settings, one: str, other: str, supplier_id: str, consignee_id: str) -> bool:
    """Whether two versions of the decisions on parties can give the pair other figures.

    Decisions on every name variant count, since a merge of others moves ranks and alternatives too; confidence counts
    for the pair only.
    """
    if one == other:
        return False
    numbers = [batch_number(settings, er_version) for er_version in (one, other)]
    decisions, entities = ([rows_sql(settings, name, number) for number in numbers] for name in (DECISIONS, ENTITIES))
    columns = "spelling_id, entity_id, role, is_order"
    firms = (
        "entity_id, entity_name, role, group_id, status, merged_into, "
        "case when entity_id in ($1, $2) then confidence end as confidence"
    )
    with closing(scratch()) as connection:
        return any(
            connection.execute(
                f"select 1 from ((select {what} from {before} except select {what} from {after}) union all "
                f"(select {what} from {after} except select {what} from {before})) limit 1",
                bound,
            ).fetchone()
            is not None
            for what, (before, after), bound in (
                (columns, decisions, []),
                (firms, entities, [supplier_id, consignee_id]),
            )
        )


def _rows(
    connection: duckdb.DuckDBPyConnection, source: str, supplier_id: str, consignee_id: str
) -> list[dict[str, Any]]:
    described = connection.execute(f"describe select * from {source}").fetchall()
    columns = ", ".join(exact(name, type_) for name, type_, *_ in described)
    found = connection.execute(
        f"select {columns} from {source} where supplier_id = ? and consignee_id = ?", [supplier_id, consignee_id]
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
