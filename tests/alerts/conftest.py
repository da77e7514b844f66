"""Digests of the made week for given alerts and lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pipeline.alerts.message import Digest
from pipeline.alerts.watchlist import load_watchlist
from pipeline.alerts.watchlist_rows import COLUMNS
from pipeline.reporting.alerts import digest
from pipeline.reporting.alerts.digest import digests
from pipeline.settings import Settings, load_settings
from tests.alerts.digest_rows import US, DigestsOf
from tests.alerts.made_alerts import NAMES, WEEK, Names, publish


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", watchlist=tmp_path / "watch.csv", source_url="file:///nowhere")


@pytest.fixture
def digests_of(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> DigestsOf:
    """Digests of the week with these alerts, for these lines."""
    monkeypatch.setattr(digest, "load_watchlist", lambda given: load_watchlist(given, Names()))  # type: ignore[arg-type]

    def build(*alerts: dict[str, Any], watch: tuple[str, ...] = (US,), names: dict[str, str] = NAMES) -> list[Digest]:
        assert settings.watchlist is not None
        settings.watchlist.write_text("\n".join([",".join(COLUMNS), *watch]), encoding="utf-8")
        publish(settings, *alerts, names=names)
        return digests(settings, WEEK)

    return build
