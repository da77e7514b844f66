"""The tables `cargodesc` and `tariff`: cargo in words and in codes of the Harmonised System."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from pipeline.ingest.formats.ams import TABLES
from simulator.basis.draws import Ints
from simulator.basis.goods import ALL_PRODUCTS
from simulator.feed import versions
from simulator.feed.facts import NO_CODE, Facts, Rows
from simulator.feed.tables.header import pieces
from simulator.feed.tables.item_lists import with_items
from simulator.names.texts import (
    Text,
    case,
    digits,
    either,
    glue,
    lines,
    only,
    pick,
    pool,
    quoted,
    whole,
    without_leading_zero,
)

HS_IN_TEXT: Final = 0.12
"""Bills whose cargo text names codes."""
TWICE: Final = 0.015
"""Cargo lines that come a second time under the same key with other text."""
MORE_LINES: Final = 0.22
"""Boxes with a second line of cargo."""
PERSONAL_TEXT: Final = 0.02
"""Cargo lines with a phone number or an address of mail."""
ACCENTS: Final = 0.01
"""Cargo lines with letters outside ASCII, in UTF-8."""
CODE_LENGTHS: Final = (0.08, 0.42, 0.3, 0.06, 0.14)
"""Of 2, 4, 6, 8 and 10 digits."""
READ_AS_NUMBER: Final = 0.6
"""Codes that went through a number: leading zero lost, `.0` behind."""
WITH_VALUE: Final = 0.08


def cargodesc(facts: Facts) -> Rows:
    """One to three lines of cargo a box; some come twice with other text."""
    draws, boxes = facts.draws, facts.boxes
    line = boxes.of << 10 | boxes.number
    stable = facts.key[boxes.of] << 6 | boxes.number
    more = draws.chance(stable, "lines", MORE_LINES)
    twice = draws.chance(stable, "line.twice", TWICE)
    box = np.arange(len(line))
    chosen = np.concatenate([box, box[more], box[twice]])
    sequence = np.concatenate([np.ones(len(line)), np.full(more.sum(), 2), np.ones(twice.sum())]).astype(np.int64)
    again = np.concatenate([np.zeros(len(line)), np.ones(more.sum()), np.full(twice.sum(), 2)]).astype(np.int64)
    order = np.lexsort((again, chosen))
    chosen, sequence, again = chosen[order], sequence[order], again[order]
    of = boxes.of[chosen]
    text = _description(facts, of, stable[chosen], again)
    each = np.maximum(pieces(facts)[of] // np.bincount(boxes.of, minlength=facts.count)[of], 1)
    return Rows(
        of,
        lines(
            TABLES["cargodesc"].columns,
            {
                "identifier": facts.for_rows(of),
                "container_number": pick(facts.box_number, chosen),
                "description_sequence_number": whole(sequence),
                "piece_count": only((again != 1), glue(whole(each), ".0")),
                "description_text": quoted(with_items(facts, of, stable[chosen], again, text)),
            },
        ),
    )


def _description(facts: Facts, of: Ints, stable: Ints, again: Ints) -> Text:
    draws = facts.draws
    key = stable << 2 | again
    product = facts.pair.product[of]
    first_word, word_count, all_words = _words()
    words_at = first_word[product] + draws.below(key, "word", word_count[product])
    order_no = glue(" P/O ", digits(450_000 + draws.below(facts.block["booking"][of], "po", 50_000), 6))
    with_code = draws.chance(facts.key[of], "hs.text", HS_IN_TEXT) & (again == 0)
    accent = pool([" CERÂMICA", " N° 4", " Ø 20 MM", " MAÑA"])
    personal = pool(
        [" CONTACT TEL 1-212-555-0142", " EMAIL info@example.com", " PHONE (212) 555-0177", " CALL 212-555-0119"]
    )
    tail = case(
        np.select(
            [
                with_code,
                draws.chance(key, "personal", PERSONAL_TEXT) & ~facts.plain[of],
                draws.chance(key, "accents", ACCENTS),
                draws.chance(key, "order_no", 0.3),
                draws.chance(key, "collect", 0.2),
                (facts.change[of] == versions.CHANGE_TEXT) & (again == 0),
            ],
            [1, 2, 3, 4, 5, 6],
            0,
        ),
        [
            "",
            _codes_in_text(facts, of),
            pick(personal, draws.below(key, "personal.kind", 4)),
            pick(accent, draws.below(key, "accent", 4)),
            order_no,
            " FREIGHT COLLECT",
            " AS PER REVISED INVOICE",
        ],
    )
    return glue(pick(all_words, words_at), tail)


def _codes_in_text(facts: Facts, of: Ints) -> Text:
    """`HS CODE : 681099,732690`, `HTS-CODE 8431 2000`, `H.S. CODE 6907.21`."""
    code = pick(_codes(), facts.pair.product[of] * 2)
    second = facts.second_product[of]
    more = only(second >= 0, glue(",", pick(_codes(), np.maximum(second, 0) * 2)))
    four, rest = pick(_headings(), facts.pair.product[of]), pick(_endings(), facts.pair.product[of])
    return case(
        facts.draws.below(facts.key[of], "hs.style", 3),
        [
            glue(" HS CODE : ", code, more),
            glue(" HTS-CODE ", four, " ", rest, "00", more),
            glue(" H.S. CODE ", four, ".", rest, more),
        ],
    )


def tariff(facts: Facts) -> Rows:
    """Codes of a part of the bills: one row a box, two where there is a second product."""
    draws, boxes = facts.draws, facts.boxes
    box = np.flatnonzero((facts.code_origin != NO_CODE)[boxes.of])
    doubled = box[facts.second_product[boxes.of[box]] >= 0]
    chosen = np.concatenate([box, doubled])
    second = np.concatenate([np.zeros(len(box)), np.ones(len(doubled))]).astype(np.int64)
    order = np.lexsort((second, chosen))
    chosen, second = chosen[order], second[order]
    of = boxes.of[chosen]
    product = np.where(second == 1, facts.second_product[of], facts.coded_product[of])
    share = np.bincount(boxes.of, minlength=facts.count)[of]
    kg = np.maximum(facts.kilograms[of] // share, 1)
    value = np.where(draws.chance(facts.key[of], "valued", WITH_VALUE), draws.below(facts.key[of], "value", 90_000), 0)
    return Rows(
        of,
        lines(
            TABLES["tariff"].columns,
            {
                "identifier": facts.for_rows(of),
                "container_number": pick(facts.box_number, chosen),
                "description_sequence_number": whole(1 + second),
                "harmonized_number": _code(facts, of, product),
                "harmonized_value": glue(whole(value), ".0"),
                "harmonized_weight": whole(kg),
                "harmonized_weight_unit": "Kilograms",
            },
        ),
    )


def _code(facts: Facts, of: Ints, product: Ints) -> Text:
    """A code of 2 to 10 digits; through a number it loses its leading zero and gains `.0`."""
    draws, key = facts.draws, facts.key[of]
    size = draws.among(key, "code.length", CODE_LENGTHS)
    size = np.where(facts.plain[of] & (size == 0), 1, size)
    ten = pick(_codes(), product * 2 + draws.below(key, "code.which", 2))
    four, two = pick(_headings(), product), pick(_chapters(), product)
    text = case(size, [two, four, ten, glue(ten, "00"), glue(ten, "0000")])
    numbered = glue(without_leading_zero(text), ".0")
    return either(draws.chance(facts.pair.key[of], "code.number", READ_AS_NUMBER), numbered, text)


@cache
def _words() -> tuple[Ints, Ints, Text]:
    """First row and number of each product's descriptions, and all of them."""
    counts = np.array([len(product.words) for product in ALL_PRODUCTS])
    return np.cumsum(counts) - counts, counts, pool([text for product in ALL_PRODUCTS for text in product.words])


@cache
def _codes() -> Text:
    return pool([code for product in ALL_PRODUCTS for code in product.codes])


@cache
def _headings() -> Text:
    return pool([product.hs4 for product in ALL_PRODUCTS])


@cache
def _chapters() -> Text:
    return pool([product.hs4[:2] for product in ALL_PRODUCTS])


@cache
def _endings() -> Text:
    return pool([product.codes[0][4:] for product in ALL_PRODUCTS])
