"""A run that is killed anywhere and run again gives what an unbroken run gives."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.state.release_outcomes import read_outcomes
from pipeline.warehouse.pending import pending_days
from tests.marts import assert_same_marts, mart_rows
from tests.nightly.conftest import FIRST

NIGHT = FIRST + timedelta(days=3)
SHARES = tuple(n / 13 for n in range(1, 13))
"""Where on its way a run is killed, for each kind of point."""


def _leverage(settings: Settings, point: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "LEVERAGE_HOME": str(settings.home),
        "LEVERAGE_SOURCE_URL": settings.source_url,
        "LEVERAGE_MIN_FREE_BYTES": "0",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, "-m", "tests.nightly.kill_at", point, "run", "--release-date", str(NIGHT)]
    return subprocess.run(
        command, env=environment, cwd=settings.home.parent, capture_output=True, text=True, timeout=300, check=False
    )


@pytest.fixture
def evening(loaded_home: Callable[..., Settings]) -> Settings:
    """A home before the night that will be killed."""
    return loaded_home(NIGHT - timedelta(days=1), "evening")


def _killed_runs_equal_unbroken(evening: Settings, home_of: Callable[..., Settings], world: Path, count: int) -> None:
    unbroken = home_of(world, "unbroken")
    shutil.copytree(evening.home, unbroken.home)
    result = _leverage(unbroken, "count")
    assert result.returncode == 0, result.stderr
    moves, nodes = (int(number) for number in re.findall(r"points (\d+) (\d+)", result.stderr)[0])
    expected = mart_rows(unbroken)

    shares = SHARES[:: len(SHARES) * 2 // count]
    points = [f"move:{max(1, round(moves * share))}" for share in shares]
    points += [f"dbt:{max(1, round(nodes * share))}" for share in shares]
    for point in points:
        settings = home_of(world, point.replace(":", "-"))
        shutil.copytree(evening.home, settings.home)
        killed = _leverage(settings, point)
        assert killed.returncode == -9, f"{point} was not reached: {killed.stderr}"
        again = _leverage(settings, "count")
        assert again.returncode == 0, f"after a kill at {point}: {again.stderr}"
        assert not pending_days(settings), f"after a kill at {point} a release is accepted and not built"
        assert_same_marts(expected, mart_rows(settings))
        for item in read_outcomes(settings):
            if item.outcome == "loaded":
                assert item.rows_in == (item.rows_loaded or 0) + (item.rows_quarantined or 0)
        shutil.rmtree(settings.home)


@pytest.mark.full
def test_killed_while_files_move_and_while_dbt_builds(
    evening: Settings, home_of: Callable[..., Settings], world: Path
) -> None:
    _killed_runs_equal_unbroken(evening, home_of, world, count=4)


@pytest.mark.full
def test_killed_at_two_dozen_points(evening: Settings, home_of: Callable[..., Settings], world: Path) -> None:
    _killed_runs_equal_unbroken(evening, home_of, world, count=24)
