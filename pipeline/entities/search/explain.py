"""How a name variant was decided: its entity, why, since when, with which others, and what was near but is not it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities import registry
from pipeline.entities.matching import pairs
from pipeline.entities.matching.pairs import Neighbour
from pipeline.entities.overrides.load import load_overrides
from pipeline.entities.overrides.rows import ENTITY_ID
from pipeline.entities.rules import PREFIXES, anchor_digest_sql
from pipeline.entities.search.bills import bills_of_variants
from pipeline.entities.search.find import open_search
from pipeline.errors import NotReadyError
from pipeline.settings import Settings
from pipeline.state.party_batches import batch_numbers
from pipeline.warehouse.connection import WarehouseError, engine

MEMBERS: Final = 20
NEIGHBOURS: Final = 5
SUGGESTED: Final = 5

Nearest = Callable[[Settings, int, int], Sequence[Neighbour]]
Row = dict[str, Any]


class UnknownVariantError(NotReadyError):
    """No such name variant was seen; the message says what to try."""


@dataclass(frozen=True)
class Change:
    """A decision on the name variant, and what it changed."""

    er_version: str
    decided_on: date | None
    entity_id: str | None
    method: str
    score: float | None
    what: str


@dataclass(frozen=True)
class Member:
    """A name variant of the entity; `bills` is None where the warehouse cannot be read."""

    raw_name: str
    raw_address: str
    method: str
    score: float | None
    bills: int | None


@dataclass(frozen=True)
class Explanation:
    """All that is known of a decision.

    Attributes:
        decision: the registry's current row on the name variant.
        entity: the registry's current row on its entity; None where it names no party.
        people: lines of the overrides about it, as sentences.
        history: its decisions, oldest first.
        members: the other variants of the entity, most used first, at most `MEMBERS`.
        member_count: how many others there are in all.
        rejected: the nearest variants of other entities, with the reasons; None while another process has the index.
        also: the same name with other addresses: address and entity.
    """

    decision: Row
    entity: Row | None
    people: tuple[str, ...]
    history: tuple[Change, ...]
    members: tuple[Member, ...]
    member_count: int
    rejected: tuple[Neighbour, ...] | None
    also: tuple[tuple[str, str | None], ...]


def explain(
    settings: Settings, text: str, kind: str | None = None, address: str = "", nearest: Nearest = pairs.nearest
) -> Explanation:
    """Return the explanation of the decision on a name variant.

    Args:
        settings: whose registry.
        text: a name as delivered (case and blanks do not count), or an entity id, which stands for its anchor.
        kind: `supplier` or `consignee`; None for both.
        address: its address or a part of it. Where several addresses fit, the most used variant is explained.
        nearest: the source of near variants.

    Raises:
        UnknownVariantError: no such name variant was seen.
    """
    if not batch_numbers(settings):
        raise UnknownVariantError("no parties are resolved yet: run `leverage run` or `leverage backfill`")
    with closing(engine(settings)) as connection:
        named = _named(settings, connection, text.strip(), [kind] if kind else list(PREFIXES))
        meant = [
            row for row in named if " ".join(address.upper().split()) in " ".join(row["raw_address"].upper().split())
        ]
        if not meant:
            raise UnknownVariantError(_suggestion(settings, text, kind, named))
        bills = _bills(settings, [row["spelling_id"] for row in meant])
        decision = max(meant, key=lambda row: (bills or {}).get(row["spelling_id"], 0))
        spelling_id = decision["spelling_id"]
        members = _members(settings, connection, decision["entity_id"])
        used = _bills(settings, [row["spelling_id"] for row in members])
        history = _history(settings, connection, spelling_id)
        entity = _entities(settings, connection, [decision["entity_id"]]).get(decision["entity_id"])
    others = [row for row in members if row["spelling_id"] != spelling_id]
    others.sort(key=lambda row: (-(used or {}).get(row["spelling_id"], 0), row["first_run_date"], row["spelling_id"]))
    return Explanation(
        decision=decision,
        entity=entity,
        people=_people(settings, [decision, *others]),
        history=history,
        members=tuple(_member(row, used) for row in others[:MEMBERS]),
        member_count=len(others),
        rejected=_rejected(settings, spelling_id, nearest),
        also=tuple((row["raw_address"], row["entity_id"]) for row in named if row["spelling_id"] != spelling_id),
    )


def _named(settings: Settings, connection: duckdb.DuckDBPyConnection, text: str, kinds: list[str]) -> list[Row]:
    """Return the registry's current rows on the variants of a name, first seen first."""
    if ENTITY_ID.fullmatch(text.lower()):
        wanted = f"substr(?, 5) = {anchor_digest_sql('spelling_id')}"
        kinds = [kind for kind in kinds if text.lower().startswith(PREFIXES[kind])]
        text = text.lower()
    else:
        wanted = r"upper(trim(regexp_replace(raw_name, '\s+', ' ', 'g'))) = ?"
        text = " ".join(text.upper().split())
    listed = ", ".join(f"'{kind}'" for kind in kinds) or "''"
    return _newest(settings, connection, f"party_kind in ({listed}) and {wanted}", [text])


def _newest(settings: Settings, connection: duckdb.DuckDBPyConnection, where: str, bound: list[Any]) -> list[Row]:
    rows = connection.execute(
        f"select * exclude (batch) from {registry.table_sql(settings, registry.DECISIONS)} where {where} "
        "qualify row_number() over (partition by spelling_id order by batch desc) = 1 "
        "order by first_run_date, spelling_id",
        bound,
    )
    return rows.to_arrow_table().to_pylist()  # type: ignore[no-any-return]


def _members(settings: Settings, connection: duckdb.DuckDBPyConnection, entity_id: str | None) -> list[Row]:
    """Return the current name variants of an entity."""
    if entity_id is None:
        return []
    decisions = registry.table_sql(settings, registry.DECISIONS)
    ever = f"spelling_id in (select spelling_id from {decisions} where entity_id = ?)"
    return [row for row in _newest(settings, connection, ever, [entity_id]) if row["entity_id"] == entity_id]


def _entities(
    settings: Settings, connection: duckdb.DuckDBPyConnection, entity_ids: Sequence[str | None]
) -> dict[str | None, Row]:
    rows = connection.execute(
        f"select * exclude (batch) from {registry.table_sql(settings, registry.ENTITIES)} "
        "where entity_id in (select unnest(?)) "
        "qualify row_number() over (partition by entity_id order by batch desc) = 1",
        [[entity_id for entity_id in entity_ids if entity_id]],
    )
    return {row["entity_id"]: row for row in rows.to_arrow_table().to_pylist()}


def _history(settings: Settings, connection: duckdb.DuckDBPyConnection, spelling_id: int) -> tuple[Change, ...]:
    rows = connection.execute(
        f"select * from {registry.table_sql(settings, registry.DECISIONS)} where spelling_id = ? order by batch",
        [spelling_id],
    ).to_arrow_table()
    entities = _entities(settings, connection, rows["entity_id"].to_pylist())
    changes = []
    before: Row | None = None
    for row in rows.to_pylist():
        changes.append(
            Change(
                row["er_version"],
                row["decided_at"].date() if row["decided_at"] else None,
                row["entity_id"],
                row["method"],
                row["score"],
                _change(before, row, entities),
            )
        )
        before = row
    return tuple(changes)


def _change(before: Row | None, now: Row, entities: dict[str | None, Row]) -> str:
    if before is None:
        return "first seen"
    if before["entity_id"] == now["entity_id"]:
        return "the same entity, for other reasons"
    left, joined = entities.get(before["entity_id"]), entities.get(now["entity_id"])
    if joined is None:
        return "names no party any more"
    if left and left["merged_into"]:
        return f"{left['entity_id']} was merged into {left['merged_into']}: {left['reason']}"
    if left and joined["split_from"] == left["entity_id"]:
        return f"split from {left['entity_id']}: {joined['reason']}"
    return f"moved here from {before['entity_id'] or 'no entity'}"


def _rejected(settings: Settings, spelling_id: int, nearest: Nearest) -> tuple[Neighbour, ...] | None:
    try:
        return tuple(nearest(settings, spelling_id, NEIGHBOURS))
    except WarehouseError:
        return None


def _member(row: Row, used: dict[int, int] | None) -> Member:
    bills = None if used is None else used.get(row["spelling_id"], 0)
    return Member(row["raw_name"], row["raw_address"], row["method"], row["score"], bills)


def _people(settings: Settings, rows: list[Row]) -> tuple[str, ...]:
    """Return the lines of the overrides about these name variants."""
    if not settings.overrides:
        return ()
    columns = ("spelling_id", "party_kind", "raw_name", "raw_address", "entity_id", "first_run_date")
    known = registry.read_decisions(settings).select(columns)
    mine = {row["spelling_id"] for row in rows}
    return tuple(line.sentence for line in load_overrides(settings, known).lines if mine & set(line.spelling_ids))


def _bills(settings: Settings, spelling_ids: list[int]) -> dict[int, int] | None:
    """Return bills by `spelling_id`; None where the warehouse cannot be read."""
    table: pa.Table | None = bills_of_variants(settings, spelling_ids)
    return None if table is None else {row["spelling_id"]: row["bills"] for row in table.to_pylist()}


def _suggestion(settings: Settings, text: str, kind: str | None, named: list[Row]) -> str:
    if named:
        listed = "".join(f"\n  {row['raw_address'] or '(none)'}" for row in named[:SUGGESTED])
        return f"{text!r} was not seen with such an address; it was with:{listed}"
    near = open_search(settings).find(text, kind, SUGGESTED)
    listed = "".join(f"\n  {hit.matched_name} ({hit.entity_id})" for hit in near)
    return f"no name variant {text!r} was seen" + (f"; the nearest are:{listed}" if near else "; try `leverage search`")
