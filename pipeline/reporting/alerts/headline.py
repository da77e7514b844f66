"""The first sentence of an alert: who did what, from what to what.

Nothing is claimed that manifests do not show: a customer is silent, not "gone"; a name is not shown, not "hidden".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from pipeline.formatting import NumberFormat, day
from pipeline.thresholds import threshold

Row = dict[str, Any]

TIERS: Final = "ABCD"


@dataclass(frozen=True)
class Cast:
    """Who plays in an alert, by name.

    Attributes:
        customer: the customer that it is about, or that moved most; None where it has no name.
        is_own: whether the customer is the watcher's own company.
    """

    supplier: str
    customer: str | None
    company: str | None
    is_own: bool = False


def headline(row: Row, cast: Cast, numbers: NumberFormat, taken_back: Row | None = None) -> str:
    """One sentence: who did what, from what to what.

    Args:
        row: of `fct_alert`.
        cast: who plays in it.
        numbers: how figures are printed.
        taken_back: of a retraction: the row of the alert that it takes back.
    """
    if row["alert_type"] == "retracted":
        if taken_back is None:
            return f"Taken back: an earlier alert about {cast.supplier}."
        earlier = headline(taken_back, cast, numbers)
        week = taken_back["as_of_week"]
        return f"Taken back, late records do not bear out what was reported in week {week}: {earlier}"
    text: str = _HEADLINES[row["alert_type"]](row, cast, numbers)
    return text[:1].upper() + text[1:]


def _lost(row: Row, cast: Cast, numbers: NumberFormat) -> str:
    since = day(row["window_start_date"])
    return f"{_who(cast)} has received nothing from {cast.supplier} since {since}: {_span(row, numbers)}."


def _won(row: Row, cast: Cast, numbers: NumberFormat) -> str:
    return f"{_who(cast)} is new at {cast.supplier}: {_span(row, numbers)}."


def _shifted(row: Row, cast: Cast, numbers: NumberFormat) -> str:
    what = cast.customer or "what names no customer"
    return f"the customers of {cast.supplier} have shifted: {what} went {_span(row, numbers)}."


def _dark(row: Row, cast: Cast, numbers: NumberFormat) -> str:
    return (
        f"{_who(cast)} no longer shows at {cast.supplier} ({_span(row, numbers)}), and bills without a name rose by as "
        "much: it may buy on unseen."
    )


def _back(row: Row, cast: Cast, numbers: NumberFormat) -> str:
    return (
        f"{_who(cast)} shows again at {cast.supplier} ({_span(row, numbers)}), and bills without a name fell by as "
        "much: an old customer, not a new one."
    )


def _tier(row: Row, cast: Cast, numbers: NumberFormat) -> str:
    before, _, after = row["threshold"].partition(">")
    way = "up" if tier_direction(row) == "up" else "down"
    span = f"from {numbers.share(row['from_value'])} of its volume to {numbers.share(row['to_value'])}"
    if way != direction(row):
        # the last tier is of a week before the windows that are compared
        span = f"it has {numbers.share(row['to_value'])} of its volume"
    return f"{_who(cast)} moved {way} from tier {before} to {after} at {cast.supplier}: {span}."


def _concentration(row: Row, cast: Cast, numbers: NumberFormat) -> str:
    way = direction(row)
    if row["value_unit"] == "hhi":
        line = numbers.decimal(float(row["threshold"].split("_")[1]))  # the line when the week was frozen
        more = "on fewer customers" if way == "up" else "on more customers"
        span = f"{numbers.decimal(row['from_value'])} to {numbers.decimal(row['to_value'])}"
        return f"{cast.supplier} leans {more} than before: concentration (HHI) from {span}, past {line}."
    span = f"from {numbers.share(row['from_value'])} of its volume to {numbers.share(row['to_value'])}"
    became = "has become a major customer" if way == "up" else "is no major customer any more"
    return f"{_who(cast)} {became} of {cast.supplier}: {span} (line {numbers.share(threshold('tier_b_share'))})."


def _gone(row: Row, cast: Cast, numbers: NumberFormat) -> str:
    whom = "you" if cast.is_own else cast.customer or "the buyer"
    others = numbers.counted(row["from_value"], "other supplier")
    were = "was" if others.startswith("1 ") else "were"
    return f"{others} of HS {row['threshold']} {were} in sight for {whom} beside {cast.supplier}; now none is."


def _slack(row: Row, cast: Cast, numbers: NumberFormat) -> str:
    part = numbers.share(row["to_value"])
    if not row["to_value"]:
        return f"{cast.supplier} has room: it shipped nothing in its last 13 weeks."
    return f"{cast.supplier} has room: its last 13 weeks are at {part} of its best 13 of the year."


_HEADLINES: Final = {
    "customer_lost": _lost,
    "customer_won": _won,
    "mix_shifted": _shifted,
    "went_dark": _dark,
    "resurfaced": _back,
    "tier_crossed": _tier,
    "concentration_crossed": _concentration,
    "alternatives_gone": _gone,
    "slack_opened": _slack,
}


def _who(cast: Cast) -> str:
    name = cast.customer or "a customer"
    return f"{name} (your own company)" if cast.is_own else name


def _span(row: Row, numbers: NumberFormat) -> str:
    before = numbers.share(row["from_value"]) if row["from_value"] else "none"
    return f"from {before} of its bills to {numbers.share(row['to_value'])}"


def direction(row: Row) -> str:
    """Return `up` or `down`: where the figure went."""
    return "down" if (row["to_value"] or 0) < (row["from_value"] or 0) else "up"


def tier_direction(row: Row) -> str:
    """Return `up` or `down`: where the tier went."""
    before, _, after = row["threshold"].partition(">")
    return "up" if TIERS.find(after) < TIERS.find(before) else "down"
