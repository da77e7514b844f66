"""Codes: record status and bill type hold the words that the models act on."""

from __future__ import annotations

from typing import Final

from expectations.rules import SHARE, Suite, among, at_most

STATUSES: Final = ("New", "Amended", "Deleted")
BILL_TYPES: Final = ("Regular Bill", "House Bill", "Master Bill")
UNKNOWN_BLOCK: Final = 0.01
"""A word not known is taken for none of these: an unknown `Deleted` would keep dead bills in force. One in a hundred
is no slip of single rows, the source has changed its words."""

_NEW_WORD: Final = "if the source uses a new word, add it here and where the models act on it"

SUITE: Final = Suite(
    "codes",
    "record status and bill type hold known words",
    (
        among(
            "record_status_indicator",
            STATUSES,
            tables=("header",),
            blocks=False,
            says="values of record_status_indicator",
            advice=_NEW_WORD,
        ),
        at_most(
            "unknown_status",
            UNKNOWN_BLOCK,
            tables=("header",),
            unit=SHARE,
            blocks=True,
            says="rows with an unknown record_status_indicator",
            advice=_NEW_WORD,
        ),
        among(
            "bill_type_code",
            BILL_TYPES,
            tables=("billgen",),
            blocks=False,
            says="values of bill_type_code",
            advice=_NEW_WORD,
        ),
        at_most(
            "unknown_bill_type",
            UNKNOWN_BLOCK,
            tables=("billgen",),
            unit=SHARE,
            blocks=True,
            says="rows with an unknown bill_type_code",
            advice=_NEW_WORD,
        ),
    ),
)
