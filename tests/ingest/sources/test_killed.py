"""A run that is killed at any step, then run again, leaves what an unbroken run leaves."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.land import land_release, landed
from pipeline.ingest.landing import folder as folder_module
from pipeline.settings import Settings

from .conftest import DAY, Folder, leftovers, release, table_bytes

STEPS = ("os.write", "Path.replace", "Path.unlink", "Path.rmdir", "shutil.rmtree", "Path.mkdir")


def tree(settings: Settings) -> dict[str, bytes]:
    """All landed bytes below the release's folder; the time of fetching is left out."""
    base = settings.landing_dir / DAY.isoformat()
    found = {str(path.relative_to(base)): path.read_bytes() for path in base.rglob("*") if path.is_file()}
    return {name: content for name, content in found.items() if name != "provenance.json"}


def killed_at(count: int, settings: Settings) -> bool:
    """Land in a child process that is killed before its `count`th step on the disk; whether it came that far."""
    child = os.fork()
    if child == 0:  # nothing below returns to pytest
        left = iter(range(count))
        for name in STEPS:
            owner_name, attribute = name.split(".")
            owner = getattr(folder_module, owner_name)
            setattr(owner, attribute, _deadly(getattr(owner, attribute), left))
        land_release(settings, DAY)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def _deadly(original: Callable[..., object], left: object) -> Callable[..., object]:
    def step(*args: object, **more: object) -> object:
        if next(left, None) is None:  # type: ignore[call-overload]
            os.kill(os.getpid(), signal.SIGKILL)
        return original(*args, **more)

    return step


@pytest.mark.parametrize("start", ["nothing", "an older release"])
def test_killed_at_any_step_and_run_again_is_as_unbroken(
    settings: Settings, folder: Folder, tmp_path: Path, start: str
) -> None:
    if start == "an older release":
        folder.write(release())
        land_release(settings, DAY)
    # A corrected release with one table gone and one changed in the middle of the set.
    folder.write({**release(mark="b"), folder.name("hazmat"): table_bytes("hazmat")})
    (folder.release / folder.name("tariff")).unlink(missing_ok=True)
    fresh = tmp_path / "before"
    shutil.copytree(settings.home, fresh) if settings.home.exists() else fresh.mkdir()
    unbroken = land_release(settings, DAY)
    expected = tree(settings)
    points = 0
    while True:
        shutil.rmtree(settings.home)
        shutil.copytree(fresh, settings.home)
        if not killed_at(points, settings):
            break
        points += 1
        there = landed(settings, DAY)
        if there is not None:  # what lies there is a whole release, the old one or the new one
            assert all(file.path.read_bytes() for file in there.files)
        again = land_release(settings, DAY)
        assert [file.identity for file in again.files] == [file.identity for file in unbroken.files], points
        assert tree(settings) == expected, points
        assert leftovers(settings) == []
    assert points >= 20
