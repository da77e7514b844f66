"""A download under way: the bytes that came and, beside them, what the server said they are part of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.ingest.sources.store import write_whole


@dataclass(frozen=True)
class Answer:
    """What a server said of the file that it began to send.

    Attributes:
        url: public address that was asked for.
        etag: its validator, if any.
        last_modified: HTTP date, if any.
        length: size of the whole file in bytes, if it said so or when all of it came.
        fetched_at: when it was asked for, ISO, UTC.
        complete: whether all of it came.
    """

    url: str
    etag: str | None
    last_modified: str | None
    length: int | None
    fetched_at: str
    complete: bool = False

    @property
    def range_validator(self) -> str | None:
        """What `If-Range` may hold: a strong ETag, else the date; a weak ETag does not vouch for single bytes."""
        if self.etag and not self.etag.startswith("W/"):
            return self.etag
        return self.last_modified if not self.etag else None


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Headers that let a server answer 304 when the file is still the one known."""
    headers = {}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    return headers


def content_range(headers: Mapping[str, str]) -> tuple[int, int | None] | None:
    """First byte and whole size of a 206 answer (`bytes 5-9/10`); the size is None when the server does not know."""
    unit, _, rest = headers.get("Content-Range", "").partition(" ")
    span, _, size = rest.partition("/")
    first = span.partition("-")[0].strip()
    if unit.lower() != "bytes" or not first.isdigit():
        return None
    return int(first), int(size) if size.strip().isdigit() else None


def content_length(headers: Mapping[str, str]) -> int | None:
    """Size of the body that a server declares, if it does."""
    text = headers.get("Content-Length", "").strip()
    return int(text) if text.isascii() and text.isdigit() else None


class Part:
    """One `.part` file and the answer beside it."""

    def __init__(self, path: Path) -> None:
        """Name the files; nothing is made yet."""
        self.path = path
        self._answer_path = path.with_name(path.name + ".json")

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self.path.stat().st_size if self.path.exists() else 0

    def answer(self, url: str) -> Answer | None:
        """What the server said of the bytes that are there; None when they are not of `url` or cannot be trusted."""
        try:
            answer = Answer(**json.loads(self._answer_path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        cut = answer.complete and answer.length != self.size
        return answer if answer.url == url and not cut else None

    def remember(self, answer: Answer) -> None:
        """Keep `answer` beside the bytes."""
        write_whole(self._answer_path, asdict(answer), durable=False)

    def discard(self) -> None:
        """Forget bytes and answer; the answer first, so that no bytes ever stand beside a wrong one."""
        self._answer_path.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)
