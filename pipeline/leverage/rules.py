"""Rules and words that people edit: the seeds of the weekly models, read where a document needs them.

Belongs here: looking them up. Does not belong here: applying them to figures (dbt), words of our own (`terms`).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from typing import Final

from pipeline.transform.arguments import PROJECT_DIR

SEEDS: Final = PROJECT_DIR / "seeds" / "weekly"


@cache
def postures() -> Mapping[str, str]:
    """What to do, as a sentence, by code."""
    with (SEEDS / "posture.csv").open(encoding="utf-8", newline="") as file:
        return {row["posture"]: row["posture_text"] for row in csv.DictReader(file)}


@cache
def rule(name: str) -> float:
    """A threshold of the ruleset.

    Raises:
        KeyError: it has none of that name.
    """
    with (SEEDS / "ruleset.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(file)}[name]
