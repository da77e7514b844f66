"""A document between facts and markup: sections of sentences, tables and small pictures.

A brief and a mirror become a page once; text and HTML draw the same page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pipeline.formatting import number
from pipeline.reporting.figures import BillSet, Figure, figure_text

PLAIN: Final = "plain"
LEAD: Final = "lead"
QUOTE: Final = "quote"
ASIDE: Final = "aside"
NOTE: Final = "note"
"""Kinds of lines: a sentence; the one to read first; words to be said aloud; a caveat; small print to a table."""


@dataclass(frozen=True)
class Shown:
    """A figure in a sentence.

    Attributes:
        text: as printed.
        key: of the figure.
        bills: key of the bills behind it.
        value: the figure itself.
    """

    text: str
    key: str
    bills: str | None
    value: float | None


@dataclass(frozen=True)
class Term:
    """A word that not every buyer knows; explained once at the end, and where the pointer rests on it.

    Attributes:
        word: as it stands in the sentence.
        code: which explanation (`terms`).
    """

    word: str
    code: str


@dataclass(frozen=True)
class Strong:
    """A word to be seen first."""

    text: str


Part = str | Shown | Term | Strong
Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Line:
    """One or more sentences.

    Attributes:
        parts: in order.
        kind: see the constants of this module.
        label: what the words are for, such as `Ask first`; empty for none.
    """

    parts: Parts
    kind: str = PLAIN
    label: str = ""


@dataclass(frozen=True)
class Head:
    """A column's head.

    Attributes:
        parts: its words.
        is_number: whether its cells are set to the right.
    """

    parts: Parts
    is_number: bool = False


@dataclass(frozen=True)
class Cells:
    """A row of a table.

    Attributes:
        cells: as many as there are heads.
        is_marked: whether it is the row of the reader's own company.
    """

    cells: tuple[Parts, ...]
    is_marked: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a caption."""

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[Cells, ...]


@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes:
        label: what it is.
        value: its length, on the scale of the picture; None draws none.
        shown: the figure as printed.
    """

    label: str
    value: float | None
    shown: Shown


@dataclass(frozen=True)
class Bars:
    """Bars on one scale, to the right of zero or to either side.

    Attributes:
        caption: what is shown.
        bars: from top to bottom.
        low, high: ends of the scale.
        low_text, high_text: what the ends mean.
    """

    caption: str
    bars: tuple[Bar, ...]
    low: float
    high: float
    low_text: str = ""
    high_text: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a picture of time.

    Attributes:
        label: its time.
        solid, hollow: heights of its two parts, the solid one below.
    """

    label: str
    solid: float
    hollow: float


@dataclass(frozen=True)
class Columns:
    """Columns over time, stacked of two parts.

    Attributes:
        caption: what is shown.
        columns: oldest first.
        solid_text, hollow_text: what the parts are.
        unit: of the heights.
    """

    caption: str
    columns: tuple[Column, ...]
    solid_text: str
    hollow_text: str
    unit: str


Block = Line | Table | Bars | Columns


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A document.

    Attributes:
        kind: `brief` or `mirror`.
        title: of the whole.
        subtitle: lines under it.
        sections: in reading order.
        bill_sets: the bills behind the figures.
        has_evidence: whether they are listed.
    """

    kind: str
    title: str
    subtitle: tuple[str, ...]
    sections: tuple[Section, ...]
    bill_sets: tuple[BillSet, ...] = field(default=())
    has_evidence: bool = False


def shown(figure: Figure, text: str | None = None) -> Shown:
    """A figure as a part of a sentence, in its own words or in `text`."""
    return Shown(figure_text(figure) if text is None else text, figure.key, figure.bills, figure.value)


def bare(figure: Figure) -> Shown:
    """A figure without its unit, which a table's head names."""
    return shown(figure, None if figure.value is None else number(figure.value))


def parts_of(page: Page) -> tuple[Part, ...]:
    """All parts of all lines and tables, in reading order."""
    found: list[Part] = []
    for section in page.sections:
        for block in section.blocks:
            if isinstance(block, Line):
                found += block.parts
            elif isinstance(block, Table):
                found += [part for head in block.heads for part in head.parts]
                found += [part for row in block.rows for cell in row.cells for part in cell]
            elif isinstance(block, Bars):
                found += [bar.shown for bar in block.bars]
    return tuple(found)


def terms_of(page: Page) -> tuple[str, ...]:
    """Codes of the terms that a page uses, each once, in order."""
    return tuple(dict.fromkeys(part.code for part in parts_of(page) if isinstance(part, Term)))
