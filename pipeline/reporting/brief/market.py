"""Sections of a brief: alternatives, the supplier's history, its customer events."""

from __future__ import annotations

from calendar import month_name
from dataclasses import replace
from typing import Final

from pipeline.detection.takeover import IN_STEP
from pipeline.formatting import clean, counted, day, listed, reason_text, unit_name
from pipeline.reporting.brief.caveats import Caveats
from pipeline.reporting.brief.facts import Brief, ProductAlternatives
from pipeline.reporting.document.page import NOTE, Block, Column, Columns, Line, Table, line, numeric, shown, table
from pipeline.reporting.facts.customer_events import CustomerEvent
from pipeline.reporting.facts.supplier_past import Season
from pipeline.reporting.figures import figure_text

NEARNESS: Final = {"same_city": "same city", "same_country": "same country", "elsewhere": "another country"}
FULL: Final = 0.95
SAME: Final = 0.005
"""Change under which a year is as the one before."""


def alternatives(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Other suppliers, product by product, and what could be moved here."""
    blocks: list[Block] = []
    for item in brief.alternatives:
        blocks.append(_count(item))
        if item.listed:
            blocks.append(_alternatives(item))
            blocks += [
                Line((one.evidence,), NOTE, f"{rank}. {one.name}")
                for rank, one in enumerate(item.listed, start=1)
                if one.evidence
            ]
            for one in item.listed:
                blocks += caveats.beside(one.spare_capacity.key)
    if not brief.alternatives:
        text = reason_text("no_row") if brief.leverage is None else reason_text("unknown_product")
        blocks.append(Line((f"Not told: {text}.",)))
    if brief.consolidation:
        heads = ("from", "[HS](hs)", numeric("volume"), numeric("your share here then"), "[tier](tier) now, then")
        rows = [
            (one.name, one.hs4, one.moved, one.share_after, f"{one.tier_now or 'none'}, {one.tier_after or 'none'}")
            for one in brief.consolidation
        ]
        blocks.append(table("If you moved here what you buy elsewhere", heads, rows))
    return tuple(blocks)


def _count(item: ProductAlternatives) -> Line:
    product = f"HS {item.hs4}" + (f" ({item.product})" if item.product else "")
    if not item.count.value:
        return line("{product}: no other supplier [qualifies](alternative).", product=product)
    unused = sum(1 for one in item.listed if not one.already_supplies)
    template = (
        "{product}: {count} other supplier [qualifies](alternative)"
        if item.count.value == 1
        else "{product}: {count} other suppliers [qualify](alternative)"
    )
    if item.listed and unused == len(item.listed):
        template += "; you buy from none of them" if unused > 1 else "; you do not buy from it"
    return line(template + ".", product=product, count=item.count)


def _alternatives(item: ProductAlternatives) -> Table:
    heads = (
        numeric("#"),
        "supplier",
        "where",
        numeric("[spare capacity](spare)"),
        numeric("[alike](alike)"),
        numeric("bills in the year"),
        numeric("buyers"),
    )
    rows = [
        (
            str(rank),
            one.name + (" (you buy there)" if one.already_supplies else ""),
            ", ".join(text for text in (one.place, NEARNESS.get(one.reason, clean(one.reason))) if text),
            one.spare_capacity,
            one.similarity,
            one.bills,
            one.customers,
        )
        for rank, one in enumerate(item.listed, start=1)
    ]
    return table(f"Alternatives in HS {item.hs4}, best first", heads, rows)


def past(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Trend, season, slack."""
    history = brief.past
    if not history.buckets:
        return (Line((f"Not told: {reason_text('no_bills')}.",)),)
    columns = tuple(Column(day(bucket.start), bucket.named, bucket.unnamed) for bucket in history.buckets)
    time = f"{columns[0].label} to {day(brief.as_of.last_day)}"
    caption = f"Their volume to the US, four weeks a column, {unit_name(history.unit)}, {time}"
    return (
        _trend(brief),
        _slack(brief),
        *caveats.beside(history.slack.key),
        Line((_season(history.season),)),
        Columns(caption, columns, "buyers named", "buyers not named", history.unit),
    )


def _trend(brief: Brief) -> Line:
    history = brief.past
    template = "In the year they shipped {year} to the US"
    if history.growth.value is not None:
        change = "as much as the year before" if abs(history.growth.value) < SAME else "{growth} on the year before"
        template += f", {change} ({{before}})"
    template += "."
    if history.quarter_year_ago.value is not None:
        template += " The last 13 weeks brought {quarter}, the same weeks a year ago {quarter_year_ago}."
    return line(
        template,
        year=history.year,
        growth=history.growth,
        before=history.year_before,
        quarter=history.quarter,
        quarter_year_ago=history.quarter_year_ago,
    )


def _slack(brief: Brief) -> Line:
    history = brief.past
    if history.slack.value is None:
        reason = reason_text(history.slack.reason)
        return line("Their [spare capacity](spare) is not told: {reason}.", reason=reason)
    if history.slack.value <= 0:
        template = "The last 13 weeks are their best of the {weeks} seen ({best}): no [spare capacity](spare) shows."
        return line(template, weeks=history.weeks_seen, best=history.best_quarter)
    template = (
        "The last 13 weeks are {use} of their best 13 ({best}, from {start} on): [spare capacity](spare) of {slack}."
    )
    if history.is_hungry:
        template += " They are hungry for orders."
    elif (history.use.value or 0.0) >= FULL:
        template += " They run near their best."
    start = day(history.best_start)
    return line(template, use=history.use, best=history.best_quarter, start=start, slack=history.slack)


def _season(season: Season) -> str:
    if season.reason:
        return f"Season: not told, {reason_text(season.reason)}."
    years = counted(season.years, "year")
    if not season.high and not season.low:
        return f"No month stood out in each of {years}: no season to wait for."
    months = {"busy": season.high, "quiet": season.low}
    texts = [f"{how} in {listed([month_name[one] for one in found])}" for how, found in months.items() if found]
    return f"Season: {', '.join(texts)}, in each of {years}."


def customer_events(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Customers whose names stopped or began within half a year."""
    events = brief.customer_events
    if events is None:
        return (line("Not told: the week was published without customer events."),)
    if not events:
        return (line("None of weight in the last half year."),)
    beside = [one for item in events for one in caveats.beside(item.unnamed_change.key)]
    return (*(_event(item) for item in events), *beside)


def _event(item: CustomerEvent) -> Line:
    since = "since the week of {since}"
    stopped = f"{{name}} had {{share}} of their bills and has not been named {since} ({{weeks}})."
    now, expected = "with {share} of their bills in the last 13 weeks", "{change} where it would have had {bills}"
    change = item.unnamed_change.value or 0
    fell = "they fell by {fall} where it would have had {bills}"
    not_risen = f": {fell}" if change < 0 else f" ({expected})"
    unnamed = "Bills without a name"
    template = {
        "won": f"Won: {{name}} shows {since}, {now}",
        "resurfaced": f"Back: {{name}} shows again {since}",
        "went_dark": f"May be hidden, not lost: {stopped} {unnamed} rose as it stopped: by {expected}",
        "lost": f"Lost, it seems: {stopped} {unnamed} did not rise in its place{not_risen}",
    }.get(item.event, f"Lost, hidden or renamed: {stopped} The records do not show which")
    if item.event == "resurfaced":
        template += f" after {{weeks}} without its name, {now}" if item.silent_weeks.value is not None else f", {now}"
        if -change >= IN_STEP * (item.customer_bills.value or 0):
            template += "; bills without a name fell as it came: it may be an old customer whose name was hidden"
    return line(
        template + ".",
        name=clean(item.name, item.consignee_id),
        share=item.share,
        since=day(item.since),
        weeks=item.silent_weeks,
        change=item.unnamed_change,
        fall=shown(item.unnamed_change, figure_text(replace(item.unnamed_change, value=-change))),
        bills=item.customer_bills,
    )
