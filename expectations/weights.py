"""Weights: a weight and a unit that can be turned into kilograms."""

from __future__ import annotations

from typing import Final

from expectations.rules import COUNT, SHARE, Suite, among, at_most

UNITS: Final = (
    *("KILOGRAMS", "KILOGRAM", "KG", "KGS", "K"),
    *("POUNDS", "POUND", "LB", "LBS", "L"),
    *("METRIC TONS", "MT", "ET", "M", "E"),
    *("SHORT TONS", "ST", "LONG TONS", "LT"),
)
"""The units that the models turn into kilograms, in capitals: those of dbt_project/seeds/weight_units.csv."""
UNKNOWN_UNIT_BLOCK: Final = 0.05
"""Bills in an unknown unit have no kilograms: at one in twenty, shares by weight are off by more than the tiers'
hysteresis forgives."""
MISSING_WEIGHT_WARN: Final = 0.20
MISSING_WEIGHT_BLOCK: Final = 0.90
"""Some carriers file no weight on house bills; nearly none at all means that the column is read wrongly."""
NEGATIVE_BLOCK: Final = 0.01
LARGEST_WEIGHT: Final = 450_000_000
"""Of any unit smaller than a ton: the cargo of the largest ships afloat is 400,000 metric tons."""

_NEW_UNIT: Final = "if the source uses a new unit, add it here and to dbt_project/seeds/weight_units.csv"

SUITE: Final = Suite(
    "weights",
    "weights are filled, sensible and in known units",
    (
        among(
            "weight_unit",
            UNITS,
            tables=("header",),
            blocks=False,
            says="values of weight_unit beside a weight",
            advice=_NEW_UNIT,
        ),
        at_most(
            "unknown_weight_unit",
            UNKNOWN_UNIT_BLOCK,
            tables=("header",),
            unit=SHARE,
            blocks=True,
            says="weights in an unknown unit",
            advice=_NEW_UNIT,
        ),
        at_most(
            "missing_weights",
            MISSING_WEIGHT_WARN,
            tables=("header",),
            unit=SHARE,
            blocks=False,
            says="bills without a weight (empty or zero)",
            advice="look which carriers file none; volumes fall back on boxes",
        ),
        at_most(
            "missing_weights",
            MISSING_WEIGHT_BLOCK,
            tables=("header",),
            unit=SHARE,
            blocks=True,
            says="bills without a weight (empty or zero)",
            advice="look at the values set aside (aside folder): the form of the weight column has changed",
        ),
        at_most(
            "negative_weights",
            0,
            tables=("header",),
            unit=SHARE,
            blocks=False,
            says="bills with a negative weight",
            advice="look at these bills: corrections should come as amended bills",
        ),
        at_most(
            "negative_weights",
            NEGATIVE_BLOCK,
            tables=("header",),
            unit=SHARE,
            blocks=True,
            says="bills with a negative weight",
            advice="ask the source what the sign means; volumes would be too small",
        ),
        at_most(
            "enormous_weights",
            0,
            tables=("header",),
            unit=COUNT,
            blocks=False,
            says=f"bills with a weight over {LARGEST_WEIGHT:,}",
            advice="look at these bills: one of them outweighs all others of its supplier",
        ),
    ),
)
