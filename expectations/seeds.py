"""Words of the feeds that the models know, from the seeds of the dbt project."""

from __future__ import annotations

import csv
from typing import Final

from pipeline.dbt_macros import rendered
from pipeline.project_files import SEEDS

CODE_WORD: Final = f"trim(regexp_replace(upper({{}}), '{rendered('bills/weights', 'code_word_breaks')}', ' ', 'g'))"
"""SQL of a delivered word in the form of the seeds."""


def words(seed: str, column: str, **where: str) -> tuple[str, ...]:
    """Return the values of one column of a seed, of the rows whose other columns are as in `where`."""
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if all(row[name] == value for name, value in where.items())]
    return tuple(row[column] for row in rows)
