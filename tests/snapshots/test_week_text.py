"""Weeks as people write them."""

from __future__ import annotations

import pytest

from pipeline.snapshots.calendar import WeekTextError, parse_week


@pytest.mark.parametrize("text", ["1990-W01", "2020-W53", "2026-W46"])
def test_week_is_read_and_printed_alike(text: str) -> None:
    assert str(parse_week(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "9999-W52",
        "0001-W01",
        "0000-W01",
        "2100-W01",
        "2026-W54",
        "2025-W53",
        "2026-W00",
        "26-W46",
        "2026W46",
    ],
)
def test_text_that_is_no_week_of_these_centuries_is_refused(text: str) -> None:
    with pytest.raises(WeekTextError, match="is not an ISO week"):
        parse_week(text)
