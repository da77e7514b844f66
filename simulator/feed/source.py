"""The embedded sample as a source: the files of one release day."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Final

from pipeline.ingest.formats.ams import TABLES
from simulator.feed import feed, packing
from simulator.feed.tables.block import BlockText, block_text
from simulator.world import world
from simulator.world.calendar import ordinal
from simulator.world.span import FIRST_RELEASE, LAST_RELEASE

BLOCK_DAYS: Final = 28
"""Days whose text is made at once: making it costs the same for one day as for a month."""
KEPT_BLOCKS: Final = 4
UNLIMITED: Final = 1 << 40
"""Rows of a block: it always has all its days."""


def release_files(day: date) -> dict[str, bytes] | None:
    """Files of a release day by name, `manifest.json` among them; None where there is no release.

    Every day from FIRST_RELEASE to LAST_RELEASE has one; a second call gives the same bytes.
    """
    if not FIRST_RELEASE <= day <= LAST_RELEASE:
        return None
    made = world.build(world.EMBEDDED)
    text = embedded_text((day - FIRST_RELEASE).days // BLOCK_DAYS)
    files = {
        packing.file_name(table, ordinal(day)): packing.day_file(made.draws, text, table, ordinal(day))
        for table in TABLES
    }
    return {**{name: file.content for name, file in files.items()}, packing.MANIFEST: packing.manifest(files)}


@lru_cache(maxsize=KEPT_BLOCKS)
def embedded_text(number: int) -> BlockText:
    """Text of the embedded world's days `BLOCK_DAYS` x number and following."""
    made = _deliveries()[number]
    return block_text(world.build(world.EMBEDDED), made)


@lru_cache(maxsize=1)
def _deliveries() -> list[feed.Days]:
    """All deliveries of the embedded world: some 5 MB."""
    return list(feed.runs_of_days(world.build(world.EMBEDDED), BLOCK_DAYS, UNLIMITED))
