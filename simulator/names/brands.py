"""The word by which a firm is known: an invented one, or one of those that several firms are known by."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.basis import situations
from simulator.basis.draws import Bools, Draws, Floats, Ints
from simulator.names import words
from simulator.names.mistyping import other_letter
from simulator.names.stems import stem_halves
from simulator.names.texts import Text, altered, differs, either, glue, only, pick, pool, replaced

TWO_WORDS: Final = 0.4
TWO_WORDS_ELSEWHERE: Final = 0.08
"""Firms of two words (HUA XIN), in China and its neighbours and elsewhere."""
_LETTERS: Final = len(words.RARE_LETTERS)


def brands(draws: Draws, ends: tuple[str, ...], stem: Ints, word: Ints, younger: Bools, eastern: Bools) -> Text:
    """The word of each firm, as registered.

    Args:
        draws: of the world.
        ends: of invented words.
        stem: number of the word.
        word: what the word is (`firms.Firms.word`).
        younger: firms that came into their situation later: of three letters the last is theirs.
        eastern: firms of countries whose names are of two short words.
    """
    front, end = _halves(draws, ends, stem, word, younger)
    return glue(front, _gap(draws, stem, word, eastern), end)


def rejoined(draws: Draws, ends: tuple[str, ...], stem: Ints, word: Ints, younger: Bools, eastern: Bools) -> Text:
    """The same words with the blank between their halves lost, or added where there is none."""
    gap = _gap(draws, stem, word, eastern)
    front, end = _halves(draws, ends, stem, word, younger)
    joined = glue(front, either(differs(gap, ""), "", " "), end)
    # of three letters all blanks and points go
    return altered(joined, word == situations.LETTERS, lambda text, _: replaced(replaced(text, " ", ""), ".", ""))


def _gap(draws: Draws, stem: Ints, word: Ints, eastern: Bools) -> Text:
    share: Floats = np.where(eastern, TWO_WORDS, TWO_WORDS_ELSEWHERE)
    apart = draws.chance(stem, "brand.two_words", share) | np.isin(word, (situations.BRAND, situations.GENERIC))
    dotted = (word == situations.LETTERS) & draws.chance(stem, "brand.points", 0.5)
    return either(dotted, ".", only(apart | (word == situations.LETTERS), " "))


def _halves(draws: Draws, ends: tuple[str, ...], stem: Ints, word: Ints, younger: Bools) -> tuple[Text, Text]:
    front, end = stem_halves(stem, ends)
    near = word == situations.NEAR
    front = altered(front, near, lambda text, rows: other_letter(draws, stem[rows], "brand.near", text))
    for kind, first, second in (
        (situations.BRAND, words.FIRST_BRAND_WORDS, words.SECOND_BRAND_WORDS),
        (situations.GENERIC, words.FIRST_GENERIC_WORDS, words.SECOND_GENERIC_WORDS),
    ):
        front = either(word == kind, pick(pool(first), draws.below(stem, "brand.first", len(first))), front)
        end = either(word == kind, pick(pool(second), draws.below(stem, "brand.second", len(second))), end)
    letters = word == situations.LETTERS
    one, two, three = (draws.below(stem, f"brand.letter.{n}", _LETTERS) for n in range(3))
    three = np.where(younger, three + 1, three) % _LETTERS
    sign = pool(words.RARE_LETTERS)
    dot = draws.chance(stem, "brand.points", 0.5)
    front = either(letters, glue(pick(sign, one), either(dot, ".", " "), pick(sign, two)), front)
    return front, either(letters, glue(pick(sign, three), only(dot, ".")), end)
