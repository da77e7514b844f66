"""CPU, memory and rows of each dbt node of a run, and DuckDB's own profile of the dearest models."""

from __future__ import annotations

import resource
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb

STATUS: Final = Path("/proc/self/status")
CLEAR: Final = Path("/proc/self/clear_refs")
RESET_PEAK: Final = "5"
"""Written to `clear_refs`: the process's peak of memory becomes its present memory (Linux)."""


@dataclass
class Cost:
    """What one node took.

    Attributes:
        cpu_s: user and system seconds of this process, the engine's threads included.
        peak_bytes: most memory of the process while it ran; 0 where the system does not say.
    """

    cpu_s: float
    peak_bytes: int


@dataclass
class NodeCosts:
    """Collects the cost of each node from dbt's events, one node at a time.

    Attributes:
        of: by unique name of the node.
    """

    of: dict[str, Cost] = field(default_factory=dict)
    _started: float = 0.0

    def __call__(self, event: Mapping[str, Any]) -> None:
        """Take one of dbt's structured log events."""
        match event["info"]["name"]:
            case "NodeStart":
                self._started = cpu_seconds()
                if CLEAR.exists():
                    CLEAR.write_text(RESET_PEAK)
            case "NodeFinished":
                node = event["data"]["node_info"]["unique_id"]
                self.of[node] = Cost(cpu_seconds() - self._started, peak_bytes())


def cpu_seconds() -> float:
    """Seconds of CPU that this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_bytes() -> int:
    """Most memory of this process since the peak was reset; 0 where the system does not say."""
    if not STATUS.exists():
        return 0
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def write_profiles(connection: duckdb.DuckDBPyConnection, statements: Iterable[tuple[str, str]], folder: Path) -> None:
    """Write DuckDB's profile of each named statement, which is run once more, as `<name>.txt`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, statement in statements:
        (plan,) = connection.execute(f"explain analyze {statement}").fetchall()
        (folder / f"{name}.txt").write_text(plan[1])
