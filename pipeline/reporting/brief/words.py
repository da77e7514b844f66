"""The figures of a leverage row in words: how much each side needs the other, the balance, and what is open."""

from __future__ import annotations

from typing import Final

from pipeline.formatting import share_range
from pipeline.reporting.brief.facts import Brief, Leverage
from pipeline.reporting.figures import Figure
from pipeline.reporting.market import NONE, READY, SEEN, Market
from pipeline.thresholds import threshold

NEEDS: Final = (
    (0.95, "cannot do without {}"),
    (0.5, "lean heavily on {}"),
    (0.25, "lean on {} somewhat"),
    (0.1, "need {} a little"),
    (0.0, "hardly need {}"),
)
"""How a need is called from a value on."""
REPLACEABLE: Final = {
    "you": "would feel it if you left, though others could fill much of your place",
    "them": "buy a good part there, though you could turn to others",
}
"""How a small need is called that comes from a large share and ways out of it."""
BALANCES: Final = {"strong": "yours", "balanced": "about even", "weak": "theirs"}
WIDE: Final = 0.02
"""Width from which on the range of a share is given."""


def need(value: float, share: float | None, whom: str) -> str:
    """How much one side needs `whom` (`you` or `them`), as the words after `they` or `you`.

    A need is called small only where the share is: from a tenth on (`major_customer_share`) the share is felt.
    """
    words = next(words for least, words in NEEDS if value >= least)
    if words == NEEDS[-1][1] and (share or 0.0) >= threshold("major_customer_share"):
        return REPLACEABLE[whom]
    return words.format(whom)


def balance(power: Figure) -> str:
    """Whose the balance is; each answer that its range allows."""
    assert power.value is not None
    low, high = (power.value if end is None else end for end in (power.low, power.high))
    sides = [side for side in BALANCES if _reaches(side, low, high)]
    if len(sides) == len(BALANCES):
        return "whose the balance is stays open"
    if len(sides) == 1:
        return "it is about even" if sides[0] == "balanced" else f"the balance is {BALANCES[sides[0]]}"
    return f"the balance is {BALANCES['weak' if 'weak' in sides else 'strong']} or about even"


def _reaches(side: str, low: float, high: float) -> bool:
    line = threshold("power_strong")
    return {"strong": high >= line, "weak": low <= -line, "balanced": low < line and high > -line}[side]


def interval(figure: Figure) -> str | None:
    """The range of a figure of 0..1, where it is wide; None elsewhere."""
    if figure.value is None or figure.low is None or figure.high is None or figure.high - figure.low < WIDE:
        return None
    # a share of everything lies above the interval of its estimate
    return share_range(min(figure.low, figure.value), max(figure.high, figure.value))


def whatever_holds(market: Market) -> str:
    """What a buyer can do where the records do not say who needs whom, as a sentence."""
    statement = market.statement
    best = market.others[0][0] if market.others else "the other suppliers"
    if statement == READY:
        return f"Whatever holds, an offer from {best} is worth asking for: it has shown room for your volume."
    if statement == SEEN:
        return f"Whatever holds, ask {best} whether it could take your volume before you commit to any."
    if statement == NONE:
        return "Whatever holds, do not say that you could leave: no other steady supplier of these goods is in sight."
    if market.is_outside:
        return f"Export all imports of {market.goods} to see who else ships them."
    return "Whatever holds, find out under which HS code your goods are filed: it shows who else ships them."


def deciding_record(brief: Brief, row: Leverage) -> str:
    """What would narrow the range of power most, as a sentence."""
    ours, theirs = brief.standing.share_interval if brief.standing else None, row.share_of_buyer_interval
    ready = row.alternatives.value or 0
    way_out = row.supplier_substitutability.value or 0.0
    shown_way_out = min(way_out, ready / (ready + threshold("alternatives_half")))
    widths = {
        "ours": _width(ours) * (1 - (row.customer_substitutability.value or 0.0)),
        "theirs": _width(theirs) * (1 - way_out),
        "market": (row.share_of_buyer.value or 0.0) * (way_out - shown_way_out),
    }
    widest = max(widths, key=lambda name: widths[name])
    if widest == "market" and row.market.statement != READY and row.market.others:
        return f"An offer from {row.market.others[0][0]} that names its capacity would decide between them."
    if widest == "market":
        return "Offers that name the capacity of the other suppliers would decide between them."
    if widest == "theirs":
        text = interval(theirs)
        return f"Your own purchase orders would decide: by the bills they are {text or 'one figure'} of what you buy."
    text = interval(ours) if ours else None
    return f"More shipments would decide: those of the year put your share there at {text or 'one figure'}."


def _width(figure: Figure | None) -> float:
    return 0.0 if figure is None or figure.low is None or figure.high is None else figure.high - figure.low
