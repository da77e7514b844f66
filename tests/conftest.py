"""What every test stands on: no network but this machine's own, no setting of whoever runs the tests."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from pipeline.progress import Progress
from pipeline.settings import Settings, load_settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")
ODD_NAME = "o'brien's [home] {2026} {{ x }} *% x"
"""Of homes and folders in tests: what SQL, patterns, Jinja and URLs would read, all allowed in a path."""
PUBLISHED_WEEKS = 9
"""Of the sample: some before the first alert of a story."""


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("LEVERAGE_"):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """A connection to another machine fails at once instead of leaving a test that needs the network."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> Any:
        if isinstance(address, tuple) and address[0] not in LOOPBACK:
            raise OSError(f"a test must not connect to {address[0]}")
        return connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def published_sample(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The embedded world with its last weeks published, read by all tests of its stories: a quarter of an hour."""
    from pipeline.runs.nightly import backfill_days
    from pipeline.runs.weekly import publish_week
    from pipeline.snapshots.calendar import week_of
    from simulator import FIRST_RELEASE, LAST_RELEASE
    from simulator.world.span import LAST_CLOSED_WEEK

    settings = load_settings(home=tmp_path_factory.mktemp(f"sample {ODD_NAME}"), _env_file=None)
    assert backfill_days(
        settings, FIRST_RELEASE, LAST_RELEASE, recheck=False, chunk_days=None, progress=Progress()
    ).success
    last = week_of(LAST_CLOSED_WEEK)
    for back in reversed(range(PUBLISHED_WEEKS)):
        report = publish_week(settings, last.before(back), progress=Progress())
        assert report.success, report.faults
    return settings
