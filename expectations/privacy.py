"""Privacy: no personal data has passed landing.

Written independently of the masks of `pipeline.ingest.privacy` on purpose: a check that shares its patterns with what
it checks cannot find their faults. Patterns here claim only what is certain, because a match stops the release.
"""

from __future__ import annotations

from typing import Final

from expectations.rules import Measure, Suite
from pipeline.ingest.formats.ams import TABLES

TEXT_TABLES: Final = tuple(name for name, table in TABLES.items() if table.free_text)
EMAIL: Final = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
PHONE: Final = r"\b(?:TEL|PHONE|FAX|MOBILE|CELL)(?:EPHONE)? *(?:NO\b)?[.:# ]{0,3}\+?\(?\d[\d ().-]{7,}\d"
"""A number of nine signs or more behind a word that announces it, on one line."""
TAX_ID: Final = r"\b(?:SSN|EIN) *(?:NO\b)?[.:# ]{0,3}\d{2,3}-?\d{2}-?\d{4,5}\b"
PERSONAL: Final = f"(?i:{EMAIL}|{PHONE}|{TAX_ID})"

_EMAILS: Final = Measure("texts_with_email", TEXT_TABLES, "rows whose text holds an e-mail address")
_PERSONAL: Final = Measure(
    "sampled_personal_texts",
    TEXT_TABLES,
    "sampled rows whose text holds an e-mail address, a telephone number or a tax id",
)

_MASKS: Final = "find the form that the masks of pipeline/ingest/privacy.py do not know, then stage the release again"

SUITE: Final = Suite(
    "privacy",
    "no e-mail address, telephone number or tax id in any text",
    (
        _EMAILS.at_most(0, blocks=True, advice=_MASKS),
        _PERSONAL.at_most(0, blocks=True, advice=_MASKS),
    ),
)
