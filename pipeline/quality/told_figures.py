"""Figures that the reader and the journal tell, held against the rows that were counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from expectations.rules import RELEASE
from expectations.volumes import FEW_WARN
from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.quality.figures import Figures, counts, ratios, shares
from pipeline.quality.history import History
from pipeline.quality.intervals import count_interval
from pipeline.quality.staged import Staged

Rows: TypeAlias = Mapping[tuple[str, str], float]
"""Rows counted, by release day and table."""


def conservation(releases: Sequence[Staged], staged: Rows, aside: Rows) -> list[Figures]:
    """Rows read against rows staged and set aside.

    Args:
        releases: what the reader tells.
        staged: rows counted in the staged files.
        aside: rows counted in quarantine.
    """
    parts: list[Figures] = []
    for table in TABLES:
        given = [(release.day.isoformat(), release.tables[table]) for release in releases if table in release.tables]
        days = [day for day, _ in given]
        told = [item for _, item in given]
        not_staged = [abs(staged.get((day, table), 0) - item.rows_loaded) for day, item in given]
        not_aside = [abs(aside.get((day, table), 0) - item.rows_quarantined) for day, item in given]
        parts += [
            counts(days, table, "rows_unaccounted", [item.rows_unaccounted for item in told]),
            counts(days, table, "rows_not_staged", not_staged),
            counts(days, table, "rows_not_set_aside", not_aside),
            counts(days, table, "rows_beyond_manifest", [item.rows_beyond_manifest for item in told]),
            shares(
                days,
                table,
                "quarantined",
                [item.rows_quarantined for item in told],
                [item.rows_in for item in told],
            ),
        ]
    return parts


def volumes(releases: Sequence[Staged], history: History) -> list[Figures]:
    """Rows loaded against those of the trailing weeks and of the load that is replaced."""
    parts: list[Figures] = []
    for table in TABLES:
        given = [release for release in releases if table in release.tables]
        days = [release.day.isoformat() for release in given]
        rows = [release.tables[table].rows_loaded for release in given]
        usual = [history.usual_rows(release.day, table) for release in given]
        of_year = [history.usual_rows(release.day, table, within_year=True) for release in given]
        before = [history.last_load(release.day, table) for release in given]
        parts += [
            ratios(days, table, "rows_against_weeks", rows, usual, exact=False),
            ratios(days, table, "rows_against_weeks_of_year", rows, of_year, exact=False),
            ratios(days, table, "rows_against_last_load", rows, before, exact=True),
        ]
    return parts


def completeness(releases: Sequence[Staged], history: History) -> list[Figures]:
    """What each release brings as a whole."""
    days = [release.day.isoformat() for release in releases]
    absent = [sum(table not in release.tables for table in REQUIRED) for release in releases]
    bills = [release.tables["header"].rows_loaded if "header" in release.tables else 0 for release in releases]
    most_of_none = float(count_interval([0])[1][0])
    missed = [_usual_tables_absent(release, history, most_of_none) for release in releases]
    return [
        counts(days, RELEASE, "required_tables_absent", absent),
        counts(days, RELEASE, "bills", bills),
        counts(days, RELEASE, "usual_tables_absent", missed),
    ]


def _usual_tables_absent(release: Staged, history: History, most_of_none: float) -> int:
    """Tables not delivered that usually have so many rows that none at all would be a warning.

    Args:
        release: the release.
        history: rows of the days before.
        most_of_none: the greatest number of rows that a count of none lets expect.
    """
    usual = (history.usual_rows(release.day, table) or 0 for table in TABLES if table not in release.tables)
    return sum(FEW_WARN * rows > most_of_none for rows in usual)
