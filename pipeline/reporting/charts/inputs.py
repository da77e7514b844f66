"""What the charts of a supplier are drawn from: its customer mix in bars of four weeks, its spare capacity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

BUCKET_WEEKS: Final = 4


@dataclass(frozen=True)
class MixShare:
    """A part of one bar of a supplier's customer mix.

    Attributes:
        customer: id of the customer; `named` for all other named ones, `unnamed` for volume without a name.
    """

    start: date
    customer: str
    share: float
    volume: float


@dataclass(frozen=True)
class Slack:
    """How much less a supplier ships than it could: volumes a week in its best window and in its last one."""

    best_start: date
    best: float
    last: float
    weeks: int
