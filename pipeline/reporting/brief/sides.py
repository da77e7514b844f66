"""A brief in plain sentences: where the buyer stands, who else buys there, who needs whom."""

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
    Cells,
    Head,
    Line,
    Part,
    Strong,
    Table,
    Term,
    bare,
    shown,
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


def standing(brief: Brief, told: Caveats) -> tuple[Block, ...]:
    """Rank, tier, volume, share, ratios, the way to the next tier."""
    standing = brief.standing
    if standing is None:
        return (Line((f"Not told: {reason_text('no_row')}.",)),)
    tier: tuple[Part, ...] = (
        (Term(f"tier {standing.tier}", "tier"),)
        if standing.tier
        else ("without a ", Term("tier", "tier"), f" ({reason_text(standing.tier_reason)})")
    )
    lines = [
        Line(
            (
                "You are customer ",
                shown(standing.rank),
                " of ",
                shown(standing.customers),
                " ",
                Term("named", "named"),
                " ones, ",
                *tier,
                ". In the year you took ",
                *_with_unit(standing.volume),
                ": ",
                shown(standing.monthly),
                " a month on ",
                shown(standing.bills_per_month),
                " bills a month, a ",
                Term("typical order", "typical"),
                " being ",
                shown(standing.typical_order),
                ".",
            )
        ),
        *told.beside("standing.tier"),
        *told.beside("standing.volume"),
        _share_line(standing),
        *told.beside(standing.share.key),
        _ratios(brief, standing),
    ]
    if standing.gap.value is not None and standing.next_tier:
        lines.append(
            Line(
                (
                    f"Tier {standing.next_tier} begins ",
                    shown(standing.gap),
                    " further up, the other customers unchanged.",
                )
            )
        )
    if brief.is_major_customer:
        lines.append(Line(("With over 10% of their US volume you are what accountants call a major customer.",)))
    lines.append(
        Line(
            (
                f"Your first bill in the records came {day(standing.first_bill_date)}, "
                f"the last {day(standing.last_bill_date)}.",
            )
        )
    )
    return tuple(lines)


def _with_unit(figure: Figure) -> tuple[Part, ...]:
    """A volume whose unit is explained."""
    if figure.unit == TEU and figure.value is not None:
        return (shown(figure, number(figure.value)), " ", Term("TEU", "teu"))
    return (shown(figure),)


def _share_line(standing: Standing) -> Line:
    parts: list[Part] = ["That is ", shown(standing.share), " of what they ship to the US by sea"]
    bounds, chance = bounds_text(standing.share), bounds_text(standing.share_interval)
    if bounds:
        parts.append(f"; {bounds}, as the volume without a buyer's name is none or all of yours")
    if chance:
        parts.append(f". Orders come in bursts: in another year just like it this share could be {chance}")
    return Line((*parts, "."))


def _ratios(brief: Brief, standing: Standing) -> Line:
    if standing.customers.value == 1:
        return Line(("You are their only named customer.",))
    parts: list[Part] = []
    if standing.rank.value != 1:
        parts += ["You take ", shown(standing.ratio_to_top), " what their largest customer takes and "]
    else:
        parts += ["You are their largest named customer and take "]
    parts += [shown(standing.ratio_to_median), " what the ", Term("median customer", "median"), " takes"]
    if standing.ratio_to_rival is not None and brief.rival is not None:
        parts += [", and ", shown(standing.ratio_to_rival), f" what {brief.rival.name} takes"]
    return Line((*parts, "."))


def customers(brief: Brief, told: Caveats) -> tuple[Block, ...]:
    """The named customers, and what is not named."""
    if not brief.customers:
        return (Line(("No buyer of theirs is named in the year.",)),)
    unit, monthly = unit_name(brief.unit), brief.customers[0].monthly.unit
    heads = (
        Head(("#",), True),
        Head(("customer",)),
        Head((Term("tier", "tier"),)),
        Head((f"{unit} in the year",), True),
        Head(("share",), True),
        Head((f"{unit_name(monthly)} a month",), True),
        Head(("bills a month",), True),
        Head((Term("typical order", "typical"), f", {unit}"), True),
        Head(("last bill",)),
    )
    table = Table("Named customers, largest first, 52 weeks", heads, tuple(_customer(item) for item in brief.customers))
    lines = [Line(parts) for parts in _rest(brief)]
    return (table, *lines, *told.beside("others.unnamed"))


def _customer(item: Customer) -> Cells:
    tag = " (you)" if item.is_buyer else " (the rival you named)" if item.is_rival else ""
    name: Part = Strong(f"{item.name}{tag}") if tag else item.name
    return Cells(
        (
            (str(item.rank),),
            (name,),
            (item.tier or "none",),
            (bare(item.volume),),
            (shown(item.share),),
            (bare(item.monthly),),
            (shown(item.bills_per_month),),
            (bare(item.typical_order),),
            (day(item.last_bill_date),),
        ),
        item.is_buyer,
    )


def _rest(brief: Brief) -> list[tuple[Part, ...]]:
    others, found = brief.others, list[tuple[Part, ...]]()
    if others.count.value:
        verb = "takes" if others.count.value == 1 else "take together"
        found.append(
            (shown(others.count, counted(others.count.value, "more customer")), f" {verb} ", shown(others.volume), ".")
        )
    if others.unnamed.value:
        found.append(
            (shown(others.unnamed), " (", shown(brief.past.hidden_share), ") went to buyers that are not named.")
        )
    else:
        found.append(("Every bill of theirs in the year names its buyer.",))
    return found


def needs(brief: Brief, told: Caveats) -> tuple[Block, ...]:
    """Both shares, both needs and what the balance is made of."""
    row = brief.leverage
    if row is None:
        return (Line((f"Not told: {reason_text('no_row')}.",)),)
    blocks: list[Block] = [_of_you(row), *told.beside(row.share_of_buyer.key)]
    if row.power.value is None:
        blocks.append(Line((f"Who needs whom is not told: {reason_text(row.reason)}.",)))
    else:
        blocks += _axes(row)
    if row.coverage.value is not None and row.coverage.value < 1:
        blocks.append(
            Line(
                (
                    shown(row.coverage),
                    " of the volume behind these figures names both sides.",
                )
            )
        )
    blocks += told.beside(row.both_hidden_share.key)
    if len(brief.products) > 1 or any(item.power.value is not None for item in brief.products):
        blocks += _products(brief)
    return tuple(blocks)


def _of_you(row: Leverage) -> Line:
    parts: list[Part] = ["They are ", shown(row.share_of_buyer), " of what you buy by sea"]
    bounds = bounds_text(row.share_of_buyer)
    if bounds:
        parts.append(f" ({bounds}, as some of your bills hide the supplier)")
    if row.no_second_source:
        parts.append("; the records of two years show no second source of yours, and they can see that")
    if row.no_alt_suppliers_visible:
        parts.append("; no other supplier is in sight")
    return Line((*parts, "."))


def _axes(row: Leverage) -> list[Block]:
    needs = Bars(
        "How much each side needs the other",
        (
            Bar("they need you", row.depends_supplier.value, shown(row.depends_supplier)),
            Bar("you need them", row.depends_buyer.value, shown(row.depends_buyer)),
        ),
        0.0,
        1.0,
        "not at all",
        "wholly",
    )
    balance = Bars(
        "What the balance is made of",
        (
            *(
                Bar(name, figure.value, shown(figure))
                for name, figure in zip(CONTRIBUTIONS, row.contributions, strict=True)
            ),
            Bar("balance", row.power.value, shown(row.power)),
        ),
        -1.0,
        1.0,
        "theirs",
        "yours",
    )
    words = Line(
        (
            Term("They need you", "needs"),
            " ",
            shown(row.depends_supplier),
            ", you need them ",
            shown(row.depends_buyer),
            ": a ",
            Term("balance", "balance"),
            " of ",
            shown(row.power),
            "; you are ",
            Term("tied together", "together"),
            " by ",
            shown(row.mutual, f"{row.mutual.value:.2f}"),
            " of 2.",
        )
    )
    return [words, needs, balance]


def _products(brief: Brief) -> list[Block]:
    """The pair by product; why a balance is not told stands below."""
    heads = (
        Head((Term("HS", "hs"),)),
        Head(("cargo, in the words of the bills",)),
        Head(("in the year",), True),
        Head(("their part of what you buy",), True),
        Head((Term("alternatives", "alternative"),), True),
        Head(("balance",), True),
        Head(("second source in 2 years",)),
    )
    rows = tuple(
        Cells(
            (
                (_heading(item),),
                (item.product or "not told",),
                (shown(item.volume),),
                (shown(item.share_of_buyer),),
                (shown(item.alternatives, NOT_TOLD if item.hs4 == UNKNOWN else None),),
                (shown(item.power, NOT_TOLD if item.power.value is None else None),),
                ("none shown" if item.no_second_source else "yes",),
            )
        )
        for item in brief.products
    )
    missing = [item for item in brief.products if item.power.value is None]
    notes = [Line((f"{_heading(item)}: no balance, {reason_text(item.reason)}.",), NOTE) for item in missing]
    return [Table("By product", heads, rows), *notes]


def _heading(item: Leverage) -> str:
    return "no HS" if item.hs4 == UNKNOWN else item.hs4
