"""What a newcomer sees in the UI that `make dev` opens: the graph, and why a check refused a day."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tools import screenshots as ui

pytestmark = [
    pytest.mark.full,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not Path(ui.CHROMIUM).exists(), reason=f"no Chromium at {ui.CHROMIUM}"),
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed"),
]
HOME = f"http://127.0.0.1:{ui.PORT}"
PATIENCE = 90_000
BROKEN = ui.FIRST + timedelta(days=ui.NIGHTS - 1)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A page of the UI over four good nights and one that was refused."""
    environment = ui.load_small_world(tmp_path_factory.mktemp("ui"))
    ui.load_broken_day(environment)
    with ui.running_ui(environment), ui.browser() as opened:
        opened.set_default_timeout(PATIENCE)
        yield opened


def test_the_graph_shows_every_stage(page: Any) -> None:
    page.goto(f"{HOME}/asset-groups", wait_until="domcontentloaded")
    for group in ("releases", "raw", "staging", "intermediate", "marts"):
        page.get_by_text(group, exact=True).first.wait_for()


def test_a_refused_day_says_which_check_failed(page: Any) -> None:
    page.goto(f"{HOME}/assets/staged?view=checks", wait_until="domcontentloaded")
    page.get_by_text("links", exact=True).first.wait_for()
    page.get_by_text("Failed").first.wait_for()
