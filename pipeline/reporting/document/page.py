"""A document between facts and markup: sections of sentences, tables and small pictures, drawn as text or as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from pipeline.formatting import KG, NOT_KNOWN, Measure, measure, number
from pipeline.reporting.figures import BillSet, Figure, figure_text

PLAIN: Final = "plain"
LEAD: Final = "lead"
QUOTE: Final = "quote"
ASIDE: Final = "aside"
NOTE: Final = "note"
"""Kinds of lines: a sentence; the one to read first; words to be said aloud; a caveat; small print to a table."""
_SLOTS: Final = re.compile(r"{(?P<value>\w+)}|\[(?P<word>[^]]+)]\((?P<code>\w+)\)")


@dataclass(frozen=True)
class Shown:
    """A figure in a sentence: as printed, its key, the key of the bills behind it, its value."""

    text: str
    key: str
    bills: str | None
    value: float | None


@dataclass(frozen=True)
class Term:
    """A word that not every buyer knows, and the code of its explanation (`terms`)."""

    word: str
    code: str


@dataclass(frozen=True)
class Strong:
    """A word to be seen first."""

    text: str


Part = str | Shown | Term | Strong
Parts = tuple[Part, ...]
Value = Part | Parts | Figure
"""What may stand in a sentence or a cell; a figure is printed with its unit."""


@dataclass(frozen=True)
class Line:
    """One or more sentences; `label` says what the words are for, such as `Ask first`."""

    parts: Parts
    kind: str = PLAIN
    label: str = ""


@dataclass(frozen=True)
class Head:
    """A column's head; the cells of a column of numbers are set to the right."""

    parts: Parts
    is_number: bool = False


@dataclass(frozen=True)
class Cells:
    """A row of a table; the row of the reader's own company is marked."""

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
    """One bar; without a value none is drawn; with a range a line from `least` to `most`."""

    label: str
    value: float | None
    shown: Shown
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Bars:
    """Bars on one scale from `low` to `high`, drawn from zero; the texts say what the ends mean."""

    caption: str
    bars: tuple[Bar, ...]
    low: float
    high: float
    low_text: str = ""
    high_text: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a picture of time, its solid part below."""

    label: str
    solid: float
    hollow: float


@dataclass(frozen=True)
class Columns:
    """Columns over time, oldest first, stacked of two parts, in the unit of their heights."""

    caption: str
    columns: tuple[Column, ...]
    solid_text: str
    hollow_text: str
    unit: str

    @property
    def largest(self) -> float:
        """Height of the highest column."""
        return max((column.solid + column.hollow for column in self.columns), default=0.0)


Block = Line | Table | Bars | Columns


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A document (`brief` or `mirror`), its sections in reading order; the bills are listed with `has_evidence`."""

    kind: str
    title: str
    subtitle: tuple[str, ...]
    sections: tuple[Section, ...]
    bill_sets: tuple[BillSet, ...] = field(default=())
    has_evidence: bool = False


def line(template: str, kind: str = PLAIN, label: str = "", **values: Value) -> Line:
    """A line made of a template; see `sentence`."""
    return Line(sentence(template, **values), kind, label)


def sentence(template: str, **values: Value) -> Parts:
    """The parts of a sentence: `{name}` is one of `values`, `[word](code)` a term; values are no templates.

    All weights in it are printed in one unit.
    """
    return tuple(_filled(template, values, weights(values.values())))


def weights(values: Iterable[Value]) -> Measure:
    """The unit for all weights among the values."""
    return measure([one.value for one in values if isinstance(one, Figure) and one.unit == KG], KG)


def _filled(template: str, values: dict[str, Value], unit: Measure) -> Iterator[Part]:
    end = 0
    for found in _SLOTS.finditer(template):
        if found.start() > end:
            yield template[end : found.start()]
        end = found.end()
        if found["value"]:
            yield from parts_of_value(values[found["value"]], unit)
        else:
            yield Term(found["word"], found["code"])
    if end < len(template):
        yield template[end:]


def parts_of_value(value: Value, unit: Measure) -> Parts:
    """A value as parts of a sentence whose weights are in `unit`."""
    if isinstance(value, tuple):
        return value
    if not isinstance(value, Figure):
        return (value,)
    is_weight = value.unit == KG and value.value is not None
    return (shown(value, unit.text(value.value) if is_weight else None),)


def numeric(template: str) -> Head:
    """The head of a column of numbers."""
    return Head(sentence(template), is_number=True)


def table(
    caption: str, heads: Sequence[str | Head], rows: Sequence[Sequence[Value]], marked: Sequence[bool] = ()
) -> Table:
    """A table, its weights in one unit; heads may hold terms, `marked` says of each row whether it is the reader's."""
    marks = marked or [False] * len(rows)
    unit = weights(cell for row in rows for cell in row)
    return Table(
        caption,
        tuple(head if isinstance(head, Head) else Head(sentence(head)) for head in heads),
        tuple(
            Cells(tuple(parts_of_value(cell, unit) for cell in row), mark)
            for row, mark in zip(rows, marks, strict=True)
        ),
    )


def shown(figure: Figure, text: str | None = None) -> Shown:
    """A figure as a part of a sentence, printed with its unit or as `text`."""
    return Shown(figure_text(figure) if text is None else text, figure.key, figure.bills, figure.value)


def bare(figure: Figure, unit: Measure | None = None) -> Shown:
    """A figure without its unit, which a table's head names; `unit` where it is a volume."""
    if figure.value is None:
        return shown(figure, NOT_KNOWN)
    return shown(figure, unit.bare(figure.value) if unit else number(figure.value))


def cell(figure: Figure) -> Figure | Shown:
    """A figure of a cell, which has no room for the reason why there is none."""
    return figure if figure.value is not None else shown(figure, NOT_KNOWN)


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
