"""Decisions of people (`LEVERAGE_OVERRIDES`) with each party resolved to the name variants that it refers to.

The meaning of a line depends on the known name variants only, so that a rebuild gives the same result as the nights:

* a name (with an address, or a part of one) refers to the variant of it that was seen first;
* an entity id refers to the entity's anchor, the variant whose digest the id is, in whatever entity that is now;
* `merge`, `rename`, `role` and `group` act on the entity of this variant;
* `split` separates **every** variant of the name from the other side.

A name that is in several entities is refused with a list of them. Only variants seen up to the day in `on` count for
that, so that a firm of the same name that appears later does not stop a run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.overrides.conflicts import Statement, find_conflicts
from pipeline.entities.overrides.rows import NO_ADDRESS, Reference, Row, Sheet, read_sheet, refuse
from pipeline.entities.rules import anchor_digest_sql
from pipeline.settings import Settings
from pipeline.warehouse.connection import create_temp_table, scratch

MOST_LISTED: Final = 8
"""Entities that the message about an ambiguous name lists."""


@dataclass(frozen=True)
class Line:
    """A line in force: its number, the name variants that it concerns, and itself as a sentence."""

    number: int
    action: str
    spelling_ids: tuple[int, ...]
    sentence: str


@dataclass(frozen=True)
class Overrides:
    """Decisions of people, by `spelling_id`.

    Attributes:
        must: pairs whose **entities** are one, whatever the scores are.
        cannot: pairs that are never in one entity, not even through a merge with a third.
        names: new name of the variant's entity; where a later merge leaves two, the later line counts.
        roles: role of the variant's entity; likewise.
        groups: the variant whose entity heads the group, or None for no group; likewise.
        sha256: of the file's bytes; empty without a file.
        lines: the lines in force, in the file's order.
        warnings: lines that wait for a name variant, and whatever else was ignored.
    """

    must: tuple[tuple[int, int], ...] = ()
    cannot: tuple[tuple[int, int], ...] = ()
    names: Mapping[int, str] = field(default_factory=dict)
    roles: Mapping[int, str] = field(default_factory=dict)
    groups: Mapping[int, int | None] = field(default_factory=dict)
    sha256: str = ""
    lines: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()

    def sentences_about(self, spelling_id: int) -> tuple[str, ...]:
        """Return the lines about a name variant, as sentences."""
        return tuple(line.sentence for line in self.lines if spelling_id in line.spelling_ids)


@dataclass(frozen=True)
class Variant:
    """A name variant that a reference refers to."""

    spelling_id: int
    raw_name: str
    raw_address: str
    entity_id: str | None
    first_run_date: date | None

    def __str__(self) -> str:
        return f"{self.raw_name} | {self.raw_address or NO_ADDRESS} | {self.entity_id or 'no entity yet'}"


def load_overrides(settings: Settings, known: pa.Table) -> Overrides:
    """Read the file that the settings name and resolve it against the `known` name variants (see `resolve_sheet`).

    Raises:
        OverridesError: the file cannot be used; each wrong line is named.
    """
    sheet = read_sheet(settings.overrides)
    return resolve_sheet(sheet, known) if sheet.rows else Overrides(sha256=sheet.sha256, warnings=sheet.warnings)


def resolve_sheet(sheet: Sheet, known: pa.Table) -> Overrides:
    """Resolve the lines of `sheet` against `known`.

    Args:
        sheet: the file, valid line by line.
        known: spelling_id, party_kind, raw_name, raw_address, entity_id (null: not decided yet) and, where there,
            first_run_date; one row per name variant.

    Raises:
        OverridesError: a name is in several entities, or lines contradict each other; each line is named.
    """
    found = _find(sheet.rows, known)
    faults: list[str] = []
    warnings = list(sheet.warnings)
    resolved = [
        (row, found[row.party], found[row.other] if row.other else [])
        for row in sheet.rows
        if _is_resolved(row, found, faults, warnings)
    ]
    refuse(sheet.path, faults)
    must: dict[tuple[int, int], int] = {}
    cannot: dict[tuple[int, int], int] = {}
    statements: dict[str, list[Statement]] = {"rename": [], "role": [], "group": []}
    lines = []
    for row, left, right in resolved:
        concerned = {item.spelling_id for item in (left[0], *right[:1])}
        first, second = left[0].spelling_id, right[0].spelling_id if right else None
        if row.action == "split":
            concerned = {item.spelling_id for item in (*left, *right)}
            for a, b in product(left, right):
                cannot.setdefault(_ordered(a.spelling_id, b.spelling_id), row.line)
        elif row.action == "merge" and second is not None:
            must.setdefault(_ordered(first, second), row.line)
        else:
            statements[row.action].append(Statement(row.line, first, second if row.action == "group" else row.value))
        lines.append(Line(row.line, row.action, tuple(sorted(concerned)), row.sentence))
    entities = {item.spelling_id: item.entity_id for _, left, right in resolved for item in (*left, *right)}
    named = {"name": statements["rename"], "role": statements["role"], "group": statements["group"]}
    refuse(sheet.path, list(find_conflicts(must, cannot, named, entities)))
    return Overrides(
        must=tuple(must),
        cannot=tuple(cannot),
        names={item.spelling_id: str(item.value) for item in named["name"]},
        roles={item.spelling_id: str(item.value) for item in named["role"]},
        groups={item.spelling_id: item.value if isinstance(item.value, int) else None for item in named["group"]},
        sha256=sheet.sha256,
        lines=tuple(lines),
        warnings=tuple(warnings),
    )


def _ordered(a: int, b: int) -> tuple[int, int]:
    return min(a, b), max(a, b)


def _is_resolved(row: Row, found: Mapping[Reference, list[Variant]], faults: list[str], warnings: list[str]) -> bool:
    """Return whether both sides of a line are known and distinct; what is wrong is added to `faults`."""
    ready = True
    for reference in _references(row):
        variants = found[reference]
        if not variants:
            ready = False
            what = "entity" if reference.is_entity else f"{reference.party_kind} name variant"
            warnings.append(f"line {row.line}: no {what} {reference} is known; the line waits until one is seen")
        elif row.action != "split" and _is_ambiguous(variants, row.on):
            ready = False
            faults.append(_ambiguity(row, reference, variants))
    if not ready or row.other is None or row.action == "group":
        return ready
    left, right = found[row.party], found[row.other]
    both = {item.spelling_id for item in left} & {item.spelling_id for item in right}
    if both and (row.action == "split" or left[0] == right[0]):
        shared = next(str(item) for item in left if item.spelling_id in both)
        faults.append(f"line {row.line}: both sides refer to {shared}; give the address of the other one")
        return False
    return True


def _references(row: Row) -> Iterable[Reference]:
    return (row.party, row.other) if row.other else (row.party,)


def _is_ambiguous(variants: list[Variant], on: date | None) -> bool:
    """Return whether variants that the line's author could know are in several entities."""
    then = [item for item in variants if on is None or item.first_run_date is None or item.first_run_date <= on]
    return len({item.entity_id for item in then if item.entity_id}) > 1


def _ambiguity(row: Row, reference: Reference, variants: list[Variant]) -> str:
    of_entity = {item.entity_id: item for item in reversed(variants) if item.entity_id}
    oldest_first = sorted(of_entity.values(), key=lambda item: (item.first_run_date or date.min, item.spelling_id))
    listed = [str(item) for item in oldest_first[:MOST_LISTED]]
    if len(of_entity) > MOST_LISTED:
        listed.append(f"and {len(of_entity) - MOST_LISTED} more")
    entities = "".join(f"\n      {text}" for text in listed)
    return (
        f"line {row.line}: {reference} is in {len(of_entity)} entities; give the address, or the entity id, of the "
        f"one that is meant:{entities}"
    )


def _find(rows: Iterable[Row], known: pa.Table) -> dict[Reference, list[Variant]]:
    """Return the name variants that each reference refers to, first seen first."""
    references = list(dict.fromkeys(reference for row in rows for reference in _references(row)))
    asked = pa.table(
        {
            "number": pa.array(range(len(references)), pa.int32()),
            "party_kind": pa.array([item.party_kind for item in references], pa.string()),
            "name": pa.array([item.name for item in references], pa.string()),
            "is_entity": pa.array([item.is_entity for item in references], pa.bool_()),
        }
    )
    if "first_run_date" not in known.column_names:
        known = known.append_column("first_run_date", pa.nulls(len(known), pa.date32()))
    with closing(scratch()) as connection:
        create_temp_table(connection, "asked", asked)
        create_temp_table(connection, "known", known)
        answers = connection.execute(_LOOKUP).fetchall()
    named: dict[Reference, list[Variant]] = defaultdict(list)
    for number, *variant in answers:
        named[references[number]].append(Variant(*variant))
    return {
        reference: named[reference][:1] if reference.is_entity else _at_address(named[reference], reference.address)
        for reference in references
    }


_LOOKUP: Final = rf"""
with wanted as (
    select *, upper(trim(regexp_replace(name, '\s+', ' ', 'g'))) as plain_name
    from asked
),

by_name as (
    select wanted.number, 0 as preference, known.*
    from wanted
    inner join known
        on
            wanted.party_kind = known.party_kind
            and wanted.plain_name = upper(trim(regexp_replace(known.raw_name, '\s+', ' ', 'g')))
    where not wanted.is_entity
),

by_anchor as (
    select wanted.number, 0 as preference, known.*
    from wanted
    inner join known
        on
            wanted.party_kind = known.party_kind
            and substr(wanted.name, 5) = {anchor_digest_sql("known.spelling_id")}
    where wanted.is_entity
),

-- where the anchor is not among the known variants
by_member as (
    select wanted.number, 1 as preference, known.*
    from wanted
    inner join known on wanted.name = known.entity_id
    where wanted.is_entity
)

select number, spelling_id, raw_name, coalesce(raw_address, ''), entity_id, first_run_date
from (from by_name union all from by_anchor union all from by_member)
order by number, preference, coalesce(first_run_date, date '0001-01-01'), spelling_id
"""


def _at_address(variants: list[Variant], address: str) -> list[Variant]:
    """Return the variants with just this address; without any, those whose address contains it as whole words."""
    if not address:
        return variants
    if address.lower() == NO_ADDRESS:
        return [item for item in variants if not item.raw_address.strip()]
    wanted = _plain(address)
    same = [item for item in variants if _plain(item.raw_address) == wanted]
    return same or [item for item in variants if f" {wanted} " in f" {_plain(item.raw_address)} "]


def _plain(text: str) -> str:
    return " ".join(text.upper().split())
