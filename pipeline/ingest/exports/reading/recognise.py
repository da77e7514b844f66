"""Find the sheet and header row of an export, and the mapping that knows most of its headers."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from pipeline.ingest.exports.fields import FIELDS
from pipeline.ingest.exports.header_names import normalised, unnumbered
from pipeline.ingest.exports.mapping import Mapping, built_in
from pipeline.ingest.exports.reading.files import ExportError, Sheet, open_sheets

HEADER_ROWS: Final = 10
"""Rows of a sheet among which the header is; logos, titles and filters stand above it (seen: row 6)."""
SHOWN_HEADERS: Final = 12
"""Headers that a refusal lists, for the mapping to be written."""
LEAST_FIELDS: Final = 4
"""Fewer fields are a coincidence of words such as `Date` and `Quantity`."""
NEAR: Final = 0.6


@dataclass(frozen=True)
class Layout:
    """How one file is read.

    Attributes:
        sheet: the table.
        header_line: line of its header.
        headers: as written.
        mapping: the vendor's.
        fields: field by position, and its place among the headers that fill it; None where none is filled.
        score: headers known to the mapping.
    """

    sheet: Sheet
    header_line: int
    headers: tuple[str, ...]
    mapping: Mapping
    fields: tuple[tuple[str, int] | None, ...]
    score: int

    @property
    def filled(self) -> set[str]:
        """The fields that have a column."""
        return {item[0] for item in self.fields if item}

    @property
    def contact(self) -> list[str]:
        """Headers of personal data, whose cells are dropped."""
        return [header for header in self.headers if self.mapping.is_contact(normalised(header))]

    @property
    def unused(self) -> list[str]:
        """Headers that fill nothing."""
        contact = set(self.contact)
        named = zip(self.headers, self.fields, strict=True)
        return [header for header, field in named if field is None and header.strip() and header not in contact]


def recognise(path: Path, mappings: Sequence[Mapping] | None = None) -> Layout:
    """Return how `path` is read: the sheet, header row and mapping with most known headers.

    Args:
        path: an export.
        mappings: those that may fit; by default the built-in ones.

    Raises:
        ExportError: no table with an arrival and parties is in it, or it is a layout that is not loaded.
    """
    known = mappings or built_in()
    sheets = open_sheets(path)
    tops = [(sheet, list(islice(sheet.rows(), HEADER_ROWS))) for sheet in sheets]
    found = [_layout(sheet, line, cells, item) for sheet, top in tops for line, cells in top for item in known]
    usable = [layout for layout in found if _is_usable(layout)]
    best = max(usable, key=lambda layout: (layout.score, len(layout.filled)), default=None)
    refusals = [
        (len(refusal.columns), item.title, refusal.say)
        for _, top in tops
        for _, cells in top
        for item in (*known, *built_in())
        for refusal in item.refuse
        if {normalised(name) for name in refusal.columns} <= {normalised(cell) for cell in cells}
    ]
    if refusals and (best is None or len(sheets) == 1):
        raise ExportError(f"{path.name}: {max(refusals)[2]}")
    if best is None:
        raise ExportError(_unknown(path, found))
    return best


def _layout(sheet: Sheet, line: int, cells: Sequence[str], mapping: Mapping) -> Layout:
    fields: list[tuple[str, int] | None] = []
    score = 0
    for cell in cells:
        name = normalised(cell)
        known = mapping.fields_by_header.get(name)
        is_other = known is None and (mapping.is_contact(name) or mapping.is_ignored(name))
        if known is None and not is_other:
            known = mapping.fields_by_header.get(unnumbered(name))
        fields.append(known)
        score += bool(name) and bool(known or is_other)
    is_named = sheet.name in mapping.sheets
    return Layout(sheet, line, tuple(cells), mapping, tuple(fields), score + is_named)


def _is_usable(layout: Layout) -> bool:
    filled = layout.filled
    has_party = any(name.startswith(("shipper_", "consignee_")) for name in filled)
    return bool(has_party and {"arrival_date", "estimated_arrival_date"} & filled and len(filled) >= LEAST_FIELDS)


def _unknown(path: Path, found: Sequence[Layout]) -> str:
    nearest = max(found, key=lambda layout: (len(layout.filled), layout.score), default=None)
    if nearest is None or not nearest.filled:
        there = [header.strip() for header in nearest.headers if header.strip()][:SHOWN_HEADERS] if nearest else []
        row = f" Found instead: {', '.join(there)}." if there else ""
        return (
            f"{path.name}: no header of shipments in the first {HEADER_ROWS} rows of any sheet (arrival date, shipper, "
            f"consignee were expected).{row} If it is another vendor's, write a mapping (docs/vendor-exports.md) and try "
            "it with --check --format MAPPING.toml"
        )
    names = [normalised(header) for header in nearest.headers]
    hints = []
    for field in ("arrival_date", "shipper_name", "consignee_name", "shipper_normalised", "consignee_normalised"):
        wanted = nearest.mapping.columns.get(field, ())
        if field in nearest.filled or not wanted:
            continue
        near = difflib.get_close_matches(normalised(wanted[0]), names, n=1, cutoff=NEAR)
        beside = f" (nearest: {nearest.headers[names.index(near[0])]!r})" if near else ""
        hints.append(f"{wanted[0]!r}{beside}")
    where = f"sheet {nearest.sheet.name!r}, " if nearest.sheet.name else ""
    return (
        f"{path.name}: nearest to {nearest.mapping.title} ({where}line {nearest.header_line}), but only "
        f"{len(nearest.filled)} of {len(FIELDS)} fields are filled; missing {', '.join(hints) or 'most columns'}. Export "
        "these columns too, or give a mapping: --format MAPPING.toml"
    )
