"""Publish and die before the N-th step, for every N: `python -m tests.bi.kill_points HOME EVERY`.

A step is a change of the file system, or a table or file written or proven. This process only forks: the children
publish and die, check what they left, publish again. Prints the number of steps; dies at the first fault.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.bi import copy as bi_copy
from pipeline.bi import publish as bi
from pipeline.bi import versions as bi_versions
from pipeline.settings import Settings
from tests.bi.toy import leftovers, publish, stamp_of_file, stamp_of_parquet, stamp_warehouse, toy_home

STEPS = (
    *((os, name) for name in ("mkdir", "rename", "replace", "link", "symlink", "unlink", "rmdir", "chmod", "fsync")),
    *((bi_copy, name) for name in ("attach", "_write_table", "_write_parquet", "measure")),
    *((bi, name) for name in ("write_copy", "verify_copy", "commit", "show", "keep", "end_rollback")),
    (bi_versions, "force"),
    (shutil, "copyfile"),
)


def main() -> None:
    """Die at every EVERY-th step, once each."""
    bi_versions.GRACE_S = 0.0
    settings = toy_home_in_child(Path(sys.argv[1]))
    every = int(sys.argv[2])
    step, stamp, ended = 1, 2, False
    while not ended:
        ended = forked(lambda step=step, stamp=stamp: die_at(settings, stamp, step)) == 0
        faults = forked(lambda stamp=stamp, ended=ended: check(settings, stamp, ended))
        assert faults == 0, f"after a kill before step {step}"
        faults = forked(lambda stamp=stamp: again(settings, stamp))
        assert faults == 0, f"in the publication after a kill before step {step}"
        step, stamp = step + every, stamp + 1
    print(step - every)


def toy_home_in_child(folder: Path) -> Settings:
    """The home, made and published once in a child, so that this process never opens DuckDB."""
    assert forked(lambda: publish(toy_home(folder, bi_keep=2)) and None) == 0
    from pipeline.settings import load_settings

    return load_settings(home=folder, source_url="sample:", min_free_bytes=0, bi_keep=2)


def forked(work: Callable[[], Any]) -> int:
    """Run `work` in a child: 0 when it went well, the signal's or the fault's number else."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        finally:
            if code:
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return status


def die_at(settings: Settings, stamp: int, step: int) -> None:
    """Publish `stamp`, killed before the step; a few steps later not at all."""
    stamp_warehouse(settings, stamp)
    seen = 0

    def before(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return call

    for owner, name in STEPS:
        setattr(owner, name, before(getattr(owner, name)))
    publish(settings)


def check(settings: Settings, stamp: int, ended: bool) -> None:
    """What readers see is one publication, whole: the new one or the one before."""
    shown = {stamp_of_file(settings.bi_path), stamp_of_parquet(settings.bi_dir / "parquet")}
    assert shown <= {stamp - 1, stamp}, shown
    assert not ended or shown == {stamp}, shown


def again(settings: Settings, stamp: int) -> None:
    """The next publication repairs and sweeps."""
    publish(settings)
    assert stamp_of_file(settings.bi_path) == stamp_of_parquet(settings.bi_dir / "parquet") == stamp
    assert leftovers(settings) == []
    assert len(list((settings.bi_dir / "versions").iterdir())) <= settings.bi_keep


if __name__ == "__main__":
    main()
