"""Invented words that names are built on, and how they are mistyped.

Belongs here: a word for a number. Does not belong here: whole names (`spellings`).
"""

from __future__ import annotations

from typing import Final

from pipeline.sample.draws import Ints
from pipeline.sample.texts import Text, glue, pick, pool
from pipeline.sample.words import FIRST, MIDDLE, SECOND, SUPPLIER_ENDS

WHOLE, SWAPPED, DOUBLED = range(3)
"""How a word is typed: as it is, with two letters swapped, with one doubled."""
STEMS: Final = len(FIRST) * len(SECOND) * len(SUPPLIER_ENDS)
"""Words without a middle; numbers from here on have one."""
_STEP: Final = 7919
"""Prime to the number of stems: neighbours do not look alike."""


def stems(numbers: Ints, ends: tuple[str, ...], typing: Ints) -> Text:
    """The word of each number, with one of the given ends (as many as SUPPLIER_ENDS), typed well or badly."""
    middle, code = numbers // STEMS, (numbers * _STEP + 13) % STEMS
    code, first = code // len(FIRST), code % len(FIRST)
    end, second = code // len(SECOND), code % len(SECOND)
    seconds = pool([*SECOND, *(word[0] + word[2] + word[1] + word[3:] for word in SECOND)])
    all_ends = pool([*ends, *(word[:2] + word[1:] for word in ends)])
    return glue(
        pick(pool(FIRST), first),
        pick(pool(MIDDLE), middle),
        pick(seconds, second + len(SECOND) * (typing == SWAPPED)),
        pick(all_ends, end + len(ends) * (typing == DOUBLED)),
    )
