"""One writer at a time, across processes: the second waits for the first and says for whom it waits."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

LOCK_NAME: Final = ".writer.lock"
HOLDER_NAME: Final = ".writer.json"
FIRST_TRY_S: Final = 0.1
POLL_S: Final = 0.5


class WriterBusy(Exception):
    """Another process is writing, and the caller asked not to wait; the message names it."""


@contextmanager
def writer(
    home: Path, holder: str, waiting: Callable[[str], None] | None = None, *, wait: bool = True
) -> Iterator[None]:
    """Hold the writer lock of a home for a block; within one process it may be taken again.

    Args:
        home: the folder that is written.
        holder: what is done under the lock, for the message to whoever waits.
        waiting: called once, with a sentence, when another process holds the lock.
        wait: whether to wait for it.

    Raises:
        WriterBusy: another process holds the lock and `wait` is false.
    """
    home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home / LOCK_NAME, is_singleton=True, thread_local=False)
    nested = lock.is_locked
    try:
        lock.acquire(timeout=FIRST_TRY_S)
    except Timeout:
        if not wait:
            raise WriterBusy(f"{_holder(home)} is writing") from None
        if waiting is not None:
            waiting(f"waiting for {_holder(home)} to finish; this run continues by itself after it")
        lock.acquire(poll_interval=POLL_S)
    try:
        if not nested:
            _note(home / HOLDER_NAME, holder)
        yield
    finally:
        lock.release()


def is_writing(home: Path) -> bool:
    """Whether a process holds the writer lock of a home."""
    if not (home / LOCK_NAME).exists():
        return False
    try:
        with FileLock(home / LOCK_NAME).acquire(timeout=0):
            return False
    except Timeout:
        return True


def _holder(home: Path) -> str:
    try:
        note = json.loads((home / HOLDER_NAME).read_text(encoding="utf-8"))
        return f"{note['what']} (process {note['pid']}, since {note['since']})"
    except (FileNotFoundError, ValueError, KeyError):
        return "another run"


def _note(path: Path, holder: str) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"what": holder, "pid": os.getpid(), "since": now}), encoding="utf-8")
    part.replace(path)
