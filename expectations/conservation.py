"""Conservation: every row of a landed file lies in the staged rows or in quarantine, and few lie in quarantine."""

from __future__ import annotations

from typing import Final

from expectations.rules import ALL_TABLES, COUNT, SHARE, Suite, at_most

QUARANTINED_WARN: Final = 0.01
"""Real feeds break less than one row in a thousand (text that overflows its quote); ten times that is odd."""
QUARANTINED_BLOCK: Final = 0.05
"""One row in twenty unreadable is a file in another form, not a few broken rows: shares would be off."""

_RELOAD: Final = "stage the release again; if it stays, the reader loses rows: report it with the landed file"

SUITE: Final = Suite(
    "conservation",
    "rows read = rows staged + rows in quarantine = rows the manifest declares",
    (
        at_most(
            "rows_unaccounted",
            0,
            tables=ALL_TABLES,
            unit=COUNT,
            blocks=True,
            says="rows read from a file that are neither loaded nor in quarantine",
            advice=_RELOAD,
        ),
        at_most(
            "rows_not_staged",
            0,
            tables=ALL_TABLES,
            unit=COUNT,
            blocks=True,
            says="difference between the rows counted in the staged files and those said to be loaded",
            advice=_RELOAD,
        ),
        at_most(
            "rows_not_set_aside",
            0,
            tables=ALL_TABLES,
            unit=COUNT,
            blocks=True,
            says="difference between the rows counted in quarantine and those said to lie there",
            advice=_RELOAD,
        ),
        at_most(
            "rows_beyond_manifest",
            0,
            tables=ALL_TABLES,
            unit=COUNT,
            blocks=True,
            says="difference between the rows read and those that the manifest declares",
            advice="the file was cut or padded at the source: land it again, else have it corrected there",
        ),
        at_most(
            "quarantined",
            QUARANTINED_WARN,
            tables=ALL_TABLES,
            unit=SHARE,
            blocks=False,
            says="rows in quarantine",
            advice="look at reason and raw_text in the quarantine folder of the release",
        ),
        at_most(
            "quarantined",
            QUARANTINED_BLOCK,
            tables=ALL_TABLES,
            unit=SHARE,
            blocks=True,
            says="rows in quarantine",
            advice="look at reason and raw_text in the staged quarantine of the release; the file's form has changed",
        ),
    ),
)
