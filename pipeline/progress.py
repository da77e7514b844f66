"""What a run reports while it goes on; the command line draws it, the Dagster daemon leaves it silent."""

from __future__ import annotations


class Progress:
    """Receives the progress of a run; this one ignores it."""

    def started(self, step: str, total: int) -> None:
        """A step begins that goes through `total` items, such as release days or models."""

    def advanced(self, note: str) -> None:
        """One item of the step is done."""

    def warned(self, text: str) -> None:
        """Something needs attention, but the run goes on."""

    def waiting(self, text: str) -> None:
        """Another process is writing; the run continues when it has finished."""
