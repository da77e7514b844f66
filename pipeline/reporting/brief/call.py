"""The first section of a brief: what a buyer reads while the telephone rings."""

from __future__ import annotations

from typing import Final

from pipeline.formatting import CONTAINERS, clean, listed, number, reason_text, with_location
from pipeline.reporting.brief.facts import Brief, Talk
from pipeline.reporting.document.page import LEAD, QUOTE, Block, Line, Strong, Value, line, sentence, shown
from pipeline.reporting.figures import Figure, figure_text
from pipeline.reporting.questions import posture_text
from pipeline.thresholds import threshold

NAMED_ALTERNATIVES: Final = 2
"""Alternatives that the first lines name."""
NEEDS: Final = (
    (0.95, "cannot do without {}"),
    (0.5, "lean heavily on {}"),
    (0.25, "lean on {} somewhat"),
    (0.1, "need {} a little"),
    (0.0, "hardly need {}"),
)
"""How a need is called from a value on; the figures stand beside these words."""


def in_short(brief: Brief) -> tuple[Block, ...]:
    """What to do and to say, in the order of a call."""
    talk, row = brief.talk, brief.leverage
    lines = [_in_a_sentence(brief)]
    if talk is None or row is None:
        return (*lines, *_slack(brief))
    if talk.posture:
        lines.append(Line((Strong(clean(posture_text(talk.posture))),), LEAD, "What to do"))
    elif row.reason:
        lines.append(Line((f"No advice: {reason_text(row.reason)}.",), label="What to do"))
    lines += _quoted("Ask first", talk.opening_question)
    lines += _rival(brief, talk)
    lines += _quoted("They will ask", talk.their_question)
    lines += _quoted("Honest answer", talk.honest_answer)
    return (*lines, _offer(talk), *_elsewhere(brief), *_slack(brief))


def _quoted(label: str, text: str | None) -> list[Line]:
    return [Line((text,), QUOTE, label)] if text else []


def _in_a_sentence(brief: Brief) -> Line:
    row, own = brief.leverage, brief.standing
    if row is None or own is None:
        template = "The records of the year show no bill from {supplier} to you under your name."
        return line(template, LEAD, supplier=brief.supplier.name)
    if row.power.value is None:
        verdict = f"Who needs whom more cannot be told: {reason_text(row.reason)}."
    else:
        them, you = row.depends_supplier.value or 0.0, row.depends_buyer.value or 0.0
        verdict = f"They {_need(them, 'you')}, you {_need(you, 'them')}: {_balance(row.power.value)}."
    return line(
        "You are {ours} of what they ship to the US by sea; they are {theirs} of what you buy by sea. {verdict}",
        LEAD,
        ours=own.share,
        theirs=row.share_of_buyer,
        verdict=verdict,
    )


def _need(value: float, whom: str) -> str:
    """How much one side needs `whom`, as the words after `they` or `you`."""
    return next(words for least, words in NEEDS if value >= least).format(whom)


def _balance(power: float) -> str:
    strong = threshold("power_strong")
    if power >= strong:
        return "the balance is yours"
    return "the balance is theirs" if power <= -strong else "it is about even"


def _rival(brief: Brief, talk: Talk) -> list[Line]:
    if brief.rival is None:
        return []
    if talk.rival_monthly is None or brief.standing is None:
        template = "{rival} does not show among their named customers of the year."
        return [line(template, label="The rival", rival=brief.rival.name)]
    ours = brief.standing.monthly
    return [
        line(
            "{rival} takes {theirs} a month; we take {ours}. What would it take to be on their terms?",
            QUOTE,
            "With the rival",
            rival=brief.rival.name,
            theirs=talk.rival_monthly,
            ours=shown(ours, _without_unit(ours)),
        )
    ]


def _without_unit(figure: Figure) -> str:
    """Containers without their unit, where the sentence has named it."""
    return number(figure.value) if figure.unit == CONTAINERS and figure.value is not None else figure_text(figure)


def _offer(talk: Talk) -> Line:
    if talk.commitment.value is None:
        return Line((f"No volume to offer for a higher tier: {reason_text(talk.commitment.reason)}.",), label="Offer")
    tier = f"tier {clean(talk.next_tier)}" if talk.next_tier else "the next tier"
    template = f"{{volume}} more in a year, the others unchanged, reach the line of [{tier}](tier)"
    parts: list[str] = []
    values: dict[str, Value] = {"volume": talk.commitment}
    if talk.of_purchases.value is not None:
        parts.append("{of_purchases} of all that you buy by sea")
        values["of_purchases"] = talk.of_purchases
    if talk.of_slack.value is not None:
        parts.append("{of_slack} of their [spare capacity](spare)")
        values["of_slack"] = shown(talk.of_slack, "more than all" if talk.of_slack.value > 1 else None)
    return Line(sentence(template + (f": {' and '.join(parts)}." if parts else "."), **values), label="Offer")


def _slack(brief: Brief) -> list[Line]:
    """What a hungry supplier could take on."""
    if not brief.past.is_hungry:
        return []
    template = "they are hungry: the last 13 weeks are {use} of their best 13, {slack} of [spare capacity](spare)."
    return [line(template, label="Room there", use=brief.past.use, slack=brief.past.slack)]


def _elsewhere(brief: Brief) -> list[Line]:
    """Alternatives that the buyer does not use."""
    for item in brief.alternatives:
        unused = [one for one in item.listed if not one.already_supplies]
        if item.count.value and unused:
            best = listed([with_location(one.name, one.place) for one in unused[:NAMED_ALTERNATIVES]])
            others = "other [qualifies](alternative)" if item.count.value == 1 else "others [qualify](alternative)"
            template = f"in HS {item.hs4} {{count}} {others}; you do not buy from {{best}}."
            return [line(template, label="Elsewhere", count=item.count, best=best)]
    return []
