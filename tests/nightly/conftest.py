"""Whole nights on a small world: folders of release days, homes, and the rows of the marts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from pipeline.progress import Progress
from pipeline.runs.nightly import run_release_days
from pipeline.runs.report import RunReport
from pipeline.settings import Settings, load_settings
from simulator.feed.writer import write_sample
from tests.conftest import ODD_NAME

FIRST = date(2026, 3, 2)
DAYS = 8
BILLS_PER_DAY = 60
LAST = FIRST + timedelta(days=DAYS - 1)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight release days of one small world; never changed."""
    folder = tmp_path_factory.mktemp(f"world {ODD_NAME}")
    write_sample(folder, days=DAYS, bills_per_day=BILLS_PER_DAY, seed=11, start=FIRST)
    return folder


@pytest.fixture
def own_world(world: Path, tmp_path: Path) -> Path:
    """A copy of the world that a test may change."""
    return Path(shutil.copytree(world, tmp_path / "world"))


@pytest.fixture
def home_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Settings]]:
    """Makes settings of a fresh home on a folder of release days."""
    for name in ("LEVERAGE_HOME", "LEVERAGE_SOURCE_URL", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def make(source: Path, name: str = "home", **overrides: object) -> Settings:
        return load_settings(
            home=tmp_path / f"{name} {ODD_NAME}", source_url=source.as_uri(), min_free_bytes=0, **overrides
        )

    yield make
    monkeypatch.undo()


@pytest.fixture
def loaded_home(
    world: Path, home_of: Callable[..., Settings], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Settings]:
    """Makes settings of a home with the world loaded up to a day: in one run, once for all tests, and copied."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent

    def make(last: date, name: str = "home", *, source: Path = world, **overrides: object) -> Settings:
        built = shared / f"loaded-{last}"
        with FileLock(f"{built}.lock"):
            if not built.exists():
                settings = load_settings(
                    home=built.with_suffix(".partial"), source_url=world.as_uri(), min_free_bytes=0
                )
                assert run_days(settings, FIRST, last).success
                settings.home.rename(built)
        settings = home_of(source, name, **overrides)
        shutil.copytree(built, settings.home, symlinks=True)
        return settings

    return make


def run_days(settings: Settings, first: date, last: date | None = None, *, recheck: bool = True) -> RunReport:
    """One run of the nightly job, in this process."""
    return run_release_days(settings, first, last or first, recheck=recheck, progress=Progress())


def day_folder(world: Path, day: date) -> Path:
    """The folder of a release day's files."""
    return world / f"{day:%Y/%Y%m%d}"
