"""Sections of a brief: where the buyer stands, who else buys there, who needs whom."""

from __future__ import annotations

from typing import Final

from pipeline.formatting import TEU, counted, day, number, reason_text, unit_name
from pipeline.reporting.brief.caveats import Caveats
from pipeline.reporting.brief.facts import Brief, Customer, Leverage, Standing
from pipeline.reporting.document.page import (
    NOTE,
    Bar,
    Bars,
    Block,
    Line,
    Parts,
    Strong,
    Table,
    Value,
    bare,
    line,
    numeric,
    sentence,
    shown,
    table,
)
from pipeline.reporting.figures import Figure, bounds_text

UNKNOWN: Final = "unknown"
NOT_TOLD: Final = "not told"
CONTRIBUTIONS: Final = (
    "your part of what they ship here",
    "other customers who could fill your place",
    "their part of what you buy",
    "other suppliers you could turn to",
)
"""In the order of `Leverage.contributions`."""


def standing(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Rank, tier, volume, share, ratios, the way to the next tier."""
    own = brief.standing
    if own is None:
        return (Line((f"Not told: {reason_text('no_row')}.",)),)
    tier = (
        sentence(f"[tier {own.tier}](tier)")
        if own.tier
        else sentence("without a [tier](tier) ({reason})", reason=reason_text(own.tier_reason))
    )
    lines = [
        line(
            "You are customer {rank} of {customers} [named](named) ones, {tier}. In the year you took {volume}: "
            "{monthly} a month on {bills} bills a month, a [typical order](typical) being {typical}.",
            rank=own.rank,
            customers=own.customers,
            tier=tier,
            volume=_with_unit(own.volume),
            monthly=own.monthly,
            bills=own.bills_per_month,
            typical=own.typical_order,
        ),
        *caveats.beside("standing.tier"),
        *caveats.beside("standing.volume"),
        _share(own),
        *caveats.beside(own.share.key),
        _ratios(brief, own),
    ]
    if own.gap.value is not None and own.next_tier:
        lines.append(
            line(f"Tier {own.next_tier} begins {{gap}} further up, the other customers unchanged.", gap=own.gap)
        )
    if brief.is_major_customer:
        lines.append(line("With over 10% of their US volume you are what accountants call a major customer."))
    lines.append(
        line(
            "Your first bill in the records came {first}, the last {last}.",
            first=day(own.first_bill_date),
            last=day(own.last_bill_date),
        )
    )
    return tuple(lines)


def _with_unit(figure: Figure) -> Parts:
    """A volume whose unit is explained."""
    if figure.unit == TEU and figure.value is not None:
        return sentence("{number} [TEU](teu)", number=shown(figure, number(figure.value)))
    return (shown(figure),)


def _share(own: Standing) -> Line:
    template = "That is {share} of what they ship to the US by sea"
    bounds, chance = bounds_text(own.share), bounds_text(own.share_interval)
    if bounds:
        template += "; {bounds}, as the volume without a buyer's name is none or all of yours"
    if chance:
        template += ". Orders come in bursts: in another year just like it this share could be {chance}"
    return line(template + ".", share=own.share, bounds=bounds or "", chance=chance or "")


def _ratios(brief: Brief, own: Standing) -> Line:
    if own.customers.value == 1:
        return line("You are their only named customer.")
    values: dict[str, Value] = {"to_top": own.ratio_to_top, "to_median": own.ratio_to_median}
    template = (
        "You are their largest named customer and take "
        if own.rank.value == 1
        else "You take {to_top} what their largest customer takes and "
    ) + "{to_median} what the [median customer](median) takes"
    if own.ratio_to_rival is not None and brief.rival is not None:
        template += ", and {to_rival} what {rival} takes"
        values |= {"to_rival": own.ratio_to_rival, "rival": brief.rival.name}
    return Line(sentence(template + ".", **values))


def customers(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """The named customers, and what is not named."""
    if not brief.customers:
        return (line("No buyer of theirs is named in the year."),)
    unit, monthly = unit_name(brief.unit), unit_name(brief.customers[0].monthly.unit)
    heads = (
        numeric("#"),
        "customer",
        "[tier](tier)",
        numeric(f"{unit} in the year"),
        numeric("share"),
        numeric(f"{monthly} a month"),
        numeric("bills a month"),
        numeric(f"[typical order](typical), {unit}"),
        "last bill",
    )
    rows = [_customer(item) for item in brief.customers]
    marked = [item.is_buyer for item in brief.customers]
    listed = table("Named customers, largest first, 52 weeks", heads, rows, marked)
    return (listed, *_others(brief), *caveats.beside("others.unnamed"))


def _customer(item: Customer) -> tuple[Value, ...]:
    tag = " (you)" if item.is_buyer else " (the rival you named)" if item.is_rival else ""
    return (
        str(item.rank),
        Strong(f"{item.name}{tag}") if tag else item.name,
        item.tier or "none",
        bare(item.volume),
        item.share,
        bare(item.monthly),
        item.bills_per_month,
        bare(item.typical_order),
        day(item.last_bill_date),
    )


def _others(brief: Brief) -> list[Line]:
    others, found = brief.others, []
    if others.count.value:
        verb = "takes" if others.count.value == 1 else "take together"
        count = shown(others.count, counted(others.count.value, "more customer"))
        found.append(line("{count} {verb} {volume}.", count=count, verb=verb, volume=others.volume))
    if others.unnamed.value:
        share = brief.past.hidden_share
        found.append(line("{volume} ({share}) went to buyers that are not named.", volume=others.unnamed, share=share))
    else:
        found.append(line("Every bill of theirs in the year names its buyer."))
    return found


def needs(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Both shares, both needs and what the balance is made of."""
    row = brief.leverage
    if row is None:
        return (Line((f"Not told: {reason_text('no_row')}.",)),)
    blocks: list[Block] = [_of_you(row), *caveats.beside(row.share_of_buyer.key)]
    if row.power.value is None:
        blocks.append(Line((f"Who needs whom is not told: {reason_text(row.reason)}.",)))
    else:
        blocks += _axes(row)
    if row.coverage.value is not None and row.coverage.value < 1:
        blocks.append(line("{coverage} of the volume behind these figures names both sides.", coverage=row.coverage))
    blocks += caveats.beside(row.both_hidden_share.key)
    if len(brief.products) > 1 or any(item.power.value is not None for item in brief.products):
        blocks += _products(brief)
    return tuple(blocks)


def _of_you(row: Leverage) -> Line:
    template = "They are {share} of what you buy by sea"
    bounds = bounds_text(row.share_of_buyer)
    if bounds:
        template += " ({bounds}, as some of your bills hide the supplier)"
    if row.no_second_source:
        template += "; the records of two years show no second source of yours, and they can see that"
    if row.no_alt_suppliers_visible and not row.alternatives.value:
        template += "; no other supplier is in sight"
    return line(template + ".", share=row.share_of_buyer, bounds=bounds or "")


def _axes(row: Leverage) -> list[Block]:
    both = (("they need you", row.depends_supplier), ("you need them", row.depends_buyer))
    parts = (*zip(CONTRIBUTIONS, row.contributions, strict=True), ("balance", row.power))
    assert row.mutual.value is not None
    return [
        line(
            "[They need you](needs) {them}, you need them {you}: a [balance](balance) of {power}; you are "
            "[tied together](together) by {mutual} of 2.",
            them=row.depends_supplier,
            you=row.depends_buyer,
            power=row.power,
            mutual=shown(row.mutual, f"{row.mutual.value:.2f}"),
        ),
        Bars("How much each side needs the other", _bars(both), 0.0, 1.0, "not at all", "wholly"),
        Bars("What the balance is made of", _bars(parts), -1.0, 1.0, "theirs", "yours"),
    ]


def _bars(figures: tuple[tuple[str, Figure], ...]) -> tuple[Bar, ...]:
    return tuple(Bar(label, figure.value, shown(figure)) for label, figure in figures)


def _products(brief: Brief) -> list[Block]:
    """The pair by product; why one has no balance follows below."""
    heads = (
        "[HS](hs)",
        "cargo, in the words of the bills",
        numeric("in the year"),
        numeric("their part of what you buy"),
        numeric("[alternatives](alternative)"),
        numeric("balance"),
        "second source in 2 years",
    )
    listed: Table = table("By product", heads, [_product(item) for item in brief.products])
    missing = [item for item in brief.products if item.power.value is None]
    return [listed, *(Line((f"{_heading(one)}: no balance, {reason_text(one.reason)}.",), NOTE) for one in missing)]


def _product(item: Leverage) -> tuple[Value, ...]:
    return (
        _heading(item),
        item.product or NOT_TOLD,
        item.volume,
        item.share_of_buyer,
        shown(item.alternatives, NOT_TOLD if item.hs4 == UNKNOWN else None),
        shown(item.power, NOT_TOLD if item.power.value is None else None),
        "none shown" if item.no_second_source else "yes",
    )


def _heading(item: Leverage) -> str:
    return "no HS" if item.hs4 == UNKNOWN else item.hs4
