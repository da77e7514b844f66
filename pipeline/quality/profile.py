"""The profile of staged releases: all figures that the suites judge, as one frame.

Its size follows the number of days and tables, never that of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

import duckdb
import pandas as pd

from expectations.rules import RELEASE
from expectations.schema import accepted_columns
from expectations.volumes import FEW_WARN
from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.ingest.paths import staged_files, staged_folder, staged_quarantine_files
from pipeline.ingest.staged import StagedRelease, read_load
from pipeline.quality.figures import Figures, as_frame, counts, ratios, shares, texts
from pipeline.quality.history import History, read_history
from pipeline.quality.intervals import count_interval
from pipeline.quality.measures import STAGED_ROWS
from pipeline.quality.staged_rows import StagedRows, quarantine_counts, sample_size, schemas
from pipeline.settings import Settings
from pipeline.warehouse.connection import engine

PROFILED_ROWS: Final = 40_000_000
"""Rows read in one go; the bills among them (some 5 %) are held in memory to find children without one."""

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


def staged_releases(settings: Settings, days: Sequence[date]) -> list[StagedRelease]:
    """Return those of `days` that are staged without a fault, in the order given."""
    found = (read_load(staged_folder(settings, day)) for day in days)
    return [release for release in found if release is not None and not release.fault]


def profile_releases(settings: Settings, releases: Sequence[StagedRelease]) -> Profile:
    """Count and sample the staged rows of `releases`."""
    parts: list[Figures] = []
    readable: set[Key] = set()
    recorded = _recorded(releases)
    delivered = list(zip(recorded["release_date"], recorded["table_name"], strict=True))
    rows_loaded = dict(zip(delivered, recorded["rows_loaded"], strict=True))
    staged: dict[Key, float] = {}
    quarantined: dict[Key, int] = {}
    for chunk in in_chunks(releases):
        with engine(settings) as connection:
            connection.execute("set temp_directory = ?", [str(settings.staged_dir / ".spill")])
            paths = {
                (release.release_date.isoformat(), file.table): _paths(settings, release, file.table)
                for release in chunk
                for file in release.read_files
            }
            columns = _columns(connection, paths, rows_loaded)
            sound = [key for key, text in columns.items() if text == accepted_columns(key[1])]
            days = {table: [day for day, other in sound if other == table] for table in TABLES}
            files = {table: [path for day in days[table] for path in paths[day, table]] for table in TABLES}
            found = StagedRows(connection, files, days).figures(sample_size(len(releases)))
            odd_rows = [path for item in chunk for path in staged_quarantine_files(settings, item.release_date)]
            quarantined |= quarantine_counts(connection, [str(path) for path in odd_rows])
        for table in TABLES:
            of_table = {day: text for (day, other), text in columns.items() if other == table}
            parts.append(texts(list(of_table), table, "columns", list(of_table.values())))
        parts += found
        staged |= _staged_rows(found)
        readable |= set(sound)
    history = read_history(settings, releases)
    parts += _conservation(recorded, staged, quarantined)
    parts += _volumes(recorded, history)
    parts += _completeness(releases, history)
    whole = {(release.release_date.isoformat(), RELEASE) for release in releases}
    return Profile(as_frame(parts), frozenset({*delivered, *whole}), frozenset(readable | whole))


def in_chunks(releases: Iterable[StagedRelease]) -> Iterator[list[StagedRelease]]:
    """Yield releases in groups of at most `PROFILED_ROWS` rows, at least one in each."""
    chunk: list[StagedRelease] = []
    rows = 0
    for release in releases:
        more = sum(file.rows_loaded for file in release.read_files)
        if chunk and rows + more > PROFILED_ROWS:
            yield chunk
            chunk, rows = [], 0
        chunk.append(release)
        rows += more
    if chunk:
        yield chunk


def _recorded(releases: Sequence[StagedRelease]) -> pd.DataFrame:
    """Return the row counts of `load.json` by release day and delivered table.

    `rows_unaccounted` and `rows_beyond_manifest` are summed over files without regard to sign; the latter is null where
    no manifest declares rows.
    """
    rows = [
        {
            "release_date": release.release_date.isoformat(),
            "table_name": file.table,
            "rows_in": file.rows_in,
            "rows_loaded": file.rows_loaded,
            "rows_quarantined": file.rows_quarantined,
            "rows_unaccounted": abs(file.rows_in - file.rows_loaded - file.rows_quarantined),
            "rows_beyond_manifest": None if file.rows_declared is None else abs(file.rows_in - file.rows_declared),
        }
        for release in releases
        for file in release.read_files
    ]
    frame = pd.DataFrame(rows).astype({"rows_beyond_manifest": "float64"})
    return frame.groupby(["release_date", "table_name"], sort=False).sum(min_count=1).reset_index()


def _paths(settings: Settings, release: StagedRelease, table: str) -> list[str]:
    return [str(path) for path in staged_files(settings, release.release_date, table)]


def _columns(
    connection: duckdb.DuckDBPyConnection, paths: Mapping[Key, list[str]], rows_loaded: Mapping[Key, int]
) -> dict[Key, str]:
    """Return the columns of each delivered table as one text; those of the first odd file where files differ."""
    found = schemas(connection, [path for files in paths.values() for path in files])
    columns = {}
    for key, files in paths.items():
        table = key[1]
        accepted = accepted_columns(table)
        each = [f"{table}: {found.get(path, 'no columns')}" for path in files]
        if not files and rows_loaded[key]:
            each = [f"{table}: no file"]  # a table without rows leaves no file; rows without a file are lost
        columns[key] = next((text for text in each if text != accepted), accepted)
    return columns


def _staged_rows(found: Sequence[Figures]) -> dict[Key, float]:
    """Return the rows counted in the staged files."""
    return {
        (day, table): rows
        for part in found
        if len(part["measure"]) and part["measure"][0] == STAGED_ROWS  # all rows of a part are of one measure
        for day, table, rows in zip(part["release_date"], part["table_name"], part["hits"], strict=True)
    }


def _conservation(recorded: pd.DataFrame, staged: Mapping[Key, float], quarantined: Mapping[Key, int]) -> list[Figures]:
    """Compare the recorded rows with those counted in the staged files and in quarantine."""
    days, tables = recorded["release_date"], recorded["table_name"]
    keys = list(zip(days, tables, strict=True))
    not_staged = recorded["rows_loaded"] - [staged.get(key, 0) for key in keys]
    not_quarantined = recorded["rows_quarantined"] - [quarantined.get(key, 0) for key in keys]
    return [
        counts(days, tables, "rows_unaccounted", recorded["rows_unaccounted"]),
        counts(days, tables, "rows_not_staged", not_staged.abs()),
        counts(days, tables, "rows_not_quarantined", not_quarantined.abs()),
        counts(days, tables, "rows_beyond_manifest", recorded["rows_beyond_manifest"]),
        shares(days, tables, "quarantined", recorded["rows_quarantined"], recorded["rows_in"]),
    ]


def _volumes(recorded: pd.DataFrame, history: History) -> list[Figures]:
    """Compare the rows loaded with those of the trailing weeks and of the load that is replaced."""
    days, tables = recorded["release_date"], recorded["table_name"]
    keys = [(date.fromisoformat(day), table) for day, table in zip(days, tables, strict=True)]
    rows = recorded["rows_loaded"]
    usual = [history.usual_rows(*key) for key in keys]
    of_year = [history.usual_rows(*key, within_year=True) for key in keys]
    before = [history.last_load(*key) for key in keys]
    return [
        ratios(days, tables, "rows_against_weeks", rows, usual, exact=False),
        ratios(days, tables, "rows_against_weeks_of_year", rows, of_year, exact=False),
        ratios(days, tables, "rows_against_last_load", rows, before, exact=True),
    ]


def _completeness(releases: Sequence[StagedRelease], history: History) -> list[Figures]:
    """Count what each release brings as a whole."""
    days = [release.release_date.isoformat() for release in releases]
    tables = [{file.table for file in release.read_files} for release in releases]
    absent = [len(set(REQUIRED) - there) for there in tables]
    bills = [sum(file.rows_loaded for file in release.read_files if file.table == "header") for release in releases]
    # A table that usually has so many rows that none would be a warning.
    most_of_none = float(count_interval([0])[1][0])
    missed = [
        sum(
            FEW_WARN * (history.usual_rows(release.release_date, table) or 0) > most_of_none
            for table in set(TABLES) - there
        )
        for release, there in zip(releases, tables, strict=True)
    ]
    return [
        counts(days, RELEASE, "required_tables_absent", absent),
        counts(days, RELEASE, "bills", bills),
        counts(days, RELEASE, "usual_tables_absent", missed),
    ]
