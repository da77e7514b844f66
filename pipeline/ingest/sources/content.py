"""Whether a file's bytes can be the table they claim to be: checksum, whole gzip, no bomb, no error page."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.ingest.sources.faults import RefusedError
from pipeline.settings import Settings

CHUNK_BYTES: Final = 1024 * 1024
GZIP_MAGIC: Final = b"\x1f\x8b"
EXPANSION_FLOOR_BYTES: Final = 64 * 1024 * 1024
"""Up to here a file may expand at any ratio: it does no harm, and repetitive tables compress 500-fold."""
SNIFF_BYTES: Final = 512
SHOWN_BYTES: Final = 40
MARKUP: Final = (b"<", b"{")
"""What HTML, XML and JSON begin with and no header line does: servers send error pages with status 200."""
_BLANKS: Final = b"\xef\xbb\xbf \t\r\n\x00"


@dataclass(frozen=True)
class Content:
    """What one pass over a file found.

    Attributes:
        sha256: of the bytes as delivered, hexadecimal.
        bytes: size as delivered.
        expanded_bytes: size unpacked; equal to `bytes` for a file that is not packed.
    """

    sha256: str
    bytes: int
    expanded_bytes: int


def inspect_file(path: Path, name: str, settings: Settings) -> Content:
    """Read `path` once, check it as the file `name`, and hash it.

    Raises:
        RefusedError: nothing in it (a table without rows still has its header line), not gzip though its name says so
            (or the reverse), truncated or damaged gzip, other bytes behind it, a web page or error message, or more
            bytes than the settings allow.
    """
    digest = hashlib.sha256()
    size = 0
    unpacking = _Unpacking(name, path.stat().st_size, settings) if name.endswith(".gz") else None
    head = b""
    for chunk in _chunks(path):
        digest.update(chunk)
        size += len(chunk)
        if size > settings.max_file_bytes:
            raise RefusedError(too_large(name, settings))
        if unpacking:
            unpacking.feed(chunk)
        elif len(head) < SNIFF_BYTES:
            head += chunk[:SNIFF_BYTES]
    if unpacking:
        unpacking.finish()
        head = unpacking.head
    elif head.startswith(GZIP_MAGIC):
        raise RefusedError(f"{name} holds gzip data though its name does not end in .gz: refused")
    if not head:
        raise RefusedError(f"{name} is empty: refused. A table without rows still has its header line")
    if head.lstrip(_BLANKS).startswith(MARKUP):
        raise RefusedError(f"{name} holds {_page(head)}")
    return Content(digest.hexdigest(), size, unpacking.expanded if unpacking else size)


def too_large(name: str, settings: Settings) -> str:
    """The words for a file above the limit."""
    return (
        f"{name} has more than {settings.max_file_bytes:,} bytes: refused. If it is genuine, raise "
        "LEVERAGE_MAX_FILE_BYTES"
    )


class _Unpacking:
    """Inflates a gzip file piece by piece, keeping only its first bytes."""

    def __init__(self, name: str, packed: int, settings: Settings) -> None:
        self.name, self.packed, self.settings = name, packed, settings
        self.expanded = 0
        self.head = b""
        self._members = 0
        self._inflater = zlib.decompressobj(wbits=31)
        self._start = b""

    def feed(self, data: bytes) -> None:
        if len(self._start) < len(GZIP_MAGIC):
            self._start += data[: len(GZIP_MAGIC)]
            if not self._start.startswith(GZIP_MAGIC[: len(self._start)]):
                raise RefusedError(self._not_gzip(data))
        while data:
            if self._inflater.eof:
                self._members += 1
                self._inflater = zlib.decompressobj(wbits=31)
            self._take(data)
            data = self._inflater.unused_data if self._inflater.eof else self._inflater.unconsumed_tail

    def finish(self) -> None:
        if self.packed and not self._inflater.eof:
            raise RefusedError(f"{self.name} is a gzip file that ends early, after {self.packed:,} bytes: refused")

    def _take(self, data: bytes) -> int:
        try:
            out = self._inflater.decompress(data, CHUNK_BYTES)
        except zlib.error as error:
            if self._members and "header" in str(error):
                raise RefusedError(f"{self.name} has other bytes behind its gzip data: refused") from None
            raise RefusedError(f"{self.name} is damaged gzip ({error}): refused") from None
        self.expanded += len(out)
        if len(self.head) < SNIFF_BYTES:
            self.head += out[:SNIFF_BYTES]
        ratio = self.expanded / max(self.packed, 1)
        if self.expanded > self.settings.max_expanded_bytes:
            raise RefusedError(
                f"{self.name} unpacks to more than {self.settings.max_expanded_bytes:,} bytes: refused as a "
                "bomb. If it is genuine, raise LEVERAGE_MAX_EXPANDED_BYTES"
            )
        if self.expanded > EXPANSION_FLOOR_BYTES and ratio > self.settings.max_expansion:
            raise RefusedError(
                f"{self.name} unpacks to over {self.settings.max_expansion:g} times its size: refused as "
                "a bomb. If it is genuine, raise LEVERAGE_MAX_EXPANSION"
            )
        return len(out)

    def _not_gzip(self, data: bytes) -> str:
        if data.lstrip(_BLANKS).startswith(MARKUP):
            return f"{self.name} holds {_page(data)}"
        return f"{self.name} is not gzip data though its name says so; it begins with {_start(data)}"


def _page(data: bytes) -> str:
    """Words for the web page or JSON message that stands in a file's place."""
    return f"a web page or an error message, not a table; it begins with {_start(data.lstrip(_BLANKS))}: refused"


def _start(data: bytes) -> str:
    return repr(data[:SHOWN_BYTES].decode("utf-8", "replace"))


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk
