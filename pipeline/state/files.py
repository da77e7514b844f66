"""Durable file writes: whole, forced to disk, with checksums."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock


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


def append_line(path: Path, line: dict[str, Any]) -> None:
    """Append one line to a journal of JSON lines and force it to disk."""
    append_lines(path, [line])


def append_lines(path: Path, lines: Sequence[dict[str, Any]], mode: int = 0o666) -> None:
    """Add lines to a journal of JSON lines and force them to disk, all at once.

    A kill in the middle keeps the first of them whole.

    Args:
        path: of the journal.
        lines: to add, in order.
        mode: who may use a journal that is made now, less what the umask takes away.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    data = b"".join(json.dumps(line, sort_keys=True).encode() + b"\n" for line in lines)
    with FileLock(f"{path}.lock"):
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, mode)
        try:
            write_all(descriptor, closing_off(descriptor, os.fstat(descriptor).st_size) + data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def closing_off(descriptor: int, end: int) -> bytes:
    """What ends the last line of a journal of `end` bytes, where a kill has torn it."""
    return b"\n" if end and os.pread(descriptor, 1, end - 1) != b"\n" else b""


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return all lines of a journal in order, without torn ones."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    lines = []
    for text in content.split(b"\n"):
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if isinstance(line, dict):
            lines.append(line)
    return lines


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
