"""Statements of a brief that cannot both hold, found from its facts and its printed text."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.reporting.brief.facts import Brief, Leverage
from pipeline.reporting.brief.page import page_of
from pipeline.reporting.document.text import as_text
from pipeline.reporting.figures import Figure
from pipeline.reporting.market import NONE, READY
from pipeline.thresholds import threshold

NO_OTHER = ("no other steady supplier is in sight", "no other steady supplier of", "Nowhere soon")
SHIPS = ("have shown room", "has shown room", "records do not show")


def contradictions(brief: Brief) -> list[str]:
    """What contradicts what; empty where nothing does."""
    text = " ".join(as_text(page_of(brief)).split())
    found = [*_ranges(brief), *_standing(brief, text)]
    if brief.leverage is not None and brief.talk is not None:
        found += [*_posture(brief.leverage, text), *_market(brief, text)]
    return found


def _posture(row: Leverage, text: str) -> Iterator[str]:
    ready = row.alternatives.value or 0
    if not row.is_undetermined:
        if row.posture == "quote" and ready < 2:
            yield f"quote, with {ready} alternatives"
        if row.posture == "build" and ready >= 2:
            yield f"build, with {ready} alternatives"
    if row.is_undetermined != ("Two answers fit the records." in text):
        yield "an open posture is given as settled, or the reverse"
    if row.is_undetermined and "would decide" not in text:
        yield "an open posture does not name the record that decides"
    major = threshold("major_customer_share")
    for words, share in (("They hardly need you", row.share_of_supplier), ("you hardly need them", row.share_of_buyer)):
        if words in text and (share.value or 0) >= major:
            yield f"{words}, with a share of {share.value:.2f}"


def _market(brief: Brief, text: str) -> Iterator[str]:
    row, talk = brief.leverage, brief.talk
    assert row is not None
    assert talk is not None
    answer = talk.honest_answer or ""
    if row.market.statement == NONE and any(words in answer for words in SHIPS):
        yield f"none is seen, and the answer names some: {answer}"
    if row.market.statement != NONE and any(words in answer for words in NO_OTHER):
        yield f"others are seen, and the answer denies them: {answer}"
    if row.market.statement != READY and "shown room for our volume" in answer:
        yield f"no room is shown, and the answer claims it: {answer}"
    for item in brief.alternatives:
        if (item.market.statement == NONE) != (not item.listed):
            yield f"HS {item.hs4}: {item.market.statement}, and {len(item.listed)} are listed"
        if any(one.supplier_id == brief.supplier.entity_id for one in item.listed):
            yield f"HS {item.hs4}: the supplier is its own alternative"
        if any(one.grade == "A" for one in item.listed) != (item.market.statement == READY):
            yield f"HS {item.hs4}: {item.market.statement}, and grades {[one.grade for one in item.listed]}"
    if "no other steady supplier is in sight" in text and any(item.listed for item in brief.alternatives):
        yield "no alternative in sight, and some are listed"


def _standing(brief: Brief, text: str) -> Iterator[str]:
    own = brief.standing
    if own is None:
        return
    if own.rank.value == 1 and "Your largest US customer takes" in text:
        yield "the largest customer is spoken of as another one"
    if own.rank.value != 1 and "We are your largest visible US customer" in text:
        yield "a smaller customer is spoken of as the largest"
    if own.tier and own.tiers and not own.tiers[0] >= own.tier >= own.tiers[1]:
        yield f"tier {own.tier} outside {own.tiers}"
    if brief.past.is_hungry and "no spare capacity shows" in text:
        yield "hungry, without spare capacity"


def _ranges(brief: Brief) -> Iterator[str]:
    rows = (*brief.products, *((brief.leverage,) if brief.leverage else ()))
    figures: list[Figure] = [figure for row in rows for figure in vars(row).values() if isinstance(figure, Figure)]
    for figure in figures:
        if None in (figure.value, figure.low, figure.high):
            continue
        if not figure.low <= figure.high:  # type: ignore[operator]
            yield f"{figure.key}: {figure.low} to {figure.high}"
