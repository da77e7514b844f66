"""Rows of the registry in a few words."""

from __future__ import annotations

from datetime import date
from hashlib import md5
from typing import Any

import pyarrow as pa

from pipeline.entities.registry import DECISION_SCHEMA, ENTITY_SCHEMA

NIGHT = date(2026, 3, 2)


def entity_id(name: str, kind: str = "supplier") -> str:
    """An id as entities have it."""
    return f"{kind[:3]}_{md5(name.encode(), usedforsecurity=False).hexdigest()[:16]}"


def decision(spelling_id: int, name: str, **changes: Any) -> dict[str, Any]:
    """A supplier's name variant that is an entity of its own words, but for `changes`."""
    kind = changes.get("party_kind", "supplier")
    return {
        "spelling_id": spelling_id,
        "party_kind": kind,
        "raw_name": name,
        "raw_address": "1 MAIN STREET",
        "first_run_date": NIGHT,
        "clean_name": name,
        "is_order": False,
        "role": "party",
        "entity_id": entity_id(name, kind),
        "method": "same_words",
        "score": 1.0,
        "reasons": "same words",
    } | changes


def entity(name: str, **changes: Any) -> dict[str, Any]:
    """A live entity of these words, but for `changes`."""
    kind = changes.get("party_kind", "supplier")
    return {
        "entity_id": entity_id(name, kind),
        "party_kind": kind,
        "entity_name": name,
        "role": "unknown",
        "group_id": None,
        "confidence": 1.0,
        "status": "live",
        "merged_into": None,
        "split_from": None,
        "reason": "first seen",
    } | changes


def decisions(*rows: dict[str, Any]) -> pa.Table:
    """As a table."""
    return pa.Table.from_pylist(list(rows), schema=DECISION_SCHEMA)


def entities(*rows: dict[str, Any]) -> pa.Table:
    """As a table."""
    return pa.Table.from_pylist(list(rows), schema=ENTITY_SCHEMA)
