"""Which bills stand behind the figures of a brief."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pipeline.plain_text import clean
from pipeline.reporting.brief.facts import Brief
from pipeline.reporting.facts.bills import Wanted
from pipeline.reporting.facts.published_week import Reading
from pipeline.reporting.figures import Figure
from pipeline.thresholds import CAPACITY_WEEKS, QUARTER_WEEKS, YEAR_WEEKS

YEAR_TEXT = "52 weeks"
PAST_TEXT = "up to three years"


def wanted(brief: Brief, reading: Reading) -> list[Wanted]:
    """The sets of bills that the figures of a brief name."""
    return [*_of_supplier(brief, reading), *_of_customers(brief, reading), *_of_buyer(brief, reading)]


def _of_supplier(brief: Brief, reading: Reading) -> Iterator[Wanted]:
    """All bills of the supplier, in the spans that the figures are of."""
    them, unit, whole = brief.supplier.entity_id, brief.unit, f"all of {brief.supplier.name}"
    year, past = reading.window(YEAR_WEEKS), reading.window(CAPACITY_WEEKS)
    unnamed = f"{brief.supplier.name} to buyers not named"
    yield Wanted(
        "supplier.year", f"{whole}, {YEAR_TEXT}", unit, *year, supplier_id=them, frozen=brief.supplier_volume.value
    )
    yield Wanted("supplier.quarter", f"{whole}, last 13 weeks", unit, *reading.window(QUARTER_WEEKS), supplier_id=them)
    span = brief.past.window_weeks
    if brief.past.best_start is not None:
        best = (brief.past.best_start, brief.past.best_start + timedelta(weeks=span - 1))
        yield Wanted("supplier.best", f"{whole}, its best {span} weeks", unit, *best, supplier_id=them)
        yield Wanted("supplier.window", f"{whole}, last {span} weeks", unit, *reading.window(span), supplier_id=them)
    yield Wanted("supplier.past", f"{whole}, {PAST_TEXT}", unit, *past, supplier_id=them)
    yield Wanted("supplier.unnamed", f"{unnamed}, {YEAR_TEXT}", unit, *year, supplier_id=them, unnamed="consignee")
    yield Wanted("supplier.unnamed.past", f"{unnamed}, {PAST_TEXT}", unit, *past, supplier_id=them, unnamed="consignee")


def _of_customers(brief: Brief, reading: Reading) -> Iterator[Wanted]:
    """Bills to single customers."""
    them, unit, name = brief.supplier.entity_id, brief.unit, brief.supplier.name
    year, past = reading.window(YEAR_WEEKS), reading.window(CAPACITY_WEEKS)
    for item in brief.customers:
        title = f"{name} to {item.name}, {YEAR_TEXT}"
        frozen, who = item.volume.value, item.consignee_id
        yield Wanted(_key(item.volume), title, unit, *year, supplier_id=them, consignee_id=who, frozen=frozen)
    for event in brief.customer_events or ():
        title = f"{name} to {clean(event.name)}, {PAST_TEXT}"
        yield Wanted(_key(event.share), title, unit, *past, supplier_id=them, consignee_id=event.consignee_id)


def _of_buyer(brief: Brief, reading: Reading) -> Iterator[Wanted]:
    """Bills of the buyer, and those of the suppliers that it could turn to."""
    us, them, name = brief.buyer.entity_id, brief.supplier.entity_id, brief.supplier.name
    year, past = reading.window(YEAR_WEEKS), reading.window(CAPACITY_WEEKS)
    if brief.leverage is not None:
        all_, title = brief.leverage.bought, f"all that names {brief.buyer.name}, {YEAR_TEXT}"
        yield Wanted(_key(all_), title, all_.unit, *year, consignee_id=us, frozen=all_.value)
    for row in brief.products:
        ours, all_, product = row.volume, row.bought, f"HS {row.hs4}, {YEAR_TEXT}"
        title, hs4 = f"{name} to {brief.buyer.name}, {product}", row.hs4
        yield Wanted(_key(ours), title, ours.unit, *year, supplier_id=them, consignee_id=us, hs4=hs4, frozen=ours.value)
        title = f"all that names {brief.buyer.name}, {product}"
        yield Wanted(_key(all_), title, all_.unit, *year, consignee_id=us, hs4=hs4, frozen=all_.value)
    for item in brief.alternatives:
        for one in item.listed:
            title, unit = f"{one.name}, HS {item.hs4}, {PAST_TEXT}", one.spare_capacity.unit
            yield Wanted(_key(one.spare_capacity), title, unit, *past, supplier_id=one.supplier_id, hs4=item.hs4)
    for move in brief.consolidation:
        title, who, moved = (
            f"{move.name} to {brief.buyer.name}, HS {move.hs4}, {YEAR_TEXT}",
            move.supplier_id,
            move.moved,
        )
        yield Wanted(
            _key(moved), title, moved.unit, *year, supplier_id=who, consignee_id=us, hs4=move.hs4, frozen=moved.value
        )


def _key(figure: Figure) -> str:
    """The key of the bills behind a figure that has some."""
    if figure.bills is None:
        raise ValueError(f"{figure.key} names no bills")
    return figure.bills
