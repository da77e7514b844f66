"""All rows of all marts, to compare one warehouse with another."""

from __future__ import annotations

from typing import Any

from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse

MARTS = (
    "dim_consignee",
    "dim_party_spelling",
    "dim_supplier",
    "fct_consignee_weekly",
    "fct_pair_weekly",
    "fct_shipment",
    "fct_shipment_product",
    "fct_supplier_weekly",
)


Marts = dict[str, list[tuple[Any, ...]]]
STAMPS = ("er_version", "decided_at", "method", "score", "reasons", "confidence")
"""Columns that depend on the night in which a party was decided, and on what was known in that night (confidence
is the mean of scores)."""


def mart_rows(settings: Settings, *, stamps: bool = False) -> Marts:
    """Rows of each mart, in one order, without `STAMPS` unless asked for.

    `meta_release` is left out: it records when a run was, not its result.
    """
    dropped = () if stamps else STAMPS
    with warehouse(settings) as connection:
        return {
            name: connection.execute(
                f"select columns(name -> name not in {(*dropped, '')}) from {name} order by all"
            ).fetchall()
            for name in MARTS
        }


def assert_same_marts(one: Marts, other: Marts) -> None:
    """Every mart holds the same rows on both sides; some row at all."""
    for name in MARTS:
        assert one[name], f"{name} is empty"
        only_one = set(one[name]) - set(other[name])
        only_other = set(other[name]) - set(one[name])
        assert one[name] == other[name], (
            f"{name}: only left {sorted(only_one, key=str)[:3]}, only right {sorted(only_other, key=str)[:3]}"
        )
