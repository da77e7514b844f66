"""What a company buys and from whom, by product."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from pipeline.formatting import BILLS, COUNT, SHARE
from pipeline.plain_text import cargo_name, clean, location_name
from pipeline.reporting.facts.loaded import OUTSIDE
from pipeline.reporting.facts.published_week import Reading, Row, volume_sql
from pipeline.reporting.figures import Figure
from pipeline.reporting.market import Market, market_of
from pipeline.reporting.mirror.facts import SeenProduct, Source

CURRENT_WEEKS: Final = 26
LISTED_SOURCES: Final = 6
TEXT_LETTERS: Final = 44
"""Letters of a product's text."""


def seen_products(
    reading: Reading, company_id: str, first: date, last: date, unit: str, *, is_whole: bool
) -> list[SeenProduct]:
    """Return what the company buys between two Mondays and from whom, the largest product first."""
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
