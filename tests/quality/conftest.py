from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from expectations.rules import Suite
from pipeline.quality import gate
from pipeline.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(_env_file=None, home=tmp_path / "home")


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have the gate run some suites only: a validation of all of them takes a second and more."""

    def run(*suites: Suite) -> None:
        monkeypatch.setattr(gate, "SUITES", suites)

    return run
