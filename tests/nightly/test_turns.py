"""Two runs at once: the second waits for the first and says so."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from pipeline.settings import Settings
from pipeline.state.writer_lock import writer
from tests.nightly.conftest import FIRST

HOLD = """
import sys
from pipeline.state.writer_lock import writer
from pipeline.settings import load_settings
with writer(load_settings(home=sys.argv[1]).home, "the other run"):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_the_second_writer_waits_and_names_the_first(world: Path, home_of: Callable[..., Settings]) -> None:
    settings = home_of(world)
    settings.home.mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        result: list[str] = []
        order: list[str] = []

        def second() -> None:
            with writer(settings.home, "this run", result.append):
                order.append("second")

        waiting = threading.Thread(target=second)
        waiting.start()
        while not result and waiting.is_alive():
            waiting.join(0.05)
        order.append("first ends")
        other.stdin.write("\n")
        other.stdin.flush()
        waiting.join(30)
    assert order == ["first ends", "second"]
    assert "the other run" in result[0]
    assert str(other.pid) in result[0]


def test_a_killed_writer_leaves_no_lock(world: Path, home_of: Callable[..., Settings]) -> None:
    settings = home_of(world)
    settings.home.mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        other.kill()
    result: list[str] = []
    with writer(settings.home, f"release {FIRST}", result.append):
        pass
    assert result == []
