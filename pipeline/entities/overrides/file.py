"""People decide last: the lines of `LEVERAGE_OVERRIDES`, each name resolved to the spellings it stands for.

What a line means depends on the spellings known and on nothing else, so that a rebuild gives what the nights gave:

* a name (with an address, or a part of one) stands for the spelling of it that was seen first;
* an entity id stands for the spelling that the entity was named after (the id is its digest), wherever that is now;
* `merge`, `rename`, `role` and `group` act on the entity that holds this spelling;
* `split` keeps **every** spelling of the name away from the other side.

A name that stands in several entities is refused with the candidates, rather than guessed at. Only spellings seen up to
the day in `on` count for that, so that a firm of the same name which turns up later does not stop a night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.overrides.conflicts import Said, find_conflicts
from pipeline.entities.overrides.rows import NO_ADDRESS, Reference, Row
from pipeline.entities.overrides.sheet import OverridesError, Sheet, read_sheet, refuse
from pipeline.entities.rules import anchor_digest_sql
from pipeline.settings import Settings
from pipeline.warehouse.connection import engine, take_up

__all__ = ["Line", "Overrides", "OverridesError", "load_overrides", "read_sheet", "resolve_sheet"]

MOST_CANDIDATES: Final = 8


@dataclass(frozen=True)
class Line:
    """A line in force: where it stands, the spellings it is about, and itself as a sentence for the reasons."""

    number: int
    action: str
    spelling_ids: tuple[int, ...]
    words: str


@dataclass(frozen=True)
class Overrides:
    """What people decided, in spelling ids.

    Attributes:
        must: pairs whose **entities** are one, whatever the scores say.
        cannot: pairs that are never in one entity, over whatever spellings a merge would come.
        names: new name of the entity that holds the spelling; where a later merge leaves two, the later line counts.
        roles: role of the entity that holds the spelling; likewise.
        groups: the spelling whose entity heads the group, or None for no group; likewise.
        sha256: of the file's bytes; empty where none is named.
        lines: the lines in force, in the file's order.
        warnings: lines that wait for a spelling, and whatever else was passed over.
    """

    must: tuple[tuple[int, int], ...] = ()
    cannot: tuple[tuple[int, int], ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    roles: Mapping[int, str] = field(default_factory=dict)
    groups: Mapping[int, int | None] = field(default_factory=dict)
    sha256: str = ""
    lines: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()

    def words_about(self, spelling_id: int) -> tuple[str, ...]:
        """The lines about a spelling, as sentences."""
        return tuple(line.words for line in self.lines if spelling_id in line.spelling_ids)


@dataclass(frozen=True)
class Known:
    """A spelling that a reference stands for."""

    spelling_id: int
    raw_name: str
    raw_address: str
    entity_id: str | None
    first_run_date: date | None

    @property
    def age(self) -> tuple[date, int]:
        """First seen first; the order in which anchors are chosen."""
        return self.first_run_date or date.min, self.spelling_id

    def __str__(self) -> str:
        return f"{self.raw_name} | {self.raw_address or NO_ADDRESS} | {self.entity_id or 'no entity yet'}"


def load_overrides(settings: Settings, known: pa.Table) -> Overrides:
    """Read the file that the settings name and resolve it against the `known` spellings (see `resolve_sheet`).

    Raises:
        OverridesError: the file cannot be used; each wrong line is named.
    """
    sheet = read_sheet(settings.overrides)
    if not sheet.rows:
        return Overrides(sha256=sheet.sha256, warnings=sheet.warnings)
    connection = engine(settings)
    try:
        return resolve_sheet(sheet, known, connection)
    finally:
        connection.close()


def resolve_sheet(sheet: Sheet, known: pa.Table, connection: duckdb.DuckDBPyConnection) -> Overrides:
    """Resolve the lines of `sheet` against `known`.

    Args:
        sheet: the file, right line by line.
        known: spelling_id, party_kind, raw_name, raw_address, entity_id (null: not decided yet) and, where there,
            first_run_date; one row per spelling.
        connection: an engine to look them up with.

    Raises:
        OverridesError: a name stands in several entities, or lines gainsay each other; each line is named.
    """
    found = _find(sheet.rows, known, connection)
    faults: list[str] = []
    warnings = list(sheet.warnings)
    sides: dict[int, tuple[list[Known], list[Known]]] = {}
    for row in sheet.rows:
        ready = True
        for reference in _references(row):
            spellings = found[reference]
            if not spellings:
                ready = False
                what = "entity" if reference.is_entity else f"{reference.party_kind} spelling"
                warnings.append(f"line {row.line}: no {what} {reference} is known; the line waits until one is seen")
            elif row.action != "split" and _is_ambiguous(spellings, row.on):
                ready = False
                faults.append(_ambiguity(row, reference, spellings))
        if not ready:
            continue
        left, right = found[row.party], found[row.other] if row.other else []
        both = {item.spelling_id for item in left} & {item.spelling_id for item in right}
        if both and row.action != "group" and (row.action == "split" or left[0] == right[0]):
            both_sides = next(str(item) for item in left if item.spelling_id in both)
            faults.append(f"line {row.line}: both sides stand for {both_sides}; give the address of the other one")
            continue
        sides[row.line] = left, right
    refuse(sheet.path, faults)
    must: dict[tuple[int, int], int] = {}
    cannot: dict[tuple[int, int], int] = {}
    names: list[Said[str]] = []
    roles: list[Said[str]] = []
    groups: list[Said[int | None]] = []
    lines = []
    entities: dict[int, str | None] = {}
    for row in [row for row in sheet.rows if row.line in sides]:
        left, right = sides[row.line]
        first, second = left[0].spelling_id, right[0].spelling_id if right else None
        touched = {first} if second is None else {first, second}
        if row.action == "split":
            touched = {item.spelling_id for item in (*left, *right)}
            for a, b in product(left, right):
                pair = min(a.spelling_id, b.spelling_id), max(a.spelling_id, b.spelling_id)
                cannot.setdefault(pair, row.line)
        elif row.action == "merge" and second is not None:
            must.setdefault((min(first, second), max(first, second)), row.line)
        elif row.action == "group":
            groups.append(Said(row.line, first, second))
        else:
            (names if row.action == "rename" else roles).append(Said(row.line, first, row.value))
        entities |= {item.spelling_id: item.entity_id for item in (*left, *right)}
        lines.append(Line(row.line, row.action, tuple(sorted(touched)), row.words))
    refuse(sheet.path, list(find_conflicts(must, cannot, {"name": names, "role": roles, "group": groups}, entities)))
    return Overrides(
        must=tuple(must),
        cannot=tuple(cannot),
        names={item.spelling_id: item.value for item in names},
        roles={item.spelling_id: item.value for item in roles},
        groups={item.spelling_id: item.value for item in groups},
        sha256=sheet.sha256,
        lines=tuple(lines),
        warnings=tuple(warnings),
    )


def _references(row: Row) -> Iterable[Reference]:
    return (row.party, row.other) if row.other else (row.party,)


def _is_ambiguous(spellings: list[Known], on: date | None) -> bool:
    """Whether spellings that its writer could know stand in several entities."""
    then = [item for item in spellings if on is None or item.first_run_date is None or item.first_run_date <= on]
    return len({item.entity_id for item in then if item.entity_id}) > 1


def _ambiguity(row: Row, reference: Reference, spellings: list[Known]) -> str:
    of_entity = {item.entity_id: item for item in reversed(spellings) if item.entity_id}
    told = [str(item) for item in sorted(of_entity.values(), key=lambda item: item.age)]
    if len(told) > MOST_CANDIDATES:
        told = [*told[:MOST_CANDIDATES], f"and {len(told) - MOST_CANDIDATES} more"]
    candidates = "".join(f"\n      {text}" for text in told)
    return (
        f"line {row.line}: {reference} stands in {len(of_entity)} entities; give the address, or the entity id, of the "
        f"one that is meant:{candidates}"
    )


def _find(rows: Iterable[Row], known: pa.Table, connection: duckdb.DuckDBPyConnection) -> dict[Reference, list[Known]]:
    """The spellings that each reference stands for, first seen first."""
    references = list(dict.fromkeys(reference for row in rows for reference in _references(row)))
    asked = pa.table(
        {
            "number": pa.array(range(len(references)), pa.int32()),
            "party_kind": pa.array([item.party_kind for item in references], pa.string()),
            "name": pa.array([item.name for item in references], pa.string()),
            "is_entity": pa.array([item.is_entity for item in references], pa.bool_()),
        }
    )
    dated = (
        known
        if "first_run_date" in known.column_names
        else known.append_column("first_run_date", pa.nulls(len(known), pa.date32()))
    )
    take_up(connection, "override_asked", asked)
    take_up(connection, "override_known", dated)
    answers = connection.execute(_LOOKUP).fetchall()
    named: dict[Reference, list[Known]] = defaultdict(list)
    for number, is_anchor, *spelling in answers:
        reference, item = references[number], Known(*spelling)
        # The anchor says which entity is meant; members only where it is not among the spellings known.
        if reference.is_entity and is_anchor:
            named[reference].insert(0, item)
        else:
            named[reference].append(item)
    return {
        reference: named[reference][:1] if reference.is_entity else _at_address(named[reference], reference.address)
        for reference in references
    }


_LOOKUP: Final = rf"""
with asked as (
    select *, upper(trim(regexp_replace(name, '\s+', ' ', 'g'))) as plain_name
    from override_asked
),

by_name as (
    select asked.number, false as is_anchor, known.*
    from asked
    inner join override_known as known
        on
            asked.party_kind = known.party_kind
            and asked.plain_name = upper(trim(regexp_replace(known.raw_name, '\s+', ' ', 'g')))
    where not asked.is_entity
),

by_anchor as (
    select asked.number, true as is_anchor, known.*
    from asked
    inner join override_known as known
        on
            asked.party_kind = known.party_kind
            and substr(asked.name, 5) = {anchor_digest_sql("known.spelling_id")}
    where asked.is_entity
),

by_member as (
    select asked.number, false as is_anchor, known.*
    from asked
    inner join override_known as known on asked.name = known.entity_id
    where asked.is_entity
)

select number, is_anchor, spelling_id, raw_name, coalesce(raw_address, ''), entity_id, first_run_date
from (from by_name union all from by_anchor union all from by_member)
order by number, coalesce(first_run_date, date '0001-01-01'), spelling_id
"""
"""An entity id is the digest of the spelling it was named after (`registry`)."""


def _at_address(spellings: list[Known], address: str) -> list[Known]:
    """Those delivered with this address; where none has just this one, those that hold it as whole words."""
    if not address:
        return spellings
    if address.lower() == NO_ADDRESS:
        return [item for item in spellings if not item.raw_address.strip()]
    wanted = _plain(address)
    same = [item for item in spellings if _plain(item.raw_address) == wanted]
    return same or [item for item in spellings if f" {wanted} " in f" {_plain(item.raw_address)} "]


def _plain(text: str) -> str:
    return " ".join(text.upper().split())
