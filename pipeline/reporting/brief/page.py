"""The page of a brief: its sections in reading order."""

from __future__ import annotations

from pipeline.formatting import counted, day
from pipeline.plain_text import with_location
from pipeline.reporting.brief import market, needs, position
from pipeline.reporting.brief.call import in_short
from pipeline.reporting.brief.caveats import Caveats
from pipeline.reporting.brief.facts import Brief
from pipeline.reporting.document.page import Block, Line, Page, Section, line


def page_of(brief: Brief, *, has_evidence: bool = False) -> Page:
    """The page of a brief."""
    caveats, week = Caveats(brief), brief.as_of
    return Page(
        kind="brief",
        title=f"Before you call {brief.supplier.name}",
        subtitle=(
            f"Negotiation brief for {with_location(brief.buyer.name, brief.buyer.place)}",
            f"Supplier: {with_location(brief.supplier.name, brief.supplier.place)}",
            f"As of week {week.week}; the year is {day(week.year_start)} to {day(week.last_day)}",
        ),
        sections=(
            Section("short", "In short", in_short(brief)),
            Section("standing", "Where you stand", position.standing(brief, caveats)),
            Section("customers", "Who else buys there", position.customers(brief, caveats)),
            Section("needs", "Who needs whom", needs.needs(brief, caveats)),
            Section("alternatives", "What else you could do", market.alternatives(brief, caveats)),
            Section("past", "How they are doing", market.past(brief, caveats)),
            Section("moves", "Customers they just lost and won", market.customer_events(brief, caveats)),
            Section("limits", "What these records cannot show", _limits(brief, caveats)),
        ),
        bill_sets=brief.bill_sets,
        has_evidence=has_evidence,
    )


def _limits(brief: Brief, caveats: Caveats) -> tuple[Block, ...]:
    """What bears on everything."""
    lines = [Line(item.parts) for item in caveats.rest()]
    if brief.as_of.waived_days:
        days = counted(brief.as_of.waived_days, "release day")
        lines.append(line("{days} of the year never came: what was to be in them is in no figure.", days=days))
    return tuple(lines)
