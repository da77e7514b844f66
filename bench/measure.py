"""Run one command and measure it.

Belongs here: wall time and peak memory of a child process. Does not belong here: which commands.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One run of a command.

    Attributes:
        seconds: wall time.
        peak_bytes: largest resident memory of the process.
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
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    text = log.read_text(encoding="utf-8", errors="replace")
    if process.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}:\n{text[-3000:]}")
    return Measured(seconds, usage.ru_maxrss * 1024, text)
