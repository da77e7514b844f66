"""The pictures of a pair as Altair charts: the two axes, the tier ladder, the customer mix, the volume.

Every picture is 380 px wide (`report_svg.WIDTH`), so that its text can be read on a phone. Legends are the page's,
since a page can wrap them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import altair as alt

from pipeline.reporting.charts.inputs import BUCKET_WEEKS, MixShare, Slack
from pipeline.reporting.charts.palette import light
from pipeline.reporting.charts.svg import WIDTH

SMALL: Final = 11
MIX_HEIGHT: Final = 240
TREND_HEIGHT: Final = 220
SPARK_SIZE: Final = (104, 28)
SHORT_FROM: Final = 10_000
"""Volumes of a week from which an axis counts in thousands."""
RUNGS_HEIGHT: Final = 280
RUNG: Final = (30, 44)
"""Least and largest height of a customer's rung, its name above its mark; between them all rungs share the height."""
LADDER_MARGIN: Final = 34
LADDER_LEAST: Final = 0.005
"""The ladder's left end: half a percent; where a customer of the picture is smaller, less."""
Point = Mapping[str, Any]
Specification = dict[str, Any]
"""A chart as vega-lite has it, its data inside."""


class Data:
    """The rows of one chart's layers, kept beside it: Altair copies what lies inside a chart at every step."""

    def __init__(self) -> None:
        self.sets: dict[str, list[Point]] = {}

    def add(self, rows: Iterable[Point]) -> alt.NamedData:
        """Rows as a layer takes them."""
        name = f"rows{len(self.sets)}"
        self.sets[name] = list(rows)
        return alt.NamedData(name=name)


def sized(chart: Any, data: Data, width: int, height: int) -> Specification:
    """The chart as vega-lite has it, with its rows, its axes within `width` and `height` pixels."""
    found: Specification = chart.properties(width=width, height=height).to_dict(validate=False)
    return {**found, "datasets": data.sets, "autosize": {"type": "fit", "contains": "padding"}}


def ladder(rungs: Sequence[Point], cuts: Mapping[str, float], gap: Point | None) -> Specification:
    """Customers of one supplier by their share, on the steps of the tiers.

    Args:
        rungs: with name, share, low, high, role (`us`, `rival`, `other`), says; largest first.
        cuts: lowest share of each tier, such as `A` 0.25.
        gap: name of our rung, share and the next tier's cut (`to`), or None.
    """
    data = Data()
    least = min([LADDER_LEAST, *(rung["share"] / 1.5 for rung in rungs if rung["share"] > 0)])
    scale = alt.Scale(type="log", domain=[least, 1], nice=False)
    placed = [{**rung, "at": number + 0.66, "name_at": number + 0.28} for number, rung in enumerate(rungs)]
    height = min(RUNG[1], max(RUNG[0], RUNGS_HEIGHT // len(rungs))) * len(rungs) + LADDER_MARGIN
    y_scale = alt.Scale(domain=[len(rungs), 0], nice=False)
    ticks = [tick for tick in (0.0001, 0.001, 0.01, *sorted(cuts.values()), 1) if tick >= least]
    x_axis = alt.Axis(format="~%", values=ticks, title="share of the supplier's volume (log scale)", grid=False)
    x = alt.X("share:Q", scale=scale, axis=x_axis)
    y = alt.Y("at:Q", scale=y_scale, axis=None)
    base = alt.Chart(data.add(placed)).encode(x=x, y=y)
    colour = alt.Color(
        "role:N",
        legend=None,
        scale=alt.Scale(domain=["us", "rival", "other"], range=[light("us"), light("other1"), light("muted")]),
    )
    layers = [*_steps(data, cuts, least, x, len(rungs), y_scale)]
    if gap is not None:
        at = next(rung["at"] for rung in placed if rung["role"] == "us")
        arrow = alt.Chart(data.add([{**gap, "at": at}])).encode(x=x, y=y)
        layers.append(
            arrow.mark_rule(color=light("gap"), strokeDash=[2, 3], strokeWidth=2, aria=False).encode(x2=alt.X2("to"))
        )
    bounds = base.mark_rule(strokeWidth=3, opacity=0.45, aria=False).encode(
        x=alt.X("low:Q"), x2=alt.X2("high"), color=colour
    )
    marks = base.mark_circle(size=85, opacity=1).encode(color=colour, description=alt.Description("says:N"))
    names = base.mark_text(align="left", baseline="middle", fontSize=SMALL, limit=WIDTH - 30, aria=False).encode(
        x=alt.value(4), y=alt.Y("name_at:Q", scale=y_scale, axis=None), text=alt.Text("name:N"), color=colour
    )
    return sized(alt.layer(*layers, bounds, marks, names), data, WIDTH, height)


def mix(
    bars: Sequence[date], parts: Sequence[MixShare], roles: Mapping[str, str], says: Sequence[str]
) -> Specification:
    """The supplier's volume in bars of four weeks, each cut by who took it.

    Args:
        bars: Monday of each bar's first week, oldest first.
        parts: shares of them.
        roles: colour of each customer id, in the order of the stack from below.
        says: what stands under the pointer, by part.
    """
    data = Data()
    order = {customer: number for number, customer in enumerate(roles)}
    rows: list[dict[str, Any]] = [
        {
            "start": part.start.isoformat(),
            "share": part.share,
            "customer": part.customer,
            "order": order[part.customer],
            "says": text,
        }
        for part, text in zip(parts, says, strict=True)
    ]
    # weeks without a bill are a gap in the row of bars, not a shorter row
    starts = [start.isoformat() for start in bars]
    shown = [start for number, start in enumerate(reversed(starts)) if number % 6 == 0]
    axis = alt.Axis(
        values=shown,
        labelExpr="timeFormat(datetime(datum.value + 'T12:00'), '%b %Y')",
        labelAngle=0,
        labelOverlap=False,
        title=f"bars of {BUCKET_WEEKS} weeks, by their first",
    )
    chart = (
        alt.Chart(data.add(rows))
        .mark_bar(stroke=light("surface"), strokeWidth=0.8)
        .encode(
            x=alt.X("start:O", axis=axis, scale=alt.Scale(domain=starts, paddingInner=0.12)),
            y=alt.Y(
                "share:Q",
                stack="zero",
                scale=alt.Scale(domain=[0, 1], nice=False),
                axis=alt.Axis(format="%", values=[0, 0.25, 0.5, 0.75, 1], title="share of its volume"),
            ),
            color=alt.Color(
                "customer:N",
                legend=None,
                scale=alt.Scale(domain=list(roles), range=[light(role) for role in roles.values()]),
            ),
            order=alt.Order("order:Q"),
            description=alt.Description("says:N"),
        )
    )
    return sized(chart, data, WIDTH, MIX_HEIGHT)


def trend(weekly: Sequence[Point], slack: Slack | None, unit: str) -> Specification:
    """A supplier's volume by week, with the level of its best window and of its last.

    Args:
        weekly: with week (ISO date), volume, says; oldest first.
        slack: both levels, None where too few weeks were seen.
        unit: as printed.
    """
    data = Data()
    x = alt.X(
        "week:T",
        # in one time zone on every machine
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(format="%b %Y", title="week of arrival", grid=False, tickCount=5, labelFlush=True),
    )
    top = max(point["volume"] for point in weekly) or 1.0
    y = alt.Y(
        "volume:Q",
        scale=alt.Scale(domain=[0, top * 1.05], nice=False),
        axis=alt.Axis(title=f"{unit} a week", tickCount=5, format="~s" if top >= SHORT_FROM else ",.2~f"),
    )
    bars = (
        alt.Chart(data.add(weekly))
        .mark_bar(color=light("bars"), width=max(1.0, min(5.0, 0.7 * (WIDTH - 50) / max(1, len(weekly)))))
        .encode(x=x, y=y, description=alt.Description("says:N"))
    )
    if slack is None:
        return sized(alt.layer(bars), data, WIDTH, TREND_HEIGHT)
    last_from, last_to = weekly[-min(slack.weeks, len(weekly))]["week"], weekly[-1]["week"]
    # the frozen window may reach beyond the weeks that are drawn
    best_from = max(slack.best_start.isoformat(), weekly[0]["week"])
    best_to = min((slack.best_start + timedelta(weeks=slack.weeks - 1)).isoformat(), last_to)
    levels = [
        {"week": best_from, "to": best_to, "volume": slack.best, "role": "best"},
        {"week": last_from, "to": last_to, "volume": slack.last, "role": "last"},
    ]
    spare = alt.Chart(data.add([{"week": last_from, "to": last_to, "low": slack.last, "volume": slack.best}]))
    band = spare.mark_rect(color=light("slack"), opacity=1, aria=False).encode(
        x=x, x2=alt.X2("to"), y=y, y2=alt.Y2("low")
    )
    colour = alt.Color(
        "role:N", legend=None, scale=alt.Scale(domain=["best", "last"], range=[light("best"), light("ink")])
    )
    lines = (
        alt.Chart(data.add(levels)).mark_rule(strokeWidth=3, aria=False).encode(x=x, x2=alt.X2("to"), y=y, color=colour)
    )
    return sized(alt.layer(band, bars, lines), data, WIDTH, TREND_HEIGHT)


def _steps(
    data: Data, cuts: Mapping[str, float], least: float, x: alt.X, rungs: int, y_scale: alt.Scale
) -> list[alt.Chart]:
    """Every second tier shaded, each with its letter."""
    edges = sorted(cuts.items(), key=lambda item: item[1])
    lows = [least, *(cut for _, cut in edges)]
    names = ["D", *(name for name, _ in edges)]
    highs = [*lows[1:], 1.0]
    rows = [{"share": low, "to": high, "from_y": 0, "to_y": rungs} for low, high in zip(lows, highs, strict=True)]
    middles = [
        {"share": math.sqrt(low * high), "from_y": 0, "name": name}
        for low, high, name in zip(lows, highs, names, strict=True)
    ]
    shaded = alt.Chart(data.add(rows[1::2])).mark_rect(color=light("band"), opacity=1, aria=False)
    letters = alt.Chart(data.add(middles)).mark_text(
        fontSize=12, fontWeight="bold", color=light("muted"), dy=-9, aria=False
    )
    return [
        shaded.encode(x=x, x2=alt.X2("to"), y=alt.Y("from_y:Q", scale=y_scale, axis=None), y2=alt.Y2("to_y")),
        letters.encode(x=x, y=alt.Y("from_y:Q", scale=y_scale, axis=None), text=alt.Text("name:N")),
    ]


def shift(rungs: Sequence[Point]) -> Specification:
    """Shares of a supplier's customers in two windows: a ring before, a disc now, a line between.

    Args:
        rungs: with name, before, after, role (`us`, `subject`, `other`), says; in the order they are drawn.
    """
    data = Data()
    rows = [{**rung, "at": number + 0.7, "name_at": number + 0.3} for number, rung in enumerate(rungs)]
    top = max(0.1, *(max(rung["before"], rung["after"]) for rung in rungs))
    y_scale = alt.Scale(domain=[len(rungs), 0], nice=False)
    x_axis = alt.Axis(format="%", tickCount=4, title="share of the supplier's bills")
    x_scale = alt.Scale(domain=[0, min(1, top * 1.05)], nice=False)
    y = alt.Y("at:Q", scale=y_scale, axis=None)
    colour = alt.Color(
        "role:N",
        legend=None,
        scale=alt.Scale(domain=["us", "subject", "other"], range=[light("us"), light("other1"), light("muted")]),
    )
    before = alt.X("before:Q", scale=x_scale, axis=x_axis)
    base = alt.Chart(data.add(rows))
    lines = base.mark_rule(strokeWidth=2, aria=False).encode(x=before, x2=alt.X2("after"), y=y, color=colour)
    rings = base.mark_point(size=60, strokeWidth=1.5, aria=False).encode(x=before, y=y, color=colour)
    discs = base.mark_circle(size=85, opacity=1).encode(
        x=alt.X("after:Q", scale=x_scale, axis=x_axis), y=y, color=colour, description=alt.Description("says:N")
    )
    names = base.mark_text(align="left", baseline="middle", fontSize=SMALL, limit=WIDTH - 30, aria=False).encode(
        x=alt.value(4), y=alt.Y("name_at:Q", scale=y_scale, axis=None), text=alt.Text("name:N"), color=colour
    )
    return sized(alt.layer(lines, rings, discs, names), data, WIDTH, RUNG[0] * len(rungs) + LADDER_MARGIN)


def spark(bars: Sequence[float]) -> Specification:
    """A pair's volume in bars of four weeks, small enough for a table's cell."""
    data = Data()
    rows = [{"at": number, "volume": round(volume, 3)} for number, volume in enumerate(bars)]
    bars = (
        alt.Chart(data.add(rows))
        .mark_bar(color=light("bars"), width=5, aria=False)
        .encode(x=alt.X("at:O", axis=None), y=alt.Y("volume:Q", axis=None))
    )
    return sized(bars, data, *SPARK_SIZE)
