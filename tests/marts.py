"""All rows of all marts, to compare one warehouse with another."""

from __future__ import annotations

from typing import Any

from pipeline.settings import Settings
from pipeline.warehouse import warehouse

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


def mart_rows(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of each mart, in one order. `meta_release` is left out: it tells when a run was, not what it brought."""
    with warehouse(settings) as connection:
        return {name: connection.execute(f"select * from {name} order by all").fetchall() for name in MARTS}


def assert_same_marts(one: dict[str, list[tuple[Any, ...]]], other: dict[str, list[tuple[Any, ...]]]) -> None:
    """Every mart holds the same rows on both sides; some row at all."""
    for name in MARTS:
        assert one[name], f"{name} is empty"
        only_one = set(one[name]) - set(other[name])
        only_other = set(other[name]) - set(one[name])
        assert one[name] == other[name], (
            f"{name}: only left {sorted(only_one, key=str)[:3]}, only right {sorted(only_other, key=str)[:3]}"
        )
