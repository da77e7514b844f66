"""Figures that are counted or sampled in the staged rows."""

from __future__ import annotations

from typing import Final

import pandas as pd

from pipeline.ingest.formats.ams import TABLES
from pipeline.quality.figures import Figures, counts, lists, shares, texts
from pipeline.quality.measures import STAGED_ROWS, VOCABULARIES, measures_of
from pipeline.quality.staged_rows import PARTY_NAMES, StagedRows

SAMPLE_OF_DAY: Final = 200
"""Rows of a table and day whose values Great Expectations reads itself: 200 find a fault of one row in fifty with
98 % certainty. Exact counts beside the sample look at every row."""
SAMPLE_OF_RUN: Final = 5_000
SAMPLE_AT_LEAST: Final = 4
"""Keep long ranges cheap: the sample of a day shrinks with their number."""


def sample_size(days: int) -> int:
    """Rows of a table that are sampled of each of so many days."""
    return max(SAMPLE_AT_LEAST, min(SAMPLE_OF_DAY, SAMPLE_OF_RUN // max(1, days)))


def row_figures(rows: StagedRows, days: dict[str, list[str]], size: int) -> list[Figures]:
    """The figures of all tables.

    Args:
        rows: the staged rows.
        days: for each table the release days on which it can be read.
        size: see `sample_size`.
    """
    parts: list[Figures] = []
    for table in TABLES:
        if days[table]:
            parts += _of_table(rows, table, days[table], size)
    with_header = set(days["header"])
    if both := [day for day in days["billgen"] if day in with_header]:
        found = _on(both, rows.headers_alone())
        parts.append(shares(both, "header", "headers_without_billgen", found["hits"], found["of"]))
    for table in PARTY_NAMES:
        if both := [day for day in days[table] if day in with_header]:
            found = _on(both, rows.unnamed_bills(table))
            parts.append(shares(both, table, "unnamed_bills", found["hits"], found["of"]))
    return parts


def _of_table(rows: StagedRows, table: str, days: list[str], size: int) -> list[Figures]:
    measures = measures_of(table)
    found = _on(days, rows.count(table, measures, size))
    parts = [
        shares(days, table, measure.name, found[measure.name], found[f"{measure.name}_of"])
        if measure.of
        else counts(days, table, measure.name, found[measure.name])
        for measure in measures
    ]
    # A day without rows has nothing to look at, and says so by a row without text. A day with rows gets no such row: if
    # the query has lost its values, they are missed.
    without = [day for day, number in zip(days, found[STAGED_ROWS], strict=True) if number == 0]
    for measure, value in VOCABULARIES.get(table, {}).items():
        some, values, hits = lists(rows.vocabulary(table, value), "release_date", "text", "hits")
        words = [word if isinstance(word, str) else None for word in values] + [None for _ in without]
        parts.append(texts(some + without, table, measure, words, hits=hits + [0 for _ in without]))
    sampled: list[tuple[str, str | None, str | None]] = [
        (day, record["identifier"], record["text"])
        for day, number, records in zip(days, found[STAGED_ROWS], found["sampled"], strict=True)
        if number > 0
        for record in records
    ]
    sampled += [(day, None, None) for day in without]
    some = [day for day, _, _ in sampled]
    ids = [identifier for _, identifier, _ in sampled]
    parts.append(texts(some, table, "sampled_identifier", ids, identifier=ids))
    if TABLES[table].free_text:
        parts.append(texts(some, table, "sampled_text", [text for _, _, text in sampled], identifier=ids))
    return parts


def _on(days: list[str], found: pd.DataFrame) -> pd.DataFrame:
    """One row for each of `days`: a day without rows counts nothing (that it should have some, `told_figures` sees)."""
    return found.set_index("release_date").reindex(days, fill_value=0)
