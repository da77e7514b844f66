"""How sure an alert is and how much of the supplier it is about, in words that follow the probability."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pipeline.alerts.routing import LINES
from pipeline.formatting import NumberFormat

Row = dict[str, Any]

CERTAINTY: Final[Mapping[str, str]] = {
    "confirmed": "confirmed",
    "watch": "to be watched: not sure yet",
    "rule": "by rule",
}
ODDS: Final = ((0.005, "two hundred"), (0.01, "a hundred"), (0.05, "twenty"), (0.1, "ten"), (0.2, "five"))
"""Of how many alerts like it at most one is chance, by q."""
LEAST_SURE: Final = {"confirmed": 0.05, "watch": 0.2}
"""The largest q of a certainty, for a row without one."""
BY_RULE: Final[Mapping[str, str]] = {
    "customer_lost": "hardly any silence like it has ended with a return",
    "went_dark": "hardly any silence like it has ended with a return under the name",
    "customer_won": "at its pace since, so long an absence before is hardly chance",
    "resurfaced": "so long a silence hardly ends by chance as bills without a name fall by as much",
    "slack_opened": "the fall is larger than its weeks vary by themselves",
    "alternatives_gone": "the other suppliers are counted by product and cargo text",
}
"""What makes an alert by rule more than chance, by type."""
OF_VOLUME: Final = LINES
"""Types whose shares are of the supplier's volume; those of the others are of its bills."""


def how_sure(row: Row) -> str:
    """How sure an alert is, one sentence; of a retraction none."""
    if row["alert_type"] == "retracted":
        return ""
    head = CERTAINTY.get(row["certainty"], row["certainty"]).partition(":")[0].capitalize()
    q = row["q_value"] if row["q_value"] is not None else LEAST_SURE.get(row["certainty"])
    odds = next((words for most, words in ODDS if q is not None and q <= most), None)
    if odds is not None:
        return f"{head}: of {odds} alerts like it at most one is chance."
    rule = BY_RULE.get(row["alert_type"])
    return f"{head}: {rule}." if rule else f"{head}."


def stake(row: Row, numbers: NumberFormat) -> str | None:
    """How much of the supplier an alert is about, such as `33% of its bills`; None where no share says it."""
    if row["value_unit"] != "share":
        return None
    before, after = row["from_value"] or 0.0, row["to_value"] or 0.0
    part = abs(after - before) if row["alert_type"] == "mix_shifted" else max(before, after)
    if not part:
        return None
    return f"{numbers.share(part)} of its {'volume' if row['alert_type'] in OF_VOLUME else 'bills'}"
