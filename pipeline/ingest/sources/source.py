"""What every kind of source answers, so that landing does not care where files come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from pipeline.ingest.sources.provenance import LandedFile
from pipeline.ingest.sources.release_manifest import Declared

LISTED_NAMES: Final = 3
"""How many of several matches a message names."""

Progress = Callable[[str, int], None]
"""Called with a file's name and the number of bytes that came since the last call."""


@dataclass(frozen=True)
class Fetched:
    """A file whose bytes lie in its part.

    Attributes:
        name: the file's name in `landing/`.
        url: where it came from, without secrets.
        fetched_at: ISO time in UTC.
        etag: the server's validator, if any.
        last_modified: HTTP date, if known.
        declared: what a manifest says of the file, if it names it.
        in_doubt: the bytes came in pieces or without a length, so a damaged file may be whole when fetched
            again.
    """

    name: str
    url: str
    fetched_at: str
    etag: str | None = None
    last_modified: str | None = None
    declared: Declared | None = None
    in_doubt: bool = False


@dataclass(frozen=True)
class Kept:
    """The source's file equals the landed one.

    Attributes:
        declared: what a manifest says of the file, if it names it.
    """

    declared: Declared | None = None


class Source(Protocol):
    """One release of one source."""

    @property
    def resumable(self) -> bool:
        """Whether parts are worth keeping for the next run."""
        ...

    def notes(self) -> str | None:
        """What was decided on the way and a reader should know."""
        ...

    def describe(self) -> str:
        """Where the release is looked for, in words for a message."""
        ...

    def fetch(self, table: str, landed: LandedFile | None) -> Fetched | Kept | None:
        """Bring one table's bytes into its part.

        Args:
            table: the AMS table.
            landed: the file landed before, if its bytes may be kept when the source's are equal.

        Returns:
            None when the source does not have the file.

        Raises:
            SourceError: the file is there (or may be) and cannot be had.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def now() -> str:
    """The time of fetching: ISO, UTC, seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")


class Choices:
    """Keeps which of several matches of a `*` were taken."""

    def __init__(self) -> None:
        """Nothing was chosen yet."""
        self._several: list[str] = []

    def chosen(self, matches: Sequence[str], pattern: str) -> None:
        """Note that the first of `matches` was taken for `pattern`."""
        if len(matches) > 1:
            others = ", ".join(matches[1:LISTED_NAMES]) + (", ..." if len(matches) > LISTED_NAMES else "")
            self._several.append(f"{matches[0]} for {pattern} (not {others})")

    def note(self) -> str | None:
        """One sentence on all choices, None when there was nothing to choose."""
        return "took the newest by name of several: " + "; ".join(self._several) if self._several else None
