"""Three letters at a time: which texts hold which, so that a name is found although letters of it are wrong.

A word is taken with a blank before and after it: ACME holds ` AC`, `ACM`, `CME`, `ME `. So the order of words does not
count, and a wrong letter costs three of them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

Ints = npt.NDArray[np.int32]

SYMBOLS: Final = 64
"""A blank, 26 letters, 10 digits, and 27 for the bytes of all other letters."""
TRIGRAMS: Final = SYMBOLS**3
TEXTS_AT_ONCE: Final = 400_000
"""Texts whose trigrams are sorted at once: some 12 million, 100 MB."""
FOLD_SQL: Final = r"trim(regexp_replace(upper(strip_accents({text})), '[^\pL\pN]+', ' ', 'g'))"
"""`fold` in DuckDB, for millions of texts."""

_SIGNS: Final = re.compile(r"[\W_]+")


def _symbols() -> npt.NDArray[np.int32]:
    table = np.zeros(256, np.int32)
    table[ord("A") : ord("Z") + 1] = np.arange(1, 27)
    table[ord("0") : ord("9") + 1] = np.arange(27, 37)
    table[128:] = 37 + np.arange(128) % 27
    return table


_SYMBOL: Final = _symbols()


def fold(text: str) -> str:
    """Upper-case words of letters and digits without accents, one blank between."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return _SIGNS.sub(" ", plain.upper()).strip()


def trigrams(folded: str) -> npt.NDArray[np.int32]:
    """The distinct trigrams of a folded text, as numbers below `TRIGRAMS`, in order."""
    return np.unique(_codes(np.frombuffer(f" {folded} ".encode(), np.uint8))[0])


def texts_by_trigram(texts: pa.LargeStringArray) -> tuple[npt.NDArray[np.int64], Ints, Ints]:
    """Which texts hold which trigram.

    Args:
        texts: folded, without nulls.

    Returns:
        The place where the list of each trigram begins (and at last where the last one ends); the lists one after the
        other, as numbers of texts, each in order; how many distinct trigrams each text has.
    """
    chunks: list[tuple[Ints, Ints]] = []
    sizes = np.zeros(len(texts), np.int32)
    for first in range(0, len(texts), TEXTS_AT_ONCE):
        codes, holders = _pairs(texts.slice(first, TEXTS_AT_ONCE))
        sizes[first : first + TEXTS_AT_ONCE] = np.bincount(holders, minlength=min(TEXTS_AT_ONCE, len(texts) - first))
        chunks.append((np.bincount(codes, minlength=TRIGRAMS).astype(np.int32), holders + np.int32(first)))
    starts = np.zeros(TRIGRAMS + 1, np.int64)
    for counts, _ in chunks:
        starts[1:] += counts
    np.cumsum(starts, out=starts)
    lists = np.empty(starts[-1], np.int32)
    filled = starts[:-1].copy()
    for counts, holders in chunks:
        # each run of one trigram goes behind what earlier chunks have put into its list
        begins = np.cumsum(counts, dtype=np.int64) - counts
        lists[np.repeat(filled - begins, counts) + np.arange(len(holders))] = holders
        filled += counts
    return starts, lists, sizes


def _pairs(texts: pa.LargeStringArray) -> tuple[Ints, Ints]:
    """Distinct pairs of trigram and place of the text, in order."""
    padded = pc.binary_join_element_wise(*(pa.scalar(" ", pa.large_string()), texts, pa.scalar("", pa.large_string())))
    _, offsets, data = padded.buffers()
    ends = np.frombuffer(offsets, np.int64)[padded.offset : padded.offset + len(padded) + 1]
    letters = np.append(np.frombuffer(data, np.uint8)[ends[0] : ends[-1]], np.uint8(ord(" ")))
    codes, middle = _codes(letters)
    holders = np.repeat(np.arange(len(padded), dtype=np.int64), np.diff(ends))
    keys = codes.astype(np.int64) << 32
    keys |= holders[middle]
    keys.sort()
    keys = keys[np.flatnonzero(np.diff(keys, prepend=-1))]
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)


def _codes(letters: npt.NDArray[np.uint8]) -> tuple[Ints, npt.NDArray[np.int64]]:
    """The trigrams around each letter that is no blank, and the places of these letters."""
    symbols = _SYMBOL[letters]
    middle = np.flatnonzero(symbols[1:-1]) + 1
    return (symbols[middle - 1] * SYMBOLS + symbols[middle]) * SYMBOLS + symbols[middle + 1], middle
