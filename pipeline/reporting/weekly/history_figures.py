"""The figures of a supplier's past on a pair's page: who took its volume, and how much room it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from pipeline import formatting as fmt
from pipeline.formatting import reason_text
from pipeline.reporting.charts import charts
from pipeline.reporting.charts.svg import drawn
from pipeline.reporting.facts.loaded import OUTSIDE, Loaded
from pipeline.reporting.facts.subject import Party
from pipeline.reporting.weekly.figures import Figure
from pipeline.reporting.weekly.history import History
from pipeline.reporting.weekly.snapshot import Pair
from pipeline.thresholds import QUARTER_WEEKS

MIX_ROLES: Final = ("other1", "other2", "other3", "other4")
LEAST_ROOM: Final = 0.05
"""Of its best: less is the unevenness of any two quarters."""
LABELS: Final[Mapping[str, str]] = {"named": "all other named customers", "unnamed": "volume without a customer's name"}


def mix_figure(pair: Pair, history: History, parties: Mapping[str, Party], loaded: Loaded) -> Figure:
    """Who took the supplier's volume, in bars of four weeks over two years."""
    title = "Its customers over two years"
    if not loaded.supplier:
        return Figure("mix", title, None, f"Not drawn: {reason_text(OUTSIDE)}.")
    if not history.mix:
        return Figure("mix", title, None, "Not drawn: no bill of this supplier in two years.")
    sums: dict[str, float] = {}
    for part in history.mix:
        sums[part.customer] = sums.get(part.customer, 0.0) + part.volume
    others = sorted((one for one in sums if one not in (pair.consignee_id, *LABELS)), key=lambda one: (-sums[one], one))
    roles = {pair.consignee_id: "us", **dict(zip(others, MIX_ROLES, strict=False))}
    roles |= {one: one for one in LABELS if one in sums}

    def label(customer: str) -> str:
        name = LABELS.get(customer) or parties[customer].name
        return f"{name} (us)" if customer == pair.consignee_id else name

    marks = [
        f"{label(part.customer)}: {fmt.share(part.share)} of the 4 weeks from {fmt.day(part.start)}"
        for part in history.mix
    ]
    half = len(history.bars) // 2
    early, late = _shares(history, set(history.bars[:half])), _shares(history, set(history.bars[half:]))
    rows: list[tuple[str, ...]] = [
        (label(one), fmt.share(early.get(one, 0.0)), fmt.share(late.get(one, 0.0))) for one in roles
    ]
    largest = max((one for one in roles if one != "unnamed"), key=lambda one: (late.get(one, 0.0), one))
    hidden = late.get("unnamed", 0.0)
    ours = fmt.share(late.get(pair.consignee_id, 0.0))
    first = f"{label(largest)} took {fmt.share(late.get(largest, 0.0))}, we {ours}"
    if largest == pair.consignee_id:
        first = f"we took the most, {ours}"
    says = f"In the last year {first}; " + (
        f"{fmt.share(hidden)} carries no customer's name." if hidden else "all of it carries a customer's name."
    )
    return Figure(
        "mix",
        title,
        drawn(charts.mix(history.bars, history.mix, roles, marks), "mix"),
        says,
        "Hatched: volume whose customer is hidden. A customer that hides its name looks like one that left, while the "
        "hatched part grows by as much.",
        [(role, label(one)) for one, role in roles.items()],
        ("customer", "year before", "last year"),
        rows,
    )


def trend_figure(history: History, supplier: str, loaded: Loaded) -> Figure:
    """The supplier's volume by week, with its slack."""
    title = "Its volume, and how much room it has"
    if not loaded.supplier:
        return Figure("trend", title, None, f"Not drawn: {reason_text(OUTSIDE)}.")
    if not history.weekly:
        return Figure("trend", title, None, "Not drawn: no bill of this supplier in three years.")
    slack = history.slack
    size = fmt.measure([volume for _, volume in history.weekly], history.unit)
    weekly = [
        {
            "week": monday.isoformat(),
            "volume": round(volume / size.size, 3),
            "says": f"week of {fmt.day(monday)}: {size.text(volume)}",
        }
        for monday, volume in history.weekly
    ]
    drawn_slack = slack and replace(slack, best=slack.best / size.size, last=slack.last / size.size)
    legend = [("bars", "volume a week")]
    if slack is None:
        says = f"Seen for {fmt.counted(len(weekly), 'week')}: how much room it has is not known before a year."
    else:
        spare = max(0.0, slack.best - slack.last)
        part = spare / slack.best if slack.best > 0 else 0.0
        room = fmt.measure([slack.best, slack.last], history.unit)
        best, last = f"{room.text(slack.best)} a week", f"{room.bare(slack.last)} a week"
        span = slack.weeks
        says = f"Its best {span} weeks (from {fmt.day(slack.best_start)}) made {best}, its last {span} weeks {last}: "
        says += (
            f"room for {room.text(spare * QUARTER_WEEKS)} in a quarter, {fmt.share(part)} of its best."
            if part >= LEAST_ROOM
            else f"{supplier} ships about as much as it ever did."
        )
        legend += [("best", f"best {span} weeks"), ("ink", f"last {span} weeks"), ("slack", "room between them")]
    return Figure(
        "trend",
        title,
        drawn(charts.trend(weekly, drawn_slack, size.name), "trend"),
        says,
        "Only what it ships to the US by sea under its own name: it may be busy elsewhere.",
        legend,
        ("13 weeks to", "volume", "a week"),
        _quarters(history.weekly, history.unit),
    )


def _quarters(weekly: Sequence[tuple[date, float]], unit: str) -> list[tuple[str, ...]]:
    ends = range(len(weekly), QUARTER_WEEKS - 1, -QUARTER_WEEKS)
    totals = [sum(volume for _, volume in weekly[end - QUARTER_WEEKS : end]) for end in ends]
    size = fmt.measure(totals, unit)
    return [
        (fmt.day(weekly[end - 1][0]), size.text(total), size.bare(total / QUARTER_WEEKS))
        for end, total in zip(ends, totals, strict=True)
    ]


def _shares(history: History, starts: set[date]) -> dict[str, float]:
    sums: dict[str, float] = {}
    for part in history.mix:
        if part.start in starts:
            sums[part.customer] = sums.get(part.customer, 0.0) + part.volume
    total = sum(sums.values())
    return {customer: volume / total for customer, volume in sums.items()} if total else {}
