"""The journal of ranges that a source was asked for, `state/asked_days.jsonl`.

A day in such a range without an outcome was not published then: its source does not list it, or never publishes on its
weekday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from pydantic import TypeAdapter

from pipeline.settings import Settings
from pipeline.state.journal import Journal


@dataclass(frozen=True)
class AskedDays:
    """A range of release days, both included."""

    first_day: date
    last_day: date


_RECORDS: Final = TypeAdapter(AskedDays)


def note_asked(settings: Settings, first: date, last: date) -> None:
    """Record that the source was asked for the days `first` to `last`."""
    if not any(known.first_day <= first and last <= known.last_day for known in _journal(settings).read()):
        _journal(settings).append([AskedDays(first, last)])


def read_asked(settings: Settings) -> set[date]:
    """Return the days of all recorded ranges."""
    return {
        known.first_day + timedelta(days=number)
        for known in _journal(settings).read()
        for number in range((known.last_day - known.first_day).days + 1)
    }


def _journal(settings: Settings) -> Journal[AskedDays]:
    return Journal(settings.state_dir / "asked_days.jsonl", _RECORDS)
