"""Keys: every row has its key columns, and an identifier stands for one record."""

from __future__ import annotations

from typing import Final

from expectations.rules import ALL_TABLES, SHARE, TEXT, Measure, Suite

IDENTIFIER: Final = r"^20\d{6}\d+$"
"""The run date and, unpadded, the row number of that day."""
CONFLICTS_WARN: Final = 0.0
"""The same record twice is harmless (cumulative files, repeated downloads); two records under one identifier are
one too many, and only one of them can be loaded."""
CONFLICTS_BLOCK: Final = 0.01
"""More is no accident of single rows: a spreadsheet or a float has rounded the identifiers to equal ones."""
OFF_RUN_DATE_WARN: Final = 0.0
OFF_RUN_DATE_BLOCK: Final = 0.01
"""An identifier begins with its run date in every row seen; rounded ones (20200000...) do not."""

_MISSING: Final = Measure("missing_keys", ALL_TABLES, "rows with an empty key column")
_SAMPLED: Final = Measure("sampled_identifier", ALL_TABLES, "sampled identifiers", TEXT)
_CONFLICTING: Final = Measure(
    "conflicting_identifiers", ("header", "billgen"), "identifiers that stand for more than one record", SHARE
)
_OFF_RUN_DATE: Final = Measure(
    "identifiers_off_run_date", ("billgen",), "identifiers that do not begin with their run date", SHARE
)

_ROUNDED: Final = "check whether a spreadsheet or a float has rounded the identifiers at the source"

SUITE: Final = Suite(
    "keys",
    "key columns are filled, identifiers have their form and stand for one record each",
    (
        _MISSING.at_most(0, blocks=True, advice="stage the release again; the reader should have quarantined them"),
        _SAMPLED.matching(IDENTIFIER, blocks=True, accepted="20YYMMDD and a row number", advice=_ROUNDED),
        _CONFLICTING.at_most(
            CONFLICTS_WARN, blocks=False, advice="one record of each is loaded; have the source look at them"
        ),
        _CONFLICTING.at_most(CONFLICTS_BLOCK, blocks=True, advice=_ROUNDED),
        _OFF_RUN_DATE.at_most(
            OFF_RUN_DATE_WARN,
            blocks=False,
            advice="look at these rows: run dates decide which version of a bill is in force",
        ),
        _OFF_RUN_DATE.at_most(OFF_RUN_DATE_BLOCK, blocks=True, advice=_ROUNDED),
    ),
)
