"""The rows of the profile: figures with their intervals, and texts.

A row is one release day, table and measure. `value` is the figure, `hits` and `of` what it was made of, `low` and
`high` the bounds of the truth (see `intervals`); a figure that cannot be known yet has no value and unlimited bounds.
A measure of text has one row without bounds for each distinct or sampled value: `text`, and `hits`, how often.
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
Texts: TypeAlias = "Sequence[str | None] | pd.Series[Any]"

# How certain a figure is.
EXACT: Final = "exact"
SHARE: Final = "share"
DRAWN: Final = "drawn"
TEXT: Final = "text"


def counts(days: Texts, table: str | Texts, measure: str, hits: Numbers, text: Texts | None = None) -> Figures:
    """Return exact counts: both bounds are the figure; None where a count is not known. `text` may list examples."""
    exact = np.asarray(hits, dtype=np.float64)
    examples = {} if text is None else {"text": np.array(text, dtype=object)}
    return _rows(days, table, measure, EXACT, value=exact, hits=exact, **examples)


def shares(days: Texts, table: str | Texts, measure: str, hits: Numbers, of: Numbers) -> Figures:
    """Return shares of rows; no value where there are no rows."""
    return _quotients(days, table, measure, SHARE, hits, of)


def ratios(days: Texts, table: str | Texts, measure: str, rows: Numbers, usual: Numbers, *, exact: bool) -> Figures:
    """Return rows against the rows expected; no value where nothing (or None) was expected.

    Args:
        days: release days.
        table: the table, or one for each day.
        measure: the measure.
        rows: rows counted.
        usual: rows expected.
        exact: whether the two should be equal to the row; else the rows counted are one draw of many.
    """
    return _quotients(days, table, measure, EXACT if exact else DRAWN, rows, usual)


def texts(days: Texts, table: str, measure: str, text: Texts, hits: Numbers | None = None) -> Figures:
    """Return values to be judged one by one; a null text is a row in which there is nothing to judge."""
    number = {} if hits is None else {"hits": np.asarray(hits, dtype=np.float64)}
    return _rows(days, table, measure, TEXT, text=np.array(text, dtype=object), **number)


def as_frame(parts: Sequence[Figures]) -> pd.DataFrame:
    """Return all rows, with `low` and `high`."""
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    value, hits, of, kind = (columns[name] for name in ("value", "hits", "of", "kind"))
    low, high = value.copy(), value.copy()
    unknown = np.isnan(value) & (kind != TEXT)
    low[unknown], high[unknown] = 0.0, np.inf
    share, drawn = ~unknown & (kind == SHARE), ~unknown & (kind == DRAWN)
    low[share], high[share] = share_interval(hits[share], of[share])
    least, most = count_interval(hits[drawn])
    low[drawn], high[drawn] = least / of[drawn], most / of[drawn]
    return pd.DataFrame(
        {name: pd.Series(column, dtype=column.dtype) for name, column in {**columns, "low": low, "high": high}.items()}
    )


def _quotients(days: Texts, table: str | Texts, measure: str, kind: str, hits: Numbers, of: Numbers) -> Figures:
    some, total = np.asarray(hits, dtype=np.float64), np.asarray(of, dtype=np.float64)
    total = np.where(total > 0, total, np.nan)
    return _rows(days, table, measure, kind, value=some / total, hits=some, of=total)


def _rows(days: Texts, table: str | Texts, measure: str, kind: str, **columns: npt.NDArray[Any]) -> Figures:
    number = len(days)
    keys = {"release_date": days, "table_name": table, "measure": measure, "kind": kind, "text": None}
    same = {name: np.broadcast_to(np.asarray(key, dtype=object), (number,)) for name, key in keys.items()}
    unknown = {name: np.full(number, np.nan) for name in ("value", "hits", "of")}
    return {**same, **unknown, **columns}
