"""A mail that went through an SMTP server, in a browser: pictures shown, nothing loaded, light and dark, any width."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from pipeline.delivery.deliver import deliver
from pipeline.delivery.outbox import enqueue
from pipeline.settings import load_settings
from tests.delivery import made
from tests.delivery.receivers import mail_server
from tools import screenshots as ui

pytestmark = [
    pytest.mark.full,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(not Path(ui.CHROMIUM).exists(), reason=f"no Chromium at {ui.CHROMIUM}"),
    pytest.mark.skipif(importlib.util.find_spec("playwright") is None, reason="playwright is not installed"),
]
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1100, "height": 900}
ORIGIN = "https://mail.example.com"
Show = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the server took, by subject: a week, its critical alert, names that try to break out, a quiet week."""
    with mail_server(None, "smtp") as box:
        settings = load_settings(home=tmp_path_factory.mktemp("mail"), smtp_url=box.url)
        digests = {"2026-W46": made.digest, "2026-W47": made.quiet, "2026-W48": made.hostile}
        enqueue(settings, [make("email:anna@example.com", as_of_week=week) for week, make in digests.items()])
        deliver(settings)
    found = [message_from_bytes(letter[2], policy=default) for letter in box.letters]
    return {str(letter["Subject"]): letter for letter in found}


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with ui.browser() as opened_page:
        yield opened_page


@pytest.fixture
def show(page: Any, letters: dict[str, Any]) -> Iterator[Show]:
    """Shows the mail whose subject begins so, as a mail program does; returns what the page asked the network for."""
    asked: list[str] = []

    def shown(subject: str) -> list[str]:
        (letter,) = [letter for text, letter in letters.items() if text.startswith(subject)]
        html = letter.get_body(("html",)).get_content()
        pictures = {
            part["Content-ID"].strip("<>"): part.get_content()
            for part in letter.walk()
            if part.get_content_type() == "image/png"
        }
        for name in pictures:
            assert f"cid:{name}" in html
            # a mail program serves the pictures that came with the mail; so does this page, of its own origin
            html = html.replace(f"cid:{name}", f"{ORIGIN}/{name}").replace("img-src cid:", f"img-src cid: {ORIGIN}")

        def answer(route: Any) -> None:
            name = route.request.url.removeprefix(f"{ORIGIN}/")
            if route.request.url == f"{ORIGIN}/":
                route.fulfill(body=html, content_type="text/html")
            elif name in pictures:
                route.fulfill(body=pictures[name], content_type="image/png")
            else:
                asked.append(route.request.url)
                route.abort()

        page.unroute_all()
        page.route("**/*", answer)
        page.goto(f"{ORIGIN}/")
        return asked

    yield shown
    page.unroute_all()


@pytest.mark.parametrize("subject", ["4 changes", "Critical: HOLLOW", "Nothing changed", "Critical: <script>"])
def test_nothing_is_loaded_and_nothing_runs(page: Any, show: Show, subject: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    assert show(subject) == []
    assert said == []
    assert page.evaluate("document.scripts.length") == 0


def test_the_picture_is_shown_and_described_in_words(page: Any, show: Show) -> None:
    page.set_viewport_size(PHONE)
    show("Critical: HOLLOW")
    found = page.evaluate(
        "[...document.images].map(image => [image.complete, image.naturalWidth, image.clientWidth, image.alt])"
    )
    ((is_complete, natural, shown, words),) = found
    assert is_complete
    assert natural > 800
    assert 280 <= shown <= 340
    assert "HOLLOW OAK RETAIL INC. 34% to 0%" in words


def test_names_from_outside_are_read_letter_by_letter(page: Any, show: Show) -> None:
    show("Critical: <script>")
    assert "<script>alert(1)</script> *bold*|<!channel> =cmd()" in page.locator("h2").first.inner_text()


@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_in_width_and_can_be_read(page: Any, show: Show, size: dict[str, int], scheme: str) -> None:
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=scheme)
    show("4 changes")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    contrasts = page.evaluate(
        """() => {
            const light = colour => colour.match(/[0-9.]+/g).slice(0, 3).map(Number)
                .map(part => (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
                .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
            const ground = element => {
                for (; element; element = element.parentElement) {
                    const found = getComputedStyle(element).backgroundColor;
                    if (found !== 'rgba(0, 0, 0, 0)') return light(found);
                }
                return 1;
            };
            const texts = [...document.querySelectorAll('body *')].filter(element =>
                [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()));
            return texts.map(element => {
                const ink = light(getComputedStyle(element).color), paper = ground(element);
                return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
            });
        }"""
    )
    assert len(contrasts) > 30
    assert min(contrasts) >= 4.5  # WCAG 2.2, level AA
