"""Whether a file's bytes can be the table they claim to be: whole gzip, no bomb, no error page."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Final

from pipeline.ingest import parquet_text
from pipeline.ingest.errors import RefusedError
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


def verify_file(path: Path, name: str, settings: Settings) -> int:
    """Read `path` once as the file `name` and return its size unpacked.

    Raises:
        RefusedError: nothing in it (a table without rows still has its header line), not gzip though its name says so
            (or the reverse), truncated or damaged gzip, other bytes behind it, damaged Parquet, a web page or error
            message, or more bytes than the settings allow.
    """
    size = path.stat().st_size
    check_size(size, name, settings)
    with path.open("rb") as file:
        start = file.read(SNIFF_BYTES)
    if start.lstrip(_BLANKS).startswith(MARKUP):
        raise RefusedError(_error_page(name, start))
    if name.endswith(parquet_text.SUFFIX) or start.startswith(parquet_text.MAGIC):
        return _read_parquet(path, name, start, size, settings)
    is_gzip = start.startswith(GZIP_MAGIC)
    if name.endswith(".gz") and start and not is_gzip:
        raise RefusedError(f"{name} is not gzip data though its name says so; it begins with {_shown(start)}")
    if not name.endswith(".gz") and is_gzip:
        raise RefusedError(f"{name} is gzip data though its name does not end in .gz: refused")
    expanded = _unpack(path, name, size, settings) if is_gzip else size
    if not expanded:
        raise RefusedError(f"{name} is empty: refused. A table without rows still has its header line")
    return expanded


def check_size(size: int, name: str, settings: Settings) -> None:
    """Raise RefusedError for a file above the limit."""
    if size > settings.max_file_bytes:
        raise RefusedError(
            f"{name} has more than {settings.max_file_bytes:,} bytes: refused. If it is genuine, raise "
            "LEVERAGE_MAX_FILE_BYTES"
        )


def _unpack(path: Path, name: str, size: int, settings: Settings) -> int:
    expanded = 0
    try:
        with gzip.open(path) as unpacked:
            while chunk := unpacked.read(CHUNK_BYTES):
                if not expanded and chunk.lstrip(_BLANKS).startswith(MARKUP):
                    raise RefusedError(_error_page(name, chunk))
                expanded += len(chunk)
                _check_expansion(expanded, size, name, settings)
    except EOFError:
        raise RefusedError(f"{name} is a gzip file that ends early, after {size:,} bytes: refused") from None
    except gzip.BadGzipFile as error:
        if "Not a gzipped file" in str(error):  # its start was one
            raise RefusedError(f"{name} has other bytes behind its gzip data: refused") from None
        raise RefusedError(f"{name} is damaged gzip ({error}): refused") from None
    except zlib.error as error:
        raise RefusedError(f"{name} is damaged gzip ({error}): refused") from None
    return expanded


def _read_parquet(path: Path, name: str, start: bytes, size: int, settings: Settings) -> int:
    """Read every value once: a damaged page, or columns that expand without end, show only so."""
    if not name.endswith(parquet_text.SUFFIX):
        raise RefusedError(f"{name} is Parquet though its name does not end in {parquet_text.SUFFIX}: refused")
    if not start.startswith(parquet_text.MAGIC):
        raise RefusedError(f"{name} is not Parquet though its name says so; it begins with {_shown(start)}")
    expanded = 0
    try:
        for block in parquet_text.csv_blocks(path):
            expanded += len(block)
            _check_expansion(expanded, size, name, settings)
    except parquet_text.ParquetError as error:
        raise RefusedError(f"{name} {error}: refused") from None
    return expanded


def _check_expansion(expanded: int, size: int, name: str, settings: Settings) -> None:
    if expanded > settings.max_expanded_bytes:
        raise RefusedError(
            f"{name} unpacks to more than {settings.max_expanded_bytes:,} bytes: refused as a "
            "bomb. If it is genuine, raise LEVERAGE_MAX_EXPANDED_BYTES"
        )
    if expanded > EXPANSION_FLOOR_BYTES and expanded > settings.max_expansion * size:
        raise RefusedError(
            f"{name} unpacks to over {settings.max_expansion:g} times its size: refused as "
            "a bomb. If it is genuine, raise LEVERAGE_MAX_EXPANSION"
        )


def _error_page(name: str, start: bytes) -> str:
    return (
        f"{name} holds a web page or an error message, not a table; it begins with "
        f"{_shown(start.lstrip(_BLANKS))}: refused"
    )


def _shown(data: bytes) -> str:
    return repr(data[:SHOWN_BYTES].decode("utf-8", "replace"))
