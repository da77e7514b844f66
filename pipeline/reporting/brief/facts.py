"""The facts of a negotiation brief: one buyer, one supplier, one published week; volumes and shares over 52 weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.reporting.facts.customer_events import CustomerEvent
from pipeline.reporting.facts.loaded import Loaded
from pipeline.reporting.facts.subject import DocumentWeek, Party
from pipeline.reporting.facts.supplier_past import Past
from pipeline.reporting.figures import BillSet, Figure
from pipeline.reporting.market import Market


@dataclass(frozen=True)
class Standing:
    """Where the buyer stands among the supplier's named customers, as its row of `fct_tier` has it.

    Attributes:
        share: of the supplier's volume, with bounds; `share_interval` is its sampling interval.
        tiers: the lowest and the highest tier that the interval allows.
        ratio_to_rival: its volume by the rival's, where one was named and buys here.
        gap, next_tier: volume to add for the next tier.
    """

    volume: Figure
    bills: Figure
    containers: Figure
    typical_order: Figure
    share: Figure
    share_interval: Figure
    rank: Figure
    customers: Figure
    tier: str | None
    tiers: tuple[str, str] | None
    tier_reason: str | None
    ratio_to_top: Figure
    ratio_to_median: Figure
    ratio_to_rival: Figure | None
    gap: Figure
    next_tier: str | None
    first_bill_date: date | None
    last_bill_date: date | None


@dataclass(frozen=True)
class Customer:
    """A named customer of the supplier; `is_buyer` and `is_rival` mark the two that were asked about."""

    consignee_id: str
    name: str
    is_buyer: bool
    is_rival: bool
    rank: int
    tier: str | None
    volume: Figure
    share: Figure
    containers: Figure
    bills: Figure
    typical_order: Figure
    last_bill_date: date | None


@dataclass(frozen=True)
class Others:
    """Customers that are not listed one by one, and the volume that names no buyer (it may be anybody's)."""

    count: Figure
    volume: Figure
    unnamed: Figure


@dataclass(frozen=True)
class Leverage:
    """One leverage row: the two shares, the two axes with their ranges, what they are made of.

    Attributes:
        hs4: product, or `all`.
        is_of_product: whether share_of_supplier is a part of what the supplier ships of the product only.
        product: its cargo in the words of the bills.
        bought: all that the buyer bought in the product.
        market: the other suppliers; of `all`, those of the pair's main product.
        contributions: of the share of the supplier, of its other customers, of the share of the buyer, of the
            alternatives; they add up to power.
        coverage, both_hidden_share: how much of the volume behind the shares is named; how much hides both sides.
        uncertain_share: part of the pair's volume under spellings that may be another company's.
        refill: part of a leaver's volume that other customers take, as assumed or as the records show.
        is_refill_measured: whether the records show it.
        posture, second: what to do; of an undetermined one the two that fit best.
        reason: code why there are no axes.
    """

    hs4: str
    is_of_product: bool
    product: str
    volume: Figure
    share_of_supplier: Figure
    share_of_buyer: Figure
    share_of_buyer_interval: Figure
    bought: Figure
    market: Market
    alternatives: Figure
    supplier_substitutability: Figure
    customer_substitutability: Figure
    depends_supplier: Figure
    depends_buyer: Figure
    power: Figure
    mutual: Figure
    contributions: tuple[Figure, ...]
    no_second_source: bool
    coverage: Figure
    both_hidden_share: Figure
    uncertain_share: Figure
    refill: Figure
    is_refill_measured: bool
    posture: str | None
    is_undetermined: bool
    second: str | None
    reason: str | None

    @property
    def of_goods(self) -> str:
        """The product in a sentence about a part of it; empty for all products."""
        return "" if self.hs4 == "all" else f" of HS\N{NO-BREAK SPACE}{self.hs4}"


@dataclass(frozen=True)
class Candidate:
    """Another supplier that could deliver: a row of `fct_alternative` with its name and location."""

    supplier_id: str
    name: str
    place: str
    rank: int
    grade: str
    reason: str
    already_supplies: bool
    spare_capacity: Figure
    similarity: Figure
    bills: Figure
    customers: Figure
    evidence: str


@dataclass(frozen=True)
class ProductAlternatives:
    """The other suppliers of one product, the best of them listed."""

    hs4: str
    product: str
    market: Market
    listed: tuple[Candidate, ...]


@dataclass(frozen=True)
class Consolidation:
    """What moving another supplier's volume here would do to the buyer's share and tier."""

    supplier_id: str
    name: str
    hs4: str
    moved: Figure
    share_after: Figure
    tier_now: str | None
    tier_after: str | None


@dataclass(frozen=True)
class Talk:
    """What to say.

    Attributes:
        ours, rivals: what the buyer and the named rival take in a `period`, such as `a month`.
        commitment: the volume to the next tier, beside what the buyer buys and what is spare there.
    """

    opening_question: str | None
    their_question: str | None
    honest_answer: str | None
    ours: Figure | None
    rivals: Figure | None
    period: str
    commitment: Figure
    of_purchases: Figure
    of_slack: Figure
    next_tier: str | None


@dataclass(frozen=True)
class Caveat:
    """Something that the records cannot show, and the keys of the figures that it bears on; none: on all."""

    code: str
    touches: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brief:
    """A negotiation brief.

    Attributes:
        unit: of the supplier's volumes.
        supplier_volume: all of it, as the snapshot has it.
        standing, leverage, talk: None where the buyer took nothing under its name in the year.
        customer_events: None where the week was published without them.
        leverage: over all products; of the main one where only that is loaded whole.
        products: the pair's leverage rows by product.
        loaded: which sides the loaded bills hold whole.
    """

    as_of: DocumentWeek
    supplier: Party
    buyer: Party
    rival: Party | None
    unit: str
    supplier_volume: Figure
    loaded: Loaded
    standing: Standing | None
    customers: tuple[Customer, ...]
    others: Others
    past: Past
    customer_events: tuple[CustomerEvent, ...] | None
    leverage: Leverage | None
    products: tuple[Leverage, ...]
    alternatives: tuple[ProductAlternatives, ...]
    consolidation: tuple[Consolidation, ...]
    talk: Talk | None
    is_major_customer: bool
    is_forwarder_heavy: bool
    is_related_party_suspected: bool
    caveats: tuple[Caveat, ...]
    bill_sets: tuple[BillSet, ...] = ()
