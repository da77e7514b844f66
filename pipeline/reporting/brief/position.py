"""Sections of a brief: where the buyer stands, who else buys there."""

from __future__ import annotations

from typing import Final

from pipeline.formatting import (
    TEU,
    Measure,
    counted,
    day,
    listed,
    measure,
    number,
    reason_text,
)
from pipeline.reporting.brief.caveats import Caveats
from pipeline.reporting.brief.facts import Brief, Customer, Standing
from pipeline.reporting.brief.words import interval
from pipeline.reporting.document.page import (
    Block,
    Head,
    Line,
    Parts,
    Strong,
    Value,
    bare,
    cell,
    line,
    numeric,
    sentence,
    shown,
    table,
)
from pipeline.reporting.facts.loaded import export_sentence, shipments_of
from pipeline.reporting.figures import Figure, bounds_text

TIERS: Final = "ABCD"


PASSED: Final = "You are past the line of tier {}, though not clearly: the tier follows a fifth above it."


def standing(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Rank, tier, volume, share, ratios, the way to the next tier."""
    own = brief.standing
    if own is None:
        return (Line((f"Not known: {reason_text('no_row')}.",)),)
    has_rank = brief.loaded.supplier
    lines = [
        line(
            f"{'You are {who}, {tier}. ' if has_rank else ''}In the year you took {_taken(own)}.",
            who=_who(own),
            tier=_tier(own),
            volume=_with_unit(own.volume),
            bills=own.bills,
            typical=own.typical_order,
        ),
        *caveats.beside("standing.tier"),
        *caveats.beside("standing.volume"),
        *_share(brief, own),
        *caveats.beside(own.share.key),
        *(_ratios(brief, own) if has_rank else [_without_rank(brief, own)]),
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


def _without_rank(brief: Brief, own: Standing) -> Line:
    """What the loaded bills of the supplier do not show, and what to export."""
    what = "your rank and your tier" if own.share.value is not None else "your part of their volume, rank and tier"
    return Line((export_sentence((shipments_of(brief.supplier.name),), f"see {what}"),))


def _share(brief: Brief, own: Standing) -> list[Line]:
    if own.share.value is None:
        if not brief.loaded.supplier:
            return []
        return [Line((f"What part of their volume that is, is not known: {reason_text(own.share.reason)}.",))]
    row = brief.leverage
    goods = row.of_goods if row is not None and row.is_of_product else ""
    template = f"That is {{share}} of what they ship{goods} to the US by sea"
    bounds, chance = bounds_text(own.share), interval(own.share_interval)
    if bounds and own.share.low is not None and own.share.low < own.share.value:
        template += "; {bounds}, as what carries no name, or one that may be another's, is none or all of yours"
    elif bounds:
        template += "; {bounds}, as the volume without a buyer's name is none or all of yours"
    if chance:
        template += ". Orders come in bursts: in another year just like it this share could be {chance}"
    return [line(template + ".", share=own.share, bounds=bounds or "", chance=chance or "")]


def _ratios(brief: Brief, own: Standing) -> list[Line]:
    if own.customers.value == 1:
        return []
    if not own.volume.value:
        return [line("So it cannot be set beside what the others take.")]
    values: dict[str, Value] = {"to_top": own.ratio_to_top, "to_median": own.ratio_to_median}
    template = (
        "You are their largest named customer and take "
        if own.rank.value == 1
        else "You take {to_top} their largest customer does and "
    ) + "{to_median} the [median customer](median) does"
    if own.ratio_to_rival is not None and brief.rival is not None:
        template += ", and {to_rival} {rival} does"
        values |= {"to_rival": own.ratio_to_rival, "rival": brief.rival.name}
    return [Line(sentence(template + ".", **values))]


def customers(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """The named customers, and what is not named."""
    whole = brief.loaded.supplier
    if not brief.customers:
        return (line("No buyer of theirs is named in the year."),)
    amounts = [figure for item in brief.customers for figure in (item.volume, item.typical_order)]
    size = measure([figure.value for figure in amounts], brief.unit)
    unit = size.name
    heads: list[str | Head] = [
        numeric("#"),
        "customer",
        *(["[tier](tier)"] if whole else []),
        numeric(f"{unit} in the year"),
        *([numeric("share")] if whole else []),
        *([numeric("containers")] if brief.unit == TEU else []),
        numeric("bills"),
        numeric(f"[typical order](typical), {unit}"),
        "last bill",
    ]
    rows = [_customer(item, size, whole=whole) for item in brief.customers]
    marked = [item.is_buyer for item in brief.customers]
    title = "Named customers" if whole else "Named customers in the bills loaded"
    ladder = table(f"{title}, largest first, 52 weeks", heads, rows, marked)
    found = _others(brief)
    if not whole:
        exports = (shipments_of(brief.supplier.name),)
        found.append(line(f"They may have others. {export_sentence(exports, 'see them')}"))
    return (ladder, *found, *caveats.beside("others.unnamed"))


def _customer(item: Customer, size: Measure, *, whole: bool) -> tuple[Value, ...]:
    tag = " (you)" if item.is_buyer else " (the rival you named)" if item.is_rival else ""
    return (
        str(item.rank),
        Strong(f"{item.name}{tag}") if tag else item.name,
        *([item.tier or "none"] if whole else []),
        bare(item.volume, size),
        *([cell(item.share)] if whole else []),
        *([bare(item.containers)] if item.volume.unit == TEU else []),
        bare(item.bills),
        bare(item.typical_order, size),
        day(item.last_bill_date),
    )


def _others(brief: Brief) -> list[Line]:
    others, found = brief.others, []
    if others.count.value:
        verb = "takes" if others.count.value == 1 else "together take"
        count = shown(others.count, counted(others.count.value, "more customer"))
        template = (
            "{count} {verb} {volume}." if others.volume.value else "{count} {verb} what is not measured in that unit."
        )
        found.append(line(template, count=count, verb=verb, volume=others.volume))
    if others.unnamed.value:
        part = brief.past.hidden_share
        template = "{volume} ({part}) went to buyers that are not named."
        if not brief.loaded.supplier:
            template = "In the bills loaded {volume} went to buyers that are not named."
        found.append(line(template, volume=others.unnamed, part=part))
    elif brief.loaded.supplier:
        found.append(line("Every bill of theirs in the year names its buyer."))
    return found
