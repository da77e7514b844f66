"""The rules that a page shows: cut points drawn as lines, postures in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pipeline.reporting.facts.rules import postures, rule

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


def read_cuts() -> Cuts:
    """The rules that people edit, as every document tells them."""
    return Cuts(
        power=rule("power_strong"),
        mutual=rule("mutual_high"),
        tiers={tier: rule(f"tier_{tier.lower()}_share") for tier in TIERS},
        postures=dict(postures()),
    )
