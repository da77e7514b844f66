"""Thresholds and window lengths of the weekly rules, read from the files of the dbt project that define them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import Final

from pipeline.dbt_macros import rendered
from pipeline.project_files import WEEKLY_SEEDS

SEED: Final = WEEKLY_SEEDS / "thresholds.csv"


def threshold(name: str) -> float:
    """Return the value of a row of the seed `thresholds`.

    Raises:
        KeyError: the seed has none of this name.
    """
    return float(_seed()[name])


def ruleset_version() -> str:
    """Return the version of all weekly seeds, such as `1.1`; every frozen row carries it."""
    return f"{_seed()['ruleset_major']}.{_seed()['ruleset_minor']}"


def constant(name: str) -> float:
    """Return a number that SQL has as a literal, such as `weeks_of_year`, from its macro."""
    return float(rendered("measures/constants", name))


@cache
def _seed() -> Mapping[str, str]:
    with SEED.open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["value"] for row in csv.DictReader(lines)}


YEAR_WEEKS: Final = int(constant("weeks_of_year"))
QUARTER_WEEKS: Final = int(constant("quarter_weeks"))
CAPACITY_WEEKS: Final = int(constant("capacity_weeks"))
ACTIVITY_WEEKS: Final = int(constant("weeks_of_activity"))
SECOND_SOURCE_WEEKS: Final = int(constant("second_source_weeks"))
MONTHS: Final = int(constant("months_of_year"))
SIZED_PART_FOR_TEU: Final = constant("sized_part_for_teu")
