"""A section of a brief: how much each side needs the other, and by product."""

from __future__ import annotations

from typing import Final

from pipeline.formatting import (
    NOT_KNOWN,
    decimal,
    reason_text,
    signed,
)
from pipeline.reporting.brief.caveats import Caveats
from pipeline.reporting.brief.facts import Brief, Leverage
from pipeline.reporting.brief.words import interval
from pipeline.reporting.document.page import (
    NOTE,
    Bar,
    Bars,
    Block,
    Line,
    Table,
    Value,
    cell,
    line,
    numeric,
    shown,
    table,
)
from pipeline.reporting.facts.loaded import OUTSIDE, export_sentence, imports_of
from pipeline.reporting.figures import Figure, bounds_text
from pipeline.reporting.market import NONE

UNKNOWN: Final = "unknown"
CONTRIBUTIONS: Final = (
    "your part of what they ship here",
    "other customers who could fill your place",
    "their part of what you buy",
    "other suppliers you could turn to",
)
"""In the order of `Leverage.contributions`."""


def needs(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Both shares, both needs and what the balance is made of."""
    row = brief.leverage
    if row is None:
        return (Line((f"Not known: {reason_text('no_row')}.",)),)
    blocks: list[Block] = [_of_you(brief, row), *caveats.beside(row.share_of_buyer.key)]
    if row.reason == OUTSIDE:
        blocks.append(Line((export_sentence(brief.loaded.exports, "see who needs whom"),)))
    elif row.power.value is None:
        blocks.append(Line((f"Who needs whom is not known: {reason_text(row.reason)}.",)))
    else:
        blocks += _axes(row)
    if row.power.value is not None and row.coverage.value is not None and row.coverage.value < 1:
        blocks.append(line("{coverage} of the volume behind these figures names both sides.", coverage=row.coverage))
    blocks += caveats.beside(row.both_hidden_share.key)
    if len(brief.products) > 1 or any(item.power.value is not None for item in brief.products):
        blocks += _products(brief)
    return tuple(blocks)


def _of_you(brief: Brief, row: Leverage) -> Line:
    if not brief.loaded.buyer:
        exports = (imports_of(brief.buyer.name),)
        return Line((export_sentence(exports, "see what part of your purchases they are"),))
    if row.share_of_buyer.value is None:
        return Line((f"What part of your purchases they are is not known: {reason_text(row.share_of_buyer.reason)}.",))
    template = f"They are {{share}} of what you buy{row.of_goods} by sea"
    bounds, chance = bounds_text(row.share_of_buyer), interval(row.share_of_buyer_interval)
    if bounds:
        template += " ({bounds}, as some of your bills hide the supplier)"
    if chance:
        template += "; in another year just like it {chance}"
    if row.no_second_source:
        template += "; the records of two years show no second source of yours, and they can see that"
    if row.market.statement == NONE:
        template += "; no other steady supplier is in sight"
    return line(template + ".", share=row.share_of_buyer, bounds=bounds or "", chance=chance or "")


def _axes(row: Leverage) -> list[Block]:
    both = (("they need you", row.depends_supplier), ("you need them", row.depends_buyer))
    parts = (*zip(CONTRIBUTIONS, row.contributions, strict=True), ("balance", row.power))
    template = (
        "[They need you](needs) {them}, you need them {you}: a [balance](balance) of {power}{power_range}; you are "
        "[tied together](together) by {mutual} of 2{mutual_range}."
    )
    power_range, mutual_range = (
        "" if figure.low is None or figure.high is None else f" ({form(figure.low)} to {form(figure.high)})"
        for figure, form in ((row.power, signed), (row.mutual, decimal))
    )
    sentences = line(
        template,
        them=row.depends_supplier,
        you=row.depends_buyer,
        power=row.power,
        power_range=power_range,
        mutual=shown(row.mutual, decimal(row.mutual.value)),
        mutual_range=mutual_range,
    )
    ranges = [line("In brackets: where 9 of 10 years just like this one would lie.", NOTE)] if power_range else []
    return [
        sentences,
        *ranges,
        *_refill(row),
        Bars("How much each side needs the other", _bars(both), 0.0, 1.0, "not at all", "wholly"),
        Bars(
            f"What the balance is made of{', with its range' if power_range else ''}",
            _bars(parts),
            -1.0,
            1.0,
            "theirs",
            "yours",
        ),
    ]


def _refill(row: Leverage) -> list[Line]:
    """How much of the buyer's place other customers are expected to fill, and how that is known."""
    if row.refill.value is None:
        return []
    if row.is_refill_measured:
        text = (
            "When customers of this size left suppliers like this one, the other customers took {part} of their volume "
            "within a year: so much of your place is counted as filled at most."
        )
    else:
        text = (
            "How much of your place their other customers would fill is assumed, not measured: at most {part}, since "
            "the records hold too few customers that left."
        )
    return [line(text, part=row.refill)]


def _bars(figures: tuple[tuple[str, Figure], ...]) -> tuple[Bar, ...]:
    return tuple(Bar(label, figure.value, shown(figure), figure.low, figure.high) for label, figure in figures)


def _products(brief: Brief) -> list[Block]:
    """The pair by product; why one has no balance follows below."""
    heads = (
        "[HS](hs)",
        "cargo, in the words of the bills",
        numeric("in the year"),
        numeric("their part of what you buy"),
        numeric("others with [room](alternative)"),
        numeric("balance"),
        "second source in 2 years",
    )
    products: Table = table("By product", heads, [_product(item) for item in brief.products])
    missing = [item for item in brief.products if item.power.value is None and item.reason != OUTSIDE]
    return [products, *(Line((f"{_heading(one)}: no balance, {reason_text(one.reason)}.",), NOTE) for one in missing)]


def _product(item: Leverage) -> tuple[Value, ...]:
    return (
        _heading(item),
        item.product or NOT_KNOWN,
        item.volume if item.volume.value else shown(item.volume, "no size"),
        cell(item.share_of_buyer),
        shown(item.alternatives, NOT_KNOWN if item.hs4 == UNKNOWN else None),
        shown(item.power, NOT_KNOWN if item.power.value is None else None),
        second_source(item),
    )


def second_source(item: Leverage) -> str:
    """Whether another supplier of the product shows, for the table."""
    # where not all of the buyer's bills are loaded, one supplier of them is no finding
    if item.share_of_buyer.value is None and item.share_of_buyer.reason == OUTSIDE:
        return NOT_KNOWN
    return "none shown" if item.no_second_source else "yes"


def _heading(item: Leverage) -> str:
    return "no HS" if item.hs4 == UNKNOWN else item.hs4
