"""Typing errors, made in many texts at once.

Texts are upper-case ASCII; all letters lie side by side in one buffer, and an error is a change at one place in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from simulator.basis.draws import Bools, Draws, Floats, Ints
from simulator.names.texts import Text, body_and_offsets, glue

Bytes = npt.NDArray[np.uint8]

SWAPPED, DROPPED, DOUBLED, WRONG_KEY = range(4)
SLIP_WEIGHTS: Final = (34.0, 28.0, 20.0, 18.0)
"""Two letters swapped, one left out, one doubled, the key beside it: as often as in typed names."""
SHORTEST_WORD: Final = 4
"""Shorter words are typed well: an error in UNIT II or in A B C would make another name of it."""
_KEYBOARD: Final = ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM")
_BLANK: Final = ord(" ")


def slip(draws: Draws, keys: Ints, purpose: str, text: Text) -> Text:
    """Each text with one typing error inside a word; those of short words only stay as they are."""
    flat = _Flat.of(text)
    letter = _letters(flat.body)
    inside = letter & _behind(letter) & (_word_length(letter) >= SHORTEST_WORD)
    rows, at = flat.choose(inside, draws.uniform(keys, f"{purpose}.place"))
    kind = draws.among(keys[rows], f"{purpose}.kind", SLIP_WEIGHTS)
    # the last letter of a word has none to swap with, and twins swapped are the same
    lone = ~letter[at + 1] | (flat.body[at + 1] == flat.body[at])
    kind = np.where((kind == SWAPPED) & lone, DOUBLED, kind)
    body = flat.body.copy()
    swap, wrong = at[kind == SWAPPED], at[kind == WRONG_KEY]
    body[swap], body[swap + 1] = flat.body[swap + 1], flat.body[swap]
    side = draws.below(keys[rows], f"{purpose}.side", 2)[kind == WRONG_KEY]
    body[wrong] = _beside()[flat.body[wrong], side]
    return (
        flat.with_body(body)
        .edited(
            removed=(rows[kind == DROPPED], at[kind == DROPPED]),
            added=(rows[kind == DOUBLED], at[kind == DOUBLED], body[at[kind == DOUBLED]]),
        )
        .text()
    )


def other_letter(draws: Draws, keys: Ints, purpose: str, text: Text) -> Text:
    """Each text with one letter made another one of its sort: a vowel a vowel, a consonant a consonant."""
    flat = _Flat.of(text)
    letter = _letters(flat.body)
    sorts = (b"AEIOU", b"BDFGKLMNPRSTVZ")
    sorted_ = np.isin(flat.body, np.frombuffer(b"".join(sorts), dtype=np.uint8))
    rows, at = flat.choose(sorted_ & _behind(letter), draws.uniform(keys, f"{purpose}.place"))
    body = flat.body.copy()
    old = body[at]
    for sort in sorts:
        letters = np.frombuffer(sort, dtype=np.uint8)
        position = np.searchsorted(letters, old)
        fits = letters[np.minimum(position, len(letters) - 1)] == old
        step = 1 + draws.below(keys[rows], f"{purpose}.step", len(letters) - 1)
        body[at] = np.where(fits, letters[(position + step) % len(letters)], body[at])
    return flat.with_body(body).text()


def without_blank(draws: Draws, keys: Ints, purpose: str, text: Text) -> Text:
    """Each text with one of its blanks lost."""
    flat = _Flat.of(text)
    rows, at = flat.choose(flat.body == _BLANK, draws.uniform(keys, purpose))
    return flat.edited(removed=(rows, at)).text()


def with_blank(draws: Draws, keys: Ints, purpose: str, text: Text) -> Text:
    """Each text with one of its longer words broken in two."""
    flat = _Flat.of(text)
    letter = _letters(flat.body)
    place = letter & _behind(letter) & _behind(_behind(letter)) & (_word_length(letter) > SHORTEST_WORD)
    rows, at = flat.choose(place, draws.uniform(keys, purpose))
    blanks = np.full(len(at), _BLANK, dtype=np.uint8)
    return flat.edited(added=(rows, at, blanks)).text()


@dataclass(frozen=True)
class _Flat:
    """Texts as one buffer, each with a line feed behind it, so that no word reaches into the next text.

    Attributes:
        body: all signs.
        starts: place at which each text begins; the last entry is the buffer's end.
    """

    body: Bytes
    starts: Ints

    @classmethod
    def of(cls, text: Text) -> _Flat:
        body, starts = body_and_offsets(glue(text, "\n"))
        return cls(np.frombuffer(body, dtype=np.uint8)[: starts[-1]], starts)

    def with_body(self, body: Bytes) -> _Flat:
        return _Flat(body, self.starts)

    def choose(self, places: Bools, point: Floats) -> tuple[Ints, Ints]:
        """Rows that have such a place, and one of their places, by a number in [0, 1) for each row."""
        every = np.flatnonzero(places)
        first = np.searchsorted(every, self.starts)
        count = np.diff(first)
        rows = np.flatnonzero(count > 0)
        return rows, every[first[rows] + (point[rows] * count[rows]).astype(np.int64)]

    def edited(self, removed: tuple[Ints, Ints] | None = None, added: tuple[Ints, Ints, Bytes] | None = None) -> _Flat:
        """One letter taken out of some rows, and one put before a place in others: rows, places, letters."""
        change = np.zeros(len(self.starts), dtype=np.int64)
        body = self.body
        if added is not None:
            rows, at, signs = added
            order = np.argsort(at, kind="stable")
            change[rows + 1] += 1
            body = np.insert(body, at[order], signs[order])
        if removed is not None:
            rows, at = removed
            change[rows + 1] -= 1
            # places behind an added letter have moved
            moved = at if added is None else at + np.searchsorted(np.sort(added[1]), at, side="right")
            body = np.delete(body, moved)
        return _Flat(body, self.starts + np.cumsum(change))

    def text(self) -> Text:
        offsets = pa.py_buffer(self.starts.astype(np.int32))
        lines = pa.StringArray.from_buffers(len(self.starts) - 1, offsets, pa.py_buffer(self.body.tobytes()))
        return pc.utf8_slice_codeunits(lines, 0, -1)


def _letters(body: Bytes) -> Bools:
    return np.asarray((body >= ord("A")) & (body <= ord("Z")))


def _behind(mask: Bools) -> Bools:
    """Places whose left neighbour has the mark."""
    return np.concatenate([[False], mask])[: len(mask)]


def _word_length(letter: Bools) -> Ints:
    """Length of the word that each letter belongs to."""
    word = np.cumsum(letter & ~_behind(letter))
    lengths = np.bincount(word, weights=letter)
    return lengths[word].astype(np.int64)


def _beside() -> npt.NDArray[Any]:
    """For each sign the keys at its left and right."""
    table = np.stack([np.arange(256), np.arange(256)], axis=1).astype(np.uint8)
    for line in _KEYBOARD:
        for place, key in enumerate(line):
            table[ord(key), 0] = ord(line[place - 1] if place else line[1])
            table[ord(key), 1] = ord(line[place + 1] if place + 1 < len(line) else line[-2])
    return table
