"""A page as one HTML file: no script, no network, light and dark, screen, phone and paper."""

from __future__ import annotations

from pipeline.reporting.document.page import Page, terms_of
from pipeline.reporting.document.terms import TERMS
from pipeline.reporting.document.text import difference
from pipeline.reporting.templates import render_page

COLUMNS_HEIGHT = 80
"""Of the template's picture of columns."""


def as_html(page: Page) -> str:
    """The page as one document."""
    numbers = {item.key: number for number, item in enumerate(page.bill_sets, start=1)} if page.has_evidence else {}
    return render_page(
        "document.html.j2",
        "document",
        page=page,
        terms={code: TERMS[code] for code in terms_of(page)},
        bill_set_numbers=numbers,
        kind=lambda item: type(item).__name__,
        bar_of=_bar,
        height_of=_height,
        difference=difference,
    )


def _bar(value: float, low: float, high: float, start: float = 0.0) -> tuple[float, float]:
    """Start and length of a bar from `start` to `value`, on a scale of 100; a bar of nothing still shows as a line."""
    zero, end = ((min(max(at, low), high) - low) / (high - low) * 100 for at in (start, value))
    return round(min(zero, end), 2), round(max(abs(end - zero), 0.6), 2)


def _height(volume: float, largest: float) -> float:
    """Height of a column, of the largest one's."""
    return round(volume / largest * COLUMNS_HEIGHT, 2) if largest else 0.0
