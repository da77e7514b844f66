"""The journal of waived release days, `state/waived_days.jsonl`: days that no longer keep later weeks open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from pydantic import TypeAdapter

from pipeline.errors import UsageError
from pipeline.settings import Settings
from pipeline.state.journal import Journal


@dataclass(frozen=True)
class Waiver:
    """A release day that people waived, and why."""

    release_date: date
    reason: str


_RECORDS: Final = TypeAdapter(Waiver)


def waive(settings: Settings, day: date, reason: str) -> None:
    """Waive `day` from now on; a release that arrives later is still loaded and counts.

    Raises:
        UsageError: no reason is given.
    """
    if not reason.strip():
        raise UsageError(f"waiving {day} needs a reason: it appears in the manifest of every week that it concerns")
    _journal(settings).append([Waiver(day, reason.strip())])


def read_waivers(settings: Settings) -> dict[date, str]:
    """Return the waived days with the newest reason of each."""
    return {waiver.release_date: waiver.reason for waiver in _journal(settings).read()}


def _journal(settings: Settings) -> Journal[Waiver]:
    return Journal(settings.state_dir / "waived_days.jsonl", _RECORDS)
