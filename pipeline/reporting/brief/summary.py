"""The first lines of a brief: what a buyer reads while the telephone rings."""

from __future__ import annotations

from typing import Final

from pipeline.formatting import CONTAINERS, clean, listed, number, reason_text, with_location
from pipeline.reporting.brief.facts import Brief
from pipeline.reporting.document.page import LEAD, QUOTE, Block, Line, Part, Strong, Term, shown
from pipeline.reporting.facts.rules import rule
from pipeline.reporting.figures import Figure, figure_text
from pipeline.reporting.questions import posture_text

NAMED_ALTERNATIVES: Final = 2
"""Alternatives that the first lines name."""
NEEDS: Final = (
    (0.95, "cannot do without {}"),
    (0.5, "lean heavily on {}"),
    (0.25, "lean on {} somewhat"),
    (0.1, "need {} a little"),
    (0.0, "hardly need {}"),
)
"""From which need on a side is said to do so: words, no measure; the figures stand beside them."""


def short(brief: Brief) -> tuple[Block, ...]:
    """What to do and to say, in the order of a call."""
    talk, row = brief.talk, brief.leverage
    lines: list[Line] = [Line(_in_a_sentence(brief), LEAD)]
    if talk is None or row is None:
        return (*lines, *_slack_line(brief))
    if talk.posture:
        lines.append(Line((Strong(clean(posture_text(talk.posture))),), LEAD, "What to do"))
    elif row.reason:
        lines.append(Line((f"No advice: {reason_text(row.reason)}.",), label="What to do"))
    if talk.questions.opening_question:
        lines.append(Line((clean(talk.questions.opening_question),), QUOTE, "Ask first"))
    if brief.rival is not None:
        lines.append(_rival_line(brief))
    if talk.questions.their_question:
        lines.append(Line((clean(talk.questions.their_question),), QUOTE, "They will ask"))
    if talk.questions.honest_answer:
        lines.append(Line((clean(talk.questions.honest_answer),), QUOTE, "Honest answer"))
    lines.append(_offer(brief))
    return (*lines, *_choice(brief), *_slack_line(brief))


def _in_a_sentence(brief: Brief) -> tuple[Part, ...]:
    row, standing = brief.leverage, brief.standing
    if row is None or standing is None:
        return (f"The records of the year show no bill from {brief.supplier.name} to you under your name.",)
    first: tuple[Part, ...] = (
        "You are ",
        shown(standing.share),
        " of what they ship to the US by sea; they are ",
        shown(row.share_of_buyer),
        " of what you buy by sea. ",
    )
    if row.power.value is None:
        return (*first, f"Who needs whom more cannot be told: {reason_text(row.reason)}.")
    them, you = row.depends_supplier.value or 0.0, row.depends_buyer.value or 0.0
    return (*first, f"They {_need(them, 'you')}, you {_need(you, 'them')}: {_verdict(row.power.value)}.")


def _need(value: float, whom: str) -> str:
    """How much one side needs `whom`, as the words after `they` or `you`."""
    return next(words for least, words in NEEDS if value >= least).format(whom)


def _verdict(power: float) -> str:
    strong = rule("power_strong")
    if power >= strong:
        return "the balance is yours"
    return "the balance is theirs" if power <= -strong else "it is about even"


def _rival_line(brief: Brief) -> Line:
    talk, standing, rival = brief.talk, brief.standing, brief.rival
    assert rival is not None
    if talk is None or talk.rival_monthly is None or standing is None:
        return Line((f"{rival.name} does not show among their named customers of the year.",), label="The rival")
    return Line(
        (
            f"{rival.name} takes ",
            shown(talk.rival_monthly),
            " a month; we take ",
            shown(standing.monthly, _bare(standing.monthly)),
            ". What would it take to be on their terms?",
        ),
        QUOTE,
        "With the rival",
    )


def _bare(figure: Figure) -> str:
    """Containers without their unit, where the sentence has named it."""
    return number(figure.value) if figure.unit == CONTAINERS and figure.value is not None else figure_text(figure)


def _offer(brief: Brief) -> Line:
    talk = brief.talk
    assert talk is not None
    if talk.commitment.value is None:
        return Line((f"No volume to offer for a higher tier: {reason_text(talk.commitment.reason)}.",), label="Offer")
    parts: list[Part] = [
        shown(talk.commitment),
        " more in a year, the others unchanged, reach the line of ",
        Term(f"tier {clean(talk.next_tier)}" if talk.next_tier else "the next tier", "tier"),
    ]
    if talk.of_purchases.value is not None:
        parts += [": ", shown(talk.of_purchases), " of all that you buy by sea"]
    if talk.of_slack.value is not None:
        whole = talk.of_slack.value > 1
        parts += [" and " if talk.of_purchases.value is not None else ": "]
        parts += [
            shown(talk.of_slack, "more than all" if whole else None),
            " of their ",
            Term("spare capacity", "spare"),
        ]
    return Line((*parts, "."), label="Offer")


def _slack_line(brief: Brief) -> tuple[Line, ...]:
    """What a hungry supplier could take on."""
    if not brief.past.is_hungry:
        return ()
    parts = (
        "they are hungry: the last 13 weeks are ",
        shown(brief.past.use),
        " of their best 13, ",
        shown(brief.past.slack),
    )
    return (Line((*parts, " of ", Term("spare capacity", "spare"), "."), label="Room there"),)


def _choice(brief: Brief) -> tuple[Line, ...]:
    """Alternatives that the buyer does not use."""
    for item in brief.alternatives:
        unused = [one for one in item.listed if not one.already_supplies]
        if item.count.value and unused:
            best = listed([with_location(one.name, one.place) for one in unused[:NAMED_ALTERNATIVES]])
            one = item.count.value == 1
            parts: tuple[Part, ...] = (f"in HS {item.hs4} ", shown(item.count), " other " if one else " others ")
            parts += (Term("qualifies" if one else "qualify", "alternative"),)
            return (Line((*parts, f"; you do not buy from {best}."), label="Elsewhere"),)
    return ()
