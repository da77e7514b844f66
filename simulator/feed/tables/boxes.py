"""The tables `container` and `marksnumbers`: containers and the marks on the packages."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from pipeline.ingest.formats.ams import TABLES
from simulator.basis.goods import ALL_PRODUCTS
from simulator.feed.facts import Facts, Rows
from simulator.names.texts import Text, case, digits, glue, lines, only, pick, pool, quoted, whole
from simulator.world.bills import LOOSE, SHARED, UNSIZED

OLD_TYPES: Final = 0.5
"""Boxes whose type is written in the old ISO code (4310) and not in the new one (42G1)."""
TYPES: Final = {20: ("2210", "22G1"), 40: ("4310", "42G1"), 45: ("9510", "L5G1")}
TALL_TYPES: Final = ("4510", "45G1")
TALL: Final = 0.6
"""Forty-foot boxes that are 9'06" high."""
NO_TYPE: Final = 0.06
WITH_MARKS: Final = 0.85


def container(facts: Facts) -> Rows:
    """One row a box."""
    draws, boxes, block = facts.draws, facts.boxes, facts.block
    of, key = boxes.of, boxes.key
    foot, mode = block["foot"][of], block["mode"][of]
    boxed = mode != LOOSE
    sized = boxed & (mode != UNSIZED)
    tall = (foot == 40) & draws.chance(key, "tall", TALL)
    new = (~draws.chance(block["carrier"][of] * 64 + foot, "old_types", OLD_TYPES)).astype(np.int64)
    types = pool([*TYPES[20], *TYPES[40], *TYPES[45], *TALL_TYPES])
    kind = np.where(tall, 3, np.searchsorted([20, 40, 45], foot))
    typed = sized & ~draws.chance(key, "no_type", NO_TYPE)
    height = np.where(tall | (foot == 45), 906, 806)
    equipment = ["Container", "Closed Container", "G1"]
    return Rows(
        of,
        lines(
            TABLES["container"].columns,
            {
                "identifier": facts.for_rows(of),
                "container_number": facts.box_number,
                "seal_number_1": only(boxed, glue("VX", digits(draws.below(key, "seal", 10**7), 7))),
                "seal_number_2": only(
                    boxed & draws.chance(key, "seal.2", 0.15), digits(draws.below(key, "seal.two", 10**6), 6)
                ),
                "equipment_description_code": only(
                    boxed, pick(pool(equipment), draws.below(block["carrier"][of], "equipment", 3))
                ),
                "container_length": whole(np.where(sized, foot * 100, 0)),
                "container_height": whole(np.where(sized, height, 0)),
                "container_width": whole(np.where(sized, 800, 0)),
                "container_type": only(typed, pick(types, kind * 2 + new)),
                "load_status": "Loaded",
                "type_of_service": case(
                    np.select([~boxed, mode == SHARED], [0, 1], 2 + draws.below(facts.pair.key[of], "service", 3)),
                    ["", "Pier to Pier", "House to House", "House to Pier", "Pier to House"],
                ),
            },
        ),
    )


def marksnumbers(facts: Facts) -> Rows:
    """Marks on the packages of most boxes."""
    draws, boxes = facts.draws, facts.boxes
    shown = draws.chance(boxes.key ^ facts.key[boxes.of], "marks", WITH_MARKS)
    of, box = boxes.of[shown], np.flatnonzero(shown)
    stable = facts.key[of] << 6 | boxes.number[box]
    style = draws.among(facts.pair.key[of], "marks.style", (4.0, 2.0, 3.0, 1.5))
    number = glue("PO:", digits(21_000_000 + draws.below(stable, "marks.po", 999_999), 8))
    return Rows(
        of,
        lines(
            TABLES["marksnumbers"].columns,
            {
                "identifier": facts.for_rows(of),
                "container_number": pick(facts.box_number, box),
                "marks_and_numbers_1": pick(pool(["NO MARKS", "N/M", "SKU#:", "."]), style),
                "marks_and_numbers_2": only(style == 2, digits(draws.below(stable, "marks.sku", 10**7), 7)),
                "marks_and_numbers_3": only(style == 2, "DES:"),
                "marks_and_numbers_4": only(style == 2, pick(_first_words(), facts.pair.product[of])),
                "marks_and_numbers_5": only(style == 2, number),
                "marks_and_numbers_6": only(
                    style == 2, glue("QTY: ", whole(1 + draws.below(stable, "marks.qty", 400)), " PCS")
                ),
                "marks_and_numbers_7": only((style == 2) & (draws.below(stable, "marks.made", 2) == 0), "MADE IN"),
            },
        ),
    )


@cache
def _first_words() -> Text:
    return quoted(pool([product.words[0][:20] for product in ALL_PRODUCTS]))
