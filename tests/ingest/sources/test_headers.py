"""Headers that say which bytes come and how many."""

from __future__ import annotations

import pytest

from pipeline.ingest.sources.parts import content_length, content_range


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
