"""What a record of some weeks can show: the shortest silence of a customer that would be an alert."""

from __future__ import annotations

from typing import Final

import numpy as np

from pipeline.detection.events.gaps import USUAL_STEADY, Gaps, Pool
from pipeline.detection.events.lost import USUAL_LINE
from pipeline.detection.events.silence import LEAST_ACTIVE, LEAST_SEEN, LEAST_SILENT
from pipeline.thresholds import YEAR_WEEKS

FULL_WEEKS: Final = YEAR_WEEKS + YEAR_WEEKS // 2
"""Weeks of records from which on a customer of a bill a month is judged as well as it will ever be."""
_USUAL: Final = Pool(1.0, USUAL_STEADY)


def shortest_silence(weeks: int, every: int) -> int | None:
    """Return how many silent weeks show that a customer is lost, of one that shipped every so many weeks until then.

    By the line that holds where nothing is learnt from other customers, so that it promises too little rather than
    too much.

    Args:
        weeks: length of the record, the silence included.
        every: weeks from one bill to the next.

    Returns:
        None where no silence inside the record shows it.
    """
    for silent in range(LEAST_SILENT, weeks):
        gaps = (min(weeks - silent, YEAR_WEEKS) - 1) // every
        if gaps + 1 < LEAST_ACTIVE or gaps * every + 1 < LEAST_SEEN:
            return None
        count, total, squares, length = (np.array([float(n)]) for n in (gaps, gaps * every, gaps * every**2, silent))
        if _USUAL.rhythm(Gaps(count, total, squares, length)).unlikely(length)[0] >= USUAL_LINE:
            return silent
    return None
