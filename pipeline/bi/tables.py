"""The tables of the BI copy: which, how their rows are sorted, how they are described."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

LAYERS: Final = ("marts", "published")
"""The dbt folders whose models others read."""


@dataclass(frozen=True)
class Described:
    """One published table.

    Attributes:
        name: of the table.
        description: what a row is.
        columns: what each column means.
        sorted_by: columns that its rows are sorted by, so that a reader who asks for one of their values skips most row
            groups; empty for no order.
    """

    name: str
    description: str
    columns: Mapping[str, str] = field(default_factory=dict)
    sorted_by: tuple[str, ...] = ()


META_PUBLISH: Final = Described(
    "meta_publish",
    "As of when the tables are: one row for each published week, and one without a week for the tables that every "
    "night renews.",
    {
        "as_of_week": "ISO week that was published, such as 2026-W46; null in the row of the nightly tables.",
        "published_at": "When it was published; in the row of the nightly tables, when this copy was made.",
        "newest_release_date": "Newest release day in the tables.",
        "closed_through_date": "Sunday of the newest closed week: its late records are in, no release is missing.",
        "er_version": "Which decisions on parties the tables show.",
        "ruleset_version": "Version of the rules and thresholds; null in the row of the nightly tables.",
        "code_version": "Version of the pipeline.",
    },
)


def published_tables(manifest: Mapping[str, Any]) -> list[Described]:
    """The published tables in order of their names; the warehouse need not have built all of them yet."""
    models = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["fqn"][1] in LAYERS and node["config"]["enabled"]
    ]
    return [_described(node) for node in sorted(models, key=lambda node: str(node["name"]))]


def _described(node: Mapping[str, Any]) -> Described:
    columns = {
        name: " ".join(column["description"].split())
        for name, column in node["columns"].items()
        if column["description"]
    }
    sorted_by = tuple(node["config"].get("meta", {}).get("sorted_by", ()))
    return Described(node["name"], " ".join(node["description"].split()), columns, sorted_by)
