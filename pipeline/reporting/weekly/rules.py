"""The rules that a page shows: cut points drawn as lines, postures in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.thresholds import threshold

TIERS: Final = ("A", "B", "C")


@dataclass(frozen=True)
class Cuts:
    """Where the lines are drawn.

    Attributes:
        power: beyond it, either way, one side needs the other more.
        mutual: from it, both sides together depend much.
        tiers: lowest share of each tier by its letter, highest first.
    """

    power: float
    mutual: float
    tiers: dict[str, float]


def read_cuts() -> Cuts:
    """The cuts of the rules in force."""
    return Cuts(
        power=threshold("power_strong"),
        mutual=threshold("mutual_high"),
        tiers={tier: threshold(f"tier_{tier.lower()}_share") for tier in TIERS},
    )
