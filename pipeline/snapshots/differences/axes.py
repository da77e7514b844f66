"""The two axes of a leverage row under other measures, computed by the dbt macro that computes the week."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import duckdb
from jinja2 import Environment

from pipeline.project_files import DBT_PROJECT
from pipeline.warehouse.connection import scratch

MACRO_FILE: Final = DBT_PROJECT / "macros" / "measures" / "power.sql"
MEASURES: Final = ("share_of_supplier", "share_of_buyer", "customer_substitutability", "supplier_substitutability")
"""What the axes are computed from."""


def with_axes(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the row with the axes and contributions that follow from its four measures; a missing one counts as 0."""
    found = _connection().execute(_query(), [float(row[name] or 0) for name in MEASURES])
    names = [column[0] for column in found.description]
    return {**row, **dict(zip(names, found.fetchone() or (), strict=True))}


@cache
def _query() -> str:
    """SQL for the axes of one row of bound measures. The macro uses nothing of dbt's, so plain Jinja renders it."""
    macro: Any = Environment(autoescape=False).from_string(MACRO_FILE.read_text(encoding="utf-8")).module  # noqa: S701
    measures = ", ".join(f"cast(? as double) as {name}" for name in MEASURES)
    return f"select {macro.power_axes()} from (select {measures})"


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    return scratch()
