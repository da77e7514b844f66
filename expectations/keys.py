"""Keys: every row can be placed, and an identifier stands for one delivery row."""

from __future__ import annotations

from typing import Final

from expectations.rules import ALL_TABLES, COUNT, SHARE, Suite, at_most, matching

IDENTIFIER: Final = r"^20\d{6}\d+$"
"""The run date and, unpadded, the row number of that day."""
CONFLICTS_WARN: Final = 0.0
"""The same record twice is harmless (cumulative files, repeated downloads); two records under one identifier are
one too many, and only one of them can be kept."""
CONFLICTS_BLOCK: Final = 0.01
"""More is no accident of single rows: a spreadsheet or a float has rounded the identifiers to equal ones."""
OFF_RUN_DATE_WARN: Final = 0.0
OFF_RUN_DATE_BLOCK: Final = 0.01
"""An identifier begins with its run date in every row seen; rounded ones (20200000...) do not."""

_ROUNDED: Final = "look whether a spreadsheet or a float has rounded the identifiers at the source"

SUITE: Final = Suite(
    "keys",
    "key columns are filled, identifiers have their form and stand for one record each",
    (
        at_most(
            "missing_keys",
            0,
            tables=ALL_TABLES,
            unit=COUNT,
            blocks=True,
            says="rows with an empty key column",
            advice="stage the release again; the reader should have set them aside",
        ),
        matching(
            "sampled_identifier",
            IDENTIFIER,
            tables=ALL_TABLES,
            blocks=True,
            says="sampled identifiers",
            accepted="20YYMMDD and a row number",
            advice=_ROUNDED,
        ),
        at_most(
            "conflicting_identifiers",
            CONFLICTS_WARN,
            tables=("header", "billgen"),
            unit=SHARE,
            blocks=False,
            says="identifiers that stand for more than one record",
            advice="one record of each is kept; have the source look at them",
        ),
        at_most(
            "conflicting_identifiers",
            CONFLICTS_BLOCK,
            tables=("header", "billgen"),
            unit=SHARE,
            blocks=True,
            says="identifiers that stand for more than one record",
            advice=_ROUNDED,
        ),
        at_most(
            "identifiers_off_run_date",
            OFF_RUN_DATE_WARN,
            tables=("billgen",),
            unit=SHARE,
            blocks=False,
            says="identifiers that do not begin with their run date",
            advice="look at these rows: run dates decide which version of a bill is in force",
        ),
        at_most(
            "identifiers_off_run_date",
            OFF_RUN_DATE_BLOCK,
            tables=("billgen",),
            unit=SHARE,
            blocks=True,
            says="identifiers that do not begin with their run date",
            advice=_ROUNDED,
        ),
    ),
)
