"""Releases that contain all of their year to date, as the openly documented weekly files do.

A record comes again, unchanged, in every later release of its year.
"""

from __future__ import annotations

from typing import Final

from pipeline.ingest.formats.ams import TABLES
from simulator.basis.draws import Draws
from simulator.feed import packing
from simulator.feed.damage import UNCLOSED_QUOTE
from simulator.feed.tables.block import BlockText
from simulator.world.calendar import from_ordinal
from simulator.world.world import World

EVERY_DAYS: Final = 7


def is_release(world: World, day: int) -> bool:
    """Whether a cumulative release comes on a day: weekly, on a year's last day, and on the world's last day."""
    date = from_ordinal(day)
    year_ends = date.month == 12 and date.day == 31
    return (day - world.first_day + 1) % EVERY_DAYS == 0 or year_ends or day == world.last_day


class YearToDate:
    """The packed files of a year, growing day by day.

    The packer's state is copied for each release, so that a day is packed once and not once a week.
    """

    def __init__(self, draws: Draws, first_day: int) -> None:
        """Begin a year with its first release day."""
        self.year = from_ordinal(first_day).year
        self._packers = {table: packing.packer() for table in TABLES}
        self._packed = {
            table: bytearray(packer.compress(packing.head(draws, table, first_day)))
            for table, packer in self._packers.items()
        }
        self._rows = dict.fromkeys(TABLES, 0)

    def add(self, text: BlockText, day: int) -> dict[str, int]:
        """Add a day; returns its records by table.

        A line that is cut off at the end of a day's file stands in the middle of a year's file, where it would
        swallow good lines: it is left out.
        """
        added = {}
        for table, packer in self._packers.items():
            lines = text.tables[table]
            body: bytes | memoryview = packing.day_lines(lines, day - text.first_day)
            added[table] = int(lines.rows[day - text.first_day])
            cut = [damage for damage in lines.damage if damage.day == day and damage.kind == UNCLOSED_QUOTE]
            if cut:
                body = bytes(body).removesuffix(cut[0].text + b"\n")
                added[table] -= 1
            self._packed[table] += packer.compress(body)
            self._rows[table] += added[table]
        return added

    def files(self, day: int) -> dict[str, bytes]:
        """The release of a day: all that was added."""
        packed = {
            packing.file_name(table, day): packing.Packed(
                bytes(self._packed[table]) + packer.copy().flush(), self._rows[table]
            )
            for table, packer in self._packers.items()
        }
        return {
            **{name: file.content for name, file in packed.items()},
            packing.MANIFEST: packing.manifest(packed),
        }
