"""The facts of a negotiation brief: one buyer, one supplier, one published week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.reporting.facts.customer_events import CustomerEvent
from pipeline.reporting.facts.subject import AsOf, Party
from pipeline.reporting.facts.supplier_past import Past
from pipeline.reporting.figures import BillSet, Figure


@dataclass(frozen=True)
class Standing:
    """Where the buyer stands among the supplier's named customers, over 52 weeks.

    Attributes:
        volume, monthly, bills_per_month, typical_order: of the buyer with this supplier.
        share: of the supplier's volume, with bounds; `share_interval` is its sampling interval.
        rank, customers: place among the named customers and their number.
        tier: A to D, or None with `tier_reason`.
        ratio_to_top, ratio_to_median: its volume by that of the largest and of the median customer.
        ratio_to_rival: by the rival's, where one was named and buys here.
        gap, next_tier: volume to add for the next tier.
        first_bill_date, last_bill_date: of the pair in the records.
    """

    volume: Figure
    monthly: Figure
    bills_per_month: Figure
    typical_order: Figure
    share: Figure
    share_interval: Figure
    rank: Figure
    customers: Figure
    tier: str | None
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
    """A named customer of the supplier, over 52 weeks.

    Attributes:
        consignee_id, name: who.
        is_buyer, is_rival: whether it is one of the two that were asked about.
        rank, tier: as in the snapshot.
        volume, share, monthly, bills_per_month, typical_order: how much, how often.
        last_bill_date: its newest arrival.
    """

    consignee_id: str
    name: str
    is_buyer: bool
    is_rival: bool
    rank: int
    tier: str | None
    volume: Figure
    share: Figure
    monthly: Figure
    bills_per_month: Figure
    typical_order: Figure
    last_bill_date: date | None


@dataclass(frozen=True)
class Others:
    """Customers that are not listed one by one.

    Attributes:
        count, volume: named customers beyond those listed.
        unnamed: volume that names no buyer; it may hold any company, also those listed.
    """

    count: Figure
    volume: Figure
    unnamed: Figure


@dataclass(frozen=True)
class Leverage:
    """One leverage row: the two shares, the two axes, what they are made of.

    Attributes:
        hs4: product, or `all`.
        product: its cargo in the words of the bills.
        volume: of the pair in the product.
        share_of_supplier, share_of_buyer: with bounds.
        bought: all that the buyer bought in the product.
        alternatives: qualified suppliers that are not this one.
        supplier_substitutability: what the alternatives take off the buyer's dependence.
        customer_substitutability: what the supplier's other customers take off the supplier's.
        contributions: of the share of the supplier, of its other customers, of the share of the buyer, of the
            alternatives; they add up to power.
        no_alt_suppliers_visible, no_second_source: the two flags.
        coverage, both_hidden_share: how much of the volume behind the shares is named; how much hides both sides.
        posture: what to do.
        reason: code why there are no axes.
    """

    hs4: str
    product: str
    volume: Figure
    share_of_supplier: Figure
    share_of_buyer: Figure
    bought: Figure
    alternatives: Figure
    supplier_substitutability: Figure
    customer_substitutability: Figure
    depends_supplier: Figure
    depends_buyer: Figure
    power: Figure
    mutual: Figure
    contributions: tuple[Figure, ...]
    no_alt_suppliers_visible: bool
    no_second_source: bool
    coverage: Figure
    both_hidden_share: Figure
    posture: str | None
    reason: str | None


@dataclass(frozen=True)
class Candidate:
    """Another supplier that could deliver.

    Attributes:
        supplier_id, name, place: who and where.
        rank: 1 is best.
        reason: how near it is to the present source.
        already_supplies: whether the buyer buys from it in this product.
        spare_capacity, similarity: as in the snapshot.
        bills, customers: of the product in the year.
        evidence: in words and numbers, as in the snapshot.
    """

    supplier_id: str
    name: str
    place: str
    rank: int
    reason: str
    already_supplies: bool
    spare_capacity: Figure
    similarity: Figure
    bills: Figure
    customers: Figure
    evidence: str


@dataclass(frozen=True)
class ProductAlternatives:
    """Alternatives in one product.

    Attributes:
        hs4, product: which.
        count: all that qualify, without the supplier of the brief.
        listed: the best of them.
    """

    hs4: str
    product: str
    count: Figure
    listed: tuple[Candidate, ...]


@dataclass(frozen=True)
class Consolidation:
    """What moving another supplier's volume here would do.

    Attributes:
        supplier_id, name: from whom.
        hs4: product.
        moved: volume.
        share_after: of this supplier.
        tier_now, tier_after: the buyer's tier here.
    """

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
        posture: what to do.
        opening_question, their_question, honest_answer: made of the row's figures.
        rival_question: with the named rival's figures, where one was named.
        commitment: volume to the next tier; `of_purchases` and `of_slack` are its parts of what the buyer buys here and
            of the supplier's spare capacity; `next_tier` is what it reaches.
    """

    posture: str | None
    opening_question: str | None
    their_question: str | None
    honest_answer: str | None
    rival_monthly: Figure | None
    commitment: Figure
    of_purchases: Figure
    of_slack: Figure
    next_tier: str | None


@dataclass(frozen=True)
class Caveat:
    """Something that the records cannot show.

    Attributes:
        code: what.
        touches: keys of the figures that it bears on; none when it bears on all.
    """

    code: str
    touches: tuple[str, ...] = ()


@dataclass(frozen=True)
class Brief:
    """A negotiation brief.

    Attributes:
        as_of: the week.
        supplier, buyer, rival: who; the rival only where one was named.
        unit: of the supplier's volumes.
        supplier_volume: all of it, as the snapshot has it.
        standing, leverage, talk: None where the buyer took nothing under its name in the year.
        customers, others: who else buys there.
        past, customer_events: how the supplier fares; events are None where the week was published without them.
        products: the pair's leverage rows by product.
        alternatives, consolidation: what else the buyer could do.
        is_major_customer, is_forwarder_heavy, is_related_party_suspected: flags of the pair.
        caveats: what the records cannot show.
        bill_sets: the bills behind the figures.
    """

    as_of: AsOf
    supplier: Party
    buyer: Party
    rival: Party | None
    unit: str
    supplier_volume: Figure
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
