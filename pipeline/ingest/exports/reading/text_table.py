"""The mapped columns of an export as Parquet of text, streamed; contact columns and unused ones are dropped here."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.ingest.exports.header_names import normalised
from pipeline.ingest.exports.reading.recognise import Layout

BATCH_ROWS: Final = 20_000
SEPARATOR: Final = "\x1f"
CUT: Final = "cut off: the file ends within this row"


@dataclass(frozen=True)
class Column:
    """A column of the text table.

    Attributes:
        name: of the column.
        field: that it fills.
        place: among the headers that fill the field, 0 the best.
        position: in the file.
    """

    name: str
    field: str
    place: int
    position: int


@dataclass(frozen=True)
class TextTable:
    """An export as text.

    Attributes:
        path: Parquet with `line`, `row_hash`, `first_cell` and the columns.
        columns: in file order.
        rows: rows below the header, blank ones not counted.
        unreadable: line and reason of rows that are not in the file at `path`.
    """

    path: Path
    columns: tuple[Column, ...]
    rows: int
    unreadable: tuple[tuple[int, str], ...]


def write_text_table(layout: Layout, path: Path, advanced: Callable[[int], None] = lambda _: None) -> TextTable:
    """Write the rows below the header of `layout` to `path`."""
    columns = _columns(layout)
    names = ("line", "row_hash", "first_cell", *(column.name for column in columns))
    schema = pa.schema([(name, pa.int64() if name == "line" else pa.string()) for name in names])
    heads, width = [normalised(header) for header in layout.headers], len(layout.headers)
    unreadable: list[tuple[int, str]] = []
    batch: list[list[str | int]] = []
    is_last_cut = False
    reason: str | None = None
    rows = short = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def flush() -> None:
            if batch:
                writer.write_batch(pa.record_batch(list(map(list, zip(*batch, strict=True))), schema=schema))
                batch.clear()
                advanced(rows)

        for line, cells in layout.sheet.rows():
            if line <= layout.header_line or not any(cell.strip() for cell in cells):
                continue
            rows += 1
            reason = _fault(cells, heads, width)
            if reason:
                unreadable.append((line, reason))
                continue
            if len(batch) >= BATCH_ROWS:
                flush()
            short += (is_short := len(cells) < width)
            cells = [*cells[:width], *[""] * (width - len(cells))]
            first = next((cell for cell in cells if cell.strip()), "")
            hashed = hashlib.blake2b(SEPARATOR.join(cells).encode("utf-8", "replace"), digest_size=16).hexdigest()
            batch.append([line, hashed, first, *(cells[column.position] for column in columns)])
            is_last_cut = is_short and short == 1 and rows > 1
        # a spreadsheet may leave out empty cells at the end of rows, but not of the last row alone
        if batch and is_last_cut and reason is None:
            unreadable.append((int(batch.pop()[0]), CUT))
        flush()
    return TextTable(path, columns, rows, tuple(unreadable))


def _columns(layout: Layout) -> tuple[Column, ...]:
    seen: Counter[str] = Counter()
    found = []
    for position, item in enumerate(layout.fields):
        if item:
            field, place = item
            found.append(Column(f"{field}_{seen[field]}", field, place, position))
            seen[field] += 1
    return tuple(found)


def _fault(cells: Sequence[str], heads: Sequence[str], width: int) -> str | None:
    if any(cell.strip() for cell in cells[width:]):
        return f"more cells than the {width} of the header"
    same = sum(1 for _ in takewhile(bool, (normalised(cell) == head for cell, head in zip(cells, heads, strict=False))))
    return "the header again" if same == len(cells) >= 2 else None
