"""Rows of a snapshot as the parts of a brief."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from pipeline.formatting import BILLS, CONTAINERS, COUNT, RATIO, SHARE, SIGNED, TEU
from pipeline.plain_text import clean, location_name
from pipeline.reporting.brief.facts import Candidate, Consolidation, Customer, Leverage, Standing, Talk
from pipeline.reporting.facts.loaded import OUTSIDE
from pipeline.reporting.facts.published_week import Row
from pipeline.reporting.figures import Figure
from pipeline.reporting.market import Market
from pipeline.reporting.questions import MONTHS, period_of, questions_for

ALL: Final = "all"
UNDETERMINED: Final = "undetermined"
RANKS: Final = ("customer_rank", "customers", "ratio_to_top", "ratio_to_median")
PAIR: Final = "pair.year"
SUPPLIER: Final = "supplier.year"
"""Keys of sets of bills."""
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
    if unit == SHARE and column.startswith("share_of_") and value == 0:
        # its bills have no volume in the unit of the others
        value, reason = None, "no_volume"
    low, high = (_float(row, name) for name in bounds) if bounds else (None, None)
    why = (
        None
        if value is not None
        else reason or (row or {}).get("reason_code") or ("not_published" if row else "no_row")
    )
    return Figure(key, value, unit, bills, why, low, high)


def in_year(row: Row, column: str, key: str, unit: str, bills: str) -> Figure:
    """A column that holds a month's mean, over the year."""
    found = figure(row, column, key, unit, bills)
    return found if found.value is None else replace(found, value=round(found.value * MONTHS, 6))


def taken(row: Row, key: str, bills: str, months: int) -> Figure:
    """What a customer takes in a month or a year: containers, or kilograms where the supplier is measured in them."""
    if row["volume_unit"] == TEU:
        return Figure(key, float(row["containers_per_month"] or 0) * MONTHS / months, CONTAINERS, bills)
    return Figure(key, float(row["volume_52w"]) / months, row["volume_unit"], bills)


def standing_of(row: Row, whole: Row | None, rival: Row | None) -> Standing:
    """The buyer's row of `fct_tier`, beside the leverage row that is read and the rival's row."""
    unit, tier = row["volume_unit"], row.get("tier")
    ratio = None
    if rival is not None and rival["volume_unit"] == unit and rival["volume_52w"]:
        ratio = float(row["volume_52w"]) / float(rival["volume_52w"])
    lowest, highest = row.get("tier_low"), row.get("tier_high")

    def of_pair(column: str, name: str, of: str) -> Figure:
        return figure(row, column, f"standing.{name}", of, PAIR)

    # a rank among the customers that happen to be loaded is none
    ranked = {**row, **dict.fromkeys(RANKS)} if row.get("reason_code") == OUTSIDE else row

    def of_all(column: str, name: str, of: str, reason: str | None = None) -> Figure:
        return figure(ranked, column, f"standing.{name}", of, SUPPLIER, reason=ranked.get("reason_code") or reason)

    share_row = whole if whole is not None and whole.get("share_basis") == "product" else row
    bounds = ("share_of_supplier_low", "share_of_supplier_high")
    share = figure(share_row, "share_of_supplier", "standing.share", SHARE, PAIR, bounds=bounds)
    return Standing(
        volume=of_pair("volume_52w", "volume", unit),
        bills=in_year(row, "bills_per_month", "standing.bills", BILLS, PAIR),
        containers=in_year(row, "containers_per_month", "standing.containers", CONTAINERS, PAIR),
        typical_order=of_pair("typical_order", "typical_order", unit),
        share=share,
        share_interval=replace(
            share, key="standing.share_interval", low=_float(whole, "interval_low"), high=_float(whole, "interval_high")
        ),
        rank=of_all("customer_rank", "rank", COUNT),
        customers=of_all("customers", "customers", COUNT),
        tier=tier,
        tiers=(lowest, highest) if lowest and highest else None,
        tier_reason=None if tier else row.get("reason_code") or "no_volume",
        ratio_to_top=of_all("ratio_to_top", "ratio_to_top", RATIO),
        ratio_to_median=of_all("ratio_to_median", "ratio_to_median", RATIO),
        ratio_to_rival=None if ratio is None else Figure("standing.ratio_to_rival", ratio, RATIO, PAIR),
        gap=of_all("gap_to_next_tier", "gap", unit, "top_tier" if tier == "A" else "no_volume"),
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
        containers=in_year(row, "containers_per_month", f"{key}.containers", CONTAINERS, bills),
        bills=in_year(row, "bills_per_month", f"{key}.bills", BILLS, bills),
        typical_order=figure(row, "typical_order", f"{key}.typical_order", row["volume_unit"], bills),
        last_bill_date=row.get("last_bill_date"),
    )


def leverage_of(row: Row, product: str, market: Market) -> Leverage:
    """A row of `fct_leverage_snapshot` with the words of its product and its market."""
    hs4, unit = row["hs4"], row["volume_unit"]
    pair, buyer = (PAIR, "buyer.year") if hs4 == ALL else (f"pair.product.{hs4}", f"buyer.product.{hs4}")

    def of(column: str, of: str, bills: str | None = pair, name: str = "", bounds: str = "") -> Figure:
        ends = (f"{bounds or column}_low", f"{bounds or column}_high")
        return figure(row, column, f"leverage.{hs4}.{name or column}", of, bills, bounds=ends)

    undetermined = row.get("posture") == UNDETERMINED
    return Leverage(
        hs4=hs4,
        is_of_product=row.get("share_basis") == "product",
        product=product,
        volume=of("volume_52w", unit, name="volume"),
        share_of_supplier=of("share_of_supplier", SHARE),
        share_of_buyer=of("share_of_buyer", SHARE, buyer),
        share_of_buyer_interval=of(
            "share_of_buyer", SHARE, buyer, "share_of_buyer_interval", "share_of_buyer_interval"
        ),
        bought=of("buyer_volume_52w", row.get("buyer_volume_unit") or unit, buyer, "bought"),
        market=market,
        alternatives=of("alternatives", COUNT, None),
        supplier_substitutability=of("supplier_substitutability", SHARE, None),
        customer_substitutability=of("customer_substitutability", SHARE, SUPPLIER),
        depends_supplier=of("depends_supplier", SHARE),
        depends_buyer=of("depends_buyer", SHARE),
        power=of("power", SIGNED),
        mutual=of("mutual", SIGNED),
        contributions=tuple(of(f"contribution_{name}", SIGNED) for name in CONTRIBUTIONS),
        no_second_source=bool(row.get("no_second_source")),
        coverage=of("coverage", SHARE, SUPPLIER),
        both_hidden_share=of("both_hidden_share", SHARE, None),
        uncertain_share=of("uncertain_volume_share", SHARE, None),
        refill=of("refill_scale", SHARE, None),
        is_refill_measured=row.get("refill_source") == "records",
        posture=row.get("posture_first") if undetermined else row.get("posture"),
        is_undetermined=undetermined,
        second=row.get("posture_second") if undetermined else None,
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
        grade=row.get("grade") or "A",
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


def talk_of(row: Row, own: Row | None, largest: Row | None, rival: Row | None, market: Market) -> Talk:
    """What to say, by the `all` row of `fct_leverage_snapshot`, the rows of `fct_tier` beside it and the market."""
    reason = "top_tier" if own and own["tier"] == "A" else row.get("reason_code") or "not_published"

    def sized(column: str, name: str, of: str) -> Figure:
        return figure(row, column, f"talk.{name}", of, reason=reason)

    months, period = period_of(own or {})
    return Talk(
        **vars(questions_for(row, own, largest, market)),
        ours=taken(own, "talk.ours", PAIR, months) if own else None,
        rivals=taken(rival, "talk.rivals", f"customer.year.{rival['consignee_id']}", months) if rival else None,
        period=period,
        commitment=sized("commitment_volume", "commitment", row["volume_unit"]),
        of_purchases=sized("commitment_share_of_purchases", "of_purchases", SHARE),
        of_slack=sized("commitment_share_of_slack", "of_slack", SHARE),
        next_tier=row.get("next_tier"),
    )


def _float(row: Row | None, column: str) -> float | None:
    value: Any = (row or {}).get(column)
    return None if value is None else float(value)
