"""What every kind of source offers, so that landing does not depend on where files come from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.sources.release_manifest import Declared

LISTED_NAMES: Final = 3
"""How many of several matches a message names."""


@dataclass(frozen=True)
class Fetched:
    """A file whose bytes are in its part.

    Attributes:
        name: the file's name in `landing/`.
        url: where it came from, without secrets.
        fetched_at: ISO time in UTC.
        etag: the server's validator, if any.
        last_modified: HTTP date, if known.
        declared: what a manifest says of the file, if it names it.
        in_doubt: the bytes came in pieces or without a length, so a damaged file may be whole when fetched again.
    """

    name: str
    url: str
    fetched_at: str
    etag: str | None = None
    last_modified: str | None = None
    declared: Declared | None = None
    in_doubt: bool = False


@dataclass(frozen=True)
class Unchanged:
    """The source's file equals the landed one; `declared` is what a manifest says of it."""

    declared: Declared | None = None


class Source(ABC):
    """One release of one source."""

    keeps_parts = False
    """Whether parts of a failed run are worth keeping for the next."""

    def __init__(self) -> None:
        """No choice was made yet."""
        self._choices: list[str] = []

    @abstractmethod
    def describe(self) -> str:
        """Return where the release is expected, for a message."""

    @abstractmethod
    def fetch(self, table: str, landed: LandedFile | None) -> Fetched | Unchanged | None:
        """Write one table's bytes into its part; return None when the source does not have the file.

        Args:
            table: the AMS table.
            landed: the file landed before, which stays if the source's bytes are equal.

        Raises:
            SourceError: the file is there (or may be) and cannot be fetched.
        """

    def close(self) -> None:  # noqa: B027  # only the web source has something to close
        """Close connections."""

    def note(self) -> str | None:
        """Return one sentence on which of several matching files were taken, None when there was no choice."""
        return "took the newest by name of several: " + "; ".join(self._choices) if self._choices else None

    def _choose(self, matches: Sequence[str], pattern: str) -> None:
        """Note that the first of `matches` was taken for `pattern`."""
        if len(matches) > 1:
            others = ", ".join(matches[1:LISTED_NAMES]) + (", ..." if len(matches) > LISTED_NAMES else "")
            self._choices.append(f"{matches[0]} for {pattern} (not {others})")


def now() -> str:
    """Return the time of fetching: ISO, UTC, seconds."""
    return datetime.now(UTC).isoformat(timespec="seconds")
