"""Weights: a weight and a unit that can be turned into kilograms."""

from __future__ import annotations

from typing import Final

from expectations.rules import SHARE, TEXT, Measure, Suite
from expectations.seeds import words
from pipeline.thresholds import constant

UNITS: Final = words("weight_units", "weight_unit")
"""The units that the models turn into kilograms, in capitals."""
UNKNOWN_UNIT_BLOCK: Final = 0.05
"""Bills in an unknown unit have no kilograms: at one in twenty, shares by weight are off by more than the tiers'
hysteresis forgives."""
MISSING_WEIGHT_WARN: Final = 0.20
MISSING_WEIGHT_BLOCK: Final = 0.90
"""Some carriers file no weight on house bills; nearly none means that the column is read wrongly."""
NEGATIVE_BLOCK: Final = 0.01
KG_PER_UNIT: Final = dict(zip(UNITS, map(float, words("weight_units", "kg_per_unit")), strict=True))
LARGEST_WEIGHT_KG: Final = int(constant("largest_weight_kg"))
"""The cargo of the largest ships afloat."""

_UNIT: Final = Measure("weight_unit", ("header",), "values of weight_unit beside a weight", TEXT)
_UNKNOWN_UNIT: Final = Measure("unknown_weight_unit", ("header",), "weights in an unknown unit", SHARE)
_MISSING: Final = Measure("missing_weights", ("header",), "bills without a weight (empty or zero)", SHARE)
_NEGATIVE: Final = Measure("negative_weights", ("header",), "bills with a negative weight", SHARE)
_ENORMOUS: Final = Measure("enormous_weights", ("header",), f"bills heavier than {LARGEST_WEIGHT_KG:,} kg")

_NEW_UNIT: Final = "add a new unit and its kilograms to dbt_project/seeds/weight_units.csv"

SUITE: Final = Suite(
    "weights",
    "weights are filled, sensible and in known units",
    (
        _UNIT.among(UNITS, blocks=False, advice=_NEW_UNIT),
        _UNKNOWN_UNIT.at_most(UNKNOWN_UNIT_BLOCK, blocks=True, advice=_NEW_UNIT),
        _MISSING.at_most(
            MISSING_WEIGHT_WARN, blocks=False, advice="check which carriers file none; volumes fall back on containers"
        ),
        _MISSING.at_most(
            MISSING_WEIGHT_BLOCK,
            blocks=True,
            advice="look at the values set aside (aside folder): the form of the weight column has changed",
        ),
        _NEGATIVE.at_most(0, blocks=False, advice="look at these bills: corrections should come as amended bills"),
        _NEGATIVE.at_most(
            NEGATIVE_BLOCK, blocks=True, advice="ask the source what the sign means; volumes would be too small"
        ),
        _ENORMOUS.at_most(
            0, blocks=False, advice="nothing has to be done: they keep weight_raw, weight_kg is null (weight_status)"
        ),
    ),
)
