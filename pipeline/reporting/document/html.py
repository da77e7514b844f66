"""A page as one HTML file that needs nothing else: no script, no network, light and dark, screen, phone and paper.

All text is escaped by the template engine; names come from manifests and are nobody's to trust. The page forbids itself
to load anything (Content-Security-Policy).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from pipeline.formatting import counted, day, number, unit_name, volume
from pipeline.reporting.document.page import Bars, Column, Columns, Line, Page, Shown, Strong, Table, Term, terms_of
from pipeline.reporting.document.terms import TERMS
from pipeline.reporting.document.text import difference

TEMPLATE: Final = "page.html.j2"
COLUMNS_HEIGHT: Final = 80.0
COLUMN_STEP: Final = 10.0
"""Units of the pictures; they are scaled to the page."""


@dataclass(frozen=True)
class Rect:
    """A rectangle of a picture."""

    x: float
    y: float
    width: float
    height: float


def as_html(page: Page) -> str:
    """The page as one document."""
    places = {item.key: place for place, item in enumerate(page.bill_sets, start=1)} if page.has_evidence else {}
    return _template().render(page=page, terms={code: TERMS[code] for code in terms_of(page)}, places=places)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("pipeline.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    kinds = {
        "line": Line,
        "table": Table,
        "bars": Bars,
        "columns": Columns,
        "shown": Shown,
        "term": Term,
        "strong": Strong,
    }
    for name, kind in kinds.items():
        environment.tests[name] = lambda value, kind=kind: isinstance(value, kind)
    environment.filters.update(day=day, number=number, volume=volume, counted=counted, unit_text=unit_name)
    environment.globals.update(bar=bar, columns=columns, difference=difference, term_text=TERMS.__getitem__)
    return environment.get_template(TEMPLATE)


def bar(value: float | None, low: float, high: float) -> Rect | None:
    """A bar from zero to `value`, on a scale of 100 wide; None where there is no value."""
    if value is None:
        return None
    zero, end = ((min(max(at, low), high) - low) / (high - low) * 100 for at in (0.0, value))
    return Rect(round(min(zero, end), 2), 0, round(max(abs(end - zero), 0.6), 2), 10)


def columns(given: Sequence[Column]) -> list[tuple[Rect, Rect]]:
    """Solid and hollow part of each column."""
    most = max((column.solid + column.hollow for column in given), default=0.0) or 1.0
    found = []
    for place, column in enumerate(given):
        x, width = place * COLUMN_STEP, COLUMN_STEP - 2
        solid, hollow = (part / most * COLUMNS_HEIGHT for part in (column.solid, column.hollow))
        found.append(
            (
                Rect(x, round(COLUMNS_HEIGHT - solid, 2), width, round(solid, 2)),
                Rect(x, round(COLUMNS_HEIGHT - solid - hollow, 2), width, round(hollow, 2)),
            )
        )
    return found
