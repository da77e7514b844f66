"""Gather what the records show about a company, up to a published week.

Bills that hide the company look like any others and are left out; bills that name it but hide its supplier
are counted only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from pipeline.formatting import BILLS, COUNT, SHARE
from pipeline.plain_text import cargo_name, clean, location_name
from pipeline.reporting.facts.bills import Wanted, sets_of
from pipeline.reporting.facts.loaded import OUTSIDE
from pipeline.reporting.facts.published_week import Reading, Row, unit_of, volume_sql
from pipeline.reporting.facts.subject import as_of, parties
from pipeline.reporting.figures import Figure
from pipeline.reporting.market import Market, market_of
from pipeline.reporting.mirror.facts import Mirror, NameVariant, SeenProduct, Source
from pipeline.reporting.mirror.rhythm import rhythm_of
from pipeline.thresholds import SECOND_SOURCE_WEEKS

CURRENT_WEEKS: Final = 26
LISTED_PRODUCTS: Final = 8
LISTED_SOURCES: Final = 6
LISTED_SPELLINGS: Final = 12
TEXT_LETTERS: Final = 44
"""Letters of a product's text."""
RARE: Final = 3
"""Bills in 24 months up to which a spelling is rare."""


def gather_mirror(reading: Reading, company_id: str, *, shown: int | None = None) -> Mirror:
    """The mirror of a company.

    Args:
        reading: the week, opened.
        company_id: a consignee.
        shown: bills to list behind each figure; None without evidence.
    """
    first, last = reading.window(SECOND_SOURCE_WEEKS)
    whole = reading.row(_WHOLE, [company_id, first, last]) or {}
    unit = unit_of(reading, "consignee", company_id, SECOND_SOURCE_WEEKS)
    total = float(whole[unit] or 0) if whole.get("bills") else 0.0
    hidden = float(whole[f"redacted_{unit}"] or 0) if whole.get("bills") else 0.0
    covered = reading.row(_COVERED, [company_id]) or {}
    is_whole = not covered.get("is_outside")
    products = _products(reading, company_id, first, last, unit, is_whole=is_whole)
    spellings = _spellings(reading, company_id, first, last)
    mirror = Mirror(
        as_of=as_of(reading),
        since=first,
        company=parties(reading.connection, [company_id])[company_id],
        is_whole=is_whole,
        unit=unit,
        volume=Figure("volume", total, unit, "company"),
        bills=Figure("bills", int(whole.get("bills") or 0), BILLS, "company"),
        suppliers=Figure("suppliers", int(whole.get("suppliers") or 0), COUNT, "company"),
        hidden_bills=Figure("hidden_bills", int(whole.get("redacted_bills") or 0), BILLS, "company.hidden"),
        hidden_share=Figure(
            "hidden_share", hidden / total if total else None, SHARE, "company.hidden", None if total else "no_bills"
        ),
        products=tuple(products[:LISTED_PRODUCTS]),
        other_products=Figure("other_products", len(products[LISTED_PRODUCTS:]), COUNT, "company"),
        # a gap in the bills that happen to be loaded is none
        rhythm=rhythm_of(reading, company_id, first, last) if is_whole else None,
        spellings=tuple(spellings[:LISTED_SPELLINGS]),
        other_spellings=Figure("other_spellings", len(spellings[LISTED_SPELLINGS:]), COUNT, "company"),
    )
    return replace(mirror, bill_sets=sets_of(_wanted(mirror, last), reading, shown))


def _products(
    reading: Reading, company_id: str, first: date, last: date, unit: str, *, is_whole: bool
) -> list[SeenProduct]:
    rows = reading.rows(_SOURCES.format(volume=volume_sql(unit)), [company_id, first, last])
    # of several suppliers the one that it buys most from: beside it the others are seen
    main = reading.rows(
        "select * from leverage where consignee_id = $1 "
        "qualify row_number() over (partition by hs4 order by volume_52w desc, supplier_id) = 1",
        [company_id],
    )
    # an export of a product has all of its bills, whosever they are
    whole = {row["hs4"] for row in main if row["hs4"] != "all" and row["share_of_buyer"] is not None}
    markets = {row["hs4"]: market_of(row, row["hs4"], []) for row in main}
    current_from = reading.window(CURRENT_WEEKS)[0]
    found = [
        _product(
            hs4,
            [row for row in rows if row["hs4"] == hs4],
            unit,
            markets.get(hs4),
            current_from,
            is_whole=is_whole or hs4 in whole,
        )
        for hs4 in dict.fromkeys(row["hs4"] for row in rows)
    ]
    return sorted(found, key=lambda item: (-(item.volume.value or 0), item.hs4))


def _product(
    hs4: str, rows: Sequence[Row], unit: str, market: Market | None, current_from: date, *, is_whole: bool
) -> SeenProduct:
    key = f"product.{hs4}"
    total = sum(float(row["volume"]) for row in rows)
    named = [row for row in rows if row["supplier_id"] is not None]
    shown = sum(float(row["volume"]) for row in named)
    sources = tuple(_source(row, key, unit, shown if is_whole else None, current_from) for row in named)
    later = sources[1:]
    return SeenProduct(
        hs4=hs4,
        product=cargo_name(rows[0]["text"], TEXT_LETTERS),
        volume=Figure(f"{key}.volume", total, unit, key),
        hidden=Figure(
            f"{key}.hidden", (total - shown) / total if total else None, SHARE, key, None if total else "no_bills"
        ),
        sources=sources[:LISTED_SOURCES],
        count=Figure(f"{key}.count", len(sources), COUNT, key),
        second_tried=max(later, key=lambda item: (item.first_bill_date, item.supplier_id), default=None),
        is_whole=is_whole,
        no_second_source=is_whole and len(sources) == 1,
        market=market,
    )


def _source(row: Row, product: str, unit: str, total: float | None, current_from: date) -> Source:
    key = f"{product}.{row['supplier_id']}"
    volume = float(row["volume"])
    return Source(
        supplier_id=row["supplier_id"],
        name=clean(row["name"], row["supplier_id"]),
        place=location_name(row, ("city", "country_code")),
        share=Figure(
            f"{key}.share",
            volume / total if total else None,
            SHARE,
            key,
            None if total else OUTSIDE if total is None else "no_bills",
        ),
        volume=Figure(f"{key}.volume", volume, unit, key),
        bills=Figure(f"{key}.bills", row["bills"], BILLS, key),
        first_bill_date=row["first_bill_date"],
        last_bill_date=row["last_bill_date"],
        is_current=row["last_week"] >= current_from,
    )


def _spellings(reading: Reading, company_id: str, first: date, last: date) -> list[NameVariant]:
    rows = reading.rows(_SPELLINGS, [company_id, first, last])
    return [
        NameVariant(
            raw_name=clean(row["raw_name"]),
            raw_address=clean(row["raw_address"]),
            bills=Figure(f"spelling.{row['spelling_id']}.bills", row["bills"], BILLS, f"spelling.{row['spelling_id']}"),
            spelling_id=row["spelling_id"],
            last_bill_date=row["last_bill_date"],
            is_rare=row["bills"] <= RARE,
        )
        for row in rows
    ]


def _wanted(mirror: Mirror, last: date) -> list[Wanted]:
    us, since, unit = mirror.company.entity_id, mirror.since, mirror.unit
    found = [
        Wanted("company", f"all that name {mirror.company.name}, 24 months", unit, since, last, consignee_id=us),
        Wanted(
            "company.hidden",
            "of these, bills whose supplier is redacted",
            unit,
            since,
            last,
            consignee_id=us,
            redacted="supplier",
        ),
    ]
    for product in mirror.products:
        title = f"HS {product.hs4}" if product.hs4 != "unknown" else "without a product"
        key = f"product.{product.hs4}"
        found.append(Wanted(key, f"{title}, 24 months", unit, since, last, consignee_id=us, hs4=product.hs4))
        found += [
            Wanted(
                f"{key}.{source.supplier_id}",
                f"{source.name}, {title}, 24 months",
                unit,
                since,
                last,
                supplier_id=source.supplier_id,
                consignee_id=us,
                hs4=product.hs4,
            )
            for source in product.sources
        ]
    found += [
        Wanted(
            f"spelling.{item.spelling_id}",
            f"bills that write {item.raw_name}, {item.raw_address}",
            unit,
            since,
            last,
            consignee_id=us,
            spelling_id=item.spelling_id,
        )
        for item in mirror.spellings
    ]
    return found


# of imported exports that do not name the company in the year none can be of its bills alone
_COVERED: Final = """
with rows as (
    select consignee_id, reason_code = 'outside_scope' and share_of_buyer is null as is_outside
    from leverage
    where hs4 = 'all'
)

select coalesce(bool_or(is_outside) filter (where consignee_id = $1), bool_or(is_outside), false) as is_outside
from rows
"""

_WHOLE: Final = """
select
    count(*) as bills,
    sum(teu) as teu,
    sum(weight_kg) as kg,
    count(distinct supplier_id) filter (where supplier_is_named) as suppliers,
    count(*) filter (where supplier_visibility = 'redacted') as redacted_bills,
    sum(teu) filter (where supplier_visibility = 'redacted') as redacted_teu,
    sum(weight_kg) filter (where supplier_visibility = 'redacted') as redacted_kg
from bill
where consignee_id = $1 and consignee_is_named and week_start_date between $2 and $3
"""

_SOURCES: Final = """
with parts as (
    select
        coalesce(product.hs4, 'unknown') as hs4,
        case when bill.supplier_is_named then bill.supplier_id end as supplier_id,
        bill.arrival_date,
        bill.week_start_date,
        bill.description,
        coalesce({volume} * product.fraction, 0) as volume
    from bill
    inner join bill_product as product on bill.shipment_id = product.shipment_id
    where bill.consignee_id = $1 and bill.consignee_is_named and bill.week_start_date between $2 and $3
),

texts as (
    select
        hs4,
        description as text
    from parts
    where description <> ''
    group by hs4, description
    qualify row_number() over (partition by hs4 order by count(*) desc, description) = 1
),

sources as (
    select
        hs4,
        supplier_id,
        sum(volume) as volume,
        count(*) as bills,
        min(arrival_date) as first_bill_date,
        max(arrival_date) as last_bill_date,
        max(week_start_date) as last_week
    from parts
    group by hs4, supplier_id
)

select
    sources.*,
    texts.text,
    names.supplier_name as name,
    names.city,
    names.country_code
from sources
left join texts on sources.hs4 = texts.hs4
left join dim_supplier as names on sources.supplier_id = names.supplier_id
order by sources.hs4, sources.volume desc, sources.supplier_id
"""

_SPELLINGS: Final = """
select
    spelling.spelling_id,
    spelling.raw_name,
    spelling.raw_address,
    count(*) as bills,
    max(bill.arrival_date) as last_bill_date
from bill
inner join int_record as record on bill.identifier = record.identifier
inner join dim_party_spelling as spelling on record.consignee_spelling_id = spelling.spelling_id
where
    bill.consignee_id = $1
    and bill.consignee_is_named
    and bill.week_start_date between $2 and $3
    and spelling.entity_id = $1
group by spelling.spelling_id, spelling.raw_name, spelling.raw_address
order by bills desc, spelling.raw_name, spelling.raw_address
"""
