"""A mirror in plain sentences: what a sales rep can read about a company."""

from __future__ import annotations

from typing import Final

from pipeline.formatting import counted, day, listed, reason_text, unit_name
from pipeline.reporting.document.page import (
    ASIDE,
    LEAD,
    Block,
    Cells,
    Head,
    Line,
    Page,
    Part,
    Section,
    Strong,
    Table,
    Term,
    bare,
    shown,
)
from pipeline.reporting.document.terms import CAVEATS
from pipeline.reporting.mirror.facts import Mirror, OwnSpelling, Rhythm, SeenProduct, Source

UNKNOWN: Final = "unknown"


def mirror_page(mirror: Mirror, *, has_evidence: bool = False) -> Page:
    """The page of a mirror."""
    week = mirror.as_of
    place = f" ({mirror.company.place})" if mirror.company.place else ""
    return Page(
        kind="mirror",
        title=f"What a supplier can see about {mirror.company.name}",
        subtitle=(
            f"Mirror{place}, as of week {week.week} (to {day(week.last_day)}); 24 months: {day(mirror.since)} to "
            f"{day(week.last_day)}",
        ),
        sections=(
            Section("short", "In short", _short(mirror)),
            Section("products", "Your sources, product by product", _products(mirror)),
            Section("rhythm", "Your rhythm of orders", _rhythm(mirror.rhythm)),
            Section("hidden", "What is hidden", _hidden(mirror)),
            Section("spellings", "Your name on bills", _spellings(mirror)),
            Section("limits", "What these records cannot show", _limits(mirror)),
        ),
        bill_sets=mirror.bill_sets,
        has_evidence=has_evidence,
    )


def _short(mirror: Mirror) -> tuple[Block, ...]:
    if not mirror.bills.value:
        return (Line(("No bill of 24 months names you: a sales rep sees nothing under this name.",), LEAD),)
    lines = [
        Line(
            (
                "A sales rep sees ",
                shown(mirror.bills),
                " of yours in 24 months (",
                shown(mirror.volume),
                ") from ",
                shown(mirror.suppliers),
                " ",
                Term("named", "named"),
                " supplier." if mirror.suppliers.value == 1 else " suppliers.",
            ),
            LEAD,
        )
    ]
    known = [item for item in mirror.products if item.hs4 != UNKNOWN]
    alone = [item for item in known if item.no_second_source]
    if alone:
        names = listed([_product_name(item) for item in alone])
        lines.append(Line((Strong(f"No second source shows in {names}: your supplier can read that."),), LEAD))
    elif known:
        lines.append(Line(("In every product that is listed a second source shows.",), LEAD))
    rhythm = mirror.rhythm
    if rhythm is not None and rhythm.is_overdue:
        lines.append(Line(("Nothing has arrived for ", shown(rhythm.since_last), ": a shelf may look empty.")))
    if rhythm is not None and rhythm.is_rush:
        lines.append(Line(("Your last weeks look like a rush: ", *_rush(rhythm), ".")))
    return tuple(lines)


def _product_name(item: SeenProduct) -> str:
    if item.hs4 == UNKNOWN:
        return "Cargo without a product"
    return f"HS {item.hs4} ({item.product})" if item.product else f"HS {item.hs4}"


def _products(mirror: Mirror) -> tuple[Block, ...]:
    if not mirror.products:
        return (Line((f"Not told: {reason_text('no_bills')}.",)),)
    blocks: list[Block] = []
    for item in mirror.products:
        blocks += _product(item)
    if mirror.other_products.value:
        blocks.append(
            Line((shown(mirror.other_products, counted(mirror.other_products.value, "smaller product")), " more."))
        )
    return tuple(blocks)


def _product(item: SeenProduct) -> list[Block]:
    name = _product_name(item)
    parts: list[Part] = [f"{name}: ", shown(item.volume)]
    if item.count.value:
        parts += [" from ", shown(item.count, counted(item.count.value, "named supplier"))]
    if item.hidden.value:
        parts += ["; ", shown(item.hidden), " names no supplier"]
    parts.append(".")
    if item.hs4 != UNKNOWN:
        parts += _flags(item)
    blocks: list[Block] = [Line(tuple(parts))]
    if item.sources:
        heads = (
            Head(("supplier",)),
            Head(("where",)),
            Head(("share",), True),
            Head(("volume",), True),
            Head(("bills",), True),
            Head(("first",)),
            Head(("last",)),
        )
        blocks.append(
            Table(f"Suppliers of {name}, 24 months", heads, tuple(_source(source) for source in item.sources))
        )
    if item.hs4 != UNKNOWN:
        blocks.append(_second(item))
    return blocks


def _flags(item: SeenProduct) -> list[Part]:
    told: list[Part] = []
    if item.no_second_source:
        told.append(" They see no second source.")
    if item.no_alt_suppliers_visible is None:
        told.append(" Whether the market holds others is not told: you bought none of it in the year of this week.")
    elif item.no_alt_suppliers_visible:
        told += [" No ", Term("alternative", "alternative"), " to them is in sight either."]
    else:
        told += [" The market holds ", Term("alternatives", "alternative"), ", and they can see that as well."]
    return told


def _second(item: SeenProduct) -> Line:
    tried = item.second_tried
    if tried is None:
        return Line(("Last second source tried: none in 24 months.",))
    parts: list[Part] = [f"Last second source tried: {tried.name}, first on {day(tried.first_bill_date)}, "]
    parts += [shown(tried.bills), " so far." if tried.is_current else f"; none since {day(tried.last_bill_date)}."]
    return Line(tuple(parts))


def _source(source: Source) -> Cells:
    return Cells(
        (
            (source.name,),
            (source.place or "not known",),
            (shown(source.share),),
            (shown(source.volume),),
            (bare(source.bills),),
            (day(source.first_bill_date),),
            (day(source.last_bill_date),),
        )
    )


def _rush(rhythm: Rhythm) -> tuple[Part, ...]:
    return (shown(rhythm.bills_recent), " in 8 weeks, usual are ", bare(rhythm.bills_usual))


def _rhythm(rhythm: Rhythm | None) -> tuple[Block, ...]:
    if rhythm is None:
        return (Line((f"Not told: {reason_text('no_bills')}.",)),)
    lines = [Line(("Your goods arrived in ", shown(rhythm.weeks_with_bills), " of 104."))]
    if rhythm.usual_gap.value is not None:
        lines.append(
            Line(
                (
                    "Your ",
                    Term("usual gap", "rhythm"),
                    " is ",
                    shown(rhythm.usual_gap),
                    ", the longest was ",
                    shown(rhythm.longest_gap),
                    "; the newest arrival is ",
                    shown(rhythm.since_last),
                    " old." if rhythm.is_overdue is False else " old: overdue, and they can see it.",
                )
            )
        )
    else:
        lines.append(Line((f"A rhythm is not told: {reason_text(rhythm.usual_gap.reason)}.",)))
    for gap in rhythm.gaps:
        lines.append(
            Line(("A gap of ", shown(gap.weeks), f": {day(gap.after)} to {day(gap.before)}. An empty shelf shows."))
        )
    words = "a rush shows" if rhythm.is_rush else "no rush shows"
    lines.append(Line((*_rush(rhythm), f": {words}.")))
    return tuple(lines)


def _hidden(mirror: Mirror) -> tuple[Block, ...]:
    lines: list[Line] = []
    if mirror.hidden_bills.value:
        lines.append(
            Line(
                (
                    shown(mirror.hidden_bills),
                    " that name you hide their supplier (",
                    shown(mirror.hidden_share),
                    " of your volume): how much you buy shows, from whom does not.",
                )
            )
        )
    else:
        lines.append(Line(("No bill that names you hides its supplier.",)))
    lines.append(
        Line(
            (
                "Bills that hide your own name look like anybody's and are not counted here. ",
                Term("Confidential treatment", "confidential"),
                " hides your name and your suppliers' names, spelling by spelling.",
            )
        )
    )
    return tuple(lines)


def _spellings(mirror: Mirror) -> tuple[Block, ...]:
    if not mirror.spellings:
        return (Line((f"Not told: {reason_text('no_bills')}.",)),)
    rare = sum(1 for item in mirror.spellings if item.is_rare)
    ways = counted(len(mirror.spellings) + (mirror.other_spellings.value or 0), "way")
    blocks: list[Block] = [
        Line(
            (
                f"Bills of 24 months write you in {ways}. A request for confidential treatment hides exactly the "
                "spellings that it lists, so each of these has to be on it; a new typing error leaks again.",
            )
        )
    ]
    if rare:
        blocks.append(Line((f"{counted(rare, 'of them is', 'of them are')} rare and easily forgotten.",)))
    heads = (Head(("name on the bill",)), Head(("address",)), Head(("bills",), True), Head(("last",)), Head(("",)))
    blocks.append(
        Table("Your own spellings, the most used first", heads, tuple(_spelling(item) for item in mirror.spellings))
    )
    if mirror.other_spellings.value:
        blocks.append(
            Line((shown(mirror.other_spellings, counted(mirror.other_spellings.value, "more spelling")), "."))
        )
    return tuple(blocks)


def _spelling(item: OwnSpelling) -> Cells:
    return Cells(
        (
            (item.raw_name or "not given",),
            (item.raw_address or "not given",),
            (bare(item.bills),),
            (day(item.last_bill_date),),
            ("rare" if item.is_rare else "",),
        )
    )


def _limits(mirror: Mirror) -> tuple[Block, ...]:
    week = mirror.as_of
    late = CAVEATS["late_records"].format(cut_off=day(week.cut_off), week=week.week, revision=week.revision)
    lines = [Line((CAVEATS["no_price"],)), Line((CAVEATS["sea_only"],)), Line((late,))]
    if mirror.company.confidence is not None and mirror.company.confidence < 0.9:
        lines.insert(0, Line(("That all these spellings are you is not certain.",), ASIDE))
    lines.append(Line((f"All volumes are in {unit_name(mirror.unit)}.",)))
    return tuple(lines)
