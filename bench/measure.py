"""Run one command and measure it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

POLL_S: Final = 0.2
KIB: Final = 1024


@dataclass(frozen=True)
class Measured:
    """One run of a command.

    Attributes:
        seconds: wall time.
        peak_bytes: largest resident memory of the process and its children together: the largest sum of the
            peaks of those alive at one time. (The kernel's figure of ended children includes, for one started from a
            large process, that one's memory.)
        output: what it printed.
    """

    seconds: float
    peak_bytes: int
    output: str


def measure(arguments: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Measured:
    """Run `arguments` with this interpreter and measure it.

    Args:
        arguments: what follows the interpreter, such as `-m pipeline.cli run ...`.
        log: file for what it prints.
        environment: variables beside those of this process.

    Raises:
        RuntimeError: it failed; the message holds the end of what it printed.
    """
    with log.open("w+b") as output:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
        ended, peak = threading.Event(), [0]

        def poll() -> None:
            while not ended.wait(POLL_S):
                peak[0] = max(peak[0], sum(_most_held(pid) for pid in _tree(process.pid)))

        polling = threading.Thread(target=poll)
        polling.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        ended.set()
        polling.join()
        process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}:\n{text[-3000:]}")
    return Measured(seconds, peak[0] or usage.ru_maxrss * KIB, text)


def _tree(pid: int) -> Iterator[int]:
    """The process and all that it started; itself alone where the system has no such files."""
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = path.read_text().split()
        except OSError:
            continue  # it has just ended
        for child in children:
            yield from _tree(int(child))


def _most_held(pid: int) -> int:
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found[1]) * KIB if found else 0
