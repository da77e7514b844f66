"""A block of deliveries as the text of the 11 tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.ingest.formats.ams import TABLES
from simulator.basis.draws import Ints
from simulator.feed import parties
from simulator.feed.damage import Damage, damaged
from simulator.feed.facts import Facts, Rows
from simulator.feed.feed import Days
from simulator.feed.tables import boxes as table_boxes
from simulator.feed.tables import cargo as table_cargo
from simulator.feed.tables import hazards as table_hazards
from simulator.feed.tables import header as table_header
from simulator.feed.tables import parties as table_parties
from simulator.names.texts import body_and_offsets
from simulator.world.world import World


@dataclass(frozen=True)
class TableText:
    """Lines of one table for the days of a block.

    Attributes:
        body: the lines, UTF-8 but for damage, without a header line.
        first_byte: where each day's lines begin in `body`, and its end.
        rows: records of each day, header lines not counted (a repeated one is a record).
        damage: lines that are broken on purpose.
    """

    body: memoryview
    first_byte: Ints
    rows: Ints
    damage: tuple[Damage, ...]


@dataclass(frozen=True)
class BlockText:
    """All tables of a block.

    Attributes:
        first_day: ordinal of the first day.
        days: number of days.
        tables: text by table, in the order of the layout.
    """

    first_day: int
    days: int
    tables: dict[str, TableText]


def _header(facts: Facts) -> Rows:
    return Rows(np.arange(facts.count), table_header.header_lines(facts))


def _billgen(facts: Facts) -> Rows:
    return Rows(np.arange(facts.count), table_header.billgen_lines(facts))


def _shipper(facts: Facts) -> Rows:
    rows = parties.shippers(facts)
    return Rows(rows.of, table_parties.party_lines(facts, "shipper", rows))


def _consignee(facts: Facts) -> Rows:
    rows = parties.consignees(facts)
    return Rows(rows.of, table_parties.party_lines(facts, "consignee", rows))


def _notifyparty(facts: Facts) -> Rows:
    rows = parties.notified(facts)
    return Rows(rows.of, table_parties.party_lines(facts, "notifyparty", rows))


MAKERS: Final[dict[str, Callable[[Facts], Rows]]] = {
    "header": _header,
    "billgen": _billgen,
    "shipper": _shipper,
    "consignee": _consignee,
    "notifyparty": _notifyparty,
    "cargodesc": table_cargo.cargodesc,
    "container": table_boxes.container,
    "marksnumbers": table_boxes.marksnumbers,
    "tariff": table_cargo.tariff,
    "hazmat": table_hazards.hazmat,
    "hazmatclass": table_hazards.hazmatclass,
}


def block_text(world: World, made: Days) -> BlockText:
    """The text of some days' deliveries."""
    facts = Facts(world, made.deliveries)
    return BlockText(
        made.first_day, made.days, {table: _table(facts, table, made.first_day, made.days) for table in TABLES}
    )


def _table(facts: Facts, table: str, first_day: int, days: int) -> TableText:
    rows = damaged(facts, table, MAKERS[table](facts))
    body, offsets = body_and_offsets(rows.lines)
    day = facts.block["run_day"][rows.of] - first_day
    edges = np.searchsorted(day, np.arange(days + 1))
    added = np.bincount([damage.day - first_day for damage in rows.damage if damage.adds_row], minlength=days)
    return TableText(body, offsets[edges], np.diff(edges) + added, rows.damage)
