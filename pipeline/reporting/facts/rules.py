"""Rules and words that people edit: the seeds of the weekly models, read where a document needs them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

from pipeline.project_files import WEEKLY_SEEDS


@cache
def postures() -> Mapping[str, str]:
    """What to do, as a sentence, by code."""
    with (WEEKLY_SEEDS / "posture.csv").open(encoding="utf-8", newline="") as file:
        return {row["posture"]: row["posture_text"] for row in csv.DictReader(file)}


@cache
def rule(name: str) -> float:
    """A threshold of the ruleset.

    Raises:
        KeyError: it has none of that name.
    """
    with (WEEKLY_SEEDS / "ruleset.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(file)}[name]
