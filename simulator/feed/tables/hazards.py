"""The tables `hazmat` and `hazmatclass`: declared dangerous goods."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from pipeline.ingest.formats.ams import TABLES
from simulator.basis.draws import Ints
from simulator.basis.goods import ALL_PRODUCTS
from simulator.feed.facts import Facts, Rows
from simulator.names import words
from simulator.names.texts import Text, either, glue, lines, only, part, pick, pool, quoted

WITH_HAZMAT: Final = 0.5
"""Bills of dangerous goods that declare them."""
CLASSIFIED: Final = 0.4
"""Declarations that come with a row of `hazmatclass`."""


def hazmat(facts: Facts) -> Rows:
    """Declared dangerous goods: one row a box."""
    of, box = _dangerous(facts)
    product = facts.pair.product[of]
    draws = facts.draws
    key = facts.key[of]
    number, klass, text = _hazards()
    return Rows(
        of,
        lines(
            TABLES["hazmat"].columns,
            {
                "identifier": facts.for_rows(of),
                "container_number": pick(facts.box_number, box),
                "hazmat_sequence_number": "1",
                "hazmat_code": glue(only(draws.chance(key, "un", 0.1), "UN"), pick(number, product)),
                "hazmat_class": only(draws.chance(key, "class", 0.7), pick(klass, product)),
                "hazmat_code_qualifier": either(draws.chance(key, "imo", 0.4), "I", "U"),
                "hazmat_contact": only(
                    draws.chance(key, "contact", 0.3),
                    glue(
                        pick(pool(words.INITIALS), draws.below(key, "contact.who", len(words.INITIALS))),
                        " 1-212-555-0133",
                    ),
                ),
                "hazmat_page_number": "000",
                "hazmat_description": only(draws.chance(key, "told", 0.6), quoted(pick(text, product))),
            },
        ),
    )


def hazmatclass(facts: Facts) -> Rows:
    """Classes of a part of the dangerous goods, as a class or in words cut at 25 letters."""
    of, box = _dangerous(facts)
    shown = facts.draws.chance(facts.key[of], "classified", CLASSIFIED)
    of, box = of[shown], box[shown]
    product = facts.pair.product[of]
    _, klass, text = _hazards()
    words_of = quoted(part(pick(text, product), 0, 25))
    return Rows(
        of,
        lines(
            TABLES["hazmatclass"].columns,
            {
                "identifier": facts.for_rows(of),
                "container_number": pick(facts.box_number, box),
                "hazmat_sequence_number": "1",
                "hazmat_classification": either(
                    facts.draws.chance(facts.key[of], "words", 0.4), words_of, pick(klass, product)
                ),
            },
        ),
    )


def _dangerous(facts: Facts) -> tuple[Ints, Ints]:
    """Deliveries and boxes that declare dangerous goods."""
    dangerous = np.array([product.un_number is not None for product in ALL_PRODUCTS])[facts.pair.product]
    declared = dangerous & facts.draws.chance(facts.key, "hazmat", WITH_HAZMAT)
    box = np.flatnonzero(declared[facts.boxes.of])
    return facts.boxes.of[box], box


@cache
def _hazards() -> tuple[Text, Text, Text]:
    hazards = [product.un_number or ("", "", "") for product in ALL_PRODUCTS]
    return pool([a for a, _, _ in hazards]), pool([b for _, b, _ in hazards]), pool([c for _, _, c in hazards])
