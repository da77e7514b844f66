"""The form of the profile: rows of figures with their intervals, and rows of texts.

A row is one release day, table and measure. `value` is the figure, `hits` and `of` what it was made of, `low` and
`high` between which figures the truth surely lies (see `intervals`); a figure that cannot be known yet has no value
and an interval that holds everything. A measure of text has one row for each distinct (or sampled) value: `text`,
`hits` how often, `identifier` where.

Belongs here: that form. Does not belong here: where figures come from (see `profile`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.quality.intervals import count_interval, share_interval

NUMBERS: Final = ("value", "hits", "of", "low", "high")
TEXTS: Final = ("text", "identifier")


Numbers: TypeAlias = "Sequence[float | None] | pd.Series[Any]"
Strings: TypeAlias = "Sequence[str] | Sequence[str | None] | pd.Series[Any]"


def counts(days: Strings, table: str, measure: str, hits: Numbers) -> pd.DataFrame:
    """Counts that are exact: the interval is the figure itself; None where a count is not known."""
    exact = np.asarray(hits, dtype=np.float64)
    known = ~np.isnan(exact)
    return _rows(
        days,
        table,
        measure,
        value=exact,
        hits=exact,
        low=np.where(known, exact, 0.0),
        high=np.where(known, exact, np.inf),
    )


def shares(days: Strings, table: str, measure: str, hits: Numbers, of: Numbers) -> pd.DataFrame:
    """Shares of rows; no value where there are no rows."""
    some, total = np.asarray(hits, dtype=np.float64), np.asarray(of, dtype=np.float64)
    low, high = share_interval(some, total)
    value = np.divide(some, total, out=np.full(total.shape, np.nan), where=total > 0)
    return _rows(days, table, measure, value=value, hits=some, of=total, low=low, high=high)


def ratios(days: Strings, table: str, measure: str, rows: Numbers, usual: Numbers, *, exact: bool) -> pd.DataFrame:
    """Rows against the rows that were to be expected; no value where nothing (or None) was to be expected.

    Args:
        days: release days.
        table: the table.
        measure: the measure.
        rows: rows counted.
        usual: rows to be expected.
        exact: whether the two should be equal to the row; else the rows counted are one draw of many.
    """
    seen, base = np.asarray(rows, dtype=np.float64), np.asarray(usual, dtype=np.float64)
    base = np.where(base > 0, base, np.nan)
    least, most = (seen, seen) if exact else count_interval(seen)
    known = ~np.isnan(base)
    return _rows(
        days,
        table,
        measure,
        value=seen / base,
        hits=seen,
        of=base,
        low=np.where(known, least / base, 0.0),
        high=np.where(known, most / base, np.inf),
    )


def texts(
    days: Strings,
    table: str,
    measure: str,
    text: Strings,
    *,
    hits: Numbers | None = None,
    identifier: Strings | None = None,
) -> pd.DataFrame:
    """Values to be looked at one by one; a null text is a row in which there is nothing to look at."""
    columns: dict[str, npt.NDArray[Any]] = {"text": _objects(text)}
    if hits is not None:
        columns["hits"] = np.asarray(hits, dtype=np.float64)
    if identifier is not None:
        columns["identifier"] = _objects(identifier)
    return _rows(days, table, measure, **columns)


def stacked(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All parts one below the other."""
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _rows(days: Strings, table: str, measure: str, **columns: npt.NDArray[Any]) -> pd.DataFrame:
    number = len(days)
    empty = {name: np.full(number, np.nan) for name in NUMBERS} | {name: np.full(number, None) for name in TEXTS}
    keys = {"release_date": _objects(days), "table_name": np.full(number, table), "measure": np.full(number, measure)}
    return pd.DataFrame({**keys, **empty, **columns})


def _objects(values: Strings) -> npt.NDArray[Any]:
    """The values as Python objects, None where there is none."""
    found = np.asarray(values, dtype=object)
    return np.where(pd.isna(found), None, found)
