"""Swaps under readers that never rest: no error, no torn read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.bi.versions import show, versions
from tests.bi.toy import leftovers, publish, stamp_of_file, stamp_warehouse, toy_home

ROOT = Path(__file__).resolve().parents[2]
PUBLISH_EVERY = 25
"""Every so many swaps is a whole publication, which also removes old versions; the others swap the kept ones about."""
ROUNDS = 5
"""Swaps go on until every reader has read so often."""
PATIENCE_S = 900


@pytest.mark.parametrize(("swaps", "readers"), [(60, 2), pytest.param(1000, 8, marks=pytest.mark.full)])
def test_readers_see_one_publication_or_another(tmp_path: Path, swaps: int, readers: int) -> None:
    settings = toy_home(tmp_path / "home")
    publish(settings)
    stop = tmp_path / "stop"
    counts = [tmp_path / f"rounds-{number}" for number in range(readers)]
    command = [sys.executable, "-m", "tests.bi.loop_reader", str(settings.bi_dir), str(stop)]
    loops = [
        subprocess.Popen(
            [*command, str(count)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for count in counts
    ]
    try:
        done, stamp, began = 0, 1, time.monotonic()
        while all(loop.poll() is None for loop in loops) and (done < swaps or _fewest(counts) < ROUNDS):
            assert time.monotonic() - began < PATIENCE_S, (
                f"{done} swaps, {_fewest(counts)} rounds of the slowest reader"
            )
            if done % PUBLISH_EVERY == 0:
                stamp += 1
                stamp_warehouse(settings, stamp)
                publish(settings)
            else:
                kept = versions(settings)
                show(settings, kept[done % len(kept)])
            done += 1
    finally:
        stop.touch()
        result = [json.loads(loop.communicate(timeout=60)[0]) for loop in loops]
    assert [item["fault"] for item in result] == [None] * readers
    assert done >= swaps
    # a reader that only saw one publication would prove nothing
    assert all(item["stamps"] > 1 for item in result), result
    stamp_warehouse(settings, stamp + 1)
    publish(settings)
    assert stamp_of_file(settings.bi_path) == stamp + 1
    assert leftovers(settings) == []


def _fewest(counts: list[Path]) -> int:
    return min(count.stat().st_size if count.exists() else 0 for count in counts)
