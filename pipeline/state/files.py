"""Durable file writes: whole, forced to disk, with checksums."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
"""For what may hold personal data or secrets: its owner alone reads it."""


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`; a short write (on a nearly full disk) is continued until it succeeds or raises."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def force(path: Path) -> None:
    """Force a file or folder to disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a file that is never seen in part and is on disk when this returns; `mode` is less the umask."""
    part = path.with_name(f"{path.name}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        write_all(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    part.replace(path)
