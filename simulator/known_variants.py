"""A table of name variants and their true firms, of any size: from a world's bills, or drawn without any bill."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from simulator.basis import habits
from simulator.basis.draws import Draws, Ints
from simulator.basis.goods import PRODUCTS
from simulator.basis.situations import NAMES
from simulator.feed import feed, parties
from simulator.feed.facts import Facts
from simulator.feed.tables import parties as table_parties
from simulator.names import firms
from simulator.names.firms import Counts, Directory
from simulator.names.texts import glue, pick, pool, tidy, whole
from simulator.world import calendar
from simulator.world.world import World

SUPPLIER_KIND, CONSIGNEE_KIND = "supplier", "consignee"
"""Kinds of party: of shippers, and of consignees and notify parties."""
ROLES: Final = ("supplier", "consignee", "forwarder", "forwarder", "bank")
"""Of the kinds of firm; both offices of a forwarder are one firm."""
BILLS_MEDIAN: Final = 5.0
BILLS_SIGMA: Final = 1.3
BILLS_MOST: Final = 600
"""Bills of one firm in a drawn crowd: half of the firms have a handful, a few have hundreds."""
SPELLINGS_EACH: Final = 5.5
"""At least so many name variants has a firm on average, so that enough firms are drawn."""
FORWARDERS: Final = 250
BANKS: Final = 120
ON_BILLS: Final = {SUPPLIER_KIND: parties.FORWARDER_SHIPS, CONSIGNEE_KIND: 0.12}
"""Bills with a forwarder; among consignees and notify parties it is often the broker."""
ORDERED: Final = 0.05
"""Bills of consignees that are made out to order."""
FIRST_DAY: Final = date(2026, 1, 1)
DAYS: Final = 300
"""Of a drawn crowd's bills."""
_NOTHING: Final = pa.scalar(None, pa.string())
_ORDERS: Final = (parties.ORDER_OF, parties.TO_ORDER_OF, parties.TO_ORDER_STUCK, parties.ORDER_ONLY)

SCHEMA: Final = pa.schema(
    [
        ("spelling_id", pa.int64()),
        ("party_kind", pa.string()),
        ("raw_name", pa.string()),
        ("raw_address", pa.string()),
        ("city", pa.string()),
        ("state", pa.string()),
        ("zip", pa.string()),
        ("country_code", pa.string()),
        ("first_run_date", pa.date32()),
        ("firm_id", pa.string()),
        ("group_id", pa.string()),
        ("kinds", pa.list_(pa.string())),
    ]
)
"""`firm_id` is who counts: the firm behind an agent, the buyer that an order names, no firm where an order names a bank
or no firm. `kinds` are those of `habits.KINDS`. Personal data is not masked."""


@dataclass(frozen=True)
class Sighted:
    """Parties of one kind as they were printed, and the days (ordinals) on which they first were."""

    party_kind: str
    parties: parties.Parties
    day: Ints


def drawn(spellings: int, seed: int) -> pa.Table:
    """A crowd of the given number of distinct name variants, half of shippers, half of consignees (`SCHEMA`)."""
    draws = Draws(seed)
    half = spellings // 2
    each = {SUPPLIER_KIND: spellings - half, CONSIGNEE_KIND: half}
    wanted = int(max(each.values()) / SPELLINGS_EACH) + 50
    directory = _directory(draws, wanted)
    tables = []
    for party_kind, count in each.items():
        found = _table(directory, [_sighted(directory, party_kind, wanted)])
        if len(found) < count:
            raise AssertionError(f"{wanted} firms have {len(found)} spellings, fewer than the {count} wanted")
        tables.append(found.slice(0, count))
    return pa.concat_tables(tables)


def of_world(world: World) -> pa.Table:
    """Every distinct name variant of a world's party tables (`SCHEMA`)."""
    return _table(world, _printed(world))


def firms_table(directory: Directory) -> pa.Table:
    """Firms: `firm_id`, `group_id`, `hard` (`situations.NAMES`), `other_firm_id` (see `Firms.other`)."""
    pieces = []
    for kind in (firms.SUPPLIER, firms.CONSIGNEE, firms.FORWARDER, firms.BANK):
        group = directory.of_kind(kind)
        number = np.arange(group.count)
        pieces.append(
            pa.table(
                {
                    "firm_id": _ids(kind, number),
                    "group_id": _ids(kind, group.sister),
                    "hard": pick(pool(NAMES), group.situation),
                    "other_firm_id": _ids(kind, group.other),
                }
            )
        )
    return pa.concat_tables(pieces)


def drawn_firms(spellings: int, seed: int) -> pa.Table:
    """The firms of `drawn` (see `firms_table`), and some whose name variants were not needed any more."""
    half = spellings // 2
    return firms_table(_directory(Draws(seed), int(max(half, spellings - half) / SPELLINGS_EACH) + 50))


def _directory(draws: Draws, count: int) -> Directory:
    counts = Counts(count, count, FORWARDERS, BANKS, len(PRODUCTS))
    return Directory(
        draws=draws,
        suppliers=firms.make_suppliers(draws, counts),
        consignees=firms.make_consignees(draws, counts),
        forwarders=firms.make_houses(draws, FORWARDERS, "forwarder", firms.FORWARDER_STEM),
        banks=firms.make_houses(draws, BANKS, "bank", firms.BANK_STEM),
    )


def _sighted(directory: Directory, party_kind: str, count: int) -> Sighted:
    """Parties of so many firms on bills that never were."""
    draws = directory.draws
    supplying = party_kind == SUPPLIER_KIND
    kind = firms.SUPPLIER if supplying else firms.CONSIGNEE
    number = np.arange(count)
    bills = np.exp(np.log(BILLS_MEDIAN) + BILLS_SIGMA * draws.normal(number, f"{party_kind}.bills"))
    firm = np.repeat(number, np.clip(bills, 1, BILLS_MOST).astype(np.int64))
    bill = np.arange(len(firm))
    purpose = f"{party_kind}.bill"
    point = draws.uniform(bill, f"{purpose}.form")
    by_agent = point < ON_BILLS[party_kind]
    behalf = ~by_agent & (point < ON_BILLS[party_kind] + parties.ON_BEHALF)
    order = ~by_agent & ~behalf & (not supplying) & (point > 1 - ORDERED)
    form = draws.among(bill, f"{purpose}.order", parties.ORDER_FORMS)
    shipper, bank = order & (form == 1), order & (form == 3)
    own = ~(by_agent | behalf | shipper | bank)
    day = draws.below(bill, f"{purpose}.day", DAYS)
    before = np.where(own, parties.former(directory, kind, firm, day, (0, DAYS)), 0)
    # a firm works with two or three forwarders
    agent = draws.below(firm * 4 + draws.below(bill, f"{purpose}.desk", 3), f"{party_kind}.agent", FORWARDERS)
    frames = np.array(
        [parties.ORDER_OF, parties.TO_ORDER_OF, parties.TO_ORDER_STUCK, parties.TO_ORDER_OF, parties.ORDER_ONLY]
    )
    found = parties.Parties(
        kind=np.select(
            [by_agent | behalf, shipper, bank],
            [firms.FORWARDER if supplying else firms.FORWARDER_US, firms.SUPPLIER, firms.BANK],
            kind,
        ),
        number=np.select([by_agent | behalf, bank], [agent, draws.below(bill, f"{purpose}.bank", BANKS)], firm),
        variant=draws.among(bill, f"{purpose}.variant", habits.VARIANT_WEIGHTS) | before,
        frame=np.where(order, frames[form], np.where(behalf, parties.BEHALF, parties.PLAIN)),
        behind=np.where(behalf, firm, 0),
        clerk=draws.below(bill, f"{purpose}.clerk", parties.CLERKS),
    )
    return Sighted(party_kind, found, calendar.ordinal(FIRST_DAY) + day)


def _printed(world: World) -> Iterator[Sighted]:
    """Parties on the bills of a world."""
    for run in feed.runs_of_days(world, 28, 40_000):
        facts = Facts(world, run.deliveries)
        for party_kind, rows in (
            (SUPPLIER_KIND, parties.shippers(facts)),
            (CONSIGNEE_KIND, parties.consignees(facts)),
            (CONSIGNEE_KIND, parties.notified(facts)),
        ):
            yield Sighted(party_kind, rows.parties, facts.block["run_day"][rows.of])


def _table(directory: Directory, sightings: Iterable[Sighted]) -> pa.Table:
    """One row a name variant; the columns of places are the greatest of its first day."""
    codes: dict[str, list[Ints]] = {}
    days: dict[str, list[Ints]] = {}
    for sighted in sightings:
        # the earliest sighting of each code
        order = np.argsort(sighted.day, kind="stable")
        found, first = np.unique(table_parties.pack(sighted.parties)[order], return_index=True)
        codes.setdefault(sighted.party_kind, []).append(found)
        days.setdefault(sighted.party_kind, []).append(sighted.day[order][first])
    tables = []
    for party_kind, pieces in codes.items():
        code, day = np.concatenate(pieces), np.concatenate(days[party_kind])
        order = np.argsort(day, kind="stable")
        code, first = np.unique(code[order], return_index=True)
        tables.append(_of_kind(directory, party_kind, table_parties.unpack(code), day[order][first]))
    return pa.concat_tables(tables)


def _of_kind(directory: Directory, party_kind: str, found: parties.Parties, day: Ints) -> pa.Table:
    behind = firms.SUPPLIER if party_kind == SUPPLIER_KIND else firms.CONSIGNEE
    pieces = []
    for kind in np.unique(found.kind).tolist():
        rows = np.flatnonzero((found.kind == kind) & ~np.isin(found.frame, (parties.BLANK, parties.SAME)))
        pieces.append(_rows(directory, kind, found.rows(rows), behind, day[rows]))
    rows = pa.concat_tables(pieces)
    text = glue(party_kind, "|", rows["raw_name"].combine_chunks(), "|", rows["raw_address"].combine_chunks())
    rows = rows.add_column(0, "spelling_id", pa.array(_spelling_ids(text.to_pylist())))
    key, date_ = rows["spelling_id"].to_numpy(), rows["day"].to_numpy()
    order = np.lexsort((date_, key))
    starts = np.flatnonzero(np.concatenate([[True], np.diff(key[order]) != 0]))
    earliest = np.repeat(date_[order][starts], np.diff([*starts, len(key)]))
    on_first_day = rows.take(pa.array(order[date_[order] == earliest]))
    return _greatest(on_first_day, party_kind)


def _greatest(rows: pa.Table, party_kind: str) -> pa.Table:
    """One row of each name variant; in the order of its firm, so that the first ones are whole firms."""
    greatest = ("raw_name", "raw_address", "city", "state", "zip", "country_code", "day", "firm_id", "group_id", "bits")
    one = rows.group_by("spelling_id", use_threads=False).aggregate(
        [*((name, "max") for name in greatest), ("place", "min")]
    )
    one = one.sort_by([("place_min", "ascending"), ("spelling_id", "ascending")])
    day = one["day_max"].to_numpy() - calendar.ordinal(date(1970, 1, 1))
    columns = {name: one[f"{name}_max"] for name in greatest[:-1] if name != "day"}
    return (
        pa.table(
            {
                "spelling_id": one["spelling_id"],
                "party_kind": pick(pool([party_kind]), np.zeros(len(one), dtype=np.int64)),
                **columns,
                "first_run_date": pa.array(day.astype(np.int32), pa.int32()).cast(pa.date32()),
                "kinds": pa.array(habits.names_of(one["bits_max"].to_numpy()), pa.list_(pa.string())),
            }
        )
        .select(SCHEMA.names)
        .cast(SCHEMA)
    )


def _rows(directory: Directory, kind: int, found: parties.Parties, behind: int, day: Ints) -> pa.Table:
    typed, bits = table_parties.typed_lines(directory, kind, found, behind)
    address = tidy(glue(*typed.address, between=" "))
    city, state, code, country = table_parties.place_columns(directory, kind, found)
    acting = found.frame == parties.BEHALF
    number, who = np.where(acting, found.behind, found.number), np.where(acting, behind, kind)
    ordered = np.isin(found.frame, _ORDERS)
    unnamed = (found.frame == parties.ORDER_ONLY) | (ordered & (kind == firms.BANK))
    sister = number.copy()
    for each in np.unique(who).tolist():
        at = who == each
        sister[at] = directory.of_kind(each).sister[number[at]]
    return pa.table(
        {
            "raw_name": typed.name,
            "raw_address": address,
            **{
                name: pc.if_else(pc.equal(column, ""), _NOTHING, column)
                for name, column in (("city", city), ("state", state), ("zip", code), ("country_code", country))
            },
            "day": day,
            "firm_id": _known(unnamed, who, number),
            "group_id": _known(unnamed, who, sister),
            "bits": bits,
            # agents and banks are spread evenly among the other firms
            "place": np.where(
                acting, number, number * directory.of_kind(behind).count // directory.of_kind(kind).count
            ),
        }
    )


def _known(unnamed: Ints, who: Ints, number: Ints) -> pa.Array:
    names = glue(pick(pool(ROLES), who), "-", whole(number))
    return pc.if_else(pa.array(unnamed), _NOTHING, names)


def _ids(kind: int, number: Ints) -> pa.Array:
    return _known(np.zeros(len(number), dtype=bool), np.full(len(number), kind), number)


def _spelling_ids(texts: list[str]) -> list[int]:
    """The warehouse's key of each text (macro `key_of`): 63 bits of its MD5."""
    return [
        int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[8:], "little") >> 1 for text in texts
    ]
