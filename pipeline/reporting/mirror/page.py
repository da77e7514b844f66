"""The page of a mirror: what a sales rep can read about a company."""

from __future__ import annotations

from typing import Final

from pipeline.formatting import TEU, counted, day, listed, reason_text
from pipeline.reporting.document.page import (
    ASIDE,
    LEAD,
    Block,
    Head,
    Line,
    Page,
    Section,
    Strong,
    Value,
    bare,
    line,
    numeric,
    shown,
    table,
)
from pipeline.reporting.document.terms import CAVEATS
from pipeline.reporting.facts.loaded import export_sentence, imports_of
from pipeline.reporting.mirror.facts import Mirror, NameVariant, Rhythm, SeenProduct, Source

UNKNOWN: Final = "unknown"
DOUBTFUL: Final = 0.9
"""Confidence under which it is said that the name variants may be of two companies."""


def mirror_page(mirror: Mirror, *, has_evidence: bool = False) -> Page:
    """The page of a mirror."""
    week = mirror.as_of
    location = f" ({mirror.company.place})" if mirror.company.place else ""
    return Page(
        kind="mirror",
        title=f"What a supplier can see about {mirror.company.name}",
        subtitle=(
            f"Mirror{location}, as of week {week.week} (to {day(week.last_day)}); 24 months: {day(mirror.since)} to "
            f"{day(week.last_day)}",
        ),
        sections=(
            Section("short", "In short", _short(mirror)),
            Section("products", "Your sources, product by product", _products(mirror)),
            Section("rhythm", "Your rhythm of orders", _rhythm(mirror)),
            Section("hidden", "What is hidden", _hidden(mirror)),
            Section("spellings", "Your name on bills", _name_variants(mirror)),
            Section("limits", "What these records cannot show", _limits(mirror)),
        ),
        bill_sets=mirror.bill_sets,
        has_evidence=has_evidence,
    )


def _short(mirror: Mirror) -> tuple[Block, ...]:
    if not mirror.bills.value:
        return (line("No bill of 24 months names you: a sales rep sees nothing under this name.", LEAD),)
    least = "" if mirror.is_whole else "at least "
    suppliers = "supplier" if mirror.suppliers.value == 1 else "suppliers"
    lines = [
        line(
            f"A sales rep sees {least}{{bills}} of yours in 24 months ({{volume}}) "
            f"from {{count}} [named](named) {suppliers}.",
            LEAD,
            bills=mirror.bills,
            volume=mirror.volume,
            count=mirror.suppliers,
        )
    ]
    if not mirror.is_whole:
        lines.append(line(_fetch(mirror, "see all that a sales rep sees"), LEAD))
    known = [item for item in mirror.products if item.hs4 != UNKNOWN and item.is_whole]
    alone = [item for item in known if item.no_second_source]
    if alone:
        names = listed([_product_name(item) for item in alone])
        lines.append(Line((Strong(f"No second source shows in {names}: your supplier can read that."),), LEAD))
    elif known:
        lines.append(line("In every product that is listed a second source shows.", LEAD))
    rhythm = mirror.rhythm
    if rhythm is not None and rhythm.is_overdue:
        lines.append(line("Nothing has arrived for {since}: a shelf may look empty.", since=rhythm.since_last))
    if rhythm is not None and rhythm.is_rush:
        lines.append(
            _rush("Your last weeks look like a rush: {recent} in 8 weeks, where {usual} would be usual.", rhythm)
        )
    return tuple(lines)


def _fetch(mirror: Mirror, purpose: str) -> str:
    return export_sentence((imports_of(mirror.company.name),), purpose)


def _product_name(item: SeenProduct) -> str:
    if item.hs4 == UNKNOWN:
        return "Cargo without a product"
    return f"HS {item.hs4} ({item.product})" if item.product else f"HS {item.hs4}"


def _products(mirror: Mirror) -> tuple[Block, ...]:
    if not mirror.products:
        return (Line((f"Not known: {reason_text('no_bills')}.",)),)
    blocks = [block for item in mirror.products for block in _product(item)]
    others = mirror.other_products
    if others.value:
        blocks.append(line("{count} more.", count=shown(others, counted(others.value, "smaller product"))))
    return tuple(blocks)


def _product(item: SeenProduct) -> list[Block]:
    name, is_known = _product_name(item), item.hs4 != UNKNOWN
    template = "{name}: {volume}"
    if item.count.value:
        template += " from {suppliers}"
    if item.hidden.value:
        template += "; {hidden} names no supplier"
    template += "." + (_flags(item) if is_known else "")
    suppliers = shown(item.count, counted(item.count.value or 0, "named supplier"))
    blocks: list[Block] = [line(template, name=name, volume=item.volume, suppliers=suppliers, hidden=item.hidden)]
    if item.sources:
        share = [numeric("share")] if item.is_whole else []
        heads: tuple[str | Head, ...] = (
            "supplier",
            "where",
            *share,
            numeric("volume"),
            numeric("bills"),
            "first",
            "last",
        )
        rows = [_source(source, is_whole=item.is_whole) for source in item.sources]
        blocks.append(table(f"Suppliers of {name}, 24 months", heads, rows))
    return [*blocks, _second(item)] if is_known else blocks


def _flags(item: SeenProduct) -> str:
    template = " They see no second source." if item.no_second_source else ""
    if item.market is None:
        return f"{template} Whether others ship it is not known: you bought none of it in the year of this week."
    seen = "" if item.market.is_outside else " They can see that as well."
    return f"{template} {item.market.sentence('your', 'it')}{seen}"


def _second(item: SeenProduct) -> Line:
    tried = item.second_tried
    if tried is None and not item.is_whole:
        return line("Whether you tried another source is not known: not all of your bills are loaded.")
    if tried is None:
        return line("Last second source tried: none in 24 months.")
    template = "Last second source tried: {supplier}, first on {first}, {bills}"
    template += " so far." if tried.is_current else "; none since {last}."
    first, last = day(tried.first_bill_date), day(tried.last_bill_date)
    return line(template, supplier=tried.name, first=first, bills=tried.bills, last=last)


def _source(source: Source, *, is_whole: bool) -> tuple[Value, ...]:
    return (
        source.name,
        source.place or "not known",
        *([source.share] if is_whole else []),
        source.volume,
        bare(source.bills),
        day(source.first_bill_date),
        day(source.last_bill_date),
    )


def _rush(template: str, rhythm: Rhythm) -> Line:
    return line(template, recent=rhythm.bills_recent, usual=bare(rhythm.bills_usual))


def _rhythm(mirror: Mirror) -> tuple[Block, ...]:
    rhythm = mirror.rhythm
    if not mirror.is_whole:
        return (line(_fetch(mirror, "see your rhythm and its gaps")),)
    if rhythm is None:
        return (Line((f"Not known: {reason_text('no_bills')}.",)),)
    lines = [line("Your goods arrived in {weeks} of 104.", weeks=rhythm.weeks_with_bills)]
    if rhythm.usual_gap.value is not None:
        template = "Your [usual gap](rhythm) is {usual}, the longest was {longest}; the newest arrival is {since} old"
        template += ": overdue, and they can see it." if rhythm.is_overdue else "."
        lines.append(line(template, usual=rhythm.usual_gap, longest=rhythm.longest_gap, since=rhythm.since_last))
    else:
        lines.append(Line((f"A rhythm is not known: {reason_text(rhythm.usual_gap.reason)}.",)))
    lines += [
        line(
            "A gap of {weeks}: {after} to {before}. An empty shelf shows.",
            weeks=gap.weeks,
            after=day(gap.after),
            before=day(gap.before),
        )
        for gap in rhythm.gaps
    ]
    verdict = "a rush shows" if rhythm.is_rush else "no rush shows"
    return (*lines, _rush(f"{{recent}} in 8 weeks, where {{usual}} would be usual: {verdict}.", rhythm))


def _hidden(mirror: Mirror) -> tuple[Block, ...]:
    hides = (
        line(
            "{bills} that name you hide their supplier ({share} of your volume): how much you buy shows, from whom does"
            " not.",
            bills=mirror.hidden_bills,
            share=mirror.hidden_share,
        )
        if mirror.hidden_bills.value
        else line(f"No bill {'' if mirror.is_whole else 'loaded '}that names you hides its supplier.")
    )
    own = line(
        "Bills that hide your own name look like anybody's and are not counted here. [Confidential "
        "treatment](confidential) hides your name and your suppliers' names, spelling by spelling."
    )
    return (hides, own)


def _name_variants(mirror: Mirror) -> tuple[Block, ...]:
    if not mirror.spellings:
        return (Line((f"Not known: {reason_text('no_bills')}.",)),)
    others = mirror.other_spellings
    rare = sum(1 for item in mirror.spellings if item.is_rare)
    ways = counted(len(mirror.spellings) + (others.value or 0), "way")
    blocks: list[Block] = [
        line(
            "Bills of 24 months write you in {ways}. A request for confidential treatment hides exactly the spellings "
            "that it lists, so each of these has to be on it; a new typing error leaks again.",
            ways=ways,
        )
    ]
    if rare:
        which = "All of them are" if rare == len(mirror.spellings) > 1 else counted(rare, "of them is", "of them are")
        blocks.append(Line((f"{which} rare and easily forgotten.",)))
    heads = ("name on the bill", "address", numeric("bills"), "last", "")
    rows = [_name_variant(item) for item in mirror.spellings]
    blocks.append(table("Your own spellings, the most used first", heads, rows))
    if others.value:
        blocks.append(line("{count}.", count=shown(others, counted(others.value, "more spelling"))))
    return tuple(blocks)


def _name_variant(item: NameVariant) -> tuple[Value, ...]:
    rare = "rare" if item.is_rare else ""
    name, address = item.raw_name or "not given", item.raw_address or "not given"
    return (name, address, bare(item.bills), day(item.last_bill_date), rare)


def _limits(mirror: Mirror) -> tuple[Block, ...]:
    week, company = mirror.as_of, mirror.company
    late = CAVEATS["late_records"].format(cut_off=day(week.cut_off), week=week.week, revision=week.revision)
    doubt = (
        [line("That all these spellings are you is not certain.", ASIDE)]
        if company.confidence is not None and company.confidence < DOUBTFUL
        else []
    )
    unit = "TEU" if mirror.unit == TEU else "weight"
    limits = (CAVEATS["no_price"], CAVEATS["sea_only"], late, f"All volumes are in {unit}.")
    return (*doubt, *(Line((text,)) for text in limits))
