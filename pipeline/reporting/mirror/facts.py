"""What a supplier's sales rep can see about a company in the same public records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.reporting.facts.subject import DocumentWeek, Party
from pipeline.reporting.figures import BillSet, Figure
from pipeline.reporting.market import Market


@dataclass(frozen=True)
class Source:
    """A supplier of the company in one product, over 24 months.

    Attributes:
        share: of the company's named volume in the product.
        is_current: whether a bill came in the last half year.
    """

    supplier_id: str
    name: str
    place: str
    share: Figure
    volume: Figure
    bills: Figure
    first_bill_date: date
    last_bill_date: date
    is_current: bool


@dataclass(frozen=True)
class SeenProduct:
    """A product that the company buys, as the records show it over 24 months.

    Attributes:
        volume: of all bills that name the company.
        hidden: part of the volume whose supplier is not named.
        second_tried: of the sources other than the largest, the newest in the product; None where there is none.
        is_whole: whether all of the company's bills of the product are loaded.
        no_second_source: only one supplier shows; never where not all are loaded.
        market: the other suppliers in the published week, beside the largest source; None where it has no such row.
    """

    hs4: str
    product: str
    volume: Figure
    hidden: Figure
    sources: tuple[Source, ...]
    count: Figure
    second_tried: Source | None
    is_whole: bool
    no_second_source: bool
    market: Market | None


@dataclass(frozen=True)
class Gap:
    """A time without an arrival that is long for the company."""

    after: date
    before: date
    weeks: Figure


@dataclass(frozen=True)
class Rhythm:
    """When the company's goods arrive.

    Attributes:
        weeks_with_bills: in 24 months.
        usual_gap, longest_gap: weeks from one week with arrivals to the next: the middle and the longest.
        since_last: weeks since the newest arrival.
        is_overdue: whether that is longer than nearly all of its gaps.
        gaps: the longest of the last year.
        bills_recent, bills_usual: bills in the last 8 weeks; in 8 weeks of the year before them, on average.
        is_rush: whether the recent ones are far above the usual.
    """

    weeks_with_bills: Figure
    usual_gap: Figure
    longest_gap: Figure
    since_last: Figure
    is_overdue: bool
    gaps: tuple[Gap, ...]
    bills_recent: Figure
    bills_usual: Figure
    is_rush: bool


@dataclass(frozen=True)
class NameVariant:
    """One way in which bills write the company.

    Attributes:
        is_rare: so rare that it is easily forgotten in a request for confidential treatment.
    """

    spelling_id: int
    raw_name: str
    raw_address: str
    bills: Figure
    last_bill_date: date
    is_rare: bool


@dataclass(frozen=True)
class Mirror:
    """A company as its suppliers see it.

    Attributes:
        is_whole: whether all bills of the company are loaded, as they are from a feed.
        as_of: the week; `since` is the first day of its 24 months.
        hidden_bills, hidden_share: its bills whose supplier is redacted; their share of its volume.
        products: the largest first; `other_products` counts those not listed.
        rhythm: of its arrivals; None without bills.
    """

    as_of: DocumentWeek
    since: date
    company: Party
    is_whole: bool
    unit: str
    volume: Figure
    bills: Figure
    suppliers: Figure
    hidden_bills: Figure
    hidden_share: Figure
    products: tuple[SeenProduct, ...]
    other_products: Figure
    rhythm: Rhythm | None
    spellings: tuple[NameVariant, ...]
    other_spellings: Figure
    bill_sets: tuple[BillSet, ...] = ()
