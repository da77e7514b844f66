"""A folder on this machine or a mounted share."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.ingest.errors import RefusedError, SourceError
from pipeline.ingest.landing.verify import CHUNK_BYTES
from pipeline.ingest.sources.stores.store import Listing, Store, StoredFile, http_date
from pipeline.net.retry import TransientError


class LocalStore(Store):
    """A folder of this machine."""

    def __init__(self, base: Path) -> None:
        """Take the base."""
        self._base = base

    def address(self, path: str) -> str:
        """Return `file:///base/path`."""
        return (self._base / path).absolute().as_uri()

    def check(self) -> None:
        """Raise SourceError unless the base is there: a share that is not mounted is no unpublished release."""
        if not self._base.is_dir():
            raise SourceError(f"the source folder {self._base} is not there: mount it or correct LEVERAGE_SOURCE_URL")

    def list(self, folder: str) -> Listing:
        """Return the names in `folder`."""
        found = Listing()
        try:
            for entry in (self._base / folder).iterdir():
                (found.folders if entry.is_dir() else found.files).append(entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return Listing()
        return found

    def stat(self, path: str) -> StoredFile | None:
        """Return what is known of a file; a link is followed within the base.

        Raises:
            RefusedError: it leads outside of the base, or is no file.
        """
        file = self._base / path
        if not (file.exists() or file.is_symlink()):
            return None
        real = file.resolve()
        if not real.is_relative_to(self._base.resolve()):
            raise RefusedError(f"{file} is a link that leads outside of {self._base}: refused")
        if not real.exists() or not stat.S_ISREG(real.stat().st_mode):
            raise RefusedError(f"{file} is not a regular file: refused")
        seen = real.stat()
        # A copy can bring its old time of change along; the time of the entry is always the system's own.
        return StoredFile(seen.st_size, http_date(seen.st_mtime), f"{seen.st_mtime_ns:x}-{seen.st_ctime_ns:x}")

    @contextmanager
    def read(self, path: str, file: StoredFile, offset: int) -> Iterator[Iterator[bytes]]:
        """Yield a file's bytes from `offset` on; it must not have changed when all were read."""
        with (self._base / path).open("rb", buffering=0) as opened:
            opened.seek(offset)
            yield self._chunks(opened, path, file)

    def close(self) -> None:
        """Nothing is open."""

    def _chunks(self, opened: BinaryIO, path: str, file: StoredFile) -> Iterator[bytes]:
        while opened.tell() < file.size and (chunk := opened.read(CHUNK_BYTES)):
            yield chunk
        if self.stat(path) != file:
            raise TransientError(f"{self._base / path} changed while it was read: run again when it is complete")
