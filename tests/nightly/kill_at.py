"""Run `leverage` and kill this process at one point: `python -m tests.nightly.kill_at POINT ARGUMENTS...`.

A point is `move:N` (before the N-th rename or removal of a file or folder) or `dbt:N` (when the N-th dbt node has
finished). `count` kills nothing and prints how many points of each kind there were.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

SEEN: Counter[str] = Counter()


def main() -> None:
    """Patch, then run the command."""
    kind, _, number = sys.argv[1].partition(":")

    def passed(point: str) -> None:
        SEEN[point] += 1
        if point == kind and SEEN[point] == int(number):
            os.kill(os.getpid(), signal.SIGKILL)

    def before(function: Callable[..., Any], point: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            passed(point)
            return function(*args, **kwargs)

        return call

    from pipeline.warehouse import dbt_runner as runner

    for owner, name in ((os, "replace"), (os, "rename"), (Path, "replace"), (Path, "rename"), (shutil, "rmtree")):
        setattr(owner, name, before(getattr(owner, name), "move"))
    run_dbt = runner.run_dbt

    def run_and_count(settings: Any, arguments: Any, on_event: Any = None, as_of_batch: Any = None) -> Any:
        def count(event: Any) -> None:
            if event["info"]["name"] == "NodeFinished":
                passed("dbt")
            if on_event:
                on_event(event)

        return run_dbt(settings, arguments, count, as_of_batch)

    from pipeline.defs import dbt

    dbt.run_dbt = run_and_count
    from pipeline.cli import main as cli

    try:
        cli.main(sys.argv[2:])
    finally:
        print(f"points {SEEN['move']} {SEEN['dbt']}", file=sys.stderr)


if __name__ == "__main__":
    main()
