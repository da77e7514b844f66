"""Gather what the records show about a company, up to a published week.

Bills that hide the company look like any others and are left out; bills that name it but hide its supplier
are counted only.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from pipeline.formatting import BILLS, COUNT, SHARE
from pipeline.plain_text import clean
from pipeline.reporting.facts.bills import Wanted, sets_of
from pipeline.reporting.facts.published_week import Reading, unit_of
from pipeline.reporting.facts.subject import as_of, parties
from pipeline.reporting.figures import Figure
from pipeline.reporting.mirror.facts import Mirror, NameVariant
from pipeline.reporting.mirror.products import seen_products
from pipeline.reporting.mirror.rhythm import rhythm_of
from pipeline.thresholds import SECOND_SOURCE_WEEKS

LISTED_PRODUCTS: Final = 8
LISTED_SPELLINGS: Final = 12
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
    products = seen_products(reading, company_id, first, last, unit, is_whole=is_whole)
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
