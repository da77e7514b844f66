"""Write a world of any size to a folder that the `file://` source reads with the default template."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from pipeline.ingest.formats.ams import TABLES
from simulator.feed import feed, packing
from simulator.feed.cumulative import YearToDate, is_release
from simulator.feed.packing import Packed
from simulator.feed.tables.block import BlockText, block_text
from simulator.world import world
from simulator.world.calendar import from_ordinal
from simulator.world.span import FIRST_RELEASE

Layout = Literal["daily", "cumulative"]
MOST_DAYS: Final = 28
MOST_ROWS: Final = 40_000
"""Of a block: enough that the cost of a call does not count, few enough that its text stays under some 100 MB."""
SEEDS: Final = 1 << 32
PACKERS: Final = 2
"""Threads that pack and write while the next block is made; packing leaves Python's lock alone."""


@dataclass(frozen=True)
class WrittenSample:
    """What was written.

    Attributes:
        files: files, manifests among them.
        bills: deliveries: rows of all `header` tables, each once.
        rows: records of all tables, each once, also where cumulative files repeat them.
        bytes: size of the files.
        seconds: how long it took.
    """

    files: int
    bills: int
    rows: int
    bytes: int
    seconds: float


def write_sample(
    out: Path,
    *,
    days: int,
    bills_per_day: int,
    seed: int,
    start: date | None = None,
    layout: Layout = "daily",
    progress: Callable[[date], None] | None = None,
) -> WrittenSample:
    """Write the releases of a world below `out`.

    Args:
        out: folder; made where it is not there. Files of the same release are replaced.
        days: number of days.
        bills_per_day: deliveries a day, on average, all versions counted.
        seed: 0 .. 2^32 - 1; the same seed, size and start give the same bytes on one machine.
        start: first release day; by default that of the embedded world.
        layout: `daily`, one release a day with that day's deliveries; `cumulative`, a release a week that holds all
            of its year to date.
        progress: called with each day that is completely written.

    Raises:
        ValueError: a number is outside its range.
    """
    if days < 1 or bills_per_day < 1:
        raise ValueError(f"days and bills per day must be 1 or more, got {days} and {bills_per_day}")
    if not 0 <= seed < SEEDS:
        raise ValueError(f"seed must be 0 .. {SEEDS - 1}, got {seed}")
    began = time.monotonic()
    made = world.build(world.Spec(seed, start or FIRST_RELEASE, days, bills_per_day))
    texts = (block_text(made, run) for run in feed.runs_of_days(made, MOST_DAYS, MOST_ROWS))
    write = _daily if layout == "daily" else _cumulative
    bills = rows = files = size = 0
    for day, written in write(made, out, texts):
        bills += written.bills
        rows += written.rows
        files += written.files
        size += written.bytes
        if progress:
            progress(from_ordinal(day))
    return WrittenSample(files, bills, rows, size, time.monotonic() - began)


@dataclass(frozen=True)
class _Day:
    bills: int
    rows: int
    files: int
    bytes: int


def folder_of(out: Path, day: int) -> Path:
    """Folder of a release under the default template."""
    return out / f"{from_ordinal(day):%Y}" / f"{from_ordinal(day):%Y%m%d}"


def _daily(made: world.World, out: Path, texts: Iterator[BlockText]) -> Iterator[tuple[int, _Day]]:
    def write(text: BlockText, table: str, day: int) -> Packed:
        packed = packing.day_file(made.draws, text, table, day)
        (folder_of(out, day) / packing.file_name(table, day)).write_bytes(packed.content)
        return packed

    def finish(day: int, tables: dict[str, Future[Packed]]) -> _Day:
        packed = {packing.file_name(table, day): future.result() for table, future in tables.items()}
        content = packing.manifest(packed)
        (folder_of(out, day) / packing.MANIFEST).write_bytes(content)
        return _Day(
            bills=packed[packing.file_name("header", day)].rows,
            rows=sum(file.rows for file in packed.values()),
            files=len(packed) + 1,
            bytes=sum(len(file.content) for file in packed.values()) + len(content),
        )

    with ThreadPoolExecutor(PACKERS) as packers:
        waiting: list[tuple[int, dict[str, Future[Packed]]]] = []
        for text in texts:
            # the block before the last one must be written, else texts would pile up
            for day, tables in waiting:
                yield day, finish(day, tables)
            waiting = []
            for day in range(text.first_day, text.first_day + text.days):
                folder_of(out, day).mkdir(parents=True, exist_ok=True)
                waiting.append((day, {table: packers.submit(write, text, table, day) for table in TABLES}))
        for day, tables in waiting:
            yield day, finish(day, tables)


def _cumulative(made: world.World, out: Path, texts: Iterator[BlockText]) -> Iterator[tuple[int, _Day]]:
    year: YearToDate | None = None
    for text in texts:
        for day in range(text.first_day, text.first_day + text.days):
            if year is None or year.year != from_ordinal(day).year:
                year = YearToDate(made.draws, day)
            rows = year.add(text, day)
            files = size = 0
            if is_release(made, day):
                folder = folder_of(out, day)
                folder.mkdir(parents=True, exist_ok=True)
                release = year.files(day)
                for name, content in release.items():
                    (folder / name).write_bytes(content)
                files, size = len(release), sum(map(len, release.values()))
            yield day, _Day(rows["header"], sum(rows.values()), files, size)
