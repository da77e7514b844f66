"""Survey a landed file before the engine reads it, and write a plain copy of what it can read.

One pass unpacks the file, reads its header line, counts its lines (the independent count that staging must account for)
and splits them: the loadable rows go to the copy, the others to quarantine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from pipeline.ingest.csv_files.grammar import Grammar
from pipeline.ingest.csv_files.headers import Header, UnreadableError, read_header
from pipeline.ingest.csv_files.repair import BadRow, RowCounts, RowSplitter
from pipeline.ingest.csv_files.scan import count_lines
from pipeline.ingest.csv_files.unpack import open_text
from pipeline.ingest.formats.ams import TABLES, Table
from pipeline.ingest.landing.files import LandedFile

LONGEST_HEADER: Final = 64 * 1024
"""Bytes in which the header line must end; the longest of the layout has 900."""


@dataclass(frozen=True)
class Survey:
    """What is known of a file's text.

    Attributes:
        file: the landed file.
        header: the order of its columns.
        text: the header line and the loadable rows, plain UTF-8 with LF line ends.
        rows: counts of its rows and lines.
    """

    file: LandedFile
    header: Header
    text: Path
    rows: RowCounts


def survey(
    file: LandedFile,
    text: Path,
    quarantine: Callable[[BadRow], None],
    *,
    longest: int,
    exact: bool = False,
    layout: Table | None = None,
) -> Survey:
    """Write the loadable rows of `file` to `text`, hand the others to `quarantine`, and return what was found.

    Args:
        file: the landed file.
        text: written anew.
        quarantine: receives each row that is not loaded.
        longest: bytes of the longest row that is loaded.
        exact: match each line against the pattern of a loadable row, keys included; else scan quickly, which is right
            but for rows without a key.
        layout: of the file, where it is not that of its table.

    Raises:
        UnreadableError: it cannot be unpacked, or its first line is not the header of its table.
    """
    layout = layout or TABLES[file.table]
    with open_text(file) as blocks, text.open("wb") as out:
        first = next(blocks, b"")
        end = _end_of_header(first)
        if end > LONGEST_HEADER:
            raise UnreadableError(
                f"{file.file_name}: the first line has more than {LONGEST_HEADER:,} bytes, no header of "
                f"{file.table} has; is it delimited and are its lines ended by LF or CRLF?"
            )
        header = read_header(first[:end], layout, file.file_name)
        out.write(first[:end].rstrip(b"\r\n") + b"\n")
        grammar = Grammar(layout, header, longest)
        splitter = RowSplitter(grammar, out, quarantine, offset=end, exact=exact)
        lines = 0
        for block in chain([first[end:]], blocks):
            lines += count_lines(block) + (block != b"" and not block.endswith(b"\n"))
            splitter.feed(block)
        splitter.finish()
    if splitter.rows.lines != lines:
        raise UnreadableError(
            f"{file.file_name} has {lines:,} lines, {splitter.rows.lines:,} are accounted for; this is a fault of the "
            "reader: please report it"
        )
    return Survey(file, header, text, splitter.rows)


def _end_of_header(block: bytes) -> int:
    """Return the bytes of the first line with its end; a carriage return alone may end it."""
    end = block.find(b"\n") + 1 or len(block)
    lone = block.find(b"\r", 0, end) + 1
    return lone if 0 < lone < end and block[lone:end].strip(b"\r\n") else end
