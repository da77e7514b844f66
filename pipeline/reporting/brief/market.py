"""A brief in plain sentences: alternatives, the supplier's past, its customer events, the limits of the records."""

from __future__ import annotations

from calendar import month_name
from typing import Final

from pipeline.detection.takeover import IN_STEP
from pipeline.formatting import clean, counted, day, listed, reason_text, unit_name
from pipeline.reporting.brief.caveats import Caveats
from pipeline.reporting.brief.facts import Brief, ProductAlternatives
from pipeline.reporting.document.page import NOTE, Block, Cells, Column, Columns, Head, Line, Part, Table, Term, shown
from pipeline.reporting.facts.customer_events import CustomerEvent
from pipeline.reporting.facts.supplier_past import Season

NEARNESS: Final = {"same_city": "same city", "same_country": "same country", "elsewhere": "another country"}
FULL: Final = 0.95
SAME: Final = 0.005
"""Change under which a year is as the one before."""


def alternatives(brief: Brief, told: Caveats) -> tuple[Block, ...]:
    """Other suppliers, product by product, and what could be moved here."""
    blocks: list[Block] = []
    for item in brief.alternatives:
        blocks.append(_count(item))
        if item.listed:
            blocks.append(_candidates(item))
            blocks += [
                Line((one.evidence,), NOTE, f"{place}. {one.name}")
                for place, one in enumerate(item.listed, start=1)
                if one.evidence
            ]
            for one in item.listed:
                blocks += told.beside(one.spare_capacity.key)
    if not brief.alternatives:
        text = reason_text("no_row") if brief.leverage is None else reason_text("unknown_product")
        blocks.append(Line((f"Not told: {text}.",)))
    if brief.consolidation:
        heads = (
            Head(("from",)),
            Head((Term("HS", "hs"),)),
            Head(("volume",), True),
            Head(("your share here then",), True),
            Head((Term("tier", "tier"), " now, then")),
        )
        rows = tuple(
            Cells(
                (
                    (item.name,),
                    (item.hs4,),
                    (shown(item.moved),),
                    (shown(item.share_after),),
                    (f"{item.tier_now or 'none'}, {item.tier_after or 'none'}",),
                )
            )
            for item in brief.consolidation
        )
        blocks.append(Table("If you moved here what you buy elsewhere", heads, rows))
    return tuple(blocks)


def _count(item: ProductAlternatives) -> Line:
    product = f"HS {item.hs4}" + (f" ({item.product})" if item.product else "")
    if not item.count.value:
        return Line((f"{product}: no other supplier ", Term("qualifies", "alternative"), "."))
    unused = sum(1 for one in item.listed if not one.already_supplies)
    parts: list[Part] = [
        f"{product}: ",
        shown(item.count),
        " other ",
        "supplier " if item.count.value == 1 else "suppliers ",
    ]
    parts += [Term("qualify" if item.count.value != 1 else "qualifies", "alternative")]
    if item.listed and unused == len(item.listed):
        parts += ["; you buy from none of them" if unused > 1 else "; you do not buy from it"]
    return Line((*parts, "."))


def _candidates(item: ProductAlternatives) -> Table:
    heads = (
        Head(("#",), True),
        Head(("supplier",)),
        Head(("where",)),
        Head((Term("spare capacity", "spare"),), True),
        Head((Term("alike", "alike"),), True),
        Head(("bills in the year",), True),
        Head(("buyers",), True),
    )
    rows = tuple(
        Cells(
            (
                (str(place),),
                (one.name + (" (you buy there)" if one.already_supplies else ""),),
                (", ".join(text for text in (one.place, NEARNESS.get(one.reason, clean(one.reason))) if text),),
                (shown(one.spare_capacity),),
                (shown(one.similarity),),
                (shown(one.bills),),
                (shown(one.customers),),
            )
        )
        for place, one in enumerate(item.listed, start=1)
    )
    return Table(f"Alternatives in HS {item.hs4}, best first", heads, rows)


def past(brief: Brief, told: Caveats) -> tuple[Block, ...]:
    """Trend, season, slack."""
    held = brief.past
    if not held.buckets:
        return (Line((f"Not told: {reason_text('no_bills')}.",)),)
    trend: list[Part] = ["In the year they shipped ", shown(held.year), " to the US"]
    if held.growth.value is not None:
        if abs(held.growth.value) < SAME:
            trend += [", as much as the year before (", shown(held.year_before), ")"]
        else:
            trend += [", ", shown(held.growth), " on the year before (", shown(held.year_before), ")"]
    trend.append(".")
    if held.quarter_year_ago.value is not None:
        trend += [" The last 13 weeks brought ", shown(held.quarter), ", the same weeks a year ago "]
        trend += [shown(held.quarter_year_ago), "."]
    blocks: list[Block] = [
        Line(tuple(trend)),
        _slack(brief),
        *told.beside(held.slack.key),
        Line((_season(held.season),)),
    ]
    columns = tuple(Column(day(bucket.start), bucket.named, bucket.unnamed) for bucket in held.buckets)
    time = f"{columns[0].label} to {day(brief.as_of.last_day)}"
    caption = f"Their volume to the US, four weeks a column, {unit_name(held.unit)}, {time}"
    blocks.append(Columns(caption, columns, "buyers named", "buyers not named", held.unit))
    return tuple(blocks)


def _slack(brief: Brief) -> Line:
    held = brief.past
    if held.slack.value is None:
        return Line(("Their ", Term("spare capacity", "spare"), f" is not told: {reason_text(held.slack.reason)}."))
    parts: list[Part] = ["The last 13 weeks are ", shown(held.use), " of their best 13 (", shown(held.best_quarter)]
    parts += [f", from {day(held.best_start)} on): ", Term("spare capacity", "spare"), " of ", shown(held.slack), "."]
    if held.slack.value <= 0:
        parts = [
            "The last 13 weeks are their best of the ",
            shown(held.weeks_seen),
            " seen (",
            shown(held.best_quarter),
        ]
        parts += ["): no ", Term("spare capacity", "spare"), " shows."]
    elif held.is_hungry:
        parts.append(" They are hungry for orders.")
    elif (held.use.value or 0.0) >= FULL:
        parts.append(" They run near their best.")
    return Line(tuple(parts))


def _season(season: Season) -> str:
    if season.reason:
        return f"Season: not told, {reason_text(season.reason)}."
    years = counted(season.years, "year")
    if not season.high and not season.low:
        return f"No month stood out in each of {years}: no season to wait for."
    told = []
    if season.high:
        told.append(f"busy in {listed([month_name[month] for month in season.high])}")
    if season.low:
        told.append(f"quiet in {listed([month_name[month] for month in season.low])}")
    return f"Season: {', '.join(told)}, in each of {years}."


def customer_events(brief: Brief, told: Caveats) -> tuple[Block, ...]:
    """Customers whose names stopped or began within half a year."""
    if brief.customer_events is None:
        return (Line(("Not told: the week was published without customer events.",)),)
    if not brief.customer_events:
        return (Line(("None of weight in the last half year.",)),)
    blocks: list[Block] = [_event(item) for item in brief.customer_events]
    for item in brief.customer_events:
        blocks += told.beside(item.unnamed_change.key)
    return tuple(blocks)


def _event(item: CustomerEvent) -> Line:
    name = clean(item.name, item.consignee_id)
    if item.event == "won":
        begun: list[Part] = [f"Won: {name} shows since the week of {day(item.since)}, with ", shown(item.share)]
        return Line((*begun, " of their bills in the last 13 weeks."))
    if item.event == "resurfaced":
        begun = [f"Back: {name} shows again since the week of {day(item.since)}"]
        if item.silent_weeks.value is not None:
            begun += [" after ", shown(item.silent_weeks), " without its name"]
        begun += [", with ", shown(item.share), " of their bills in the last 13 weeks"]
        if -(item.unnamed_change.value or 0) >= IN_STEP * (item.customer_bills.value or 0):
            begun.append("; bills without a name fell as it came: it may be an old customer whose name was hidden")
        return Line((*begun, "."))
    stopped: list[Part] = [
        f"{name} had ",
        shown(item.share),
        " of their bills and has not been named since the week of ",
    ]
    stopped += [f"{day(item.since)} (", shown(item.silent_weeks), "). "]
    change = (shown(item.unnamed_change), " where it would have had ", shown(item.customer_bills))
    if item.event == "went_dark":
        return Line(
            ("May be hidden, not lost: ", *stopped, "Bills without a name rose as it stopped: by ", *change, ".")
        )
    if item.event == "lost":
        return Line(("Lost, it seems: ", *stopped, "Bills without a name did not rise in its place (", *change, ")."))
    return Line(("Lost, hidden or renamed: ", *stopped, "The records do not show which."))


def limits(brief: Brief, told: Caveats) -> tuple[Block, ...]:
    """What bears on everything."""
    lines = [Line(line.parts) for line in told.rest()]
    if brief.as_of.waived_days:
        days = counted(brief.as_of.waived_days, "release day")
        lines.append(
            Line(
                (f"{days} that the publisher never brought {'is' if brief.as_of.waived_days == 1 else 'are'} missing.",)
            )
        )
    return tuple(lines)
