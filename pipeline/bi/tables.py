"""Which tables the BI copy holds, in what order their rows lie, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

LAYERS: Final = ("marts", "published")
"""The dbt folders whose models others read."""
ASKED_BY: Final = "asked_by"
"""In `config.meta` of a model: the columns by which it is asked most, the most telling first."""


@dataclass(frozen=True)
class Described:
    """One published table.

    Attributes:
        name: of the table.
        description: what a row is.
        columns: what each column means.
        asked_by: columns that its rows are sorted by, so that a reader who asks for one of their values passes over
            most row groups; empty for no order.
    """

    name: str
    description: str
    columns: Mapping[str, str] = field(default_factory=dict)
    asked_by: tuple[str, ...] = ()


def published_tables(manifest: Mapping[str, Any]) -> list[Described]:
    """The published tables in order of their names; the warehouse need not have built all of them yet."""
    models = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] in LAYERS and node["config"]["enabled"]
    ]
    return [_described(node) for node in sorted(models, key=lambda node: str(node["name"]))]


def _described(node: Mapping[str, Any]) -> Described:
    columns = {name: _line(column["description"]) for name, column in node["columns"].items() if column["description"]}
    asked_by = tuple(node["config"].get("meta", {}).get(ASKED_BY, ()))
    return Described(node["name"], _line(node["description"]), columns, asked_by)


def _line(text: str) -> str:
    return " ".join(text.split())
