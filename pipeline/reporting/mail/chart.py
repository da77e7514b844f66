"""The one picture of an alert: who took what of the supplier before and after, and its bills week by week."""

from __future__ import annotations

import struct
import zlib
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

import altair as alt

from pipeline.alerts.message import Customer, Picture
from pipeline.formatting import NumberFormat, day
from pipeline.plain_text import clean, clipped
from pipeline.reporting.charts.charts import Data
from pipeline.reporting.charts.palette import light
from pipeline.reporting.charts.svg import chart_config

WIDTH: Final = 420
"""Pixels: on a telephone, where a mail is some 330 wide, its text of 13 px is still read with ease."""
SCALE: Final = 2.2
"""Pixels of the file for one of the mail: the screens of telephones are that fine."""
ROW: Final = 46
"""Height of one customer: its name, a bar before, a bar after."""
NAME_MARKS: Final = 40
WEEKLY_HEIGHT: Final = 110
KEPT: Final = 256
"""Pictures kept for other recipients of the same alert."""


@lru_cache(maxsize=KEPT)
def png(picture: Picture, number_format: str) -> bytes:
    """The picture as PNG, `WIDTH` x `SCALE` pixels wide.

    Raises:
        ValueError: the renderer cannot draw it.
    """
    import vl_convert

    data = Data()
    parts = [_mix(data, picture, NumberFormat(number_format))]
    if any(picture.bills):
        parts.append(_weekly(data, picture))
    whole = alt.vconcat(*parts, spacing=14).to_dict(validate=False)
    config = {**chart_config(), "background": light("surface"), "concat": {"spacing": 14}}
    drawn = vl_convert.vegalite_to_png(
        {**whole, "datasets": data.sets, "config": config, "padding": 8},
        vl_version="6.4",
        scale=SCALE,
        allowed_base_urls=[],
        show_warnings=False,
    )
    return _packed(drawn)


def said(picture: Picture, number_format: str) -> str:
    """The picture in words: what is read where it is not shown."""
    numbers = NumberFormat(number_format)
    moves = "; ".join(f"{_name(one)} {_move(one, numbers)}" for one in picture.customers)
    return f"Shares of the supplier's bills, {span(picture.before)} against {span(picture.after)}: {moves}."


def span(days: tuple[date, date]) -> str:
    """`3 Aug to 1 Nov 2026`."""
    first, last = days
    start = f"{first.day} {first:%b}" if first.year == last.year else day(first)
    return f"{start} to {day(last)}"


def _packed(drawn: bytes) -> bytes:
    """The same picture, packed as small as its format allows: the renderer packs fast (287 kB, packed 67 kB).

    A PNG is a signature of eight bytes and chunks of length, kind, content, checksum; the pixels are the IDAT chunks.
    """
    place, head, pixels = 8, b"", b""
    while place < len(drawn):
        length, kind = struct.unpack(">I4s", drawn[place : place + 8])
        chunk = drawn[place : place + 12 + length]
        if kind == b"IDAT":
            pixels += chunk[8:-4]
        elif kind != b"IEND":
            head += chunk
        place += len(chunk)
    packed = b"IDAT" + zlib.compress(zlib.decompress(pixels), 9)
    body = struct.pack(">I", len(packed) - 4) + packed + struct.pack(">I", zlib.crc32(packed))
    return drawn[:8] + head + body + b"\0\0\0\0IEND\xaeB`\x82"


def _mix(data: Data, picture: Picture, numbers: NumberFormat) -> Any:
    """Two bars for each customer, the window before pale above that of the alert."""
    rows: list[dict[str, Any]] = []
    for place, customer in enumerate(picture.customers):
        for after, share in ((False, customer.before), (True, customer.after)):
            rows.append(
                {
                    "share": share,
                    "top": place * ROW + (32 if after else 21),
                    "bottom": place * ROW + (42 if after else 30),
                    "colour": _colour(customer, after),
                    "text": numbers.share(share),
                    "middle": place * ROW + (37.5 if after else 26),
                    "ink": light("ink") if after else light("muted"),
                    "weight": "bold" if after and customer.is_subject else "normal",
                }
            )
    names = [
        {
            "name": _name(customer),
            "at": place * ROW + 11,
            "weight": "bold" if customer.is_subject or customer.is_watcher else "normal",
        }
        for place, customer in enumerate(picture.customers)
    ]
    height = len(picture.customers) * ROW + 4
    # room for the figure at the end of the longest bar
    largest = max([0.05, *(max(one.before, one.after) for one in picture.customers)])
    x = alt.X("share:Q", scale=alt.Scale(domain=[0, largest * 1.18], nice=False), axis=None)
    down = alt.Scale(domain=[height, 0], nice=False)
    bars = (
        alt.Chart(data.add(rows))
        .mark_rect()
        .encode(
            x=alt.X("zero:Q", scale=alt.Scale(domain=[0, largest * 1.18], nice=False), axis=None),
            x2="share:Q",
            y=alt.Y("top:Q", scale=down, axis=None),
            y2="bottom:Q",
            color=alt.Color("colour:N", scale=None),
        )
        .transform_calculate(zero="0")
    )
    figures = _text(data.add(rows), x, alt.Y("middle:Q", scale=down, axis=None), "text:N", dx=5)
    labels = _text(data.add(names), alt.value(0), alt.Y("at:Q", scale=down, axis=None), "name:N", dx=0)
    title = ["Who receives its bills", f"pale: {span(picture.before)}, full: {span(picture.after)}"]
    return alt.layer(bars, figures, labels).properties(width=WIDTH - 16, height=height, title=_title(title))


def _text(data: alt.NamedData, x: Any, y: alt.Y, text: str, dx: int) -> Any:
    """Text at the right of a place, bold where its row says so."""
    base = alt.Chart(data)
    layers = []
    for weight in ("normal", "bold"):
        mark = base.transform_filter(f"datum.weight == '{weight}'").mark_text(
            align="left", baseline="middle", fontSize=13, fontWeight=weight, dx=dx, limit=WIDTH - 20
        )
        layers.append(mark.encode(x=x, y=y, text=text, color=alt.value(light("ink"))))
    return alt.layer(*layers)


def _weekly(data: Data, picture: Picture) -> Any:
    """Bills week by week, both windows shaded; those of the alert's customer in its colour."""
    subject = picture.subject_bills or (0,) * len(picture.weeks)
    rows = [
        {"week": week.isoformat(), "to": (week + timedelta(days=6)).isoformat(), "low": low, "high": high, "part": part}
        for week, bills, own in zip(picture.weeks, picture.bills, subject, strict=True)
        for low, high, part in ((0, own, "subject"), (own, bills, "rest"))
    ]
    top = max(picture.bills) * 1.25
    windows = [
        {"from": max(first, picture.weeks[0]).isoformat(), "to": last.isoformat(), "top": top, "name": name}
        for (first, last), name in ((picture.before, "before"), (picture.after, "after"))
        if last >= picture.weeks[0]
    ]
    shown = data.add(windows)
    scale = alt.Scale(type="utc", domain=[picture.weeks[0].isoformat(), _end(picture).isoformat()])
    axis = alt.Axis(format="%b %Y", title=None, grid=False, tickCount=5, labelFlush=True)
    up = alt.Scale(domain=[0, top], nice=False)
    shades = alt.Chart(shown).encode(
        x=alt.X("from:T", scale=scale, axis=axis), x2="to:T", y=alt.Y("zero:Q", scale=up), y2="top:Q"
    )
    shaded = shades.transform_calculate(zero="0").mark_rect(color=light("band"))
    names = (
        alt.Chart(shown)
        .mark_text(align="left", baseline="top", dx=4, dy=3, fontSize=12, color=light("muted"))
        .encode(x=alt.X("from:T", scale=scale, axis=axis), y=alt.value(0), text="name:N")
    )
    bars = (
        alt.Chart(data.add(rows))
        .mark_rect(stroke=light("surface"), strokeWidth=0.6)
        .encode(
            x=alt.X("week:T", scale=scale, axis=axis),
            x2="to:T",
            y=alt.Y("low:Q", scale=up, axis=alt.Axis(title=None, tickCount=3, format=",.0f", tickMinStep=1)),
            y2="high:Q",
            color=alt.Color(
                "part:N",
                legend=None,
                scale=alt.Scale(domain=["subject", "rest"], range=[light("other1"), light("bars")]),
            ),
        )
    )
    about = next((one for one in picture.customers if one.is_subject), None)
    title = ["Its bills a week" + (f"; in orange: {_name(about)}" if about and any(subject) else "")]
    return alt.layer(shaded, bars, names).properties(width=WIDTH - 60, height=WEEKLY_HEIGHT, title=_title(title))


def _end(picture: Picture) -> date:
    return picture.weeks[-1] + timedelta(days=7)


def _title(lines: list[str]) -> alt.TitleParams:
    return alt.TitleParams(
        [clipped(line, 64) for line in lines],
        anchor="start",
        fontSize=13,
        fontWeight="normal",
        color=light("muted"),
        offset=8,
        frame="group",
    )


def _colour(customer: Customer, after: bool) -> str:
    role = "other1" if customer.is_subject else "us" if customer.is_watcher else "bars" if customer.is_named else "cut"
    return light(role) if after else _pale(light(role))


def _pale(colour: str) -> str:
    """The colour mixed with its background: 65 parts of a hundred are the background's."""
    channels = [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(255 * 0.65 + channel * 0.35):02x}" for channel in channels)


def _name(customer: Customer) -> str:
    return clipped(clean(customer.name), NAME_MARKS) + (" (you)" if customer.is_watcher else "")


def _move(customer: Customer, numbers: NumberFormat) -> str:
    return f"{numbers.share(customer.before)} to {numbers.share(customer.after)}"
