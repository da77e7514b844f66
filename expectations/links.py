"""Links: header and billgen stand one to one, and no child row is without its header."""

from __future__ import annotations

from typing import Final

from expectations.rules import SHARE, Rule, Suite, at_most
from pipeline.ingest.formats.ams import TABLES

CHILDREN: Final = tuple(name for name in TABLES if name != "header")
ORPHANS_WARN: Final = 0.01
"""A header in quarantine leaves its children alone: as rare as quarantine itself."""
ORPHANS_BLOCK: Final = 0.10
"""The tables are of different days, or one of them was cut: bills would lack their parties and cargo."""


def _orphans(limit: float, *, blocks: bool) -> Rule:
    return at_most(
        "orphans",
        limit,
        tables=CHILDREN,
        needs=("header",),
        unit=SHARE,
        blocks=blocks,
        says="rows whose identifier has no header",
        advice="look whether the header file was cut or is of another day, and at its rows in quarantine",
    )


def _headers_alone(limit: float, *, blocks: bool) -> Rule:
    return at_most(
        "headers_without_billgen",
        limit,
        tables=("header",),
        needs=("billgen",),
        unit=SHARE,
        blocks=blocks,
        says="headers without their bill numbers (billgen)",
        advice="look whether the billgen file was cut or is of another day, and at its rows in quarantine",
    )


SUITE: Final = Suite(
    "links",
    "header and billgen stand one to one, child rows have a header",
    (
        _orphans(ORPHANS_WARN, blocks=False),
        _orphans(ORPHANS_BLOCK, blocks=True),
        _headers_alone(ORPHANS_WARN, blocks=False),
        _headers_alone(ORPHANS_BLOCK, blocks=True),
    ),
)
