"""What a digest does not show: what so short a record does not show, what a gap in publishing left without alerts."""

from __future__ import annotations

from typing import Final

from pipeline.detection.detect import LEAST_HISTORY
from pipeline.detection.episodes import LONGEST_GAP
from pipeline.detection.events.reach import FULL_WEEKS, shortest_silence
from pipeline.snapshots.calendar import Week
from pipeline.thresholds import YEAR_WEEKS

RHYTHMS: Final = {1: "weekly", 2: "every other week", 4: "every fourth week"}
"""Customers whose silences are spoken of, by weeks from bill to bill."""


def limits(week: Week, record_weeks: int | None, last: Week | None) -> tuple[str, ...]:
    """Return the sentences; none where the record is long and no week was left out.

    Args:
        week: as-of week of the digest.
        record_weeks: weeks of records up to it; None where that is not known.
        last: the week published before it; None where it is the first.
    """
    found = []
    since = (week.monday - last.monday).days // 7 if last else 0
    if since > LONGEST_GAP:
        found.append(
            f"{since - 1} weeks were left out since week {last}, the last one published: states of what changed "
            "meanwhile were set without alerts. Publish the missed weeks in order to have them."
        )
    if record_weeks is not None and record_weeks < FULL_WEEKS:
        begins = f"Your record begins in {week.before(record_weeks - 1).monday:%B %Y}"
        found.append(f"{begins}: {_unjudged(record_weeks)}.")
    return tuple(found)


def _unjudged(weeks: int) -> str:
    if weeks < LEAST_HISTORY:
        return f"nothing is judged before it has {LEAST_HISTORY} weeks"
    parts: list[str] = []
    usual = None
    for every, name in RHYTHMS.items():
        least = shortest_silence(weeks, every)
        if least is None:
            parts.append(f"any of one that ships less often than {usual}" if usual else "any of a customer")
            break
        parts.append(f"under {least} weeks of a customer that ships {name}")
        usual = name
    lines = "" if weeks >= YEAR_WEEKS else "; nor can lines crossed, which take a year of records"
    return f"silences {', '.join(parts)} cannot be judged yet{lines}"
