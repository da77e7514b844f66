"""Figures that are counted or sampled in the staged rows.

Belongs here: which figures there are for which table. Does not belong here: SQL (see `staged_rows`, `measures`),
figures that the reader or the journal tells (see `told_figures`).
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from expectations.links import CHILDREN
from pipeline.quality.figures import counts, shares, stacked, texts
from pipeline.quality.measures import VOCABULARIES, measures_of
from pipeline.quality.staged_rows import PARTY_NAMES, StagedRows
from pipeline.records.layout import TABLES

SAMPLE_OF_DAY: Final = 200
"""Rows of a table and day whose values Great Expectations reads itself: 200 find a fault of one row in fifty with
98 % certainty. Exact counts beside the sample look at every row."""
SAMPLE_OF_RUN: Final = 5_000
SAMPLE_AT_LEAST: Final = 4
"""Keep long ranges cheap: the sample of a day shrinks with their number."""


def sample_size(days: int) -> int:
    """Rows of a table that are sampled of each of so many days."""
    return max(SAMPLE_AT_LEAST, min(SAMPLE_OF_DAY, SAMPLE_OF_RUN // max(1, days)))


def row_figures(rows: StagedRows, days: dict[str, list[str]], size: int) -> pd.DataFrame:
    """The figures of all tables.

    Args:
        rows: the staged rows.
        days: for each table the release days on which it can be read.
        size: see `sample_size`.
    """
    parts: list[pd.DataFrame] = []
    for table in TABLES:
        if days[table]:
            parts += _of_table(rows, table, days[table], size)
    with_header = set(days["header"])
    for table in CHILDREN:
        both = [day for day in days[table] if day in with_header]
        if both:
            found = _on(both, rows.orphans(table))
            parts.append(shares(both, table, "orphans", found["hits"], found["of"]))
    both = [day for day in days["billgen"] if day in with_header]
    if both:
        found = _on(both, rows.headers_alone())
        parts.append(shares(both, "header", "headers_without_billgen", found["hits"], found["of"]))
    for table in PARTY_NAMES:
        both = [day for day in days[table] if day in with_header]
        if both:
            found = _on(both, rows.unnamed_bills(table))
            parts.append(shares(both, table, "unnamed_bills", found["hits"], found["of"]))
    return stacked(parts)


def _of_table(rows: StagedRows, table: str, days: list[str], size: int) -> list[pd.DataFrame]:
    measures = measures_of(table)
    found = _on(days, rows.counts(table, measures))
    parts = [
        shares(days, table, measure.name, found[measure.name], found[f"{measure.name}_of"])
        if measure.of
        else counts(days, table, measure.name, found[measure.name])
        for measure in measures
    ]
    for measure, value in VOCABULARIES.get(table, {}).items():
        values = _some_on(days, rows.vocabulary(table, value))
        parts.append(texts(values["release_date"], table, measure, values["text"], hits=values["hits"]))
    sampled = _some_on(days, rows.samples(table, size))
    ids = sampled["identifier"]
    parts.append(texts(sampled["release_date"], table, "sampled_identifier", ids, identifier=ids))
    if TABLES[table].free_text:
        parts.append(texts(sampled["release_date"], table, "sampled_text", sampled["text"], identifier=ids))
    return parts


def _on(days: list[str], found: pd.DataFrame) -> pd.DataFrame:
    """One row for each of `days`: a day without rows counts nothing (that it should have some, `told_figures` sees)."""
    return found.set_index("release_date").reindex(days, fill_value=0)


def _some_on(days: list[str], found: pd.DataFrame) -> pd.DataFrame:
    """At least one row for each of `days`, an empty one where nothing was found."""
    return pd.DataFrame({"release_date": days}).merge(found, how="left", on="release_date")
