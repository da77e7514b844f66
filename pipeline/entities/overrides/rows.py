"""The overrides file: its columns, its actions and what each action requires; read line by line and written."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pipeline import sheet
from pipeline.entities.rules import ENTITY_ROLES, PREFIXES
from pipeline.settings import SettingsError

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
REQUIRED: Final = ("action", "spelling", "who", "why")
"""Columns that the file must have; the others may be missing where no line needs them."""
INFORMATION: Final = (
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
"""Columns that `leverage review` adds to help its reader decide; never read back."""

ACTIONS: Final = ("merge", "split", "rename", "role", "group")
ENTITY_ID: Final = re.compile(r"(sup|con)_[0-9a-f]{16}")
NO_ADDRESS: Final = "(none)"
"""In an address cell: delivered without an address; an empty cell means any address."""
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
        """Return whether the name is an entity id."""
        return ENTITY_ID.fullmatch(self.name) is not None

    def __str__(self) -> str:
        return f"{self.name!r} ({self.address})" if self.address else repr(self.name)


@dataclass(frozen=True)
class Row:
    """A valid line: a decision of a person on one party or on two."""

    line: int
    action: str
    party: Reference
    other: Reference | None
    value: str
    who: str
    why: str
    on: date | None

    @property
    def sentence(self) -> str:
        """The line as a sentence, for the reasons of a decision."""
        other = f"{self.other}" if self.other else ""
        decision = {
            "merge": f"one with {other}",
            "split": f"kept apart from {other}",
            "rename": f"named {self.value}",
            "role": f"role {self.value}",
            "group": f"in the group of {other}" if other else "in no group",
        }[self.action]
        return f"{decision}, says {self.who}{f' on {self.on}' if self.on else ''}: {self.why}"


def check_row(line: int, cells: Mapping[str, str], faults: list[str]) -> Row | None:
    """Return one line if it is valid by itself; what is wrong with it is added to `faults`."""
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
    for name, address in (("spelling", "address"), ("other_spelling", "other_address")):
        if cells[address] and not cells[name]:
            yield f"{address} is given without {name}"
        if cells[address] and ENTITY_ID.fullmatch(cells[name].lower()):
            yield f"{name} is an entity id, which takes no {address}"
    yield from _action_faults(action, cells)
    if cells["on"] and read_day(cells["on"]) is None:
        yield f"on is {cells['on']!r}, which is no date; write it as 2026-11-25"


def _kind_faults(cells: Mapping[str, str]) -> Iterator[str]:
    given = cells["party_kind"].lower()
    accepted = " or ".join(PREFIXES)
    if given and given not in PREFIXES:
        yield f"party_kind {cells['party_kind']!r} is unknown; give {accepted}"
        return
    for column in ("spelling", "other_spelling"):
        match = ENTITY_ID.fullmatch(cells[column].lower())
        if match and given and PREFIXES[given] != f"{match[1]}_":
            yield f"party_kind is {given}, but {column} {cells[column]} is of the other kind; give parties of one kind"
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
        yield f"group takes no value but {NO_GROUP!r}; it is {value!r}. Give the head of the group in other_spelling"
    same = [(cells[name].upper(), cells[address].upper()) for name, address in (("spelling", "address"), _OTHER)]
    if other and same[0] == same[1]:
        yield "spelling and other_spelling are the same"


_OTHER: Final = ("other_spelling", "other_address")


def _kind(cells: Mapping[str, str]) -> str:
    """Return the kind given, else that of an entity id; empty without either."""
    given = cells["party_kind"].lower()
    for column in ("spelling", "other_spelling"):
        match = ENTITY_ID.fullmatch(cells[column].lower())
        if not given and match:
            given = next(kind for kind, prefix in PREFIXES.items() if prefix == f"{match[1]}_")
    return given


def _as_id(name: str) -> str:
    return name.lower() if ENTITY_ID.fullmatch(name.lower()) else name


def read_day(text: str) -> date | None:
    """Return a day written as 2026-11-25, 25.11.2026, or 11/25/2026 (month first, as in the US); None for others."""
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y"):
        with suppress(ValueError):
            return datetime.strptime(re.split("[ T]", text)[0], form).date()
    return None


class OverridesError(SettingsError):
    """The overrides file cannot be used; the message names the file and every line at fault."""


FORM: Final = sheet.Form("LEVERAGE_OVERRIDES", COLUMNS, REQUIRED, OverridesError, INFORMATION)


@dataclass(frozen=True)
class Sheet:
    """A file that is valid line by line.

    Attributes:
        path: of the file; None without one.
        sha256: of its bytes; empty without a file.
        rows: the lines with an action.
        warnings: what was ignored.
    """

    path: Path | None
    sha256: str
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()


def read_sheet(path: Path | None) -> Sheet:
    """Read and validate the file line by line; without a path it is empty.

    Raises:
        OverridesError: it is missing or no text, or lines are invalid; each is named with its fault.
    """
    if path is None:
        return Sheet(None, "", ())
    data = sheet.read_bytes(path, FORM)
    faults: list[str] = []
    warnings: list[str] = []
    rows = []
    for line, cells in sheet.read_cells(path, data, FORM, faults, warnings):
        if not cells["action"]:
            if cells["why"] or cells["value"]:
                warnings.append(f"line {line}: no action is given; the line is ignored")
            continue
        row = check_row(line, cells, faults)
        if row:
            rows.append(row)
    refuse(path, faults)
    return Sheet(path, hashlib.sha256(data).hexdigest(), tuple(rows), tuple(warnings))


def refuse(path: Path | None, faults: list[str]) -> None:
    """Raise one error that lists all `faults`, if there are any."""
    sheet.refuse(path, FORM, faults)


def write_sheet(rows: Iterable[Mapping[str, object]]) -> str:
    """Return a CSV with these rows for any spreadsheet (comma, CRLF); save it with a byte-order mark."""
    return sheet.write_rows(rows, (*COLUMNS, *INFORMATION))
