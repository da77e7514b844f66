"""Rows of a snapshot as the parts of a brief."""

from __future__ import annotations

from typing import Any, Final

from pipeline.formatting import BILLS, CONTAINERS, COUNT, KG, RATIO, SHARE, SIGNED, TEU, clean, location_name
from pipeline.reporting.brief.facts import Candidate, Consolidation, Customer, Leverage, Standing, Talk
from pipeline.reporting.facts.published_week import Row
from pipeline.reporting.figures import Figure
from pipeline.reporting.questions import questions_for

MONTHS: Final = 12
ALL: Final = "all"
CONTRIBUTIONS: Final = ("supplier_share", "customer_substitutability", "buyer_share", "supplier_substitutability")


def figure(
    row: Row | None,
    column: str,
    key: str,
    unit: str,
    bills: str | None = None,
    *,
    bounds: tuple[str, str] | None = None,
    reason: str | None = None,
) -> Figure:
    """A column of a row; where it is null, with `reason` or the row's own reason code."""
    value = _float(row, column)
    low, high = (_float(row, name) for name in bounds) if bounds else (None, None)
    why = None if value is not None else reason or (row or {}).get("reason_code") or ("not_told" if row else "no_row")
    return Figure(key, value, unit, bills, why, low, high)


def monthly(row: Row, key: str, bills: str) -> Figure:
    """What a customer takes a month: containers, or kilograms where the supplier is measured in them."""
    boxes = _float(row, "containers_per_month")
    if row["volume_unit"] == TEU and boxes is not None:
        return Figure(key, boxes, CONTAINERS, bills)
    return Figure(key, float(row["volume_52w"]) / MONTHS, row["volume_unit"], bills)


def standing_of(row: Row, rival: Row | None, pair: str) -> Standing:
    """The buyer's row of `fct_tier`, beside the rival's.

    Args:
        row: of the buyer.
        rival: of the rival, where it buys here.
        pair: key of the pair's bills.
    """
    unit, tier = row["volume_unit"], row.get("tier")
    volume = figure(row, "volume_52w", "standing.volume", unit, pair)
    bounds = ("share_of_supplier_low", "share_of_supplier_high")
    ratio = None
    if rival is not None and rival["volume_unit"] == unit and rival["volume_52w"]:
        ratio = float(row["volume_52w"]) / float(rival["volume_52w"])
    return Standing(
        volume=volume,
        monthly=monthly(row, "standing.monthly", pair),
        bills_per_month=figure(row, "bills_per_month", "standing.bills_per_month", COUNT, pair),
        typical_order=figure(row, "typical_order", "standing.typical_order", unit, pair),
        share=figure(row, "share_of_supplier", "standing.share", SHARE, pair, bounds=bounds),
        share_interval=figure(row, "share_of_supplier", "standing.share_interval", SHARE, pair),
        rank=figure(row, "customer_rank", "standing.rank", COUNT, "supplier.year"),
        customers=figure(row, "customers", "standing.customers", COUNT, "supplier.year"),
        tier=tier,
        tier_reason=None if tier else row.get("reason_code") or "few_bills",
        ratio_to_top=figure(row, "ratio_to_top", "standing.ratio_to_top", RATIO, "supplier.year"),
        ratio_to_median=figure(row, "ratio_to_median", "standing.ratio_to_median", RATIO, "supplier.year"),
        ratio_to_rival=Figure("standing.ratio_to_rival", ratio, RATIO, pair) if ratio is not None else None,
        gap=figure(
            row,
            "gap_to_next_tier",
            "standing.gap",
            unit,
            "supplier.year",
            reason="top_tier" if tier == "A" else "few_bills",
        ),
        next_tier={"D": "C", "C": "B", "B": "A"}.get(tier or ""),
        first_bill_date=row.get("first_bill_date"),
        last_bill_date=row.get("last_bill_date"),
    )


def customer_of(row: Row, buyer_id: str, rival_id: str | None) -> Customer:
    """A row of `fct_tier` with the customer's name."""
    who = row["consignee_id"]
    key, bills = f"customer.{who}", "pair.year" if who == buyer_id else f"customer.year.{who}"
    return Customer(
        consignee_id=who,
        name=clean(row.get("name"), who),
        is_buyer=who == buyer_id,
        is_rival=who == rival_id,
        rank=int(row["customer_rank"]),
        tier=row.get("tier"),
        volume=figure(row, "volume_52w", f"{key}.volume", row["volume_unit"], bills),
        share=figure(row, "share_of_supplier", f"{key}.share", SHARE, bills),
        monthly=monthly(row, f"{key}.monthly", bills),
        bills_per_month=figure(row, "bills_per_month", f"{key}.bills_per_month", COUNT, bills),
        typical_order=figure(row, "typical_order", f"{key}.typical_order", row["volume_unit"], bills),
        last_bill_date=row.get("last_bill_date"),
    )


def leverage_of(row: Row, product: str) -> Leverage:
    """A row of `fct_leverage_snapshot`."""
    hs4 = row["hs4"]
    key = f"leverage.{hs4}"
    pair = "pair.year" if hs4 == ALL else f"pair.product.{hs4}"
    buyer = "buyer.year" if hs4 == ALL else f"buyer.product.{hs4}"

    def axis(column: str, unit: str) -> Figure:
        return figure(row, column, f"{key}.{column}", unit, pair)

    return Leverage(
        hs4=hs4,
        product=product,
        volume=figure(row, "volume_52w", f"{key}.volume", row["volume_unit"], pair),
        share_of_supplier=figure(
            row,
            "share_of_supplier",
            f"{key}.share_of_supplier",
            SHARE,
            pair,
            bounds=("share_of_supplier_low", "share_of_supplier_high"),
        ),
        share_of_buyer=figure(
            row,
            "share_of_buyer",
            f"{key}.share_of_buyer",
            SHARE,
            buyer,
            bounds=("share_of_buyer_low", "share_of_buyer_high"),
        ),
        bought=figure(
            row, "buyer_volume_52w", f"{key}.bought", row.get("buyer_volume_unit") or row["volume_unit"], buyer
        ),
        alternatives=figure(row, "alternatives", f"{key}.alternatives", COUNT),
        supplier_substitutability=figure(row, "supplier_substitutability", f"{key}.supplier_substitutability", SHARE),
        customer_substitutability=figure(
            row, "customer_substitutability", f"{key}.customer_substitutability", SHARE, "supplier.year"
        ),
        depends_supplier=axis("depends_supplier", SHARE),
        depends_buyer=axis("depends_buyer", SHARE),
        power=axis("power", SIGNED),
        mutual=axis("mutual", SIGNED),
        contributions=tuple(axis(f"contribution_{name}", SIGNED) for name in CONTRIBUTIONS),
        no_alt_suppliers_visible=bool(row.get("no_alt_suppliers_visible")),
        no_second_source=bool(row.get("no_second_source")),
        coverage=figure(row, "coverage", f"{key}.coverage", SHARE, "supplier.year"),
        both_hidden_share=figure(row, "both_hidden_share", f"{key}.both_hidden_share", SHARE),
        posture=row.get("posture"),
        reason=row.get("reason_code") if row.get("power") is None else None,
    )


def candidate_of(row: Row, unit: str) -> Candidate:
    """A row of `fct_alternative` with the candidate's name and place."""
    who, hs4 = row["alternative_supplier_id"], row["hs4"]
    key, bills = f"alternative.{hs4}.{who}", f"alternative.{hs4}.{who}"
    return Candidate(
        supplier_id=who,
        name=clean(row.get("name"), who),
        place=location_name(row, ("city", "country_code")),
        rank=int(row["rank"]),
        reason=row.get("reason") or "",
        already_supplies=bool(row.get("already_supplies")),
        spare_capacity=figure(row, "spare_capacity", f"{key}.spare_capacity", row.get("volume_unit") or unit, bills),
        similarity=figure(row, "similarity", f"{key}.similarity", SHARE, bills),
        bills=figure(row, "bills_52w", f"{key}.bills", COUNT, bills),
        customers=figure(row, "customers_52w", f"{key}.customers", COUNT, bills),
        evidence=clean(row.get("evidence")),
    )


def consolidation_of(row: Row) -> Consolidation:
    """A row of `fct_consolidation` with the name of the supplier that is moved from."""
    who, hs4 = row["from_supplier_id"], row["hs4"]
    key = f"consolidation.{hs4}.{who}"
    return Consolidation(
        supplier_id=who,
        name=clean(row.get("name"), who),
        hs4=hs4,
        moved=figure(row, "moved_volume", f"{key}.moved", row["volume_unit"], f"moved.{hs4}.{who}"),
        share_after=figure(row, "share_after", f"{key}.share_after", SHARE),
        tier_now=row.get("tier_now"),
        tier_after=row.get("tier_after"),
    )


def talk_of(row: Row, own: Row | None, largest: Row | None, rival: Row | None) -> Talk:
    """What to say, by the `all` row of `fct_leverage_snapshot` and the rows of `fct_tier` beside it."""
    tier = own["tier"] if own else None
    unit = row["volume_unit"]
    reason = row.get("reason_code") or ("top_tier" if tier == "A" else "not_told")

    def sized(column: str, name: str, of: str) -> Figure:
        return figure(row, column, f"talk.{name}", of, reason=reason)

    return Talk(
        posture=row.get("posture"),
        **vars(questions_for(row, own, largest)),
        rival_monthly=monthly(rival, "talk.rival_monthly", f"customer.year.{rival['consignee_id']}") if rival else None,
        commitment=sized("commitment_volume", "commitment", unit if unit in (TEU, KG) else BILLS),
        of_purchases=sized("commitment_share_of_purchases", "of_purchases", SHARE),
        of_slack=sized("commitment_share_of_slack", "of_slack", SHARE),
        next_tier=row.get("next_tier"),
    )


def _float(row: Row | None, column: str) -> float | None:
    value: Any = (row or {}).get(column)
    return None if value is None else float(value)
