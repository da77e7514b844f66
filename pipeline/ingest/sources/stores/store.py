"""What an object store or a file server offers below the source's base: folders to list and files to read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from email.utils import formatdate


@dataclass(frozen=True)
class StoredFile:
    """What the store says of one file.

    Attributes:
        size: bytes.
        last_modified: HTTP date, empty if not known; compared for equality only: the store's clock may be wrong.
        etag: validator, if the store has any.
    """

    size: int
    last_modified: str
    etag: str | None = None


@dataclass
class Listing:
    """The names in one folder."""

    folders: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


class Store(ABC):
    """A place with folders and files; paths are below the source's base, their parts joined by `/`.

    Each call raises TransientError for a fault that may pass, DeniedError where rights are missing, SourceError
    otherwise.
    """

    @abstractmethod
    def address(self, path: str) -> str:
        """Return the public URL of `path`, without user name or other secrets."""

    @abstractmethod
    def check(self) -> None:
        """Raise SourceError unless the base can be reached."""

    @abstractmethod
    def list(self, folder: str) -> Listing:
        """Return the names in `folder`; none when it is not there."""

    @abstractmethod
    def stat(self, path: str) -> StoredFile | None:
        """Return what is known of a file; None when it is not there."""

    @abstractmethod
    def read(self, path: str, file: StoredFile, offset: int) -> AbstractContextManager[Iterator[bytes]]:
        """Yield the bytes of `path` from `offset` on, as long as it is the version `file`.

        Raises:
            TransientError: also where it is another version meanwhile, or gone.
        """

    @abstractmethod
    def close(self) -> None:
        """Close connections."""


def http_date(seconds: float | None) -> str:
    """Return a time as an HTTP date; empty where there is none that a calendar has."""
    try:
        return "" if seconds is None else formatdate(seconds, usegmt=True)
    except (ValueError, OverflowError, OSError):
        return ""
