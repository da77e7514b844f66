"""Schema: the columns and types of the staged rows are those of the layout, and no others.

A column too many would be one that the privacy rules do not know; a wrong type would break every model on it.
"""

from __future__ import annotations

from typing import Final

from expectations.rules import ALL_TABLES, TEXT, Measure, Suite
from pipeline.ingest.formats.ams import TABLES


def accepted_columns(table: str) -> str:
    """Return the columns and types of a staged table as one text, in the layout's order, personal columns left out."""
    layout = TABLES[table]
    columns = (name for name in layout.columns if name not in layout.dropped)
    return f"{table}: " + ", ".join(f"{name} {layout.types.get(name, 'VARCHAR')}" for name in columns)


_COLUMNS: Final = Measure("columns", ALL_TABLES, "columns and types of the staged files", TEXT, reads_rows=False)

SUITE: Final = Suite(
    "schema",
    "columns and types are those of the layout",
    (
        _COLUMNS.among(
            [accepted_columns(table) for table in ALL_TABLES],
            accepted="the columns of pipeline/ingest/formats/ams.py without the personal ones",
            blocks=True,
            advice="stage the release again; if it stays, layout and reader disagree",
        ),
    ),
)
