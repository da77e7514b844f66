"""Which words of two names are the same, and how rare those are that only one of them has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

SHORT_WORD: Final = 5
LONG_WORD: Final = 9
"""Letters from which one typing error is forgiven, and from which two are."""
SHORTEST_ABBREVIATION: Final = 3
_VOWELS: Final = str.maketrans("", "", "AEIOUY")

Listed = tuple[tuple[str, int], ...]
"""Words of a name with their rarity."""


@dataclass(frozen=True, slots=True)
class Match:
    """How the words of two names agree.

    Attributes:
        how: `equal` (the same words), `joined` (but for blanks), `typed` (but for typing errors and abbreviations),
        `cut` (one is
            the other's beginning, cut), `more` (one has more words), `mixed` (both have), `none` (no word in common).
        shared: rarity of the words in common, added up.
        spare: of the words that only the left, only the right has.
        rest: these words.
    """

    how: str
    shared: int
    spare: tuple[int, int]
    rest: tuple[tuple[str, ...], tuple[str, ...]]


def match_words(a: Listed, b: Listed, cut: tuple[bool, bool], *, same_letters: bool = False) -> Match:
    """Compare the words of two names.

    Args:
        a: words of one.
        b: words of the other.
        cut: of each, whether its last word may be a part of one.
        same_letters: both are written alike but for blanks.
    """
    if a == b:
        return Match("equal", _sum(a), (0, 0), ((), ()))
    if same_letters:
        return Match("joined", max(_sum(a), _sum(b)), (0, 0), ((), ()))
    left, right = list(a), list(b)
    shared, how = 0, "equal"
    for word in a:
        if word in right:
            left.remove(word)
            right.remove(word)
            shared += word[1]
    if left and right and _letters(left) == _letters(right):
        shared += max(_sum(left), _sum(right)) // 2
        return Match("joined", shared, (0, 0), ((), ()))
    for pair in ((left, right), (right, left)):
        shared, how = _match_joined(*pair, shared, how)
    shared, how = _match_alike(left, right, shared, how)
    for own, other, names, is_cut in ((left, right, (a, b), cut[0]), (right, left, (b, a), cut[1])):
        shared, how = _match_cut(own, other, names, is_cut=is_cut, shared=shared, how=how)
    if left or right:
        how = "none" if not shared else "mixed" if left and right else "more"
    rest = (tuple(word for word, _ in left), tuple(word for word, _ in right))
    return Match(how, shared, (_sum(left), _sum(right)), rest)


def _match_joined(one: list[tuple[str, int]], other: list[tuple[str, int]], shared: int, how: str) -> tuple[int, str]:
    """Take out words of one side that the other writes in two (CABLEWORKS)."""
    for word in list(one):
        for at in range(len(other) - 1):
            if other[at][0] + other[at + 1][0] == word[0]:
                one.remove(word)
                del other[at : at + 2]
                return shared + word[1], "joined"
    return shared, how


def _match_alike(left: list[tuple[str, int]], right: list[tuple[str, int]], shared: int, how: str) -> tuple[int, str]:
    """Take out words that differ by a typing error, or of which one abbreviates the other."""
    for word in list(left):
        match = next((other for other in right if typing_error(word[0], other[0])), None)
        if match is None:
            match = next((other for other in right if _abbreviates(word[0], other[0])), None)
        if match is not None:
            left.remove(word)
            right.remove(match)
            shared += min(word[1], match[1])
            how = "typed"
    return shared, how


def _match_cut(
    own: list[tuple[str, int]],
    other: list[tuple[str, int]],
    names: tuple[Listed, Listed],
    *,
    is_cut: bool,
    shared: int,
    how: str,
) -> tuple[int, str]:
    """Take out the last word of a cut name with the word that it begins, and what the cut has taken away."""
    mine, theirs = names
    if not (is_cut and mine and other):
        return shared, how
    if own and own[-1] == mine[-1]:
        match = next((word for word in other if word[0].startswith(own[-1][0])), None)
        if match is None:
            return shared, how
        own.pop()
        other.remove(match)
        shared += match[1] // 2
        how = "cut"
    if not own:
        # words behind the last one that both have were lost
        last = max((at for at, word in enumerate(theirs) if word not in other), default=-1)
        if last >= 0 and all(theirs.index(word) > last for word in other):
            other.clear()
            how = "cut"
    return shared, how


@lru_cache(maxsize=200_000)
def typing_error(word: str, other: str) -> bool:
    """Return whether two words differ by one typing error, or by two if they are long."""
    length = min(len(word), len(other))
    if length < SHORT_WORD - 1 or abs(len(word) - len(other)) > 2:
        return False
    allowed = 2 if length >= LONG_WORD else 1
    if length == SHORT_WORD - 1 and word[0] != other[0]:
        return False
    return bool(OSA.distance(word, other, score_cutoff=allowed) <= allowed)


def mistyped_among(word: str, written: Iterable[str]) -> bool:
    """Return whether a word is one of others with a typing error, or cut."""
    return any(typing_error(word, other) or (len(word) >= 3 and other.startswith(word)) for other in written)


def _abbreviates(word: str, other: str) -> bool:
    short, long = sorted((word, other), key=len)
    if len(short) < SHORTEST_ABBREVIATION or len(long) < len(short) + 2:
        return False
    # PROD for PRODUCTION, MSTR for MASTER
    return (len(short) >= 4 and long.startswith(short)) or (long[0] + long[1:].translate(_VOWELS)) == short


def _letters(listed: Iterable[tuple[str, int]]) -> str:
    return "".join(word for word, _ in listed)


def _sum(listed: Iterable[tuple[str, int]]) -> int:
    return sum(rarity for _, rarity in listed)
