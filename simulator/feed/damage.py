"""Rows that are broken on purpose, a few a month, as in real files.

Only deliveries outside the stories are hit. An unclosed quote stands in the last line of a file only, so that it
swallows no good line whatever the reader does.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.ingest.formats.ams import TABLES
from simulator.basis.draws import Ints
from simulator.feed.facts import Facts, Rows
from simulator.names.texts import with_lines

STRAY_QUOTE, UNCLOSED_QUOTE, SHORT, LONG, REPEATED_HEADER, LATIN_1 = (
    "stray_quote",
    "unclosed_quote",
    "short",
    "long",
    "repeated_header",
    "latin_1",
)
KINDS: Final = (STRAY_QUOTE, SHORT, LONG, REPEATED_HEADER, LATIN_1)
KIND_WEIGHTS: Final = (3.0, 1.0, 2.0, 1.0, 2.0)
SHARE: Final = 0.0004
"""Of lines in tables of text."""
KEY_TABLES_SHARE: Final = 0.0001
"""Of lines in `header` and `billgen`, whose loss takes a whole delivery out."""
LAST_LINE_SHARE: Final = 0.01
"""Of day files of a table of text: they end in the middle of a quoted text."""
TEXT_COLUMN: Final = {
    "header": "place_of_receipt",
    "billgen": "voyage_number",
    "shipper": "shipper_party_address_2",
    "consignee": "consignee_address_2",
    "notifyparty": "notify_party_address_2",
    "cargodesc": "description_text",
    "container": "equipment_description_code",
    "marksnumbers": "marks_and_numbers_4",
    "tariff": "harmonized_weight_unit",
    "hazmat": "hazmat_description",
    "hazmatclass": "hazmat_classification",
}
"""Column in which the text overflows."""


@dataclass(frozen=True)
class Damage:
    """A broken line.

    Attributes:
        day: ordinal of the release day.
        table: table.
        kind: how it is broken.
        text: the line as written, without its line feed.
        identifier: of the delivery that it belongs to.
    """

    day: int
    table: str
    kind: str
    text: bytes
    identifier: str

    @property
    def adds_row(self) -> bool:
        """Whether the line is added to the good one instead of replacing it."""
        return self.kind == REPEATED_HEADER


@dataclass(frozen=True)
class DamagedRows(Rows):
    """Lines of a table and those among them that are broken."""

    damage: tuple[Damage, ...]


def damaged(facts: Facts, table: str, rows: Rows) -> DamagedRows:
    """The table's lines with some of them broken."""
    draws = facts.draws
    crc = list(TABLES).index(table)
    line = (facts.state[rows.of] << 4 | crc) ^ (np.arange(len(rows.of)) - _first_of(rows.of)) << 58
    share = KEY_TABLES_SHARE if table in ("header", "billgen") else SHARE
    hit = draws.chance(line, "damage", share) & ~facts.plain[rows.of]
    kinds = draws.among(line[hit], "damage.kind", KIND_WEIGHTS)
    chosen = {int(row): KINDS[kind] for row, kind in zip(np.flatnonzero(hit), kinds, strict=True)}
    if table not in ("header", "billgen"):
        chosen.update(dict.fromkeys(_cut_ends(facts, rows, crc), UNCLOSED_QUOTE))
    # of texts of several lines none is broken: what is left of them would be lines of their own
    chosen = {row: kind for row, kind in chosen.items() if rows.lines[row].as_py().count("\n") == 1}
    if not chosen:
        return DamagedRows(rows.of, rows.lines, ())
    at = np.array(sorted(chosen))
    good = rows.lines.take(at).to_pylist()
    days = facts.block["run_day"][rows.of[at]]
    broken = [_break(table, text.rstrip("\n"), chosen[int(row)]) for row, text in zip(at, good, strict=True)]
    return DamagedRows(
        rows.of,
        with_lines(rows.lines, at, [text + b"\n" for text in broken]),
        tuple(
            Damage(int(day), table, chosen[int(row)], _own_line(text, chosen[int(row)]), line.split(",", 1)[0])
            for row, day, text, line in zip(at, days, broken, good, strict=True)
        ),
    )


def _own_line(text: bytes, kind: str) -> bytes:
    return text.split(b"\n", 1)[0] if kind == REPEATED_HEADER else text


def _first_of(of: Ints) -> Ints:
    """For each row, the first row of the same delivery."""
    return np.searchsorted(of, of)


def _cut_ends(facts: Facts, rows: Rows, salt: int) -> list[int]:
    """Last lines of the day files that end in an open quote."""
    day = facts.block["run_day"][rows.of]
    last = np.flatnonzero(np.concatenate([day[1:] != day[:-1], [True]])) if len(day) else np.zeros(0, dtype=np.int64)
    last = last[~facts.plain[rows.of[last]]]
    return [int(row) for row in last[facts.draws.chance(day[last] * 16 + salt, "cut_end", LAST_LINE_SHARE)]]


def _break(table: str, line: str, kind: str) -> bytes:
    columns = TABLES[table].columns
    if kind == REPEATED_HEADER:
        return f"{','.join(columns)}\n{line}".encode()
    fields = [_quoted(field) for field in next(csv.reader([line]))]
    at = columns.index(TEXT_COLUMN[table])
    value = fields[at].strip('"')
    if kind == SHORT:
        fields = fields[: max(at, 2)]
    elif kind == LONG:
        fields[at] = f"{value} ASSORTED, 3 SIZES, LOOSE"
    elif kind == STRAY_QUOTE:
        fields[at] = f'"{value} 24" LONG, BOXED"'
    elif kind == UNCLOSED_QUOTE:
        fields = [*fields[:at], f'"{value} FREIGHT PREPAID, SEE ATTACHED']
    else:
        fields[at] = f"{value} CERÂMICA N° 4".strip()
        return ",".join(fields).encode("latin-1", "replace")
    return ",".join(fields).encode()


def _quoted(field: str) -> str:
    if '"' in field or "," in field:
        return '"' + field.replace('"', '""') + '"'
    return field
