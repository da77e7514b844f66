"""A publication killed at any step leaves the old copy whole, or the new one, and the next one sweeps."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("every", [11, pytest.param(1, marks=pytest.mark.full)])
def test_killed_before_any_step(tmp_path: Path, every: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bi.kill_points", str(tmp_path / "home"), str(every)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60, "a publication has more steps than that"
