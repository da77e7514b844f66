"""No model and no CTE has two output columns of one name: DuckDB silently takes the first."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from pipeline.project_files import SEEDS
from pipeline.settings import Settings
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import common_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt
from tests.dbt.weekly_world import AS_OF

Columns = dict[str, list[str]]


@dataclass
class Outputs:
    """Output columns of each query of one statement, and those that it has twice."""

    known: Mapping[str, list[str]]
    twice: list[str] = field(default_factory=list)

    def of(self, query: exp.Expression, scope: Columns, name: str) -> list[str]:
        """Return the columns of a query; stars over relations that are not known add none."""
        scope = dict(scope)
        for cte in query.args["with_"].expressions if query.args.get("with_") else []:
            scope[cte.alias] = self.of(cte.this, scope, cte.alias)
        if isinstance(query, exp.Subquery):
            return self.of(query.this, scope, name)
        if isinstance(query, exp.SetOperation):
            columns = self.of(query.left, scope, name)
            self.of(query.right, scope, name)
            return columns
        if not isinstance(query, exp.Select):
            return []
        sources = dict(self._sources(query, scope, name))
        columns = [column for item in query.expressions for column in self._columns(item, sources)]
        self.twice += [f"{name}.{column}" for column, count in Counter(columns).items() if count > 1]
        return columns

    def _sources(self, query: exp.Select, scope: Columns, name: str) -> Iterator[tuple[str, list[str]]]:
        relations = [query.args[key].this for key in ("from_",) if query.args.get(key)]
        for relation in [*relations, *(join.this for join in query.args.get("joins") or [])]:
            if isinstance(relation, exp.Table):
                columns = scope.get(relation.name, self.known.get(relation.name, []))
            else:
                columns = self.of(relation, scope, name)
            yield relation.alias_or_name, columns

    def _columns(self, item: exp.Expression, sources: Columns) -> list[str]:
        if isinstance(item, exp.Star):
            columns, star = [column for found in sources.values() for column in found], item
        elif isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
            columns, star = sources.get(item.table, []), item.this
        else:
            return [item.alias_or_name] if item.alias_or_name else []
        left_out = {column.name for column in star.args.get("except_") or []}
        return [column for column in columns if column not in left_out]


def doubled(sql: str, known: Mapping[str, list[str]], name: str) -> tuple[list[str], list[str]]:
    """Return the columns of a statement, and the output columns that one of its queries has twice."""
    outputs = Outputs(known)
    columns = outputs.of(sqlglot.parse_one(sql, dialect="duckdb"), {}, name)
    return columns, outputs.twice


def compiled(settings: Settings, as_of: AsOf) -> list[Any]:
    """Nodes of all SQL models, in an order in which each comes after those that it reads."""
    arguments = ["compile", *common_arguments(dbt_paths(settings)), "--select", "resource_type:model"]
    nodes = [result.node for result in run_dbt(settings, arguments, as_of=as_of).results]
    return [node for node in nodes if node.language == "sql"]


def test_no_query_of_a_model_has_two_columns_of_one_name(reference: Settings) -> None:
    known = {path.stem: _header(path) for path in SEEDS.rglob("*.csv")}
    wrong = []
    models = compiled(reference, AS_OF)
    assert len(models) > 50
    for node in models:
        columns, twice = doubled(node.compiled_code, known, node.name)
        known[node.name] = columns or list(node.columns)
        wrong += [f"{node.name}: {column}" for column in twice]
    assert wrong == []


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select a, b from t", []),
        ("select t.*, 1 as a from t", ["model.a"]),
        ("with c as (select *, b as a from t) select a from c", ["c.a"]),
        ("select * exclude (a), 1 as a from t", []),
        ("select * from t inner join u on t.a = u.a", ["model.a"]),
        ("select x.c from (select a as c, b as c from t) as x", ["model.c"]),
        ("select a from t union all select b as d, c as d from t", ["model.d"]),
    ],
)
def test_columns_of_one_name_are_found(sql: str, expected: list[str]) -> None:
    assert doubled(sql, {"t": ["a", "b"], "u": ["a"]}, "model")[1] == expected


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))
