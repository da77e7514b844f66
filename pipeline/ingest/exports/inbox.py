"""The inbox: exports that people drop into a folder, each loaded once; done and refused ones are moved aside."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

DONE: Final = "done"
REFUSED: Final = "refused"
UNFINISHED: Final = (".part", ".tmp", ".crdownload", ".download", ".filepart")
"""Endings of files that a browser or a transfer is still writing."""
SETTLED_S: Final = 0.5
"""A file whose size grows within this time is still being written."""


def waiting_files(inbox: Path) -> list[Path]:
    """Return the files in `inbox` that are written to their end, oldest first."""
    found = [
        path
        for path in inbox.iterdir()
        if path.is_file() and not path.name.startswith((".", "~$")) and path.suffix.lower() not in UNFINISHED
    ]
    sizes = {path: path.stat().st_size for path in found}
    if found:
        time.sleep(SETTLED_S)
    settled = [path for path in found if path.exists() and path.stat().st_size == sizes[path]]
    return sorted(settled, key=lambda path: (path.stat().st_mtime, path.name))


def move_done(path: Path) -> Path:
    """Move a loaded file to `done/` and return its new path."""
    return _moved(path, DONE)


def move_refused(path: Path, reason: str) -> Path:
    """Move a refused file to `refused/`, its reason beside it, and return its new path."""
    target = _moved(path, REFUSED)
    target.with_name(f"{target.name}.reason.txt").write_text(f"{reason}\n", encoding="utf-8")
    return target


def _moved(path: Path, folder: str) -> Path:
    target = path.parent / folder / path.name
    target.parent.mkdir(exist_ok=True)
    number = 1
    while target.exists():
        number += 1
        target = target.with_name(f"{path.stem}-{number}{path.suffix}")
    path.replace(target)
    return target
