"""A brief in plain sentences, section by section."""

from __future__ import annotations

from pipeline.formatting import day, with_location
from pipeline.reporting.brief.caveats import Caveats
from pipeline.reporting.brief.facts import Brief
from pipeline.reporting.brief.market import alternatives, customer_events, limits, past
from pipeline.reporting.brief.sides import customers, needs, standing
from pipeline.reporting.brief.summary import short
from pipeline.reporting.document.page import Page, Section


def page_of(brief: Brief, *, has_evidence: bool = False) -> Page:
    """The page of a brief."""
    told = Caveats(brief)
    week = brief.as_of
    return Page(
        kind="brief",
        title=f"Before you call {brief.supplier.name}",
        subtitle=(
            f"Negotiation brief for {with_location(brief.buyer.name, brief.buyer.place)}",
            f"Supplier: {with_location(brief.supplier.name, brief.supplier.place)}",
            f"As of week {week.week}; the year is {day(week.year_start)} to {day(week.last_day)}",
        ),
        sections=(
            Section("short", "In short", short(brief)),
            Section("standing", "Where you stand", standing(brief, told)),
            Section("customers", "Who else buys there", customers(brief, told)),
            Section("needs", "Who needs whom", needs(brief, told)),
            Section("alternatives", "What else you could do", alternatives(brief, told)),
            Section("past", "How they are doing", past(brief, told)),
            Section("moves", "Customers they just lost and won", customer_events(brief, told)),
            Section("limits", "What these records cannot show", limits(brief, told)),
        ),
        bill_sets=brief.bill_sets,
        has_evidence=has_evidence,
    )
