"""What a line of the overrides file may say: its columns, its actions, and what each action asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

from pipeline.entities.rules import ENTITY_ROLES, PREFIXES

COLUMNS: Final = (
    "action",
    "party_kind",
    "spelling",
    "address",
    "other_spelling",
    "other_address",
    "value",
    "who",
    "why",
    "on",
)
DEMANDED: Final = ("action", "spelling", "who", "why")
"""Columns that the file must have; the others may be left out where no line needs them."""
BESIDE: Final = (
    "question",
    "bills_affected",
    "score",
    "reasons",
    "bills",
    "other_bills",
    "entity_id",
    "entity_name",
    "other_entity_id",
    "other_entity_name",
)
"""What `leverage review` writes beside a line to help its reader decide; never read back."""

ACTIONS: Final = ("merge", "split", "rename", "role", "group")
ENTITY_ID: Final = re.compile(r"(sup|con)_[0-9a-f]{16}")
NO_ADDRESS: Final = "(none)"
"""Stands in an address cell for "delivered without an address"; an empty cell means any address."""
NO_GROUP: Final = "none"
LONGEST_NAME: Final = 200


@dataclass(frozen=True)
class Reference:
    """How a line names a party.

    Attributes:
        party_kind: `supplier` or `consignee`.
        name: the name as delivered, or an entity id.
        address: the address as delivered or a part of it; empty: any; `(none)`: delivered without one.
    """

    party_kind: str
    name: str
    address: str

    @property
    def is_entity(self) -> bool:
        """Whether an entity id is given."""
        return ENTITY_ID.fullmatch(self.name) is not None

    def __str__(self) -> str:
        return f"{self.name!r} ({self.address})" if self.address else repr(self.name)


@dataclass(frozen=True)
class Row:
    """A checked line: what a person decided, and the party or the two parties it is about."""

    line: int
    action: str
    party: Reference
    other: Reference | None
    value: str
    who: str
    why: str
    on: date | None

    @property
    def words(self) -> str:
        """The line as a sentence, for the reasons of a decision."""
        other = f"{self.other}" if self.other else ""
        said = {
            "merge": f"one with {other}",
            "split": f"kept apart from {other}",
            "rename": f"named {self.value}",
            "role": f"role {self.value}",
            "group": f"in the group of {other}" if other else "in no group",
        }[self.action]
        return f"{said}, says {self.who}{f' on {self.on}' if self.on else ''}: {self.why}"


def check_row(line: int, cells: Mapping[str, str], faults: list[str]) -> Row | None:
    """Check one line by itself; what is wrong is added to `faults` and None returned."""
    found = list(_faults(cells))
    if found:
        faults.extend(f"line {line}: {text}" for text in found)
        return None
    kind = _kind(cells)
    other = cells["other_spelling"]
    return Row(
        line=line,
        action=cells["action"].lower(),
        party=Reference(kind, _as_id(cells["spelling"]), cells["address"]),
        other=Reference(kind, _as_id(other), cells["other_address"]) if other else None,
        value=cells["value"] if cells["action"].lower() == "rename" else cells["value"].lower(),
        who=cells["who"],
        why=cells["why"],
        on=read_day(cells["on"]),
    )


def _faults(cells: Mapping[str, str]) -> Iterator[str]:
    action = cells["action"].lower()
    if action not in ACTIONS:
        near = get_close_matches(action, ACTIONS, 1)
        guess = f" (did you mean {near[0]}?)" if near else ""
        yield f"action {cells['action']!r} is unknown{guess}; give one of {', '.join(ACTIONS)}"
        return
    for column, example in (("who", "the name of who decided"), ("why", "what the decision rests on")):
        if not cells[column]:
            yield f"{column} is missing: give {example}"
    yield from _kind_faults(cells)
    for name, place in (("spelling", "address"), ("other_spelling", "other_address")):
        if cells[place] and not cells[name]:
            yield f"{place} is given without {name}"
        if cells[place] and ENTITY_ID.fullmatch(cells[name].lower()):
            yield f"{name} is an entity id, which takes no {place}"
    yield from _action_faults(action, cells)
    if cells["on"] and read_day(cells["on"]) is None:
        yield f"on is {cells['on']!r}, which is no day; write it as 2026-11-25"


def _kind_faults(cells: Mapping[str, str]) -> Iterator[str]:
    given = cells["party_kind"].lower()
    accepted = " or ".join(PREFIXES)
    if given and given not in PREFIXES:
        yield f"party_kind {cells['party_kind']!r} is unknown; give {accepted}"
        return
    for column in ("spelling", "other_spelling"):
        match = ENTITY_ID.fullmatch(cells[column].lower())
        if match and given and PREFIXES[given] != f"{match[1]}_":
            yield f"party_kind is {given}, but {column} {cells[column]} is of the other kind; the two are kept apart"
    if not given and not _kind(cells):
        yield f"party_kind is missing: give {accepted} (it may be left out only beside an entity id)"


def _action_faults(action: str, cells: Mapping[str, str]) -> Iterator[str]:
    other, value = cells["other_spelling"], cells["value"]
    if not cells["spelling"]:
        yield "spelling is missing: give a name as delivered, or an entity id"
    if action in ("merge", "split"):
        if not other:
            yield f"{action} needs other_spelling: the other name as delivered, or an entity id"
        if value:
            yield f"{action} takes no value, but it is {value!r}; a new name is a line of its own with action rename"
    if action in ("rename", "role") and other:
        yield f"{action} takes no other_spelling, but it is {other!r}"
    if action == "rename" and not value:
        yield "rename needs value: the new name"
    if action == "rename" and (len(value) > LONGEST_NAME or not value.isprintable()):
        yield f"the new name has {len(value)} characters or some that do not print; at most {LONGEST_NAME} are taken"
    if action == "role" and value.lower() not in ENTITY_ROLES:
        yield f"role {value!r} is unknown; give one of {', '.join(ENTITY_ROLES)} in value"
    if action == "group" and bool(other) == (value.lower() == NO_GROUP):
        yield f"group needs either other_spelling, the head of the group, or {NO_GROUP!r} in value, for no group"
    if action == "group" and value and value.lower() != NO_GROUP:
        yield f"group takes no value but {NO_GROUP!r}; it is {value!r}. The head of the group stands in other_spelling"
    same = [(cells[name].upper(), cells[place].upper()) for name, place in (("spelling", "address"), _OTHER)]
    if other and same[0] == same[1]:
        yield "spelling and other_spelling are the same"


_OTHER: Final = ("other_spelling", "other_address")


def _kind(cells: Mapping[str, str]) -> str:
    """The kind given, else the one an entity id shows; empty where neither says it."""
    given = cells["party_kind"].lower()
    for column in ("spelling", "other_spelling"):
        match = ENTITY_ID.fullmatch(cells[column].lower())
        if not given and match:
            given = next(kind for kind, prefix in PREFIXES.items() if prefix == f"{match[1]}_")
    return given


def _as_id(name: str) -> str:
    return name.lower() if ENTITY_ID.fullmatch(name.lower()) else name


def read_day(text: str) -> date | None:
    """A day as people and spreadsheets write it: 2026-11-25, 25.11.2026, or 11/25/2026 (month first, as in the US)."""
    forms = (
        (r"(\d{4})-(\d\d?)-(\d\d?)", "ymd"),
        (r"(\d\d?)\.(\d\d?)\.(\d{4})", "dmy"),
        (r"(\d\d?)/(\d\d?)/(\d{4})", "mdy"),
    )
    for pattern, order in forms:
        match = re.match(rf"{pattern}(?:[ T].*)?$", text)
        if match:
            part = dict(zip(order, map(int, match.groups()), strict=True))
            try:
                return date(part["y"], part["m"], part["d"])
            except ValueError:
                return None
    return None
