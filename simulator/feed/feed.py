"""Deliveries in the order of release days, a block of days at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.basis.draws import Columns, Ints, height, stack, take
from simulator.feed import versions
from simulator.world import bookings, calendar
from simulator.world.world import World

EARLIEST_DAYS: Final = -versions.FIRST_LAG
"""A bill can be published so many days before it arrives, so a week's bills reach back into the week before."""


def _blocks(world: World) -> Iterator[tuple[int, Columns]]:
    """Deliveries of consecutive days, each day whole and in one block only, and the day before which all are given.

    A block has all columns of `versions.deliveries` and `row`, the row's number within its day, from 0. What is
    amended later waits in memory as whole numbers, so memory follows a week's volume and not the span's.
    """
    waiting: list[Columns] = []
    done_before = world.first_day
    for week in range(world.first_week, world.last_week + 1):
        made = versions.deliveries(world, bookings.bills_of_week(world, week))
        waiting.append(take(made, (made["run_day"] >= done_before) & (made["run_day"] <= world.last_day)))
        whole_before = min(calendar.monday_of(week + 1) - EARLIEST_DAYS, world.last_day + 1)
        if week == world.last_week:
            whole_before = world.last_day + 1
        if whole_before <= done_before:
            continue
        rest = stack(waiting)
        ready = rest["run_day"] < whole_before
        waiting = [take(rest, ~ready)]
        yield whole_before, _numbered(take(rest, ready))
        done_before = whole_before


def _numbered(deliveries: Columns) -> Columns:
    """The deliveries by day, those of a booking side by side, each with its row number of the day."""
    order = np.lexsort(
        (
            deliveries["version"],
            deliveries["key"],
            deliveries["group"],
            deliveries["carrier"],
            deliveries["run_day"],
        )
    )
    ordered = take(deliveries, order)
    ordered["row"] = np.arange(height(ordered)) - _starts(ordered["run_day"])
    return ordered


def _starts(days: Ints) -> Ints:
    """For each entry of sorted days, the position of the day's first entry."""
    first = np.flatnonzero(np.concatenate([[True], days[1:] != days[:-1]]))
    counts = np.diff(np.append(first, len(days)))
    return np.repeat(first, counts)


@dataclass(frozen=True)
class Days:
    """Deliveries of consecutive days.

    Attributes:
        first_day: ordinal of the first one.
        days: how many; a day without a delivery counts too.
        deliveries: a numbered block of them all.
    """

    first_day: int
    days: int
    deliveries: Columns


def runs_of_days(world: World, most_days: int, most_rows: int) -> Iterator[Days]:
    """All days in runs of so many days at most, shorter where they have more rows than wanted.

    A single day is never cut, however many rows it has.
    """
    first, table = world.first_day, None
    for done_before, block in _blocks(world):
        table = stack([table, block]) if table else block
        counts = np.bincount(table["run_day"] - first, minlength=done_before - first)
        lengths = _run_lengths(counts, most_days, most_rows)
        if done_before <= world.last_day:
            lengths.pop()  # the last run can still grow
        for days in lengths:
            rows = int(np.searchsorted(table["run_day"], first + days))
            yield Days(first, days, take(table, np.arange(rows)))
            table = take(table, np.arange(rows, height(table)))
            first += days


def _run_lengths(counts: Ints, most_days: int, most_rows: int) -> list[int]:
    """Lengths of runs of days with the given rows."""
    lengths: list[int] = []
    rows = 0
    for count in counts.tolist():
        if lengths and lengths[-1] < most_days and rows + count <= most_rows:
            lengths[-1] += 1
            rows += count
        else:
            lengths.append(1)
            rows = count
    return lengths
