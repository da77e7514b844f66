"""Entities of the story: a firm is its words, and a test may merge firms."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import md5
from typing import Any, Final

import pyarrow as pa

from pipeline.entities.night import Decided, Resolution, Resolver, decide_night
from pipeline.entities.registry import DECISION_SCHEMA, ENTITY_SCHEMA, STAMPED, read_decisions
from pipeline.settings import Settings
from tests.entities.registered import read_entities
from tests.entities.same_words import SameWords

Row = dict[str, Any]
MERGED: Final = {
    "SALT RIVER TILE SA": "MERIDIAN POTTERY CO LTD",
    "TALL ELM GARDENS LLC": "HOLLOW OAK HOME INC",
    "ESSEX STONE LLC": "HOLLOW OAK HOME INC",
}
"""Firms of the story that a test may merge: a shipper, a notify party and a party that an order names."""


class SameFirms:
    """Resolver that decides all name variants each time and returns what changed.

    Attributes:
        model: another one makes a night decide again.
        firms: words of a firm that is merged into another one, and the words of that one.
    """

    def __init__(self, model: str = "t1", firms: Mapping[str, str] | None = None) -> None:
        self.model, self.firms = model, dict(firms or {})

    def __call__(self, settings: Settings, new: pa.Table) -> Resolution:
        """Decisions that changed; names and roles do not depend on which name variant came first."""
        known = _unstamped(read_decisions(settings))
        read = _unstamped(SameWords()(settings, new).decisions)
        decided = [row | {"entity_id": self._entity_of(row)} for row in known + read]
        changed = [row for row, before in zip(decided, known + [{}] * len(read), strict=True) if row != before]
        made, before = self._entities(decided), {row["entity_id"]: row for row in _unstamped(read_entities(settings))}
        moved_to = {old["entity_id"]: now["entity_id"] for old, now in zip(known, decided, strict=False)}
        gone = [
            row | {"status": "merged", "merged_into": moved_to[key]}
            for key, row in before.items()
            if key not in made and row["status"] == "live"
        ]
        entities = [row for key, row in sorted(made.items()) if row != before.get(key)] + gone
        return Resolution(_table(changed, DECISION_SCHEMA), _table(entities, ENTITY_SCHEMA), {})

    def _entity_of(self, row: Row) -> str | None:
        if row["entity_id"] is None:
            return None
        words = self.firms.get(row["clean_name"], row["clean_name"])
        return f"{row['party_kind'][:3]}_{md5(words.encode(), usedforsecurity=False).hexdigest()[:16]}"

    def _entities(self, decided: list[Row]) -> dict[str, Row]:
        made: dict[str, Row] = {}
        for row in decided:
            if row["entity_id"] is None:
                continue
            words = self.firms.get(row["clean_name"], row["clean_name"])
            grouped = words in self.firms.values()
            made[row["entity_id"]] = {
                "entity_id": row["entity_id"],
                "party_kind": row["party_kind"],
                "entity_name": words,
                "role": "manufacturer" if grouped else row["role"],
                "group_id": row["entity_id"] if grouped else None,
                "confidence": 0.75 if grouped else 1.0,
                "status": "live",
                "merged_into": None,
                "split_from": None,
                "reason": "same words",
            }
        return made


def decide(settings: Settings, resolver: Resolver | None = None) -> Decided:
    """A night of the registry with the story's own resolver."""
    return decide_night(settings, resolver or SameFirms())


def _unstamped(table: pa.Table) -> list[Row]:
    rows: list[Row] = table.drop_columns([name for name in STAMPED if name in table.column_names]).to_pylist()
    return rows


def _table(rows: list[Row], schema: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=pa.schema([item for item in schema if item.name not in STAMPED]))
