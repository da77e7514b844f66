"""The weekly report in a browser, opened from its file: drawn, quiet, asking for nothing, at home on a phone."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.reporting.weekly import report
from pipeline.reporting.weekly.snapshot import Pair
from pipeline.settings import Settings
from tests.reporting.conftest import WEEK, made_home, settings  # noqa: F401
from tools import screenshots as ui

pytestmark = [
    pytest.mark.full,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not Path(ui.CHROMIUM).exists(), reason=f"no Chromium at {ui.CHROMIUM}"),
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed"),
]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
PAIRS = [Pair("sup_a", "con_us", "watched", "con_big"), Pair("sup_c", "con_us", "few bills")]


@pytest.fixture
def files(made_home: Settings, monkeypatch: pytest.MonkeyPatch) -> list[Path]:  # noqa: F811
    """The first page and the pairs' pages."""
    monkeypatch.setattr(report, "watched_pairs", lambda *_: PAIRS)
    index = report.write_report(made_home, WEEK)
    return [index, *sorted(path for path in index.parent.iterdir() if path != index)]


@pytest.fixture
def page() -> Iterator[Any]:
    """A page that writes down what it says and asks for: `said`, `asked`."""
    with ui.browser() as opened:
        opened.said, opened.asked = [], []
        opened.on("console", lambda message: opened.said.append(message.text))
        opened.on("pageerror", lambda error: opened.said.append(str(error)))
        opened.on("request", lambda request: opened.asked.append(request.url))
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_from_its_file_quietly_and_asks_for_nothing(page: Any, files: list[Path], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in files:
        page.goto(path.as_uri())
    assert page.said == []
    assert page.asked == [path.as_uri() for path in files]
    assert "alert" not in page.evaluate("[...document.querySelectorAll('script')].map(s => s.text).join()")


@pytest.mark.parametrize("size", [PHONE, DESK, {"width": 800, "height": 900}])
def test_every_picture_is_drawn_and_nothing_sticks_out(page: Any, files: list[Path], size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    for path in files:
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path.name
        drawn = page.evaluate(
            """[...document.querySelectorAll('.chart svg')].map(svg => {
                const box = svg.getBoundingClientRect()
                const marks = [...svg.querySelectorAll('path, line, text')].filter(
                    mark => mark.getBoundingClientRect().width + mark.getBoundingClientRect().height > 0)
                return [box.width, box.height, marks.length]
            })"""
        )
        assert len(drawn) >= (1 if path.name == "index.html" else 3)
        for width, height, marks in drawn:
            assert width >= 0.8 * min(size["width"], 380)
            assert height > 60
            assert marks >= 10


def test_the_pictures_follow_the_screen_and_paper_is_light(page: Any, files: list[Path]) -> None:
    ink = "getComputedStyle(document.querySelector('.chart svg text')).fill"
    ground = "getComputedStyle(document.body).backgroundColor"
    seen = {}
    for media, scheme in (("screen", "light"), ("screen", "dark"), ("print", "dark")):
        page.emulate_media(media=media, color_scheme=scheme)
        page.goto(files[1].as_uri())
        seen[media, scheme] = (page.evaluate(ink), page.evaluate(ground))
    assert seen["screen", "light"][0] != seen["screen", "dark"][0]
    assert seen["screen", "light"][1] != seen["screen", "dark"][1]
    assert seen["print", "dark"][0] == seen["screen", "light"][0]
    assert seen["print", "dark"][1] == "rgba(0, 0, 0, 0)", "paper has its own ground"


def test_unnamed_volume_is_hatched(page: Any, files: list[Path]) -> None:
    page.goto(next(path for path in files if "script" in path.name).as_uri())
    assert page.evaluate(
        "[...document.querySelectorAll('.chart path')].some(bar => getComputedStyle(bar).fill.includes('#hatch'))"
    )


def test_it_can_be_worked_by_keyboard(page: Any, files: list[Path]) -> None:
    page.goto(files[0].as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.get_by_role("link", name="BUYER").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/*-*.html")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.querySelector('details').open")


def test_a_screen_reader_finds_landmarks_headings_and_tables(page: Any, files: list[Path]) -> None:
    page.set_viewport_size(PHONE)
    for path in files:
        page.goto(path.as_uri())
        for role in ("banner", "main", "contentinfo"):
            assert page.get_by_role(role).count() == 1, f"{path.name}: {role}"
        levels = page.evaluate("[...document.querySelectorAll('h1, h2, h3')].map(title => Number(title.tagName[1]))")
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels)), levels
        assert page.get_by_role("table").count() >= 1, "a stacked table is still a table"
        assert page.evaluate("[...document.querySelectorAll('table')].every(table => table.caption)")
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
        assert len(ids) == len(set(ids))
