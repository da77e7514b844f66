"""Which spellings are worth comparing: those that share a key.

A reading gives some twenty keys: its telling words with each letter left out once (so that one typing error still
meets), pairs of words, a word with the city, a word with the house number, the beginning of the name without blanks.
Two readings that share a key that not too many have are candidates.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import combinations
from typing import Final

from pipeline.entities.names.features import Side

MOST_SHARING: Final = 120
"""Readings that may share a key; above, the key says little, and narrower keys (with a city, with a house) do its
work."""
SHORTEST_WORD: Final = 3
TYPED_FROM: Final = 5
"""Letters from which a typing error is looked for."""
BEGINNING: Final = 7
"""Letters of a name without blanks."""
WORDS_PAIRED: Final = 5
PLACES_KEYED: Final = 3


def keys(kind: str, side: Side) -> set[int]:
    """The keys of a reading; keys of two kinds of party never meet."""
    return {_number(f"{kind[0]}{key}") for key in _texts(side)}


def _texts(side: Side) -> Iterator[str]:
    reading = side.reading
    for word in side.brands:
        if len(word) >= SHORTEST_WORD:
            yield f"w{word}"
        if len(word) >= TYPED_FROM:
            for at in range(len(word)):
                yield f"w{word[:at]}{word[at + 1 :]}"
    if len(side.joined) >= BEGINNING - 1:
        yield f"j{side.joined[:BEGINNING]}"
    tellings = sorted(set(side.telling))[:WORDS_PAIRED]
    spoken = sorted({*side.telling, *side.trades})[:WORDS_PAIRED]
    for one, other in combinations(spoken, 2):
        yield f"p{one}+{other}"
    # a name of common words alone is known by all of them, and by where it is
    everything = "+".join(sorted({*side.telling, *side.trades, *side.generics}))
    yield f"g{everything}"
    for city in sorted({*reading.cities, *reading.name_places})[:PLACES_KEYED]:
        yield f"g{everything}@{city}"
        for word in tellings:
            yield f"c{word}@{city}"
    for house in sorted(reading.houses, key=lambda house: (-len(house), house))[:PLACES_KEYED]:
        for word in tellings or spoken:
            yield f"h{word}#{house}"
        for code in sorted(reading.zips)[:1]:
            yield f"z{house}#{code}"
        longest = max(reading.streets, key=lambda word: (len(word), word), default="")
        if len(longest) >= TYPED_FROM:
            yield f"s{house}#{longest}"


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def pairs_sql(keyed: str, new: str | None = None) -> str:
    """A query for the pairs (a, b), a < b, of signatures that share a key, with the least key that they share.

    In the order of that key a spelling stands in few places, however many pairs it is in.

    Args:
        keyed: table of `key, signature`, the new ones among them.
        new: table of `signature`: only pairs with one of them; None for all pairs.
    """
    wanted = "" if new is None else f"where key in (select key from {keyed} semi join {new} using (signature))"
    fresh = "near" if new is None else f"(select * from near semi join {new} using (signature))"
    return f"""
        with near as materialized (
            select key, signature
            from {keyed}
            where key in (
                select key from {keyed} {wanted} group by key having count(*) between 2 and {MOST_SHARING}
            )
        )
        select
            least(fresh.signature, near.signature) as a,
            greatest(fresh.signature, near.signature) as b,
            min(near.key) as key
        from {fresh} as fresh
        inner join near on fresh.key = near.key and fresh.signature {"<" if new is None else "<>"} near.signature
        group by 1, 2
    """
