"""Codes: record status and bill type are words that the models act on."""

from __future__ import annotations

from typing import Final

from expectations.rules import SHARE, TEXT, Measure, Suite
from expectations.seeds import words

STATUSES: Final = words("code_words", "word", kind="record_status")
BILL_TYPES: Final = words("code_words", "word", kind="bill_type")
UNKNOWN_BLOCK: Final = 0.01
"""The models take an unknown word for none of these: an unknown `Deleted` would leave dead bills in force. One in a
hundred is no slip of single rows, the source has changed its words."""

_STATUS: Final = Measure("record_status_indicator", ("header",), "values of record_status_indicator", TEXT)
_UNKNOWN_STATUS: Final = Measure("unknown_status", ("header",), "rows with an unknown record_status_indicator", SHARE)
_BILL_TYPE: Final = Measure("bill_type_code", ("billgen",), "values of bill_type_code", TEXT)
_UNKNOWN_BILL_TYPE: Final = Measure("unknown_bill_type", ("billgen",), "rows with an unknown bill_type_code", SHARE)

_NEW_WORD: Final = "add a new word with its meaning to dbt_project/seeds/code_words.csv; until then it deletes no bill"

SUITE: Final = Suite(
    "codes",
    "record status and bill type are known words",
    (
        _STATUS.among(STATUSES, blocks=False, advice=_NEW_WORD),
        _UNKNOWN_STATUS.at_most(UNKNOWN_BLOCK, blocks=True, advice=_NEW_WORD),
        _BILL_TYPE.among(BILL_TYPES, blocks=False, advice=_NEW_WORD),
        _UNKNOWN_BILL_TYPE.at_most(UNKNOWN_BLOCK, blocks=True, advice=_NEW_WORD),
    ),
)
