"""The version of the code that computes a week moves with every module that finds alerts."""

from __future__ import annotations

import subprocess
import sys

from pipeline.snapshots.versions import CODE

LISTED = """
import sys
import pipeline.alerts.detect, pipeline.alerts.episodes
print(*(name.rpartition(".")[2] for name in sys.modules if name.startswith("pipeline.alerts.")))
"""


def test_all_that_finds_alerts_is_in_the_version_of_the_code() -> None:
    taken = subprocess.run([sys.executable, "-c", LISTED], capture_output=True, text=True, check=True).stdout.split()
    covered = {path.stem for folder, patterns in CODE for pattern in patterns for path in folder.glob(pattern)}
    assert len(taken) > 5
    assert set(taken) <= covered
