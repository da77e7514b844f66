"""Sections of a brief: alternatives, the supplier's history, its customer events."""

from __future__ import annotations

from calendar import month_name
from typing import Final

from pipeline.detection.events.takeover import IN_STEP
from pipeline.formatting import NOT_KNOWN, counted, day, listed, measure, number, reason_text, share
from pipeline.plain_text import clean
from pipeline.reporting.brief.caveats import Caveats
from pipeline.reporting.brief.facts import Brief, ProductAlternatives
from pipeline.reporting.document.page import (
    NOTE,
    Block,
    Column,
    Columns,
    Line,
    Shown,
    Table,
    Value,
    line,
    numeric,
    shown,
    table,
)
from pipeline.reporting.facts.customer_events import CustomerEvent
from pipeline.reporting.facts.loaded import export_sentence, shipments_of
from pipeline.reporting.facts.supplier_past import Season
from pipeline.reporting.figures import Figure
from pipeline.reporting.market import GRADES

NEARNESS: Final = {"same_city": "same city", "same_country": "same country", "elsewhere": "another country"}
FULL: Final = 0.95
SAME: Final = 0.005
"""Change under which a year is as the one before."""
MOST_TIMES: Final = 99.0
"""Growth from which the year before was next to nothing."""


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
        blocks.append(Line((f"Not known: {text}.",)))
    if brief.consolidation:
        heads = ("from", "[HS](hs)", numeric("volume"), numeric("your share here then"), "[tier](tier) now, then")
        rows = [
            (one.name, one.hs4, one.moved, one.share_after, f"{one.tier_now or 'none'}, {one.tier_after or 'none'}")
            for one in brief.consolidation
        ]
        blocks.append(table("If you moved here what you buy elsewhere", heads, rows))
    return tuple(blocks)


def _count(item: ProductAlternatives) -> Line:
    text = item.market.sentence("your", "it")
    if item.listed and not any(one.already_supplies for one in item.listed):
        text += " You buy it from no other supplier."
    return line(
        "{product}: {text}", product=f"HS {item.hs4}" + (f" ({item.product})" if item.product else ""), text=text
    )


def _alternatives(item: ProductAlternatives) -> Table:
    heads = (
        numeric("#"),
        "supplier",
        "where",
        "[what shows](alternative)",
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
            GRADES.get(one.grade, one.grade),
            _or(one.spare_capacity, "not shown", "none"),
            _or(one.similarity, "not compared", "not alike"),
            _or(one.bills, "none", "none"),
            _or(one.customers, "none", "none"),
        )
        for rank, one in enumerate(item.listed, start=1)
    ]
    return table(f"Other suppliers in HS {item.hs4}, best first", heads, rows)


def _or(figure: Figure, unknown: str, nothing: str) -> Value:
    """A figure of a cell; words where it is not known or nothing."""
    return figure if figure.value else shown(figure, unknown if figure.value is None else nothing)


def past(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Trend, season, slack."""
    history = brief.past
    if not history.buckets:
        return (Line((f"Not known: {reason_text('no_bills')}.",)),)
    unit = measure([bucket.named + bucket.unnamed for bucket in history.buckets], history.unit)
    columns = tuple(
        Column(day(bucket.start), bucket.named / unit.size, bucket.unnamed / unit.size) for bucket in history.buckets
    )
    time = f"{columns[0].label} to {day(brief.as_of.last_day)}"
    whole = brief.loaded.supplier
    what = "Their volume to the US" if whole else "Their bills that are loaded"
    caption = f"{what}, four weeks a column, {unit.name}, {time}"
    if whole:
        lines = (_trend(brief), _slack(brief), *caveats.beside(history.slack.key), Line((_season(history.season),)))
    else:
        exports = (shipments_of(brief.supplier.name),)
        lines = (
            line("The bills loaded show {year} of theirs in the year; they may have shipped more.", year=history.year),
            line(export_sentence(exports, "see whether they grow, their season and their [spare capacity](spare)")),
        )
    return (
        *lines,
        Columns(caption, columns, "buyers named", "buyers not named", unit.name),
    )


def _trend(brief: Brief) -> Line:
    history = brief.past
    template = "In the year they shipped {year} to the US"
    if history.growth.value is not None:
        is_new = history.growth.value > MOST_TIMES
        template += ", against {before} the year before" if is_new else ", {growth} the year before ({before})"
    template += "."
    if history.quarter_year_ago.value is not None:
        template += " The last 13 weeks brought {quarter}, the same weeks a year ago {quarter_year_ago}."
    return line(
        template,
        year=history.year,
        growth=shown(history.growth, _growth(history.growth.value)),
        before=history.year_before if history.year_before.value else "nothing",
        quarter=history.quarter if history.quarter.value else "nothing",
        quarter_year_ago=history.quarter_year_ago if history.quarter_year_ago.value else "nothing",
    )


def _growth(value: float | None) -> str:
    """A year's change, to be followed by the year before."""
    if value is None:
        return NOT_KNOWN
    if abs(value) < SAME:
        return "as much as"
    if value > 1:
        return f"{number(1 + value)} times"
    return f"{share(abs(value))} {'more' if value > 0 else 'less'} than"


def _slack(brief: Brief) -> Line:
    history = brief.past
    if history.slack.value is None:
        reason = reason_text(history.slack.reason)
        return line("Their [spare capacity](spare) is not known: {reason}.", reason=reason)
    span = history.window_weeks
    if history.slack.value <= 0:
        template = f"The last {span} weeks are their best ({{best}}): no [spare capacity](spare) shows."
        return line(template, best=history.best_window)
    template = (
        f"The last {span} weeks are {{use}} of their best {span} ({{best}}, from {{start}} on): "
        "[spare capacity](spare) of {slack}."
    )
    if history.is_hungry:
        template += " They are hungry for orders."
    elif (history.use.value or 0.0) >= FULL:
        template += " They run near their best."
    if not history.last_window.value:
        template = (
            f"They shipped nothing in the last {span} weeks; their best {span} brought {{best}}, from {{start}} on."
        )
    start = day(history.best_start)
    return line(template, use=history.use, best=history.best_window, start=start, slack=history.slack)


def _season(season: Season) -> str:
    if season.reason:
        return f"Season: not known, {reason_text(season.reason)}."
    years = counted(season.years, "year")
    if not season.high and not season.low:
        return f"No month stood out in each of {years}: no season to wait for."
    months = {"busy": season.high, "quiet": season.low}
    texts = [f"{how} in {_month_names(found)}" for how, found in months.items() if found]
    return f"Season: {', '.join(texts)}, in each of {years}."


def _month_names(months: tuple[int, ...]) -> str:
    """Months in the order of a year that does not begin between two of them: November, December and January."""
    found = sorted(months)
    gaps = [(found[place] - found[place - 1]) % 12 for place in range(len(found))]
    first = gaps.index(max(gaps))
    return listed([month_name[month] for month in found[first:] + found[:first]])


def customer_events(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """Customers whose names stopped or began within half a year."""
    events = brief.customer_events
    if not brief.loaded.supplier:
        exports = (shipments_of(brief.supplier.name),)
        return (Line((export_sentence(exports, "see which customers they lost and won"),)),)
    if events is None:
        return (line("Not known: the week was published without customer events."),)
    if not events:
        return (line("None of weight in the last half year."),)
    beside = [one for item in events for one in caveats.beside(item.unnamed_change.key)]
    return (*(_event(item) for item in events), *beside)


def _bills(figure: Figure) -> Shown:
    """An expected number of bills, whole and without its sign."""
    return shown(figure, counted(abs(round(figure.value or 0)), "bill"))


def _event(item: CustomerEvent) -> Line:
    since = "since the week of {since}"
    stopped = f"{{name}} had {{share}} of their bills and has not been named {since} ({{weeks}})."
    now, expected = "with {share} of their bills in the last 13 weeks", "{change} where it would have had about {bills}"
    change = round(item.unnamed_change.value or 0)
    fell = "they fell by about {fall} where it would have had about {bills}"
    not_risen = f": {fell}" if change < 0 else ", where it would have had about {bills}"
    if change > 0:
        not_risen = f" (by about {expected})"
    unnamed = "Bills without a name"
    template = {
        "won": f"Won: {{name}} shows {since}, {now}",
        "resurfaced": f"Back: {{name}} shows again {since}",
        "went_dark": f"May be hidden, not lost: {stopped} {unnamed} rose as it stopped: by about {expected}",
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
        change=_bills(item.unnamed_change),
        fall=_bills(item.unnamed_change),
        bills=_bills(item.customer_bills),
    )
