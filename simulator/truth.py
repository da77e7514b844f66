"""The truth about names that a world's records hide: firms, their variants, the stories, the rows broken on purpose.

For tests of what later stages find out. Nothing in the pipeline may read it. The truth about trade (each bill's firms
and product, expected volumes, the weeks of each pair) is in `simulator.true_trade`; firms have the same ids in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from simulator import known_variants as known
from simulator.basis import habits
from simulator.basis.draws import Ints
from simulator.basis.situations import NAMES
from simulator.feed import feed, parties
from simulator.feed.damage import Damage
from simulator.feed.facts import Facts
from simulator.feed.tables import parties as table_parties
from simulator.feed.tables.block import block_text
from simulator.known_variants import ROLES
from simulator.names import addresses, name_variants
from simulator.names import firms as kinds
from simulator.world import calendar, world
from simulator.world.world import EMBEDDED, Spec, World

DAYS_AT_ONCE: Final = 28
ROWS_AT_ONCE: Final = 40_000


@dataclass(frozen=True)
class Story:
    """A story that later stages must detect.

    Attributes:
        name: in a few words.
        kind: in one word.
        supplier_name: official name of the supplier.
        consignee_name: official name of the consignee; None where it is about a supplier alone.
        hs4: heading of the cargo.
        first_week: Monday of the first week in which it can be seen.
        note: its figures.
    """

    name: str
    kind: str
    supplier_name: str
    consignee_name: str | None
    hs4: str
    first_week: date
    note: str


@dataclass(frozen=True)
class Firm:
    """A firm.

    Attributes:
        firm_id: role and number, such as `supplier-12`.
        role: `supplier`, `consignee`, `forwarder` or `bank`.
        name: official name.
        group_id: of the firm and its sisters.
        country_code: where it is; its former and further sites are in the same country.
        city: its first site.
        hard: why it is easily taken for another firm (`situations.NAMES`), `none` for most.
        other_id: that firm, where this one is the younger of the two; else its own.
    """

    firm_id: str
    role: str
    name: str
    group_id: str
    country_code: str
    city: str
    hard: str
    other_id: str


@dataclass(frozen=True)
class Spelling:
    """A name and address as they are in a party table.

    Attributes:
        table: `shipper`, `consignee` or `notifyparty`.
        raw_name: name column, blanks at the ends removed.
        raw_address: address columns joined by one blank, empty ones left out; personal data not masked.
        firm_id: firm that is named first; None where none is named.
        behind_id: firm for which it acts (`X O/B OF Y`), or None.
        to_order: whether the text is an order clause.
        kinds: in what it differs from the firm's usual writing (`habits.KINDS`).
    """

    table: str
    raw_name: str
    raw_address: str
    firm_id: str | None
    behind_id: str | None
    to_order: bool
    kinds: tuple[str, ...]


def stories() -> list[Story]:
    """The stories of the embedded world."""
    made = world.build(EMBEDDED)
    return [
        Story(
            name=story.name,
            kind=story.kind,
            supplier_name=_official(made, kinds.SUPPLIER, story.supplier),
            consignee_name=None if story.consignee is None else _official(made, kinds.CONSIGNEE, story.consignee),
            hs4=story.hs4,
            first_week=calendar.from_ordinal(calendar.monday_of(story.first_week)),
            note=story.note,
        )
        for story in made.stories
    ]


def firms(spec: Spec = EMBEDDED) -> list[Firm]:
    """All firms of a world; a forwarder under its US name."""
    made = world.build(spec)
    found = []
    for kind in (kinds.SUPPLIER, kinds.CONSIGNEE, kinds.FORWARDER_US, kinds.BANK):
        group = made.of_kind(kind)
        numbers = np.arange(group.count)
        countries = addresses.country_code(group, numbers, kind).to_pylist()
        cities = addresses.place_text(group, numbers, 0, kind).to_pylist()
        names = name_variants.names(made, kind, numbers, np.full(group.count, habits.OFFICIAL)).to_pylist()
        found += [
            Firm(
                firm_id=_firm_id(kind, number),
                role=ROLES[kind],
                name=names[number],
                group_id=_firm_id(kind, int(group.sister[number])),
                country_code=countries[number],
                city=cities[number],
                hard=NAMES[group.situation[number]],
                other_id=_firm_id(kind, int(group.other[number])),
            )
            for number in numbers.tolist()
        ]
    return found


def party_spellings(spec: Spec = EMBEDDED) -> list[Spelling]:
    """Every distinct name and address of a world's party tables (a small world's: all are held in memory)."""
    made = world.build(spec)
    codes: dict[str, list[Ints]] = {"shipper": [], "consignee": [], "notifyparty": []}
    for run in _runs(made):
        facts = Facts(made, run.deliveries)
        rows = (parties.shippers(facts), parties.consignees(facts), parties.notified(facts))
        for table, found in zip(codes, rows, strict=True):
            codes[table].append(np.unique(table_parties.pack(found.parties)))
    return [
        spelling
        for table, packed in codes.items()
        for spelling in _spelled(made, table, table_parties.unpack(np.unique(np.concatenate(packed))))
    ]


def party_table(spec: Spec = EMBEDDED) -> pa.Table:
    """Every distinct name variant of a world's party tables as `known.SCHEMA` has them; for any size."""
    return known.of_world(world.build(spec))


def damage(spec: Spec = EMBEDDED) -> list[Damage]:
    """The rows that are broken on purpose, in the daily files of a world."""
    made = world.build(spec)
    return [broken for run in _runs(made) for table in block_text(made, run).tables.values() for broken in table.damage]


def _runs(made: World) -> Iterator[feed.Days]:
    return feed.runs_of_days(made, DAYS_AT_ONCE, ROWS_AT_ONCE)


def _spelled(made: World, table: str, found: parties.Parties) -> Iterator[Spelling]:
    behind = kinds.SUPPLIER if table == "shipper" else kinds.CONSIGNEE
    orders = (parties.ORDER_OF, parties.TO_ORDER_OF, parties.TO_ORDER_STUCK, parties.ORDER_ONLY)
    unnamed = (parties.ORDER_ONLY, parties.SAME, parties.BLANK)
    for kind in np.unique(found.kind).tolist():
        group = found.rows(found.kind == kind)
        typed, differing = table_parties.typed_lines(made, kind, group, behind)
        address = zip(*(line.to_pylist() for line in typed.address), strict=True)
        for name, lines, number, frame, acting, differences in zip(
            typed.name.to_pylist(),
            address,
            group.number.tolist(),
            group.frame.tolist(),
            group.behind.tolist(),
            habits.names_of(differing),
            strict=True,
        ):
            yield Spelling(
                table=table,
                raw_name=name.strip(),
                raw_address=" ".join(line.strip() for line in lines if line.strip()),
                firm_id=None if frame in unnamed else _firm_id(kind, number),
                behind_id=_firm_id(behind, acting) if frame == parties.BEHALF else None,
                to_order=frame in orders,
                kinds=tuple(differences),
            )


def _official(made: World, kind: int, number: int) -> str:
    name: str = name_variants.names(made, kind, np.array([number]), np.array([habits.OFFICIAL]))[0].as_py()
    return name


def _firm_id(kind: int, number: int) -> str:
    return f"{ROLES[kind]}-{number}"
