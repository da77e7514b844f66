"""Invented words that names are built on."""

from __future__ import annotations

from typing import Final

from simulator.basis.draws import Ints
from simulator.names.texts import Text, glue, pick, pool
from simulator.names.words import FIRST, MIDDLE, SECOND, SUPPLIER_ENDS

STEMS: Final = len(FIRST) * len(SECOND) * len(SUPPLIER_ENDS)
"""Words without a middle; numbers from here on have one."""
_STEP: Final = 7919
"""Prime to the number of stems: neighbours are not similar."""


def stems(numbers: Ints, ends: tuple[str, ...]) -> Text:
    """The word of each number, with one of the given ends (as many as SUPPLIER_ENDS)."""
    return glue(*stem_halves(numbers, ends))


def stem_halves(numbers: Ints, ends: tuple[str, ...]) -> tuple[Text, Text]:
    """The same word in two halves."""
    middle, code = numbers // STEMS, (numbers * _STEP + 13) % STEMS
    code, first = code // len(FIRST), code % len(FIRST)
    end, second = code // len(SECOND), code % len(SECOND)
    front = glue(pick(pool(FIRST), first), pick(pool(MIDDLE), middle % len(MIDDLE)), pick(pool(SECOND), second))
    return front, pick(pool(ends), end)
