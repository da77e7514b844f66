"""A brief in a browser: nothing is loaded, nothing complains, it fits a telephone and prints on two pages."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.reporting.brief.gather import gather
from pipeline.reporting.brief.page import page_of
from pipeline.reporting.document.html import as_html
from pipeline.reporting.facts.published_week import opened
from tests.reporting import made_pair
from tools import screenshots as ui

pytestmark = [
    pytest.mark.full,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not Path(ui.CHROMIUM).exists(), reason=f"no Chromium at {ui.CHROMIUM}"),
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed"),
]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1100, "height": 900}
PAGES = 2


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A brief with its bills, as a file."""
    folder = tmp_path_factory.mktemp("brief")
    with opened(made_pair.home(folder), None) as reading:
        brief = gather(reading, made_pair.MILL, made_pair.OURS, made_pair.BIG, shown=5)
    for name, evidence in (("brief", False), ("bills", True)):
        (folder / f"{name}.html").write_text(as_html(page_of(brief, has_evidence=evidence)), encoding="utf-8")
    return folder.as_uri()


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with ui.browser() as opened_page:
        yield opened_page


@pytest.mark.parametrize("name", ["brief", "bills"])
def test_nothing_is_loaded_and_nothing_complains(page: Any, address: str, name: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/{name}.html")
    page.wait_for_timeout(300)
    assert asked == [f"{address}/{name}.html"]
    assert said == []


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_in_width_and_can_be_read(page: Any, address: str, size: dict[str, int], scheme: str) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/bills.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    contrast = page.evaluate(
        """() => {
            const light = colour => colour.match(/[0-9.]+/g).slice(0, 3).map(Number)
                .map(part => (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
            const ground = light(getComputedStyle(document.documentElement).backgroundColor);
            return Math.min(...[...document.querySelectorAll('p, td, th, dd, a')].map(element => {
                const ink = light(getComputedStyle(element).color);
                return (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
            }));
        }"""
    )
    assert contrast >= 4.5  # WCAG 2.2, level AA


def test_a_figure_leads_to_its_bills_by_keyboard(page: Any, address: str) -> None:
    page.set_viewport_size(DESK)
    page.goto(f"{address}/bills.html")
    page.locator("a.figure").first.focus()
    page.keyboard.press("Enter")
    assert re.search(r"#bills-\d+$", page.url)
    page.keyboard.press("Tab")
    page.goto(f"{address}/bills.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"


def test_it_prints_on_two_pages(page: Any, address: str) -> None:
    page.goto(f"{address}/brief.html")
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= PAGES
