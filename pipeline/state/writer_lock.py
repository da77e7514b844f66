"""One writer at a time, across processes: the second waits and is told for whom."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from pipeline.settings import Settings

LOCK_NAME: Final = ".writer.lock"
HOLDER_NAME: Final = ".writer.json"
FIRST_TRY_S: Final = 0.1
POLL_S: Final = 0.5


@contextmanager
def writer(settings: Settings, what: str, waiting: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the home's writer lock for a block; within one process the lock may be taken again.

    Args:
        settings: whose home is written.
        what: what is done under it, for the message of whoever waits.
        waiting: called once, with a sentence, when another process holds the lock.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.home / LOCK_NAME, is_singleton=True, thread_local=False)
    held_already = lock.is_locked
    try:
        lock.acquire(timeout=FIRST_TRY_S)
    except Timeout:
        if waiting is not None:
            waiting(f"waiting for {holder(settings)} to finish; this run goes on by itself after it")
        lock.acquire(poll_interval=POLL_S)
    try:
        if not held_already:
            _note(settings.home / HOLDER_NAME, what)
        yield
    finally:
        lock.release()


def holder(settings: Settings) -> str:
    """Who holds the lock, in words."""
    try:
        note = json.loads((settings.home / HOLDER_NAME).read_text(encoding="utf-8"))
        return f"{note['what']} (process {note['pid']}, since {note['since']})"
    except (FileNotFoundError, ValueError, KeyError):
        return "another run"


def _note(path: Path, what: str) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    part = path.with_suffix(".part")
    part.write_text(json.dumps({"what": what, "pid": os.getpid(), "since": now}), encoding="utf-8")
    part.replace(path)
