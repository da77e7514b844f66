"""Goods texts of several lines: packing lists that shippers paste into the description."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from simulator.basis.draws import Ints, within
from simulator.basis.goods import ALL_PRODUCTS
from simulator.feed.facts import Facts
from simulator.names.texts import Text, altered, case, digits, glue, pick, pool, whole

LINES_SIGMA: Final = 1.5
"""Of the logarithm of the lines: one at the median, some 6 at the ninth tenth, 22 at the last hundredth, where bills of
stories with one line are counted too."""
LINES_MOST: Final = 800
WHOLE_LIST: Final = 0.00012
"""Texts that are a whole packing list of hundreds of lines, up to 18,000 characters."""
LONG_LIST: Final = 250
BOILERPLATE: Final = (
    "SHIPPER LOAD AND COUNT",
    "SAID TO CONTAIN",
    "FREIGHT COLLECT",
    "NO WOOD PACKING MATERIAL",
    "AS PER PROFORMA INVOICE",
)


def with_items(facts: Facts, of: Ints, stable: Ints, again: Ints, text: Text) -> Text:
    """The first goods text of each box, with the lines of its packing list behind it where it has one."""
    count = _line_counts(facts, of, stable, again)
    return altered(text, count > 1, lambda first, rows: _lists(facts, of[rows], stable[rows], count[rows], first))


def _line_counts(facts: Facts, of: Ints, stable: Ints, again: Ints) -> Ints:
    draws = facts.draws
    count = np.exp(LINES_SIGMA * draws.normal(stable, "items")).astype(np.int64)
    listed = draws.chance(stable, "items.list", WHOLE_LIST)
    count = np.where(listed, LINES_MOST // 2 + draws.below(stable, "items.whole", LINES_MOST // 2), count)
    return np.where((again > 0) | facts.plain[of], 1, np.minimum(count, LINES_MOST))


def _lists(facts: Facts, of: Ints, stable: Ints, count: Ints, first: Text) -> Text:
    draws = facts.draws
    row, line = within(count - 1)
    key = stable[row] << 10 | line
    product = facts.pair.product[of[row]]
    words = pool([word for product in ALL_PRODUCTS for word in (*product.words, product.words[0])[:3]])
    word = pick(words, product * 3 + draws.below(key, "item.word", 3))
    piece = whole(1 + draws.below(key, "item.pieces", 480))
    article = digits(draws.below(key, "item.article", 10**6), 6)
    # whole lists are of short lines: the longest real text has 18,800 characters
    style = np.where(count[row] > LONG_LIST, 1, draws.among(stable[row], "item.style", (3.0, 2.0, 1.0)))
    items = case(
        style + 3 * draws.chance(key, "item.boilerplate", 0.06),
        [
            glue(piece, " CTNS ", word, " ART ", article),
            glue("ITEM ", article, " QTY ", piece),
            glue(word, ", ", piece, " PCS"),
            *(pick(pool(BOILERPLATE), draws.below(key, "item.phrase", len(BOILERPLATE))),) * 3,
        ],
    )
    offsets = pa.array(np.concatenate([[0], np.cumsum(count - 1)]).astype(np.int32))
    lists = pc.binary_join(pa.ListArray.from_arrays(offsets, items), "\n")
    return glue(first, "\n", lists)
