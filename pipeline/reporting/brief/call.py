"""The first section of a brief: what a buyer reads while the telephone rings."""

from __future__ import annotations

from pipeline.formatting import KG, listed, reason_text, times
from pipeline.plain_text import clean, with_location
from pipeline.reporting.brief.facts import Brief, Leverage, Talk
from pipeline.reporting.brief.words import balance, deciding_record, interval, need, whatever_holds
from pipeline.reporting.document.page import (
    LEAD,
    QUOTE,
    Block,
    Line,
    Strong,
    Value,
    bare,
    line,
    sentence,
    shown,
    weights,
)
from pipeline.reporting.facts.loaded import OUTSIDE, export_sentence, shipments_of
from pipeline.reporting.market import NAMED
from pipeline.reporting.questions import posture_text


def in_short(brief: Brief) -> tuple[Block, ...]:
    """What to do and to say, in the order of a call."""
    talk, row = brief.talk, brief.leverage
    lines = [_in_a_sentence(brief)]
    if talk is None or row is None:
        return (*lines, *_slack(brief))
    if row.posture:
        lines.append(_advice(brief, row))
    elif row.reason:
        text = f"These records do not show who needs whom. {whatever_holds(row.market)}"
        if row.reason == OUTSIDE:
            text = export_sentence(brief.loaded.exports, "see who needs whom")
        lines.append(Line((text,), LEAD, "What to do"))
    lines += _quoted("Ask first", talk.opening_question)
    lines += _rival(brief, talk)
    lines += _quoted("They will ask", talk.their_question)
    lines += _quoted("Honest answer", talk.honest_answer)
    return (*lines, *_offer(brief, talk), *_elsewhere(brief), *_slack(brief))


def _advice(brief: Brief, row: Leverage) -> Line:
    """What to do; where two postures fit, both and what record would decide between them."""
    first, second = (clean(posture_text(posture)) for posture in (row.posture, row.second))
    if not second:
        return Line((Strong(first),), LEAD, "What to do")
    both = Strong(f"Two answers fit the records. Either: {first} Or: {second}")
    return Line((both, f" {whatever_holds(row.market)} {deciding_record(brief, row)}"), LEAD, "What to do")


def _quoted(label: str, text: str | None) -> list[Line]:
    return [Line((text,), QUOTE, label)] if text else []


def _in_a_sentence(brief: Brief) -> Line:
    row, own = brief.leverage, brief.standing
    if row is None or own is None:
        template = "The records of the year show no bill from {supplier} to you under your name."
        return line(template, LEAD, supplier=brief.supplier.name)
    if row.reason == OUTSIDE:
        verdict = "Who needs whom more is not known: the files loaded do not hold all of it."
    elif row.power.value is None:
        verdict = f"Who needs whom more is not known: {reason_text(row.reason)}."
    else:
        them = need(row.depends_supplier.value or 0.0, own.share.value, "you")
        you = need(row.depends_buyer.value or 0.0, row.share_of_buyer.value, "them")
        verdict = f"They {them}; you {you}: {balance(row.power)}."
    ours, theirs = (
        f" ({text})" if (text := interval(figure)) else ""
        for figure in (own.share_interval, row.share_of_buyer_interval)
    )
    goods = row.of_goods
    first = f"You are {{ours}}{{range}} of what they ship{goods if row.is_of_product else ''} to the US by sea"
    second = f"they are {{theirs}}{{other_range}} of what you buy{goods} by sea"
    if not own.share.value:
        first = "What part of their shipments is yours is not known"
    if not row.share_of_buyer.value:
        second = "what part of your purchases they are is not known"
    return line(
        f"{first}; {second}. {{verdict}}",
        LEAD,
        ours=own.share,
        range=ours,
        theirs=row.share_of_buyer,
        other_range=theirs,
        verdict=verdict,
    )


def _rival(brief: Brief, talk: Talk) -> list[Line]:
    if brief.rival is None:
        return []
    if talk.rivals is None or talk.ours is None:
        template = "{rival} does not show among their named customers of the year."
        return [line(template, label="The rival", rival=brief.rival.name)]
    ours, theirs = talk.ours, talk.rivals
    unit = weights((ours, theirs)) if ours.unit == KG else None
    return [
        line(
            f"{{rival}} takes {{theirs}} {talk.period}; we take {{ours}}. What would it take to be on their terms?",
            QUOTE,
            "With the rival",
            rival=brief.rival.name,
            theirs=shown(theirs, unit.text(theirs.value) if unit else None),
            ours=shown(ours, unit.beside(ours.value)) if unit else bare(ours),
        )
    ]


def _offer(brief: Brief, talk: Talk) -> list[Line]:
    if not brief.loaded.supplier:
        exports = (shipments_of(brief.supplier.name),)
        return [Line((export_sentence(exports, "see which volume would raise your tier"),), label="Offer")]
    if talk.commitment.value is None:
        return [Line((f"No volume to offer: {reason_text(talk.commitment.reason)}.",), label="Offer")]
    if not talk.commitment.value:
        return [Line((f"none needed: you are just past the line of tier {clean(talk.next_tier)}.",), label="Offer")]
    tier = f"tier {clean(talk.next_tier)}" if talk.next_tier else "the next tier"
    template = f"{{volume}} more in a year would bring you to the line of [{tier}](tier), the others unchanged"
    parts: list[str] = []
    values: dict[str, Value] = {"volume": talk.commitment}
    if talk.of_purchases.value is not None:
        parts.append("{of_purchases} all that you buy by sea")
        values["of_purchases"] = shown(talk.of_purchases, times(talk.of_purchases.value).removesuffix(" what"))
    if talk.of_slack.value is not None:
        parts.append("{of_slack} of their [spare capacity](spare)")
        values["of_slack"] = shown(talk.of_slack, "more than all" if talk.of_slack.value > 1 else None)
    text = template + (f"; that is {' and '.join(parts)}." if parts else ".")
    return [Line(sentence(text, **values), label="Offer")]


def _slack(brief: Brief) -> list[Line]:
    """What a hungry supplier could take on."""
    if not brief.past.is_hungry:
        return []
    past, span = brief.past, brief.past.window_weeks
    template = (
        f"they are hungry: the last {span} weeks are {{use}} of their best {span}, with {{slack}} to [spare](spare)."
        if past.last_window.value
        else f"they shipped nothing in the last {span} weeks, and {{best}} in their best {span}."
    )
    return [line(template, label="Room there", use=past.use, slack=past.slack, best=past.best_window)]


def _elsewhere(brief: Brief) -> list[Line]:
    """The first market with suppliers that the buyer does not use."""
    for item in brief.alternatives:
        ready = [one for one in item.listed if one.grade == "A"][:NAMED]
        named = ready or item.listed[:NAMED]
        if named and not any(one.already_supplies for one in named):
            names = listed([with_location(one.name, one.place) for one in named])
            ship = "has" if len(named) == 1 else "have"
            shows = f"{ship} shown room in HS {item.hs4}" if ready else f"{ship} shipped HS {item.hs4} before"
            if named[0].grade == named[-1].grade == "B":
                shows = f"{'ships' if len(named) == 1 else 'ship'} HS {item.hs4}"
            unused = "you do not buy from it" if len(named) == 1 else "you buy from neither"
            return [Line((f"{names} {shows}; {unused} today.",), label="Elsewhere")]
    return []
