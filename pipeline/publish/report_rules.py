"""The rules that a page shows: cut points drawn as lines, postures in words.

Belongs here: reading them from the rules of the warehouse. Does not belong here: applying them (dbt).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import duckdb

TIERS: Final = ("A", "B", "C")


@dataclass(frozen=True)
class Cuts:
    """Where the lines lie.

    Attributes:
        power: beyond it, either way, one side needs the other more.
        mutual: from it, both sides together depend much.
        tiers: lowest share of each tier by its letter, highest first.
        postures: what to do, in words, by the posture's code.
    """

    power: float
    mutual: float
    tiers: dict[str, float]
    postures: dict[str, str] = field(default_factory=dict)


def read_cuts(connection: duckdb.DuckDBPyConnection) -> Cuts:
    """The rules of the seeds `ruleset` and `posture`.

    Raises:
        duckdb.CatalogException: the warehouse was built without the weekly seeds.
        KeyError: the ruleset lacks a rule.
    """
    rules = dict(connection.execute("select name, value::double from ruleset").fetchall())
    return Cuts(
        power=rules["power_strong"],
        mutual=rules["mutual_high"],
        tiers={tier: rules[f"tier_{tier.lower()}_share"] for tier in TIERS},
        postures=dict(connection.execute("select posture, posture_text from posture").fetchall()),
    )
