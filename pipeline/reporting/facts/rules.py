"""Rules and words that people edit: the seeds of the weekly models, read where a document needs them."""

from __future__ import annotations

import csv
from functools import cache

from pipeline.project_files import WEEKLY_SEEDS


@cache
def rule(name: str) -> float:
    """A threshold of the ruleset.

    Raises:
        KeyError: it has none of that name.
    """
    with (WEEKLY_SEEDS / "ruleset.csv").open(encoding="utf-8", newline="") as file:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(file)}[name]
