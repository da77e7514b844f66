"""Sections of a brief: where the buyer stands, who else buys there, who needs whom."""

from __future__ import annotations

from typing import Final

from pipeline.formatting import (
    NOT_KNOWN,
    TEU,
    Measure,
    counted,
    day,
    decimal,
    listed,
    measure,
    number,
    reason_text,
    signed,
)
from pipeline.reporting.brief.caveats import Caveats
from pipeline.reporting.brief.facts import Brief, Customer, Leverage, Standing
from pipeline.reporting.brief.words import interval
from pipeline.reporting.document.page import (
    NOTE,
    Bar,
    Bars,
    Block,
    Head,
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
from pipeline.reporting.market import NONE

UNKNOWN: Final = "unknown"
TIERS: Final = "ABCD"

CONTRIBUTIONS: Final = (
    "your part of what they ship here",
    "other customers who could fill your place",
    "their part of what you buy",
    "other suppliers you could turn to",
)
"""In the order of `Leverage.contributions`."""


PASSED: Final = "You are past the line of tier {}, though not clearly: the tier follows a fifth above it."


def standing(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Rank, tier, volume, share, ratios, the way to the next tier."""
    own = brief.standing
    if own is None:
        return (Line((f"Not known: {reason_text('no_row')}.",)),)
    lines = [
        line(
            f"You are {{who}}, {{tier}}. In the year you took {_taken(own)}.",
            who=_who(own),
            tier=_tier(own),
            volume=_with_unit(own.volume),
            bills=own.bills,
            typical=own.typical_order,
        ),
        *caveats.beside("standing.tier"),
        *caveats.beside("standing.volume"),
        _share(own),
        *caveats.beside(own.share.key),
        _ratios(brief, own),
    ]
    if own.gap.value and own.next_tier:
        lines.append(
            line(f"Tier {own.next_tier} begins {{gap}} further up, the other customers unchanged.", gap=own.gap)
        )
    elif own.gap.value is not None and own.next_tier:
        lines.append(Line((PASSED.format(own.next_tier),)))
    if brief.is_major_customer:
        lines.append(line("With over 10% of their US volume you are what accountants call a major customer."))
    first, last = day(own.first_bill_date), day(own.last_bill_date)
    once = "All that the records have of yours there came on {first}."
    several = "Your first bill in the records came on {first}, the last on {last}."
    lines.append(line(once if first == last else several, first=first, last=last))
    return tuple(lines)


def _taken(own: Standing) -> str:
    """What was taken, as a template; one order is typical of nothing."""
    if not own.volume.value:
        return "{bills}"
    return "{volume} on {bills}" + (
        ", a [typical order](typical) being {typical}" if round(own.bills.value or 0) != 1 else ""
    )


def _who(own: Standing) -> Parts:
    if own.customers.value == 1:
        return sentence("their only [named](named) customer")
    return sentence("customer {rank} of {customers} [named](named) ones", rank=own.rank, customers=own.customers)


def _tier(own: Standing) -> Parts:
    """The tier, and the tiers that the share's interval allows where it is wide."""
    if not own.tier:
        return sentence("without a [tier](tier) ({reason})", reason=reason_text(own.tier_reason))
    text = f"[tier {own.tier}](tier)"
    if own.tiers and own.tiers[0] != own.tiers[1]:
        text += f" ({_other_tiers(own.tier, *own.tiers)})"
    return sentence(text)


def _other_tiers(tier: str, low: str, high: str) -> str:
    """What else a share of few shipments may be; tiers are letters, A the highest."""
    others = [letter for letter in TIERS if high <= letter <= low and letter != tier]
    return f"with so few shipments it may as well be {'any of ' if len(others) > 2 else 'tier '}{listed(others, 'or')}"


def _with_unit(figure: Figure) -> Value:
    """A volume whose unit is explained."""
    if figure.unit == TEU and figure.value is not None:
        return sentence("{number} [TEU](teu)", number=shown(figure, number(figure.value)))
    return figure


def _share(own: Standing) -> Line:
    if own.share.value is None:
        return Line((f"What part of their volume that is, is not known: {reason_text(own.share.reason)}.",))
    template = "That is {share} of what they ship to the US by sea"
    bounds, chance = bounds_text(own.share), interval(own.share_interval)
    if bounds and own.share.low is not None and own.share.low < own.share.value:
        template += "; {bounds}, as what carries no name, or one that may be another's, is none or all of yours"
    elif bounds:
        template += "; {bounds}, as the volume without a buyer's name is none or all of yours"
    if chance:
        template += ". Orders come in bursts: in another year just like it this share could be {chance}"
    return line(template + ".", share=own.share, bounds=bounds or "", chance=chance or "")


def _ratios(brief: Brief, own: Standing) -> Line:
    if own.customers.value == 1:
        return line("You are their only named customer.")
    if not own.volume.value:
        return line("So it cannot be set beside what the others take.")
    values: dict[str, Value] = {"to_top": own.ratio_to_top, "to_median": own.ratio_to_median}
    template = (
        "You are their largest named customer and take "
        if own.rank.value == 1
        else "You take {to_top} their largest customer does and "
    ) + "{to_median} the [median customer](median) does"
    if own.ratio_to_rival is not None and brief.rival is not None:
        template += ", and {to_rival} {rival} does"
        values |= {"to_rival": own.ratio_to_rival, "rival": brief.rival.name}
    return Line(sentence(template + ".", **values))


def customers(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """The named customers, and what is not named."""
    if not brief.customers:
        return (line("No buyer of theirs is named in the year."),)
    amounts = [figure for item in brief.customers for figure in (item.volume, item.typical_order)]
    size = measure([figure.value for figure in amounts], brief.unit)
    unit = size.name
    heads: list[str | Head] = [
        numeric("#"),
        "customer",
        "[tier](tier)",
        numeric(f"{unit} in the year"),
        numeric("share"),
        *([numeric("containers")] if brief.unit == TEU else []),
        numeric("bills"),
        numeric(f"[typical order](typical), {unit}"),
        "last bill",
    ]
    rows = [_customer(item, size) for item in brief.customers]
    marked = [item.is_buyer for item in brief.customers]
    ladder = table("Named customers, largest first, 52 weeks", heads, rows, marked)
    return (ladder, *_others(brief), *caveats.beside("others.unnamed"))


def _customer(item: Customer, size: Measure) -> tuple[Value, ...]:
    tag = " (you)" if item.is_buyer else " (the rival you named)" if item.is_rival else ""
    return (
        str(item.rank),
        Strong(f"{item.name}{tag}") if tag else item.name,
        item.tier or "none",
        bare(item.volume, size),
        _short(item.share),
        *([bare(item.containers)] if item.volume.unit == TEU else []),
        bare(item.bills),
        bare(item.typical_order, size),
        day(item.last_bill_date),
    )


def _short(figure: Figure) -> Value:
    """A figure of a cell, which has no room for the reason why there is none."""
    return figure if figure.value is not None else shown(figure, NOT_KNOWN)


def _others(brief: Brief) -> list[Line]:
    others, found = brief.others, []
    if others.count.value:
        verb = "takes" if others.count.value == 1 else "together take"
        count = shown(others.count, counted(others.count.value, "more customer"))
        found.append(line("{count} {verb} {volume}.", count=count, verb=verb, volume=others.volume))
    if others.unnamed.value:
        part = brief.past.hidden_share
        found.append(line("{volume} ({part}) went to buyers that are not named.", volume=others.unnamed, part=part))
    else:
        found.append(line("Every bill of theirs in the year names its buyer."))
    return found


def needs(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Both shares, both needs and what the balance is made of."""
    row = brief.leverage
    if row is None:
        return (Line((f"Not known: {reason_text('no_row')}.",)),)
    blocks: list[Block] = [_of_you(row), *caveats.beside(row.share_of_buyer.key)]
    if row.power.value is None:
        blocks.append(Line((f"Who needs whom is not known: {reason_text(row.reason)}.",)))
    else:
        blocks += _axes(row)
    if row.coverage.value is not None and row.coverage.value < 1:
        blocks.append(line("{coverage} of the volume behind these figures names both sides.", coverage=row.coverage))
    blocks += caveats.beside(row.both_hidden_share.key)
    if len(brief.products) > 1 or any(item.power.value is not None for item in brief.products):
        blocks += _products(brief)
    return tuple(blocks)


def _of_you(row: Leverage) -> Line:
    if row.share_of_buyer.value is None:
        return Line((f"What part of your purchases they are is not known: {reason_text(row.share_of_buyer.reason)}.",))
    template = "They are {share} of what you buy by sea"
    bounds, chance = bounds_text(row.share_of_buyer), interval(row.share_of_buyer_interval)
    if bounds:
        template += " ({bounds}, as some of your bills hide the supplier)"
    if chance:
        template += "; in another year just like it {chance}"
    if row.no_second_source:
        template += "; the records of two years show no second source of yours, and they can see that"
    if row.market.statement == NONE:
        template += "; no other supplier is in sight"
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
    missing = [item for item in brief.products if item.power.value is None]
    return [products, *(Line((f"{_heading(one)}: no balance, {reason_text(one.reason)}.",), NOTE) for one in missing)]


def _product(item: Leverage) -> tuple[Value, ...]:
    return (
        _heading(item),
        item.product or NOT_KNOWN,
        item.volume if item.volume.value else shown(item.volume, "no size"),
        _short(item.share_of_buyer),
        shown(item.alternatives, NOT_KNOWN if item.hs4 == UNKNOWN else None),
        shown(item.power, NOT_KNOWN if item.power.value is None else None),
        "none shown" if item.no_second_source else "yes",
    )


def _heading(item: Leverage) -> str:
    return "no HS" if item.hs4 == UNKNOWN else item.hs4
