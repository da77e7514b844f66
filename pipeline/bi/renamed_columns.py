"""Former names of published columns, which the BI copy shows beside the new ones for one minor version."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipeline.bi.tables import Described
from pipeline.warehouse.renamed_columns import RENAMED

REMOVED_IN: Final = "0.3"
"""The version whose BI copy has the new names only."""


def with_former_names(described: Described, relation: str) -> tuple[Described, str]:
    """Return the table's description and a relation that also has its renamed columns under their former names."""
    renamed = RENAMED.get(described.name.removesuffix("_history"), {})
    if not renamed:
        return described, relation
    former = ", ".join(f"{new} as {column.old}" for new, column in renamed.items())
    meanings = {column.old: f"Former name of {new}; gone in version {REMOVED_IN}." for new, column in renamed.items()}
    columns = {**described.columns, **meanings}
    return replace(described, columns=columns), f"(select *, {former} from {relation})"
