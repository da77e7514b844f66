"""The form of the profile: rows of figures with their intervals, and rows of texts.

A row is one release day, table and measure. `value` is the figure, `hits` and `of` what it was made of, `low` and
`high` between which figures the truth surely lies (see `intervals`); a figure that cannot be known yet has no value
and an interval that holds everything. A measure of text has one row for each distinct (or sampled) value: `text`,
`hits` how often, `identifier` where.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.quality.intervals import count_interval, share_interval

Figures: TypeAlias = Mapping[str, npt.NDArray[Any]]
"""Rows by column; many small ones are made, and a data frame for each would cost a millisecond."""
Numbers: TypeAlias = "Sequence[float | None] | pd.Series[Any]"
Texts: TypeAlias = "Sequence[str | None]"

# Kinds of rows, by how sure a figure is.
EXACT: Final = "exact"
SHARE: Final = "share"
DRAWN: Final = "drawn"
LOOKED_AT: Final = "looked at"


def counts(days: Sequence[str], table: str, measure: str, hits: Numbers) -> Figures:
    """Counts that are exact: the interval is the figure itself; None where a count is not known."""
    exact = np.asarray(hits, dtype=np.float64)
    return _rows(days, table, measure, EXACT, value=exact, hits=exact)


def shares(days: Sequence[str], table: str, measure: str, hits: Numbers, of: Numbers) -> Figures:
    """Shares of rows; no value where there are no rows."""
    return _quotients(days, table, measure, SHARE, hits, of)


def ratios(days: Sequence[str], table: str, measure: str, rows: Numbers, usual: Numbers, *, exact: bool) -> Figures:
    """Rows against the rows that were to be expected; no value where nothing (or None) was to be expected.

    Args:
        days: release days.
        table: the table.
        measure: the measure.
        rows: rows counted.
        usual: rows to be expected.
        exact: whether the two should be equal to the row; else the rows counted are one draw of many.
    """
    return _quotients(days, table, measure, EXACT if exact else DRAWN, rows, usual)


def texts(
    days: Sequence[str],
    table: str,
    measure: str,
    text: Texts,
    *,
    hits: Numbers | None = None,
    identifier: Texts | None = None,
) -> Figures:
    """Values to be looked at one by one; a null text is a row in which there is nothing to look at."""
    columns = {"text": np.array(text, dtype=object)}
    if hits is not None:
        columns["hits"] = np.asarray(hits, dtype=np.float64)
    if identifier is not None:
        columns["identifier"] = np.array(identifier, dtype=object)
    return _rows(days, table, measure, LOOKED_AT, **columns)


def as_frame(parts: Sequence[Figures]) -> pd.DataFrame:
    """All rows one below the other, with `low` and `high`."""
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    value, hits, of, kind = (columns[name] for name in ("value", "hits", "of", "kind"))
    low, high = value.copy(), value.copy()
    unknown = np.isnan(value) & (kind != LOOKED_AT)
    low[unknown], high[unknown] = 0.0, np.inf
    share, drawn = ~unknown & (kind == SHARE), ~unknown & (kind == DRAWN)
    low[share], high[share] = share_interval(hits[share], of[share])
    least, most = count_interval(hits[drawn])
    low[drawn], high[drawn] = least / of[drawn], most / of[drawn]
    return pd.DataFrame(
        {name: pd.Series(column, dtype=column.dtype) for name, column in {**columns, "low": low, "high": high}.items()}
    )


def lists(frame: pd.DataFrame, *columns: str) -> tuple[list[Any], ...]:
    """Columns as lists, which are quicker to go through than the columns themselves."""
    return tuple(frame[column].tolist() for column in columns)


def _quotients(days: Sequence[str], table: str, measure: str, kind: str, hits: Numbers, of: Numbers) -> Figures:
    some, total = np.asarray(hits, dtype=np.float64), np.asarray(of, dtype=np.float64)
    total = np.where(total > 0, total, np.nan)
    return _rows(days, table, measure, kind, value=some / total, hits=some, of=total)


def _rows(days: Sequence[str], table: str, measure: str, kind: str, **columns: npt.NDArray[Any]) -> Figures:
    number = len(days)
    keys = {"release_date": np.array(days, dtype=object)}
    same = {"table_name": table, "measure": measure, "kind": kind}
    constant = {name: np.full(number, word, dtype=object) for name, word in same.items()}
    unknown = {name: np.full(number, np.nan) for name in ("value", "hits", "of")}
    nothing = {name: np.full(number, None, dtype=object) for name in ("text", "identifier")}
    return {**keys, **constant, **unknown, **nothing, **columns}
