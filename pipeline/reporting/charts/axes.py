"""The picture of the two axes as an Altair chart: one pair with its trail, or many pairs by number."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from pipeline.reporting.charts.charts import SMALL, Data, Point, Specification, sized
from pipeline.reporting.charts.palette import light
from pipeline.reporting.charts.svg import WIDTH

HEIGHT: Final = 330
APART_PIXELS: Final = 17
"""Between the middles of two numbered marks."""
APART_ROUNDS: Final = 40
"""After them 25 marks at one place have found theirs."""
ZONE_WORDS: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("weak", "high"): ("disclose", "and partner"),
    ("balanced", "high"): ("longer term", "for price"),
    ("strong", "high"): ("secure supply,", "do not squeeze"),
    ("weak", "low"): ("quote others or", "build two first"),
    ("balanced", "low"): ("compare offers",),
    ("strong", "low"): ("ask for the", "next tier"),
}
"""The six postures of METRICS in two lines each."""


def axes(
    points: Sequence[Point], cuts: tuple[float, float], *, trail: bool = True, box: Point | None = None
) -> Specification:
    """Power against mutual dependence.

    Args:
        points: with power, mutual, label (drawn beside), says (under the pointer), is_now; oldest first.
        cuts: the cut of power (both ways) and that of mutual.
        trail: whether the points are one pair's, joined by a line; else each carries its label inside.
        box: ends of the ranges of the newest point: power_low, power_high, mutual_low, mutual_high.
    """
    data = Data()
    layers = [*_unreachable(data), *_zones(data, cuts)]
    x = alt.X("power:Q", scale=alt.Scale(domain=[-1, 1], nice=False), axis=_axis("power", [-1, -0.5, 0, 0.5, 1]))
    y = alt.Y(
        "mutual:Q", scale=alt.Scale(domain=[0, 2], nice=False), axis=_axis("mutual dependence", [0, 0.5, 1, 1.5, 2])
    )
    if box is not None:
        layers.append(_range(data, box))
    base = alt.Chart(data.add(points)).encode(x=x, y=y)
    if trail:
        older = [point for point in points if not point["is_now"]]
        line = base.mark_line(color=light("us"), strokeWidth=1.5, opacity=0.55, strokeDash=[3, 3], aria=False)
        layers.append(line.encode(order=alt.Order("order:Q")))
        layers.append(
            alt.Chart(data.add(older))
            .mark_circle(size=42, color=light("us"), opacity=0.55)
            .encode(x=x, y=y, description=alt.Description("says:N"))
        )
        now = alt.Chart(data.add([point for point in points if point["is_now"]])).encode(
            x=x, y=y, description=alt.Description("says:N")
        )
        layers.append(now.mark_circle(size=190, color=light("us"), opacity=1, stroke=light("surface"), strokeWidth=2))
        layers += _labels(data, points, x, y)
    else:
        dots = base.mark_circle(size=230, color=light("us"), opacity=1, stroke=light("surface"), strokeWidth=1.5)
        layers.append(dots.encode(description=alt.Description("says:N")))
        layers.append(
            base.mark_text(fontSize=SMALL, fontWeight="bold", color=light("surface"), aria=False).encode(
                text=alt.Text("label:N")
            )
        )
    return sized(alt.layer(*layers), data, WIDTH, HEIGHT)


def apart(points: Sequence[Point]) -> list[dict[str, Any]]:
    """Move points whose marks would cover each other apart, in order of their place in the list; others stay."""
    across, up = 2 / (WIDTH - 50), 2 / (HEIGHT - 45)
    moved = [dict(point) for point in points]
    for _ in range(APART_ROUNDS):
        for number, one in enumerate(moved):
            for other in moved[number + 1 :]:
                dx, dy = (other["power"] - one["power"]) / across, (other["mutual"] - one["mutual"]) / up
                distance = math.hypot(dx, dy)
                if distance >= APART_PIXELS:
                    continue
                if distance == 0:
                    # two at one place: their numbers choose a direction, the same every time
                    angle = (one["order"] * 7 + other["order"]) % 12 * math.pi / 6
                    dx, dy, distance = math.cos(angle), math.sin(angle), 1.0
                push = (APART_PIXELS - distance) / 2 / distance
                for point, sign in ((one, -1), (other, 1)):
                    point["power"] = min(0.97, max(-0.97, point["power"] + sign * dx * push * across))
                    point["mutual"] = min(1.97, max(0.04, point["mutual"] + sign * dy * push * up))
    return [{**point, "power": round(point["power"], 4), "mutual": round(point["mutual"], 4)} for point in moved]


def _range(data: Data, box: Point) -> alt.Chart:
    """The box in which nine of ten such years would lie."""
    mark = alt.Chart(data.add([box])).mark_rect(
        color=light("us"), opacity=0.14, stroke=light("us"), strokeWidth=1, strokeOpacity=0.5, aria=False
    )
    made: alt.Chart = mark.encode(
        x=alt.X("power_low:Q"), x2=alt.X2("power_high"), y=alt.Y("mutual_low:Q"), y2=alt.Y2("mutual_high")
    )
    return made


def _labels(data: Data, points: Sequence[Point], x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The newest point's label, and the oldest one's where the two are not on top of each other."""
    shown = [points[-1]] if points else []
    if len(points) > 1 and math.dist(*((point["power"], point["mutual"]) for point in (points[0], points[-1]))) > 0.2:
        shown.append(points[0])
    made = []
    for point in shown:
        right = point["power"] < 0.4
        mark = alt.Chart(data.add([point])).mark_text(
            align="left" if right else "right",
            dx=12 if right else -12,
            dy=0 if point["is_now"] else 11,
            fontSize=12,
            fontWeight="bold" if point["is_now"] else "normal",
            color=light("us"),
            aria=False,
        )
        made.append(mark.encode(x=x, y=y, text=alt.Text("label:N")))
    return made


def _unreachable(data: Data) -> list[alt.Chart]:
    """Power cannot be larger than what both depend together: the corners that no pair can reach."""
    corners = [{"power": power, "from": start, "to": end} for power, start, end in [(-1, 0, 1), (0, 0, 0), (1, 0, 1)]]
    tops = [{"power": power, "from": 2 - abs(power), "to": 2} for power in (-1, 0, 1)]
    return [
        alt.Chart(data.add(rows))
        .mark_area(color=light("band"), opacity=1, aria=False)
        .encode(x=alt.X("power:Q"), y=alt.Y("from:Q"), y2=alt.Y2("to"))
        for rows in (corners, tops)
    ]


def _zones(data: Data, cuts: tuple[float, float]) -> list[alt.Chart]:
    power, mutual = cuts
    style: dict[str, Any] = {"color": light("cut"), "strokeDash": [2, 3], "strokeWidth": 1, "aria": False}
    upright = alt.Chart(data.add([{"power": -power}, {"power": power}])).mark_rule(**style).encode(x=alt.X("power:Q"))
    level = alt.Chart(data.add([{"mutual": mutual}])).mark_rule(**style).encode(y=alt.Y("mutual:Q"))
    across = {"weak": (-1 - power) / 2, "balanced": 0.0, "strong": (1 + power) / 2}
    # where no pair can lie, but for the two in the middle
    up = {"low": 0.15, "high": 1.88}
    words = [
        {"power": across[side], "mutual": 0.03 if len(lines) == 1 else up[height], "text": list(lines)}
        for (side, height), lines in ZONE_WORDS.items()
    ]
    text = alt.Chart(data.add(words)).mark_text(fontSize=SMALL - 1, color=light("muted"), lineHeight=12, aria=False)
    return [upright, level, text.encode(x=alt.X("power:Q"), y=alt.Y("mutual:Q"), text=alt.Text("text:N"))]


def _axis(title: str, values: Sequence[float]) -> alt.Axis:
    return alt.Axis(title=title, values=list(values), grid=False, labelFlush=True)
