"""The profile of staged releases: all figures that the suites read, as one frame.

Its size follows the number of days and tables, never that of the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import duckdb
import pandas as pd

from expectations.rules import RELEASE
from expectations.schema import accepted_columns
from pipeline.ingest.formats.ams import TABLES
from pipeline.quality.figures import Figures, as_frame, texts
from pipeline.quality.history import read_history
from pipeline.quality.measures import STAGED_ROWS
from pipeline.quality.row_figures import row_figures, sample_size
from pipeline.quality.staged import Staged, StagedTable, in_chunks
from pipeline.quality.staged_rows import StagedRows, quarantine_counts, schemas
from pipeline.quality.told_figures import completeness, conservation, volumes
from pipeline.settings import Settings
from pipeline.warehouse.connection import engine

Key: TypeAlias = tuple[str, str]
"""A release day in ISO form and a table (or `RELEASE`)."""


@dataclass(frozen=True)
class Profile:
    """The figures of some staged releases.

    Attributes:
        frame: in the form of `pipeline.quality.figures`.
        delivered: what was delivered, and `RELEASE` for each day.
        readable: that of it whose files have the layout's columns and types, so that figures can be known.
    """

    frame: pd.DataFrame
    delivered: frozenset[Key]
    readable: frozenset[Key]


def profile_releases(settings: Settings, releases: Sequence[Staged]) -> Profile:
    """Count and sample the staged rows of `releases`."""
    parts: list[Figures] = []
    readable: set[Key] = set()
    for chunk in in_chunks(releases):
        with engine(settings) as connection:
            connection.execute("set temp_directory = ?", [str(settings.staged_dir / ".spill")])
            columns = _columns(connection, chunk)
            days = _readable_days(columns)
            found = row_figures(StagedRows(connection, _paths(chunk, days)), days, sample_size(len(releases)))
            quarantine = quarantine_counts(connection, [path for release in chunk for path in release.quarantine])
        parts += [*columns, *found, *conservation(chunk, _staged_rows(found), quarantine)]
        readable |= {(day, table) for table in TABLES for day in days[table]}
    history = read_history(settings, releases)
    parts += volumes(releases, history) + completeness(releases, history)
    whole = {(release.day.isoformat(), RELEASE) for release in releases}
    delivered = {(release.day.isoformat(), table) for release in releases for table in release.tables}
    return Profile(as_frame(parts), frozenset(delivered | whole), frozenset(readable | whole))


def _columns(connection: duckdb.DuckDBPyConnection, releases: Sequence[Staged]) -> list[Figures]:
    """The columns of each delivered table as one text; those of the first odd file where files differ."""
    found = schemas(
        connection, [path for release in releases for table in release.tables.values() for path in table.paths]
    )
    parts = []
    for table in TABLES:
        given = [release for release in releases if table in release.tables]
        text = [_text_of(table, release.tables[table], found) for release in given]
        parts.append(texts([release.day.isoformat() for release in given], table, "columns", text))
    return parts


def _text_of(table: str, staged: StagedTable, found: dict[str, str]) -> str:
    accepted = accepted_columns(table)
    if not staged.paths:
        # A table without rows leaves no file, so no file has a wrong column; rows without a file are lost.
        return accepted if staged.rows_loaded == 0 else f"{table}: no file"
    columns = [f"{table}: {found.get(path, 'no columns')}" for path in staged.paths]
    return next((text for text in columns if text != accepted), accepted)


def _readable_days(columns: Sequence[Figures]) -> dict[str, list[str]]:
    """For each table the release days on which it has the layout's columns."""
    return {
        table: [
            day for day, text in zip(part["release_date"], part["text"], strict=True) if text == accepted_columns(table)
        ]
        for table, part in zip(TABLES, columns, strict=True)
    }


def _staged_rows(found: Sequence[Figures]) -> dict[Key, float]:
    """Rows counted in the staged files."""
    return {
        (day, table): rows
        for part in found
        if len(part["measure"]) and part["measure"][0] == STAGED_ROWS  # all rows of a part are of one measure
        for day, table, rows in zip(part["release_date"], part["table_name"], part["hits"], strict=True)
    }


def _paths(releases: Sequence[Staged], days: dict[str, list[str]]) -> dict[str, list[str]]:
    sets = {table: set(some) for table, some in days.items()}
    return {
        table: [
            path
            for release in releases
            if release.day.isoformat() in sets[table]
            for path in release.tables[table].paths
        ]
        for table in TABLES
    }
