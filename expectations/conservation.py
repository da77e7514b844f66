"""Conservation: every row of a landed file is in the staged rows or in quarantine, and few are in quarantine."""

from __future__ import annotations

from typing import Final

from expectations.rules import ALL_TABLES, SHARE, Measure, Suite

QUARANTINED_WARN: Final = 0.01
"""Real feeds break less than one row in a thousand (text that overflows its quote); ten times that is odd."""
QUARANTINED_BLOCK: Final = 0.05
"""One row in twenty unreadable is a file in another form, not a few broken rows: shares would be off."""

_UNACCOUNTED: Final = Measure(
    "rows_unaccounted", ALL_TABLES, "rows read from a file that are neither loaded nor in quarantine"
)
_NOT_STAGED: Final = Measure(
    "rows_not_staged",
    ALL_TABLES,
    "difference between the rows counted in the staged files and those recorded as loaded",
)
_NOT_QUARANTINED: Final = Measure(
    "rows_not_quarantined",
    ALL_TABLES,
    "difference between the rows counted in quarantine and those recorded as quarantined",
)
_BEYOND_MANIFEST: Final = Measure(
    "rows_beyond_manifest", ALL_TABLES, "difference between the rows read and those that the manifest declares"
)
_QUARANTINED: Final = Measure("quarantined", ALL_TABLES, "rows in quarantine", SHARE)

_RELOAD: Final = "stage the release again; if it stays, the reader loses rows: report it with the landed file"

SUITE: Final = Suite(
    "conservation",
    "rows read = rows staged + rows in quarantine = rows the manifest declares",
    (
        _UNACCOUNTED.at_most(0, blocks=True, advice=_RELOAD),
        _NOT_STAGED.at_most(0, blocks=True, advice=_RELOAD),
        _NOT_QUARANTINED.at_most(0, blocks=True, advice=_RELOAD),
        _BEYOND_MANIFEST.at_most(
            0,
            blocks=True,
            advice="the file was cut or padded at the source: land it again, else have it corrected there",
        ),
        _QUARANTINED.at_most(
            QUARANTINED_WARN,
            blocks=False,
            advice="look at reason and raw_text in staged/release_date=DAY/quarantine/",
        ),
        _QUARANTINED.at_most(
            QUARANTINED_BLOCK,
            blocks=True,
            advice="look at reason and raw_text in staged/release_date=DAY/quarantine/; the file's form has changed",
        ),
    ),
)
