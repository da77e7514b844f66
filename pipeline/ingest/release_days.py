"""Which release days a source is asked for, and on which it has none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from pipeline.ingest.sources.listing import listed_days
from pipeline.settings import Settings
from pipeline.state.asked_days import read_asked
from pipeline.state.release_outcomes import Outcome, read_outcomes
from pipeline.state.release_rhythm import Rhythm, learn_rhythm

NOT_THERE = "not_published"


def read_rhythm(settings: Settings, outcomes: Sequence[Outcome] | None = None) -> Rhythm:
    """Return the rhythm of the source by all outcomes so far."""
    outcomes = outcomes or read_outcomes(settings)
    newest = {item.release_date: item.outcome for item in outcomes}
    loaded = {item.release_date for item in outcomes if item.outcome == "loaded"}
    published = loaded | {day for day, outcome in newest.items() if outcome != NOT_THERE}
    silent = {day for day in read_asked(settings) | set(newest) if day not in published}
    return learn_rhythm(published, silent, settings.release_days)


def days_to_ask(settings: Settings, days: Sequence[date]) -> list[date]:
    """Return those of several release days that the source is asked for; of a single one it is always asked.

    A source that can be listed is asked for the days that it lists and for those that its rhythm misses.
    """
    if len(days) < 2 or (listed := listed_days(settings)) is None:
        return list(days)
    known = read_rhythm(settings)
    published = {*known.published, *listed}
    span = _days_between(min(published, default=days[0]), max(published, default=days[-1]))
    silent = {day for day in {*known.silent, *span, *days} if day not in published}
    rhythm = learn_rhythm(published, silent, settings.release_days)
    wanted = {*rhythm.expected(min(days), max(days)), *listed}
    return [day for day in days if day in wanted]


def unexpected(settings: Settings, days: Collection[date]) -> set[date]:
    """Return those of `days` on which the source has no release by its rhythm."""
    return set(days) - set(read_rhythm(settings).expected(min(days), max(days))) if days else set()


def _days_between(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
