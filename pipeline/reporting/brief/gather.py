"""Gather the facts of a brief from a published week."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pipeline.formatting import COUNT
from pipeline.plain_text import cargo_name
from pipeline.reporting.alternatives import EVIDENCE
from pipeline.reporting.brief import rows
from pipeline.reporting.brief.bills import wanted
from pipeline.reporting.brief.facts import Brief, Caveat, Customer, Leverage, Others, ProductAlternatives
from pipeline.reporting.facts.bills import sets_of
from pipeline.reporting.facts.customer_events import read_events
from pipeline.reporting.facts.loaded import OUTSIDE, loaded_of
from pipeline.reporting.facts.published_week import Reading, Row, unit_of
from pipeline.reporting.facts.subject import as_of, parties
from pipeline.reporting.facts.supplier_past import Past, past_of, read_weeks
from pipeline.reporting.figures import Figure
from pipeline.reporting.market import Market, market_of
from pipeline.thresholds import YEAR_WEEKS

LISTED_CUSTOMERS: Final = 8
"""Largest customers that are listed; the buyer and the rival are added to them. A page holds so many."""
LISTED_ALTERNATIVES: Final = 5
"""Candidates of one product that are listed; the snapshot holds twenty."""
LISTED_PRODUCTS: Final = 6
"""Products of a pair that are listed, the largest first."""
LISTED_MOVES: Final = 3
"""Volumes of other suppliers that could be moved here."""
PRODUCT_LETTERS: Final = 44
"""Letters of a product's text."""
UNCERTAIN: Final = 0.05
"""Part of the pair's volume under uncertain spellings from which on it is said."""


def gather(
    reading: Reading, supplier_id: str, buyer_id: str, rival_id: str | None = None, *, shown: int | None = None
) -> Brief:
    """The brief of a pair.

    Args:
        reading: the week, opened.
        supplier_id: the supplier.
        buyer_id: the reader's company.
        rival_id: another customer to be set beside it, or None.
        shown: bills to list behind each figure; None without evidence.
    """
    ladder = _ladder(reading, supplier_id)
    own = next((row for row in ladder if row["consignee_id"] == buyer_id), None)
    rival = next((row for row in ladder if row["consignee_id"] == rival_id), None) if rival_id else None
    unit = ladder[0]["volume_unit"] if ladder else unit_of(reading, "supplier", supplier_id, YEAR_WEEKS)
    weeks = read_weeks(reading, supplier_id, unit)
    past = past_of(weeks, unit, reading.capacity(supplier_id))
    events = read_events(reading, supplier_id)
    texts = _product_texts(reading, supplier_id, buyer_id)
    found = reading.rows(_LEVERAGE, [supplier_id, buyer_id])
    offered = reading.rows(_ALTERNATIVES, [supplier_id, buyer_id])
    main = next((row["hs4"] for row in found if row["hs4"] not in (rows.ALL, "unknown")), None)

    def market(row: Row) -> Market:
        hs4 = main if row["hs4"] == rows.ALL else row["hs4"]
        return market_of(row, hs4, [offer for offer in offered if offer["hs4"] == hs4])

    whole = next((row for row in found if row["hs4"] == rows.ALL), None)
    read = _read_row(found, whole)
    products = tuple(
        rows.leverage_of(row, texts.get(row["hs4"], ""), market(row)) for row in found if row["hs4"] != rows.ALL
    )[:LISTED_PRODUCTS]
    listed, others = _customers(ladder, buyer_id, rival_id, past)
    flags = read or {}
    who = parties(reading.connection, [supplier_id, buyer_id, *([rival_id] if rival_id else [])])
    brief = Brief(
        as_of=as_of(reading),
        supplier=who[supplier_id],
        buyer=who[buyer_id],
        rival=who[rival_id] if rival_id else None,
        unit=unit,
        supplier_volume=_whole(reading, supplier_id, unit),
        loaded=loaded_of(own, read, who[supplier_id].name, who[buyer_id].name, main),
        standing=rows.standing_of(own, read, rival) if own else None,
        customers=listed,
        others=others,
        past=past,
        customer_events=None if events is None else tuple(event for event in events if event.consignee_id != buyer_id),
        leverage=rows.leverage_of(read, texts.get(read["hs4"], ""), market(read)) if read else None,
        products=products,
        alternatives=_alternatives(products, offered),
        consolidation=tuple(
            rows.consolidation_of(row) for row in reading.rows(_CONSOLIDATION, [supplier_id, buyer_id, LISTED_MOVES])
        ),
        talk=rows.talk_of(read, own, ladder[0] if ladder else None, rival, market(read)) if read else None,
        is_major_customer=bool(flags.get("is_major_customer") or (own or {}).get("is_major_customer")),
        is_forwarder_heavy=bool(flags.get("is_forwarder_heavy")),
        is_related_party_suspected=bool(flags.get("is_related_party_suspected")),
        caveats=(),
    )
    own_name = [
        Caveat("own_silent", ("standing.volume",))
        for event in events or ()
        if event.consignee_id == buyer_id and event.is_stop
    ]
    brief = replace(brief, caveats=(*own_name, *_caveats(brief)))
    return replace(brief, bill_sets=sets_of(wanted(brief, reading), reading, shown))


def _ladder(reading: Reading, supplier_id: str) -> list[Row]:
    return reading.rows(
        "select tier.*, names.consignee_name as name from tier left join dim_consignee as names using (consignee_id) "
        "where tier.supplier_id = $1 order by tier.customer_rank, tier.consignee_id",
        [supplier_id],
    )


def _read_row(found: list[Row], whole: Row | None) -> Row | None:
    """The leverage row that the brief reads: over all products, or the largest one where only products are whole."""
    if whole is None or whole.get("reason_code") != OUTSIDE:
        return whole
    products = [row for row in found if row["power"] is not None or row.get("share_basis") == "product"]
    return products[0] if products else whole


def _customers(
    ladder: list[Row], buyer_id: str, rival_id: str | None, past: Past
) -> tuple[tuple[Customer, ...], Others]:
    wanted = (buyer_id, rival_id)
    shown = [row for place, row in enumerate(ladder) if place < LISTED_CUSTOMERS or row["consignee_id"] in wanted]
    rest = [row for place, row in enumerate(ladder) if place >= LISTED_CUSTOMERS and row["consignee_id"] not in wanted]
    hidden = (
        None
        if past.hidden_share.value is None or past.year.value is None
        else past.hidden_share.value * past.year.value
    )
    others = Others(
        count=Figure("others.count", len(rest), COUNT, "supplier.year"),
        volume=Figure("others.volume", float(sum(row["volume_52w"] for row in rest)), past.unit, "supplier.year"),
        unnamed=Figure(
            "others.unnamed", hidden, past.unit, "supplier.unnamed", None if hidden is not None else "no_bills"
        ),
    )
    return tuple(rows.customer_of(row, buyer_id, rival_id) for row in shown), others


def _product_texts(reading: Reading, supplier_id: str, buyer_id: str) -> dict[str, str]:
    """The commonest text of a pair's bills in each product, cut short."""
    first, last = reading.window(YEAR_WEEKS)
    found = reading.rows(_TEXTS, [supplier_id, buyer_id, first, last, 2 * PRODUCT_LETTERS])
    return {row["hs4"]: cargo_name(row["text"], PRODUCT_LETTERS) for row in found}


def _alternatives(products: tuple[Leverage, ...], offered: list[Row]) -> tuple[ProductAlternatives, ...]:
    return tuple(
        ProductAlternatives(
            hs4=product.hs4,
            product=product.product,
            market=product.market,
            listed=tuple(rows.candidate_of(row, product.volume.unit) for row in offered if row["hs4"] == product.hs4)[
                :LISTED_ALTERNATIVES
            ],
        )
        for product in products
        if product.hs4 != "unknown"
    )


def _caveats(brief: Brief) -> tuple[Caveat, ...]:
    """What the records cannot show, each with the figures that it bears on."""
    found = []
    listed = [item.share.key for item in brief.customers]
    if brief.standing and brief.standing.tier:
        found.append(Caveat("volume_tier", ("standing.tier",)))
    if brief.past.hidden_share.value and brief.loaded.supplier:
        found.append(Caveat("unnamed", ("standing.share", "others.unnamed", *listed)))
    if brief.leverage:
        found.append(Caveat("other_ways", (brief.leverage.share_of_buyer.key,)))
        if brief.leverage.both_hidden_share.value and brief.loaded.product:
            found.append(Caveat("both_hidden", (brief.leverage.both_hidden_share.key,)))
    if brief.past.slack.value is not None:
        found.append(Caveat("slack_is_past", ("past.slack",)))
    if any(event.is_stop for event in brief.customer_events or ()):
        found.append(Caveat("dark_or_left", tuple(event.unnamed_change.key for event in brief.customer_events or ())))
    if any(item.listed for item in brief.alternatives):
        found.append(
            Caveat("not_asked", tuple(one.spare_capacity.key for item in brief.alternatives for one in item.listed))
        )
    if brief.leverage and (brief.leverage.uncertain_share.value or 0) >= UNCERTAIN:
        found.append(Caveat("spellings", ("standing.volume",)))
    if brief.is_forwarder_heavy:
        found.append(Caveat("forwarder_heavy", ("standing.share",)))
    if brief.is_related_party_suspected:
        found.append(Caveat("related_party", ("standing.volume",)))
    return (*found, Caveat("no_price"), Caveat("sea_only"), Caveat("late_records"))


def _whole(reading: Reading, supplier_id: str, unit: str) -> Figure:
    """All volume of a supplier, as each of its leverage rows has it."""
    query = "select supplier_volume_52w from leverage where supplier_id = $1 order by hs4 <> 'all' limit 1"
    row = reading.row(query, [supplier_id])
    return rows.figure(row, "supplier_volume_52w", "supplier_volume", unit, "supplier.year")


_LEVERAGE: Final = """
select *
from leverage
where supplier_id = $1 and consignee_id = $2
order by volume_52w desc, hs4
"""

_CONSOLIDATION: Final = """
select
    moved.*,
    names.supplier_name as name
from consolidation as moved
left join dim_supplier as names on moved.from_supplier_id = names.supplier_id
where moved.to_supplier_id = $1 and moved.consignee_id = $2
order by moved.moved_volume desc, moved.hs4, moved.from_supplier_id
limit $3
"""

_ALTERNATIVES: Final = f"""
select
    alternative.* replace (coalesce(alternative.evidence, {EVIDENCE}) as evidence),
    names.supplier_name as name,
    names.city,
    names.country_code
from alternative
left join dim_supplier as names on alternative.alternative_supplier_id = names.supplier_id
where alternative.alternative_supplier_id <> $1 and alternative.consignee_id = $2
order by alternative.hs4, alternative.rank, alternative.alternative_supplier_id
"""

_TEXTS: Final = """
with texts as (
    select
        coalesce(product.hs4, 'unknown') as hs4,
        left(bill.description, $5) as text,
        count(*) as bills
    from bill
    inner join bill_product as product on bill.shipment_id = product.shipment_id
    where
        bill.supplier_id = $1
        and bill.consignee_id = $2
        and bill.week_start_date between $3 and $4
        and bill.description <> ''
    group by 1, 2
)

select hs4, text
from texts
qualify row_number() over (partition by hs4 order by bills desc, text) = 1
"""
