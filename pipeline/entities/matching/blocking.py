"""Blocking: which name variants are worth comparing, namely those that share a key.

A name variant has some twenty keys: its distinctive words with each letter left out once (so that one typing error
still matches), pairs of words, a word with the city, a word with the house number, the beginning of the name without
blanks.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import combinations
from typing import Final

from pipeline.entities.names.features import Side

MOST_SHARING: Final = 120
"""Signatures that may share a key; a more frequent key says little, and narrower ones (city, house) replace it."""
SHORTEST_WORD: Final = 3
TYPED_FROM: Final = 5
"""Letters of a word from which typing errors are considered."""
BEGINNING: Final = 7
SHORTEST_NAME: Final = 5
"""Letters of a name without blanks that make a key, and of the whole name that does."""
WORDS_PAIRED: Final = 5
CITIES_KEYED: Final = 3


def keys(kind: str, side: Side) -> set[int]:
    """Return the keys of a name variant; those of two kinds of party are never equal."""
    return {_number(f"{kind[0]}{key}") for key in _texts(side)}


def _texts(side: Side) -> Iterator[str]:
    for name in (side, side.alias):
        if name is not None:
            yield from _texts_of_name(name)


def _texts_of_name(side: Side) -> Iterator[str]:
    name, place = side.name, side.place
    for word in name.brands:
        if len(word) >= SHORTEST_WORD:
            yield f"w{word}"
        if len(word) >= TYPED_FROM:
            for at in range(len(word)):
                yield f"w{word[:at]}{word[at + 1 :]}"
    if len(name.letters) >= SHORTEST_NAME:
        yield f"j{name.letters[:BEGINNING]}"
    words = sorted(set(name.distinctive))[:WORDS_PAIRED]
    spoken = sorted({*name.distinctive, *name.trades})[:WORDS_PAIRED]
    for one, other in combinations(spoken, 2):
        yield f"p{one}+{other}"
    # a name of common words alone has all of them as its key, also with its city
    everything = "+".join(sorted({*name.distinctive, *name.trades, *name.generics}))
    yield f"g{everything}"
    for city in sorted({*place.cities, *name.parts.name_places, place.state} - {""})[:CITIES_KEYED]:
        yield f"g{everything}@{city}"
        for word in words:
            yield f"c{word}@{city}"
    for house in sorted(place.houses, key=lambda house: (-len(house), house))[:CITIES_KEYED]:
        for word in words or spoken:
            yield f"h{word}#{house}"
        for code in sorted(place.zips)[:1]:
            yield f"z{house}#{code}"
        longest = max(place.streets, key=lambda word: (len(word), word), default="")
        if len(longest) >= TYPED_FROM:
            yield f"s{house}#{longest}"


def _number(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


def pairs_sql(keyed: str, new: str | None = None) -> str:
    """Return a query for the pairs (a, b), a < b, of signatures that share a key, with the least key that they share.

    In the order of that key the pairs of a signature are close together, which makes scoring faster.

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
