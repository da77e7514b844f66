"""The text of a mail: what everybody can read, and a program without HTML."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

from pipeline.reporting.mail.view import Card, View

WIDTH: Final = 76
"""Columns that mail programs show without breaking."""


def as_text(view: View) -> str:
    """The whole text; every line ends in a line feed."""
    lines = [view.title, "=" * min(len(view.title), WIDTH), ""]
    if view.intro:
        lines += [*_wrapped(view.intro), ""]
    for number, card in enumerate(view.cards, start=1):
        place = f"{number} of {len(view.cards)}. " if len(view.cards) > 1 else ""
        lines += [*_card(card, place), ""]
    if view.more:
        lines += [*_wrapped(view.more), ""]
    for card in view.taken_back:
        lines += [*_card(card, ""), ""]
    lines += ["-" * WIDTH, *_wrapped(view.data), *_wrapped(view.caveat)]
    return "\n".join(lines) + "\n"


def _card(card: Card, place: str) -> Iterator[str]:
    yield "-" * WIDTH
    yield from _wrapped(f"{place}{card.label.upper()}")
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
