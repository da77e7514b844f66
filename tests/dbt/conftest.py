"""One home for all builds of this folder, emptied between them but for its parsed dbt project, which costs most."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from filelock import FileLock

from pipeline.settings import Settings
from tests.conftest import ODD_NAME
from tests.dbt.alert_world import Weeks, compile_alerts
from tests.dbt.story import story
from tests.dbt.weekly_world import Models, compile_models
from tests.dbt.world import build, home, write_release

KEPT = "dbt"


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The home itself; tests take `settings`."""
    return home(tmp_path_factory.mktemp(f"warehouse {ODD_NAME}"))


@pytest.fixture
def settings(shared_home: Settings) -> Iterator[Settings]:
    """Settings of an empty home."""
    empty(shared_home)
    yield shared_home
    empty(shared_home)


@pytest.fixture(scope="session")
def reference(shared_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The story built at once, with all its data tests; only to be read, and made once for all processes of a run."""
    own = tmp_path_factory.getbasetemp()
    kept = home((own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "reference")
    with FileLock(f"{kept.home}.lock"):
        if not kept.home.exists():
            empty(shared_home)
            for day, bills in story().items():
                write_release(shared_home, day, bills)
            build(shared_home)
            shutil.copytree(shared_home.home, kept.home, ignore=shutil.ignore_patterns(KEPT))
            empty(shared_home)
    return kept


@pytest.fixture(scope="session")
def models(shared_home: Settings) -> Models:
    """SQL of the weekly models."""
    return compile_models(shared_home)


@pytest.fixture(scope="session")
def alert_models(shared_home: Settings) -> Models:
    """SQL of the models of alerts, which read a home's frozen weeks."""
    empty(shared_home)
    return compile_alerts(shared_home)


@pytest.fixture
def weeks(settings: Settings, models: Models, alert_models: Models) -> Weeks:
    """Publishes weeks of worlds made by hand."""
    return Weeks(settings, models, alert_models)


def empty(settings: Settings) -> None:
    """Take away all that was written below a home, but what dbt has parsed."""
    for path in settings.home.iterdir():
        if path.is_dir() and path.name != KEPT:
            shutil.rmtree(path)
        elif path.is_file():
            path.unlink()
