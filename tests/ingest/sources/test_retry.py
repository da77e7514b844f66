"""Waiting between tries, and the headers that say how long and how much."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pipeline.ingest.sources.faults import PassingError, SourceError
from pipeline.ingest.sources.parts import content_length, content_range
from pipeline.net.retry import NET_PROGRESS_BYTES, Tries, retry_after

from .conftest import Waits


def test_bytes_that_came_give_a_fresh_count_of_tries(waits: Waits) -> None:
    tries = Tries(2, waits.pace)
    for step in range(1, 20):
        tries.wait(PassingError("broke off"), step * NET_PROGRESS_BYTES)
    assert set(waits.slept) == {1.0}
    tries.wait(PassingError("broke off"), 19 * NET_PROGRESS_BYTES)
    with pytest.raises(SourceError, match="given up after 3 tries"):
        tries.wait(PassingError("broke off"), 20 * NET_PROGRESS_BYTES - 1)


def test_waits_grow_to_a_minute_and_no_further(waits: Waits) -> None:
    tries = Tries(9, waits.pace)
    for _ in range(9):
        tries.wait(PassingError("answered 500"))
    assert waits.slept == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bytes 5-9/10", (5, 10)),
        ("bytes 5-9/*", (5, None)),
        ("BYTES 5-9/10", (5, 10)),
        ("bytes */10", None),
        ("items 5-9/10", None),
        ("", None),
    ],
)
def test_content_range_is_read(text: str, found: tuple[int, int | None] | None) -> None:
    assert content_range({"Content-Range": text}) == found


@pytest.mark.parametrize(("text", "found"), [("10", 10), ("-1", None), ("1e3", None), ("", None), ("²", None)])
def test_content_length_is_read(text: str, found: int | None) -> None:
    assert content_length({"Content-Length": text}) == found


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("Tue, 03 Nov 2026 11:00:00 GMT", 0.0),
        ("Tue, 03 Nov 2026 12:00:10 -0000", 10.0),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, datetime(2026, 11, 3, 12, tzinfo=UTC)) == seconds
