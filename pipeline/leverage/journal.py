"""Journals of the weekly job: JSON lines in `state/`, only ever added to.

Belongs here: appending whole lines, reading them back past a torn one. Does not belong here: what a line says.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from filelock import FileLock

from pipeline.source.store import write_all


def append_line(path: Path, line: dict[str, Any]) -> None:
    """Add one line and force it to disk; a line that a kill has torn before it is closed off first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"), path.open("a+b") as journal:
        end = journal.seek(0, os.SEEK_END)
        healing = b"\n" if end and os.pread(journal.fileno(), 1, end - 1) != b"\n" else b""
        write_all(journal.fileno(), healing + json.dumps(line, sort_keys=True).encode() + b"\n")
        os.fsync(journal.fileno())


def read_lines(path: Path) -> list[dict[str, Any]]:
    """All lines in order; a torn one is passed over."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return []
    lines = []
    for text in content.split(b"\n"):
        try:
            line = json.loads(text)
        except ValueError:
            continue  # torn by a kill in the middle of a write; what it told of is done again
        if isinstance(line, dict):
            lines.append(line)
    return lines
