"""The embedded world lies among the real sets of bills (`simulator.shape.REAL`), row by row."""

from __future__ import annotations

import pytest

from simulator.shape import REAL, shape
from simulator.world.world import EMBEDDED

BANDS: dict[str, tuple[tuple[float, float], ...]] = {
    "bills a year per supplier": ((0.2, 0.5), (0.6, 1.6), (1.8, 9), (4, 30), (20, 260)),
    "bills a year per pair": ((0.2, 0.5), (0.3, 0.9), (0.8, 2), (1.8, 6), (7, 60)),
    "bills per pair-week": ((1.1, 1.6), (2, 3), (3, 7)),
    "kilograms a bill": ((50, 800), (3_000, 15_000), (19_000, 50_000_000)),
    "no shipper named": ((5, 26),),
    "no consignee named": ((5, 26),),
    "variants per supplier": ((2, 4), (10, 25), (25, 90), (50, 130)),
    "variants per consignee": ((2, 5), (10, 30), (30, 100), (60, 130)),
    "name lines per supplier": ((1, 2), (4, 9), (8, 30)),
    "party text ends with its country": ((25, 40),),
    "country in its column": ((15, 30),),
    "shipper text with a phone": ((14, 27),),
    "consignee text with a phone": ((14, 27),),
    "lines in a goods text": ((1, 1), (3, 8), (15, 45), (90, 800)),
    "characters in a goods text": ((300, 1_300), (2_000, 20_000)),
    "regular / house / master bills": ((60, 98), (1, 30), (0.5, 15)),
    "to-order consignees": ((2, 5),),
    "notify party filled": ((70, 85),),
    "no code, or one guessed by a seller": ((40, 70),),
}
"""What each figure may be: from the least to the largest one of the real sets, with some room."""


@pytest.fixture(scope="module")
def measured() -> dict[str, str]:
    return shape(EMBEDDED)


@pytest.mark.parametrize("measure", REAL)
def test_the_sample_lies_among_the_real_sets(measured: dict[str, str], measure: str) -> None:
    figures = [float(figure.replace(",", "").rstrip("%")) for figure in measured[measure].split(" / ")]
    for figure, (low, high) in zip(figures, BANDS[measure], strict=True):
        assert low <= figure <= high, measured[measure]
