"""How a run tells whoever watches what it is at."""

from __future__ import annotations

from datetime import date
from typing import Protocol


class Progress(Protocol):
    """Told of steps as they go."""

    def started(self, step: str, total: int) -> None:
        """A step begins; `total` is how many things it will go through (release days, models)."""

    def advanced(self, note: str) -> None:
        """One of them is through."""

    def warned(self, release_date: date | None, text: str) -> None:
        """Something to look at that stops nothing."""


class Silent:
    """Watches nothing: runs of the Dagster daemon, whose event log tells all."""

    def started(self, step: str, total: int) -> None:
        """Nothing."""

    def advanced(self, note: str) -> None:
        """Nothing."""

    def warned(self, release_date: date | None, text: str) -> None:
        """Nothing."""
