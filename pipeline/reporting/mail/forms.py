"""The text and the HTML of a mail.

The HTML is tables and inline styles, since mail programs know little else; it loads nothing: pictures come with the
mail.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final, NamedTuple

from pipeline.reporting.alerts.first_screen import LINES_HEAD
from pipeline.reporting.charts.palette import PALETTE, Colour
from pipeline.reporting.mail.view import Card, View
from pipeline.reporting.templates import render

WIDTH: Final = 76
"""Columns that mail programs show without breaking."""


class Badge(NamedTuple):
    """Ground and ink of a severity, the same on light and dark: white on it has a contrast of 4.5:1 and more."""

    ground: str
    ink: str


BADGES: Final = {
    "critical": Badge("#b3261e", "#ffffff"),
    "warning": Badge("#8a5300", "#ffffff"),
    "info": Badge("#0b5cab", "#ffffff"),
    "taken_back": Badge("#566272", "#ffffff"),
}
PAPER: Final = Colour("#f1f4f7", "#0e1319")
"""Behind the cards."""


def as_text(view: View) -> str:
    """The whole text, for mail programs without HTML; every line ends in a line feed."""
    lines = [view.title, "=" * min(len(view.title), WIDTH), ""]
    for paragraph in (*view.summary, *view.limits):
        lines += [*_wrapped(paragraph), ""]
    if view.lines:
        lines += [*_lines(view), ""]
    for number, card in enumerate(view.cards, start=1):
        position = f"{number} of {len(view.cards)}. " if len(view.cards) > 1 else ""
        lines += [*_card(card, position), ""]
    if view.more:
        lines += [*_wrapped(view.more), ""]
    for card in view.taken_back:
        lines += [*_card(card, ""), ""]
    lines += ["-" * WIDTH, *_wrapped(view.data), *_wrapped(view.caveat)]
    return "\n".join(lines) + "\n"


def as_html(view: View) -> str:
    """The whole document; its pictures are named as `view` names them."""
    return render("mail.html.j2", view=view, lines_head=LINES_HEAD, badges=BADGES, colours={**PALETTE, "paper": PAPER})


def _lines(view: View) -> Iterator[str]:
    yield from _wrapped(f"{LINES_HEAD}:")
    for row in view.lines:
        yield f"  {row.show} {row.supplier:<21.21} {row.customer:<19.19} {row.change}"


def _card(card: Card, position: str) -> Iterator[str]:
    yield "-" * WIDTH
    yield from _wrapped(f"{position}{card.label.upper()}")
    yield from _wrapped(f"Supplier: {card.supplier}")
    yield ""
    yield from _wrapped(card.headline)
    for head, text in card.paragraphs:
        yield ""
        yield from _wrapped(f"{head}: {text}")
    if card.picture_text:
        yield ""
        yield from _wrapped(card.picture_text)
    if card.standing:
        before, after = card.standing_heads
        yield ""
        yield from (
            f"  {what:<34.34} {first:>14} {second:>14}" for what, first, second in (("", before, after), *card.standing)
        )
    if card.group:
        yield ""
        yield from _wrapped(card.group)
    yield ""
    yield card.bills_head
    yield from (f"  {arrival:<12} {number:<20} {size:<24} {who}" for arrival, number, who, size in card.bills)
    yield f"All of them, in the BI copy: {card.query}"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
