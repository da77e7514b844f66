"""Links: header and billgen match one to one, and no child row is without its header."""

from __future__ import annotations

from typing import Final

from expectations.rules import SHARE, Measure, Suite
from pipeline.ingest.formats.ams import TABLES

CHILDREN: Final = tuple(name for name in TABLES if name != "header")
ORPHANS_WARN: Final = 0.01
"""A header in quarantine leaves its children alone: as rare as quarantine itself."""
ORPHANS_BLOCK: Final = 0.10
"""The tables are of different days, or one of them was cut: bills would lack their parties and cargo."""

_ORPHANS: Final = Measure("orphans", CHILDREN, "rows whose identifier has no header", SHARE, needs=("header",))
_HEADERS_ALONE: Final = Measure(
    "headers_without_billgen",
    ("header",),
    "headers without their bill numbers (billgen)",
    SHARE,
    needs=("billgen",),
)

_HEADER_CUT: Final = (
    "check whether the header file was cut or is of another day, and its rows in staged/release_date=DAY/quarantine/"
)
_BILLGEN_CUT: Final = (
    "check whether the billgen file was cut or is of another day, and its rows in staged/release_date=DAY/quarantine/"
)

SUITE: Final = Suite(
    "links",
    "header and billgen match one to one, child rows have a header",
    (
        _ORPHANS.at_most(ORPHANS_WARN, blocks=False, advice=_HEADER_CUT),
        _ORPHANS.at_most(ORPHANS_BLOCK, blocks=True, advice=_HEADER_CUT),
        _HEADERS_ALONE.at_most(ORPHANS_WARN, blocks=False, advice=_BILLGEN_CUT),
        _HEADERS_ALONE.at_most(ORPHANS_BLOCK, blocks=True, advice=_BILLGEN_CUT),
    ),
)
