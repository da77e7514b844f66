"""A week's measures on bills made by hand: the models' own SQL, compiled once, run in an engine in memory."""

from __future__ import annotations

import csv
import importlib.util
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.project_files import DBT_PROJECT
from pipeline.settings import Settings
from pipeline.warehouse.connection import LAYERS, scratch
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import WEEKLY_TAG, common_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt

MONDAY = date(2026, 11, 9)
AS_OF = AsOf.of(MONDAY, date(2026, 11, 29))
WEEK_NUMBER = (MONDAY - date(1970, 1, 5)).days // 7
SEEDS = ("thresholds", "posture", "question")
GIVEN = (
    "asof_week",
    "asof_shipment",
    "asof_product",
    "dim_supplier",
    "dim_consignee",
    "week_last_tier",
    "week_scope",
    "week_uncertain_bill",
)
GIVEN_ALTERNATIVES = ("week_alternative_count", "week_alternative_own")
IN_PYTHON = ("week_interval", "week_range")

Models = dict[str, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class Bill:
    """One bill as known at the cut-off; volume in TEU of full containers unless given otherwise.

    Attributes:
        supplier: None is withheld; a name with a leading `*` is a forwarder's.
        consignee: the same.
        weeks_ago: 0 is the as-of week.
        products: share of the bill by product; None is unknown.
    """

    supplier: str | None = "s"
    consignee: str | None = "b"
    teu: Decimal | None = Decimal(1)
    kg: Decimal | None = Decimal(10000)
    sized_part: Decimal = Decimal(1)
    weeks_ago: int = 0
    products: Mapping[str | None, Decimal] | None = None
    origin: str | None = "CN"

    def but(self, **changes: Any) -> Bill:
        """The same with `changes`."""
        return replace(self, **changes)


@dataclass(frozen=True)
class World:
    """What the measures of a week are made of.

    Attributes:
        alternatives: alternatives of grades A, B and C by consignee and product; a number alone is of grade A.
        current: of these of grade A, suppliers that supply the consignee there already, or are of the group of one.
        last_tiers: tier of the last frozen week by supplier and consignee.
        uncertain: parties whose bills all stand under name variants that are not surely theirs.
        groups: group of a supplier.
        names: of entities whose name matters.
        scopes: side and firm or code of what imported exports hold whole; None where a feed is loaded.
        weeks_on: weeks after MONDAY that it is known in; bills of so many weeks ago less than none lie after MONDAY.
    """

    bills: Sequence[Bill]
    alternatives: Mapping[tuple[str, str], int | tuple[int, int, int]] | None = None
    current: Iterable[tuple[str, str, str]] = ()
    last_tiers: Mapping[tuple[str, str], str | None] | None = None
    uncertain: Collection[str] = ()
    groups: Mapping[str, str] | None = None
    names: Mapping[str, str] | None = None
    scopes: Sequence[tuple[str, str]] | None = None
    weeks_on: int = 0

    @property
    def as_of(self) -> AsOf:
        """The week, and the knowledge of 20 days after its Monday."""
        return AsOf.of(MONDAY + timedelta(weeks=self.weeks_on), AS_OF.cut_off + timedelta(weeks=self.weeks_on))


def compile_models(settings: Settings) -> Models:
    """SQL of the weekly models but those of alternatives, which are given, and of alerts, which read frozen weeks."""
    apart = ("path:models/snapshot/alternatives", "path:models/snapshot/alerts")
    select = ("--select", f"{WEEKLY_TAG},resource_type:model", "--exclude", *apart)
    arguments = ["compile", *common_arguments(dbt_paths(settings)), *select]
    results = run_dbt(settings, arguments, as_of=AS_OF).results
    return {result.node.name: in_one_schema(result.node.compiled_code) for result in results}


def in_one_schema(sql: str) -> str:
    """Compiled SQL that finds the tables of all layers in the schema `main`."""
    return re.sub(rf'"({"|".join(LAYERS)})"\.', '"main".', sql)


@contextmanager
def measured(models: Models, world: World) -> Iterator[duckdb.DuckDBPyConnection]:
    """An engine that holds all weekly tables of `world`."""
    connection = scratch()
    try:
        connection.execute("attach ':memory:' as warehouse; use warehouse")
        give_seeds(connection, SEEDS)
        _give_parties(connection, world)
        _give_bills(connection, [bill for bill in world.bills if bill.weeks_ago >= -world.weeks_on], world.uncertain)
        _give_alternatives(connection, world)
        for name, sql in models.items():
            if name in IN_PYTHON:
                _make(connection, name)
                continue
            if name == "week_bill":
                _give_scopes(connection, world)
            if name.startswith(("week_", "snap_")) and name not in (*GIVEN, *GIVEN_ALTERNATIVES):
                connection.execute(f"create table {name} as {sql}")
        yield connection
    finally:
        connection.close()


def leverage_rows(models: Models, world: World) -> dict[tuple[str, str, str], Row]:
    """Leverage rows by supplier, consignee and product."""
    with measured(models, world) as connection:
        found = found_rows(connection, "select * from snap_leverage_snapshot")
    return {(row["supplier_id"], row["consignee_id"], row["hs4"]): row for row in found}


def tier_rows(models: Models, world: World) -> dict[tuple[str, str], Row]:
    """Tiers by supplier and consignee."""
    with measured(models, world) as connection:
        return {
            (row["supplier_id"], row["consignee_id"]): row for row in found_rows(connection, "select * from snap_tier")
        }


def found_rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """What `query` finds, one dictionary a row."""
    found = connection.execute(query)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def spread_bills(bill: Bill, teu: str | Decimal, count: int = 12, weeks_apart: int = 4) -> list[Bill]:
    """`teu` in `count` bills so many weeks apart, the last bill taking what does not divide."""
    each = (Decimal(teu) / count).quantize(Decimal("0.000001"))
    parts = [each] * (count - 1) + [Decimal(teu) - each * (count - 1)]
    return [bill.but(teu=part, kg=part * 10000, weeks_ago=weeks_apart * n) for n, part in enumerate(parts)]


def _python_model(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, DBT_PROJECT / "models" / "snapshot" / "measures" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _make(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    class Dbt:
        config = staticmethod(lambda **_settings: None)
        ref = staticmethod(connection.table)

    connection.register("made", _python_model(name).model(Dbt, connection))
    connection.execute(f"create table {name} as select * from made")
    connection.unregister("made")


def give_seeds(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> None:
    """Seeds of the weekly models as tables."""
    for name in names:
        with (DBT_PROJECT / "seeds" / "weekly" / f"{name}.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        columns = ", ".join(f"{column} {'decimal(18, 6)' if column == 'value' else 'varchar'}" for column in rows[0])
        connection.execute(f"create table {name} ({columns})")
        connection.executemany(
            f"insert into {name} values ({', '.join('?' * len(rows[0]))})", [list(row.values()) for row in rows]
        )


def _give_parties(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    connection.execute(
        f"create table asof_week as select '{world.as_of.week}' as as_of_week, "
        f"date '{world.as_of.week_start}' as week_start_date, {WEEK_NUMBER + world.weeks_on} as week_number, "
        f"date '{world.as_of.cut_off}' as cut_off, 'm1-000001' as er_version"
    )
    more = {supplier for _, _, supplier in world.current}
    for kind in ("supplier", "consignee"):
        known = {_name(getattr(bill, kind)) for bill in world.bills} - {None}
        known |= more if kind == "supplier" else set()
        connection.execute(f"create table dim_{kind} ({kind}_id varchar, {kind}_name varchar, group_id varchar)")
        for party in sorted(known):
            connection.execute(
                f"insert into dim_{kind} values (?, ?, ?)",
                [
                    party,
                    (world.names or {}).get(party, f"{party} {kind}"),
                    (world.groups or {}).get(party),
                ],
            )
    connection.execute("create table week_last_tier (supplier_id varchar, consignee_id varchar, tier varchar)")
    for (supplier, consignee), tier in (world.last_tiers or {}).items():
        connection.execute("insert into week_last_tier values (?, ?, ?)", [supplier, consignee, tier])


def _give_scopes(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    """What `week_scope` has, with the keys of firms."""
    connection.execute("create table week_scope (side varchar, firm_key integer, hs_code varchar)")
    for side, value in [("all", "")] if world.scopes is None else world.scopes:
        kind = {"supplier": "supplier", "buyer": "consignee"}.get(side)
        key = f"(select {kind}_key from week_{kind}_entity where {kind}_id = $2)" if kind else "null"
        code = "$2" if side == "product" else "null"
        values = [side, value] if kind or side == "product" else [side]
        connection.execute(f"insert into week_scope select $1, {key}, {code}", values)


def _give_bills(connection: duckdb.DuckDBPyConnection, bills: Sequence[Bill], uncertain: Collection[str]) -> None:
    connection.execute(
        "create table asof_shipment (identifier bigint, shipment_id varchar, supplier_id varchar, "
        "consignee_id varchar, supplier_is_named boolean, consignee_is_named boolean, supplier_visibility varchar, "
        "consignee_visibility varchar, week_start_date date, week_number integer, arrival_date date, "
        "origin_country_code varchar, weight_kg decimal(18, 3), containers decimal(18, 6), teu decimal(18, 6), "
        "sized_weight_kg decimal(18, 3), description varchar)"
    )
    connection.execute(
        "create table asof_product (shipment_id varchar, identifier bigint, hs4 varchar, hs_source varchar, "
        "fraction decimal(9, 6))"
    )
    connection.execute(
        "create table week_uncertain_bill (identifier bigint, supplier_is_uncertain boolean, "
        "consignee_is_uncertain boolean)"
    )
    shipments, products, uncertain_bills = [], [], []
    for n, bill in enumerate(bills):
        sides = (bill.supplier, bill.consignee)
        monday = MONDAY - timedelta(weeks=bill.weeks_ago)
        if any(side in uncertain for side in sides):
            uncertain_bills.append([n, bill.supplier in uncertain, bill.consignee in uncertain])
        shipments.append(
            [
                *(n, str(n), *map(_name, sides)),
                *(side is not None and not side.startswith("*") for side in sides),
                *map(_visibility, sides),
                *(monday, WEEK_NUMBER - bill.weeks_ago, monday + timedelta(days=2), bill.origin, bill.kg),
                *((bill.teu or 0) / 2, bill.teu, (bill.kg or 0) * bill.sized_part, "GOODS"),
            ]
        )
        for hs4, fraction in (bill.products or {"9403": Decimal(1)}).items():
            products.append([str(n), n, hs4, "declared" if hs4 else "none", fraction])
    _insert(connection, "asof_shipment", shipments)
    _insert(connection, "asof_product", products)
    _insert(connection, "week_uncertain_bill", uncertain_bills)


def _alike(column: Sequence[Any]) -> list[Any]:
    """Numbers beside texts of numbers as texts too."""
    if not any(isinstance(value, str) for value in column):
        return list(column)
    return [value if value is None or isinstance(value, date) else str(value) for value in column]


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[Any]]) -> None:
    """Rows by their place, all at once: one by one thousands of them take seconds."""
    if rows:
        # decimals as text: they have any number of digits, and the table's types round them
        as_text = [[str(value) if isinstance(value, Decimal) else value for value in row] for row in rows]
        columns = [pa.array(_alike(column)) for column in zip(*as_text, strict=True)]
        connection.register("rows_made", pa.table(columns, names=[f"c{n}" for n in range(len(columns))]))
        connection.execute(f"insert into {table} select * from rows_made")
        connection.unregister("rows_made")


def _give_alternatives(connection: duckdb.DuckDBPyConnection, world: World) -> None:
    grades = "grade_a bigint, grade_b bigint, grade_c bigint"
    connection.execute(f"create table week_alternative_count (consignee_id varchar, hs4 varchar, {grades})")
    connection.execute(
        f"create table week_alternative_own (consignee_id varchar, hs4 varchar, group_id varchar, {grades})"
    )
    for (consignee, hs4), found in (world.alternatives or {}).items():
        counts = (found, 0, 0) if isinstance(found, int) else found
        connection.execute("insert into week_alternative_count values (?, ?, ?, ?, ?)", [consignee, hs4, *counts])
    own = Counter((consignee, hs4, (world.groups or {}).get(name, name)) for consignee, hs4, name in world.current)
    for key, count in own.items():
        connection.execute("insert into week_alternative_own values (?, ?, ?, ?, 0, 0)", [*key, count])


def _name(side: str | None) -> str | None:
    return side.lstrip("*") if side else None


def _visibility(side: str | None) -> str:
    if side is None:
        return "redacted"
    return "forwarder" if side.startswith("*") else "named"
