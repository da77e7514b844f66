"""A page as plain text, 96 columns wide, for a terminal, an e-mail or a printer.

Words to be explained are marked [a], figures (where evidence is asked for) {3}; both are resolved at the end.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from pipeline.formatting import KG, counted, day, number, unit_name, volume
from pipeline.reporting.document.page import (
    ASIDE,
    LEAD,
    QUOTE,
    Bar,
    Bars,
    Block,
    Columns,
    Line,
    Page,
    Parts,
    Shown,
    Strong,
    Table,
    Term,
    terms_of,
)
from pipeline.reporting.document.terms import TERMS
from pipeline.reporting.figures import BillSet

WIDTH: Final = 96
BAR: Final = 40
"""Characters of a bar's scale."""
LEAST_CELL: Final = 12
"""Characters under which no column is squeezed."""
HEAD_LINES: Final = 2
EIGHTHS: Final = " ▁▂▃▄▅▆▇█"
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"


def as_text(page: Page) -> str:
    """The page, ending with a line feed."""
    drawing = _Drawing(page)
    lines = [page.title, *(line for text in page.subtitle for line in textwrap.wrap(text, WIDTH)), "=" * WIDTH]
    for section in page.sections:
        lines += ["", section.title.upper()]
        for block in section.blocks:
            lines += drawing.block(block)
    if drawing.letters:
        lines += ["", "WORDS"]
        for code, letter in drawing.letters.items():
            lines += _wrapped(TERMS[code], f"[{letter}] ", "    ")
    if page.has_evidence:
        lines += ["", "BILLS BEHIND THE FIGURES"]
        for place, item in enumerate(page.bill_sets, start=1):
            lines += _bills(place, item)
    else:
        lines += ["", "Ask with --evidence for the bills behind each figure."]
    return "\n".join(line.rstrip() for line in lines) + "\n"


class _Drawing:
    """Draws blocks; marks each term where it stands first."""

    def __init__(self, page: Page) -> None:
        self.letters = dict(zip(terms_of(page), LETTERS, strict=False))
        self._marked: set[str] = set()
        self._places = {item.key: place for place, item in enumerate(page.bill_sets, start=1)}
        self._with_bills = page.has_evidence

    def block(self, block: Block) -> list[str]:
        """The lines of a block."""
        if isinstance(block, Line):
            return self._line(block)
        if isinstance(block, Table):
            return self._table(block)
        return self._bars(block) if isinstance(block, Bars) else _columns(block)

    def text(self, parts: Parts, *, bills: bool = True) -> str:
        """Parts as one text."""
        texts = []
        for part in parts:
            if isinstance(part, str):
                texts.append(part)
            elif isinstance(part, Strong):
                texts.append(part.text)
            elif isinstance(part, Term):
                texts.append(part.word + self._mark(part.code))
            else:
                texts.append(part.text + (self._evidence(part) if bills else ""))
        return "".join(texts)

    def _mark(self, code: str) -> str:
        if code in self._marked or code not in self.letters:
            return ""
        self._marked.add(code)
        return f"[{self.letters[code]}]"

    def _evidence(self, part: Shown) -> str:
        place = self._places.get(part.bills or "")
        return f"{{{place}}}" if self._with_bills and place else ""

    def _line(self, line: Line) -> list[str]:
        text = self.text(line.parts)
        if line.kind == ASIDE:
            return _wrapped(text, "    ! ", "      ")
        if line.kind == QUOTE:
            text = f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"
        label = f"{line.label}: " if line.label else ""
        if line.kind == LEAD and not line.label:
            return _wrapped(text, "  ", "  ")
        return _wrapped(label + text, "  ", "    " if label else "  ")

    def _table(self, table: Table) -> list[str]:
        heads = [self.text(head.parts) for head in table.heads]
        # a table has no room for marks of bills: each row's first figure carries them in HTML and JSON
        rows = [[self.text(cell, bills=False) for cell in row.cells] for row in table.rows]
        widths = _widths(heads, rows)
        right = [head.is_number for head in table.heads]
        lines = [f"  {table.caption}:", *_row(heads, widths, right, " ")]
        for row, cells in zip(table.rows, rows, strict=True):
            lines += _row(cells, widths, right, ">" if row.is_marked else " ")
        if self._with_bills:
            lines += self._of_rows(table)
        return lines

    def _of_rows(self, table: Table) -> list[str]:
        """Which bills stand behind which row."""
        texts = []
        for place, row in enumerate(table.rows, start=1):
            found = [self._evidence(part) for cell in row.cells for part in cell if isinstance(part, Shown)]
            marks = "".join(dict.fromkeys(mark for mark in found if mark))
            texts += [f"row {place}: {marks}"] if marks else []
        return _wrapped(", ".join(texts), "  bills: ", "         ") if texts else []

    def _bars(self, bars: Bars) -> list[str]:
        wide = max(len(bar.label) for bar in bars.bars)
        lines = [f"  {bars.caption}:"]
        for bar in bars.bars:
            value = self.text((bar.shown,))
            lines.append(f"    {bar.label:<{wide}} {_bar(bar, bars.low, bars.high)} {value}")
        if bars.low_text or bars.high_text:
            ends = f"{bars.low_text}{bars.high_text:>{BAR - len(bars.low_text)}}"
            lines.append(f"    {'':<{wide}} {ends}")
        return lines


def _bar(bar: Bar, low: float, high: float) -> str:
    """A bar from zero to its value on a scale of `BAR` characters, its range as dashes."""
    scale = ["."] * BAR
    if bar.value is not None:
        zero, end = (_place(at, low, high) for at in (0.0, bar.value))
        if bar.least is not None and bar.most is not None:
            first, last = (_place(at, low, high) for at in (bar.least, bar.most))
            scale[first : last + 1] = "-" * (min(last, BAR - 1) + 1 - first)
        for place in range(min(zero, end), max(zero, end)):
            scale[place] = "#" if scale[place] == "." else "="
        if low < 0 and zero == end:
            scale[min(zero, BAR - 1)] = "|"
    return "".join(scale)


def _place(at: float, low: float, high: float) -> int:
    return round((min(max(at, low), high) - low) / (high - low) * BAR)


def _columns(block: Columns) -> list[str]:
    """One character a column; its height is both parts, the share of the hollow part stands below."""
    most = block.largest
    if not most:
        return []
    heights = [EIGHTHS[round((column.solid + column.hollow) / most * 8)] for column in block.columns]
    hidden = [EIGHTHS[round(column.hollow / most * 8)] for column in block.columns]
    lines = [*_wrapped(f"{block.caption}; highest column {number(most)}:", "  ", "  "), f"    {''.join(heights)}  all"]
    return [*lines, f"    {''.join(hidden)}  {block.hollow_text}"] if any(mark != " " for mark in hidden) else lines


def _widths(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[int]:
    """Widths of columns: as their texts need and heads of two lines, the widest squeezed until the row fits."""
    cells = [max((len(row[place]) for row in rows), default=0) for place in range(len(heads))]
    widths = [max(_of_head(head), cell) for head, cell in zip(heads, cells, strict=True)]
    least = [max((len(word) for word in head.split()), default=1) for head in heads]
    while sum(widths) + 2 * len(widths) + 2 > WIDTH:
        loose = [place for place, width in enumerate(widths) if width > max(least[place], LEAST_CELL)]
        if not loose:
            break
        widths[max(loose, key=lambda place: widths[place])] -= 1
    return widths


def _of_head(head: str) -> int:
    """The least width at which a head takes two lines."""
    return next(width for width in range(1, len(head) + 2) if len(_split(head, width)) <= HEAD_LINES)


def _split(text: str, width: int) -> list[str]:
    longest = max((len(word) for word in text.split()), default=0)
    return textwrap.wrap(text, width, break_on_hyphens=False) if longest <= width else [text] * (HEAD_LINES + 1)


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], mark: str) -> list[str]:
    wrapped = [
        textwrap.wrap(cell, width, break_on_hyphens=False) or [""] for cell, width in zip(cells, widths, strict=True)
    ]
    lines = []
    for number_ in range(max(len(cell) for cell in wrapped)):
        texts = [cell[number_] if number_ < len(cell) else "" for cell in wrapped]
        set_ = [
            f"{text:>{width}}" if is_right else f"{text:<{width}}"
            for text, width, is_right in zip(texts, widths, right, strict=True)
        ]
        lines.append(f"  {mark if number_ == 0 else ' '} " + "  ".join(set_))
    return lines


def _bills(place: int, item: BillSet) -> list[str]:
    """A set of bills: totals, the newest, the query for all."""
    head = f"{{{place}}} {item.title}"
    if item.count is None:
        return [head]
    totals = [
        counted(item.count, "bill"),
        volume(item.weight_kg or 0.0, "kg"),
        counted(item.containers or 0.0, "container"),
    ]
    lines = _wrapped(f"{head}: {', '.join([*totals, volume(item.teu or 0.0, 'teu')])}", "", "    ")
    lines += [f"    ! {text}" for text in difference(item)]
    for bill in item.bills:
        weight = "no weight" if bill.weight_kg is None else volume(bill.weight_kg, KG)
        boxes = counted(bill.containers, "container") + ("" if bill.teu is None else f", {number(bill.teu)} TEU")
        lines.append(f"    {day(bill.arrival_date):>11}  {bill.number:<40}  {weight:>12}  {boxes}")
    if item.is_counted_only:
        return [*lines, "    counted only: bills that hide a name are not listed"]
    if item.count > len(item.bills):
        lines.append(f"    and {counted(item.count - len(item.bills), 'bill')} more; all of them:")
        lines += [f"      {line}" for line in item.query.splitlines()]
    return lines


def difference(item: BillSet) -> list[str]:
    """What to say where bills as they stand now do not add up to the frozen figure."""
    if item.frozen is None or item.total is None or abs(item.total - item.frozen) <= 1e-6 * max(1.0, abs(item.frozen)):
        return []
    now, then = f"{item.total:,.3f}", f"{item.frozen:,.3f}"
    text = f"as they stand now they add up to {now} {unit_name(item.unit)}; the published week has {then}"
    return [f"{text}: some bills were amended, withdrawn or added since"]


def _wrapped(text: str, first: str, following: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=following, break_long_words=False, break_on_hyphens=False
    ) or [first]
