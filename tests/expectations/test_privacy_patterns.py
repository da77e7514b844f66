"""The patterns of the privacy suite stop a release, so they must claim only what is certain."""

from __future__ import annotations

import re

import pytest

from expectations.privacy import PERSONAL


@pytest.mark.parametrize(
    "text",
    [
        "EMAIL JANE.DOE@EXAMPLE.COM",
        "TEL: +1 (555) 010-1234",
        "Tel.555-010-1234",
        "FAX NO. 86 755 5550 1234",
        "PHONE 5550101234 ATTN",
        "SSN 123-45-6789",
        "EIN: 12-3456789",
    ],
)
def test_personal_data_is_found(text: str) -> None:
    assert re.search(PERSONAL, f"ACME\n{text}\nROAD")


@pytest.mark.parametrize(
    "text",
    [
        "PO: 21002700 HS CODE 68109900",
        "2 PCS @ 5.00",
        "TELEVISION 4500123456",
        "TEL\n2147483647 LOT",
        "HOTEL 123 456 7890 LINEN",
        "CELL PHONE CASES 1000 PCS",
        "[phone] [email]",
        "TEL: [phone]",
        "ZIP 33300-1234",
        "B/L NO. OOLU2107899100",
        "EINZELHANDEL 123456789",
        "SEINE 12-3456789",
    ],
)
def test_numbers_that_people_need_are_left_alone(text: str) -> None:
    assert not re.search(PERSONAL, text)
