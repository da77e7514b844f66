"""The parties of a bill, the name variant of each, and the names that are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.basis import habits
from simulator.basis.draws import Bools, Ints
from simulator.basis.goods import PRODUCT_INDEX
from simulator.basis.situations import NONE
from simulator.feed import versions
from simulator.feed.facts import Facts
from simulator.names import firms, name_variants
from simulator.names.certificates import UNEXPLAINED
from simulator.world.bills import REGULAR

PLAIN, ORDER_OF, TO_ORDER_OF, TO_ORDER_STUCK, ORDER_ONLY, BEHALF, SAME, BLANK = range(8)
"""Frames around a name: none; `TO THE ORDER OF X`; `TO ORDER OF X`; `TO ORDERX`; `TO ORDER`; `X O/B OF Y`;
`SAME AS CONSIGNEE`; a row without a name."""

USUAL_SPELLING: Final = 0.2
"""Bills in the name variant that the pair's clerks always use."""
FORWARDER_SHIPS: Final = 0.03
FORWARDER_RECEIVES: Final = 0.025
"""Bills on which a forwarder replaces the firm."""
ON_BEHALF: Final = 0.015
"""Bills of the form `X O/B OF Y`, on each side."""
LETTER_OF_CREDIT: Final = ("2523", "7210", "7306", "0901", "0801", "4412", "3901", "4002")
"""Products traded on letters of credit, so that bills are made out to order."""
ORDER_TRADES: Final = 0.35
ORDER_OTHERS: Final = 0.03
"""Pairs that ship to order, in these trades and in others."""
ORDER_BILLS: Final = 0.9
"""Of their bills."""
ORDER_FORMS: Final = (0.33, 0.22, 0.1, 0.25, 0.1)
"""To the order of the buyer; of the shipper; of the buyer without a blank; of a bank; of no named party."""
BLANK_NAME: Final = 0.08
"""Redacted parties that have a row with a blank name; the others have none."""
NOTIFIED: Final = 0.79
NOTIFIED_TWICE: Final = 0.22
NOTIFIED_THRICE: Final = 0.03
"""Bills with one notify party at least, with two, with three."""
BUYER_NOTIFIED: Final = 0.6
ORDER_NOTIFIED: Final = 0.9
"""Notify parties that are the buyer itself; to-order bills with one."""
SAME_AS_CONSIGNEE: Final = 0.12
"""Buyers that are notified by these words."""
CLERKS: Final = 16
"""Habits of filling in columns."""


@dataclass(frozen=True)
class Parties:
    """Parties as they are to be printed; columns of one entry a row.

    Attributes:
        kind: kind of firm.
        number: number of the firm in its kind.
        variant: name variant of its name.
        frame: what is written around the name.
        behind: number of the firm for which it acts, with `BEHALF`.
        clerk: 0 .. CLERKS - 1, whose habits the columns behind the address follow.
    """

    kind: Ints
    number: Ints
    variant: Ints
    frame: Ints
    behind: Ints
    clerk: Ints

    def rows(self, chosen: Bools | Ints) -> Parties:
        """The given rows."""
        return Parties(**{name: column[chosen] for name, column in vars(self).items()})


@dataclass(frozen=True)
class PartyRows:
    """Rows of a party table: the deliveries they belong to, and the parties."""

    of: Ints
    parties: Parties


def shippers(facts: Facts) -> PartyRows:
    """Rows of `shipper`."""
    draws, key, pair = facts.draws, facts.key, facts.pair
    roll = draws.uniform(key, "shipper.form")
    ordinary = ~facts.plain & ~facts.master
    replaced = facts.master | (ordinary & (roll < FORWARDER_SHIPS))
    behalf = ordinary & ~replaced & ~_certified(facts) & (roll < FORWARDER_SHIPS + ON_BEHALF)
    by_forwarder = replaced | behalf
    parties = Parties(
        kind=np.where(by_forwarder, firms.FORWARDER, firms.SUPPLIER),
        number=np.where(by_forwarder, _forwarder(facts), pair.supplier),
        variant=_variant(facts, "shipper", by_forwarder) | _former(facts, firms.SUPPLIER, pair.supplier, by_forwarder),
        frame=np.where(behalf, BEHALF, PLAIN),
        behind=np.where(behalf, pair.supplier, 0),
        clerk=_clerk(facts, "shipper"),
    )
    hidden = _certified(facts) & (facts.world.certificates.shippers[pair.consignee] == 1)
    hidden = _filed(facts, firms.SUPPLIER, parties, hidden & ~by_forwarder)
    return _published(facts, parties, hidden, "shipper")


def consignees(facts: Facts) -> PartyRows:
    """Rows of `consignee`."""
    draws, key, pair = facts.draws, facts.key, facts.pair
    roll = draws.uniform(key, "consignee.form")
    ordinary = ~facts.plain & ~facts.master
    order = to_order(facts)
    replaced = facts.master | (ordinary & ~order & (roll < FORWARDER_RECEIVES))
    behalf = ordinary & ~order & ~replaced & ~_certified(facts) & (roll < FORWARDER_RECEIVES + ON_BEHALF)
    form = draws.among(key, "order.form", ORDER_FORMS)
    by_shipper, by_bank = order & (form == 1), order & (form == 3)
    parties = Parties(
        kind=np.select(
            [replaced | behalf, by_shipper, by_bank],
            [firms.FORWARDER_US, firms.SUPPLIER, firms.BANK],
            firms.CONSIGNEE,
        ),
        number=np.select(
            [replaced | behalf, by_shipper, by_bank],
            [_forwarder(facts), pair.supplier, draws.below(pair.key, "bank", facts.world.banks.count)],
            pair.consignee,
        ),
        variant=_variant(facts, "consignee", replaced | behalf)
        | _former(facts, firms.CONSIGNEE, pair.consignee, replaced | behalf | by_shipper | by_bank),
        frame=np.where(
            order,
            np.array([ORDER_OF, TO_ORDER_OF, TO_ORDER_STUCK, TO_ORDER_OF, ORDER_ONLY])[form],
            np.where(behalf, BEHALF, PLAIN),
        ),
        behind=np.where(behalf, pair.consignee, 0),
        clerk=_clerk(facts, "consignee"),
    )
    named = (parties.kind == firms.CONSIGNEE) & (parties.frame != ORDER_ONLY)
    hidden = _filed(facts, firms.CONSIGNEE, parties, _certified(facts) & named)
    # a shipper's name is hidden wherever it is on the bill
    hidden |= _certified(facts) & by_shipper & (facts.world.certificates.shippers[pair.consignee] == 1)
    return _published(facts, parties, hidden, "consignee")


def notified(facts: Facts) -> PartyRows:
    """Rows of `notifyparty`: the buyer, its forwarder, its broker."""
    draws, key, pair = facts.draws, facts.key, facts.pair
    order = to_order(facts)
    roll = draws.uniform(key, "notified")
    first = (roll < NOTIFIED) | (order & draws.chance(key, "notified.order", ORDER_NOTIFIED))
    buyer = ~facts.master & (order | draws.chance(key, "notified.buyer", BUYER_NOTIFIED))
    buyer &= ~_certified(facts)
    same = buyer & ~order & draws.chance(key, "notified.same", SAME_AS_CONSIGNEE)
    everyone = np.arange(facts.count)
    pieces = []
    for place, shown in enumerate((first, first & (roll < NOTIFIED_TWICE), first & (roll < NOTIFIED_THRICE))):
        by_buyer = buyer if place == 0 else np.zeros(facts.count, dtype=bool)
        broker = (_forwarder(facts) + place) % facts.world.forwarders.count
        parties = Parties(
            kind=np.where(by_buyer, firms.CONSIGNEE, firms.FORWARDER_US),
            number=np.where(by_buyer, pair.consignee, broker),
            variant=_variant(facts, "notify", ~by_buyer) | _former(facts, firms.CONSIGNEE, pair.consignee, ~by_buyer),
            frame=np.where(by_buyer & same, SAME, PLAIN),
            behind=np.zeros(facts.count, dtype=np.int64),
            clerk=_clerk(facts, "notify"),
        )
        pieces.append(PartyRows(everyone[shown], parties.rows(shown)))
    of = np.concatenate([piece.of for piece in pieces])
    order_of_rows = np.argsort(of, kind="stable")
    together = Parties(
        **{
            name: np.concatenate([getattr(piece.parties, name) for piece in pieces])[order_of_rows]
            for name in vars(pieces[0].parties)
        }
    )
    return PartyRows(of[order_of_rows], together)


def to_order(facts: Facts) -> Bools:
    """Deliveries whose bill is made out to order."""
    trades = np.isin(facts.pair.product, [PRODUCT_INDEX[hs4] for hs4 in LETTER_OF_CREDIT])
    habit = facts.draws.chance(facts.pair.key, "to_order", np.where(trades, ORDER_TRADES, ORDER_OTHERS))
    ordinary = ~facts.plain & (facts.block["level"] == REGULAR)
    ordered: Bools = habit & ordinary & facts.draws.chance(facts.key, "to_order.bill", ORDER_BILLS)
    return ordered


def _published(facts: Facts, parties: Parties, hidden: Bools, side: str) -> PartyRows:
    """The rows that are left after redaction."""
    draws, key = facts.draws, facts.key
    lost = draws.chance(key, f"{side}.unexplained", UNEXPLAINED) & ~facts.plain & ~facts.master
    hidden = hidden | lost
    blank = hidden & draws.chance(key, f"{side}.blank", BLANK_NAME)
    shown = ~hidden | blank
    printed = Parties(
        kind=np.where(blank, firms.CONSIGNEE, parties.kind),
        number=np.where(blank, 0, parties.number),
        variant=np.where(blank, 0, parties.variant),
        frame=np.where(blank, BLANK, parties.frame),
        behind=np.where(blank, 0, parties.behind),
        clerk=np.where(blank, 0, parties.clerk),
    )
    return PartyRows(np.flatnonzero(shown), printed.rows(shown))


def _filed(facts: Facts, kind: int, parties: Parties, hiding: Bools) -> Bools:
    """Which of the parties that hide their name have a name variant that they have filed."""
    rows = np.flatnonzero(hiding)
    filed = hiding.copy()
    filed[rows] = name_variants.filed(facts.world, kind, parties.number[rows], parties.variant[rows])
    return filed


def _certified(facts: Facts) -> Bools:
    """Deliveries of a consignee whose certificate is in force; masters name others."""
    return facts.world.certificates.hides(facts.pair.consignee, facts.block["week"]) & ~facts.master


def _clerk(facts: Facts, side: str) -> Ints:
    """One of the clerks who type a pair's bills."""
    at = facts.pair.key * 4 + facts.draws.below(facts.key, f"{side}.desk", 3)
    return facts.draws.below(at, f"{side}.clerk", CLERKS)


def _forwarder(facts: Facts) -> Ints:
    """The pair's own forwarder, or one by chance where it has none."""
    chosen = facts.draws.below(facts.pair.key, "forwarder.any", facts.world.forwarders.count)
    return np.where(facts.pair.forwarder >= 0, facts.pair.forwarder, chosen)


def former(directory: firms.Directory, kind: int, number: Ints, week: Ints, weeks: tuple[int, int]) -> Ints:
    """`habits.FORMERLY` where a firm is printed as it was before it moved or changed its name."""
    group = directory.of_kind(kind)
    before = habits.former(directory.draws, number + (kind << 32), week, weeks)
    return np.where((group.situation[number] != NONE) | (group.plain[number] == 1), 0, before)


def _former(facts: Facts, kind: int, number: Ints, other_firm: Bools) -> Ints:
    """The same for the pair's own firm, where it is the one on the bill."""
    weeks = facts.world.first_week, facts.world.last_week
    return np.where(other_firm, 0, former(facts.world, kind, number, facts.block["week"], weeks))


def _variant(facts: Facts, side: str, other_firm: Bools) -> Ints:
    """Name variant: mostly the usual one of the pair; an amendment can correct it."""
    draws = facts.draws
    usual = draws.among(facts.pair.key, f"{side}.usual", habits.VARIANT_WEIGHTS)
    corrected = facts.change == versions.CHANGE_SPELLING
    at = np.where(corrected, facts.state, facts.key)
    other = draws.among(at, f"{side}.spelling", habits.VARIANT_WEIGHTS)
    keeps = draws.chance(facts.key, f"{side}.keeps", USUAL_SPELLING) & ~corrected & ~other_firm
    plain = np.array(habits.PLAIN_VARIANTS)[draws.below(facts.key, f"{side}.plain", len(habits.PLAIN_VARIANTS))]
    return np.where(facts.plain, plain, np.where(keeps, usual, other))
