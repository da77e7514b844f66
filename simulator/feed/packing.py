"""The files of a release day: header lines, byte-order marks, line ends, gzip, `manifest.json`."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.ingest.formats.ams import TABLES
from simulator.basis.draws import Draws
from simulator.feed.tables.block import BlockText, TableText
from simulator.world.calendar import from_ordinal

MARKED: Final = 0.04
"""Files that begin with a byte-order mark."""
DOS_LINES: Final = 0.03
"""Files whose lines end in CR LF."""
BOM: Final = b"\xef\xbb\xbf"
GZIP_LEVEL: Final = 1
"""The fastest: the text shrinks to a fifth already."""
_GZIP_FORMAT: Final = 31
"""For zlib: a gzip member; its header contains no time, so the same text gives the same bytes."""
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class Packed:
    """A file of a release.

    Attributes:
        content: its bytes.
        rows: records in it, the header line not counted.
    """

    content: bytes
    rows: int


def file_name(table: str, day: int) -> str:
    """Name of a table's file under the default template."""
    date = from_ordinal(day)
    return f"ams__{table}_{date:%Y}__{date:%Y%m%d}.csv.gz"


def head(draws: Draws, table: str, day: int) -> bytes:
    """Header line, after a byte-order mark in some files."""
    line = (",".join(TABLES[table].columns) + "\n").encode()
    return BOM + line if _strikes(draws, table, day, "bom", MARKED) else line


def day_file(draws: Draws, text: BlockText, table: str, day: int) -> Packed:
    """One table's file of one day."""
    lines = text.tables[table]
    at = day - text.first_day
    body = day_lines(lines, at)
    content = head(draws, table, day)
    if _strikes(draws, table, day, "crlf", DOS_LINES):
        content, body = content.replace(b"\n", b"\r\n"), memoryview(bytes(body).replace(b"\n", b"\r\n"))
    member = packer()
    return Packed(member.compress(content) + member.compress(body) + member.flush(), int(lines.rows[at]))


def packer() -> zlib._Compress:
    """A new gzip member."""
    return zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, _GZIP_FORMAT)


def day_lines(lines: TableText, at: int) -> memoryview:
    """The lines of a block's day number `at`."""
    return lines.body[lines.first_byte[at] : lines.first_byte[at + 1]]


def manifest(files: Mapping[str, Packed]) -> bytes:
    """`manifest.json` of a release."""
    entries = [
        {
            "name": name,
            "sha256": hashlib.sha256(file.content).hexdigest(),
            "bytes": len(file.content),
            "rows": file.rows,
        }
        for name, file in files.items()
    ]
    return (json.dumps({"files": entries}, indent=1) + "\n").encode()


def _strikes(draws: Draws, table: str, day: int, purpose: str, share: float) -> bool:
    key = np.array([day * 16 + list(TABLES).index(table)])
    return bool(draws.chance(key, purpose, share)[0])
