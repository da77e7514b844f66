"""Numbers, units, dates and reason codes as people read them: plain words, few digits.

The records behind a figure are no more exact than two or three digits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

TEU: Final = "teu"
KG: Final = "kg"
CONTAINERS: Final = "containers"
BILLS: Final = "bills"
WEEKS: Final = "weeks"
COUNT: Final = "count"
SHARE: Final = "share"
SIGNED: Final = "signed"
CHANGE: Final = "change"
RATIO: Final = "ratio"
"""Units of figures."""

SCALES: Final = ((0, 1.0, "kg"), (1e4, 1e3, "tonnes"), (1e8, 1e6, "thousand tonnes"), (1e11, 1e9, "million tonnes"))
"""From how many kilograms on a sentence speaks in a unit, the kilograms of one, its name."""
MOST_OF_UNIT: Final = 1e6
"""Units that a figure may have so that a small one beside it can be printed in the same unit."""
EXACT_BELOW: Final = 100
"""Amounts below it have one decimal unless they are whole."""
LEAST_AMOUNT: Final = 0.1
"""The smallest amount that one decimal shows."""
LEAST_P: Final = 0.0001
"""Smaller p and q values are printed as below this: their digits are not reliable."""
MINUS: Final = "\N{MINUS SIGN}"
ARROW: Final = "\N{NO-BREAK SPACE}\N{RIGHTWARDS ARROW}\N{NO-BREAK SPACE}"
NOT_KNOWN: Final = "not known"

REASONS: Final[Mapping[str, str]] = {
    "few_bills": "too few bills in the year to say",
    "too_thin": "this supplier has fewer than 3 bills in the year",
    "mostly_unnamed": "over half of the volume names no buyer or no supplier",
    "uncertain_entity": "over half of this volume is under names that may be another company's",
    "unknown_product": "the records do not show the product",
    "outside_scope": "the files loaded do not cover this side; export all bills of the company to see it",
    "no_volume": "the bills give no size that could be compared",
    "no_bills": "no bill in these weeks",
    "no_row": "no bill under this name in the year",
    "short_history": "the records loaded do not reach back far enough",
    "not_sized": "the bills do not give the size of these containers",
    "top_tier": "you are already in the highest tier",
    "not_published": "the published week does not have it",
}
"""Why a figure is null, by reason code."""

Number = float | Decimal | None


@dataclass(frozen=True)
class Measure:
    """One unit for all volumes of a sentence or a table.

    Attributes:
        name: as printed.
        size: kilograms of one; 1 for TEU.
    """

    name: str
    size: float = 1.0

    def bare(self, value: Number) -> str:
        """A volume without its unit, unless it would vanish in it."""
        if value is None:
            return NOT_KNOWN
        amount = float(value) / self.size
        return volume(value, KG) if 0 < abs(amount) < LEAST_AMOUNT and self.size > 1 else number(amount)

    def beside(self, value: Number) -> str:
        """A volume whose unit was just named: without it, unless a bare number could be read as tonnes."""
        return self.text(value) if self.size > SCALES[1][1] else self.bare(value)

    def text(self, value: Number) -> str:
        """A volume with its unit: `36 TEU`, `999 kg`, `1,235 tonnes`."""
        text = self.bare(value)
        if value is None or text.endswith(tuple(f" {name}" for *_, name in SCALES)):
            return text
        return f"{text} {self.name.removesuffix('s') if text == '1' and self.name == 'tonnes' else self.name}"


def measure(values: Iterable[Number], unit: str) -> Measure:
    """Return the unit in which the largest of `values` reads best and the smallest does not vanish.

    Args:
        values: the volumes of a sentence or a table.
        unit: `teu` or `kg`, in which they are counted.
    """
    if unit != KG:
        return Measure(unit_name(unit))
    amounts = [abs(float(value)) for value in values if value]
    most, least = max(amounts, default=0.0), min(amounts, default=0.0)
    place = max(place for place, (start, *_) in enumerate(SCALES) if most >= start)
    while place and least < LEAST_AMOUNT * SCALES[place][1] and most < MOST_OF_UNIT * SCALES[place - 1][1]:
        place -= 1
    _, size, name = SCALES[place]
    return Measure(name, size)


def number(value: Number) -> str:
    """An amount without its unit."""
    if value is None:
        return NOT_KNOWN
    amount = float(value)
    if 0 < amount < LEAST_AMOUNT / 2:
        return f"under {LEAST_AMOUNT}"
    if abs(amount) < EXACT_BELOW and abs(amount - round(amount)) >= 0.05:
        return f"{amount:,.1f}".replace("-", MINUS)
    return f"{round(amount):,}".replace("-", MINUS)


def whole(value: Number) -> str:
    """A whole number."""
    return NOT_KNOWN if value is None else f"{round(value):,}"


def decimal(value: Number, digits: int = 2) -> str:
    """A figure with a fixed number of digits after the point."""
    return NOT_KNOWN if value is None else f"{value:,.{digits}f}".replace("-", MINUS)


def share(value: Number) -> str:
    """A share of 0..1, such as `5.5%`."""
    if value is None:
        return NOT_KNOWN
    percent = float(value) * 100
    if 0 < percent < 0.1:
        return "under 0.1%"
    if 99.95 > percent > 99:
        return f"{percent:.1f}%"
    return f"{percent:.0f}%" if percent >= 10 or percent == 0 else f"{percent:.1f}%"


def share_range(low: Number, high: Number) -> str:
    """Bounds of a share, such as `5.5% to 7.0%`; one figure where they print alike."""
    first, last = share(low), share(high)
    return first if first == last else f"{first} to {last}"


def share_change(value: Number) -> str:
    """A change of a share in percentage points with its sign, such as `+1.2 points`."""
    return NOT_KNOWN if value is None else f"{_with_sign(float(value) * 100, 1)} points"


def signed(value: Number) -> str:
    """A figure of -1..1 with its sign and two digits."""
    return NOT_KNOWN if value is None else _with_sign(float(value), 2)


def change(value: float) -> str:
    """A relative change, such as `+12%`."""
    return _with_sign(value * 100, 0, "%")


def times(value: float) -> str:
    """A ratio, to be followed by its other side and `does`: `10% of what`, `as much as`, `2.4 times what`."""
    if 0.995 <= value <= 1.005:
        return "as much as"
    if value < 1:
        return f"{share(value)} of what"
    text = number(value)
    return {"1": "as much as", "2": "twice what"}.get(text, f"{text} times what")


def volume(value: Number, unit: str) -> str:
    """A single volume with its unit."""
    return measure([value], unit).text(value)


def unit_name(unit: str) -> str:
    """The unit as printed."""
    return "TEU" if unit == TEU else unit


def counted(value: float, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 bill`, `2 bills`."""
    text = number(value)
    return f"{text} {one if text == '1' else many or one + 's'}"


def in_unit(value: float, unit: str) -> str:
    """A figure as its unit demands."""
    if unit in (TEU, KG):
        return volume(value, unit)
    nouns = {CONTAINERS: "container", BILLS: "bill", WEEKS: "week"}
    if unit in nouns:
        return counted(value, nouns[unit])
    formats = {COUNT: number, SHARE: share, SIGNED: signed, CHANGE: change, RATIO: times}
    return formats[unit](value) if unit in formats else f"{number(value)} {unit}"


def day(value: date | None) -> str:
    """A date, such as `8 Nov 2026`."""
    return NOT_KNOWN if value is None else f"{value.day} {value:%b %Y}"


def from_to(before: str, now: str) -> str:
    """Two printed figures with an arrow between them."""
    return f"{before}{ARROW}{now}"


def listed(items: list[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    return f" {last} ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def product_name(hs4: str) -> str:
    """A product heading, such as `HS 7325`."""
    names = {"unknown": "product not known", "all": "all products"}
    return names.get(hs4, f"HS\N{NO-BREAK SPACE}{hs4}")


def reason_text(code: str | None) -> str:
    """Why a figure is null; an unknown code is shown as it is."""
    return REASONS.get(code or "", (code or NOT_KNOWN).replace("_", " "))


@dataclass(frozen=True)
class NumberFormat:
    """The functions of this module with the separators that a recipient of alerts asked for.

    Attributes:
        form: `1,234.5`, `1.234,5` or `1 234,5`.
    """

    form: str = "1,234.5"

    def share(self, value: float) -> str:
        """A share of 0..1, such as `5.5%`."""
        return self._localized(share(value))

    def points(self, value: float) -> str:
        """Percentage points with their sign and one digit, of a value in points."""
        return self._localized(_with_sign(value, 1))

    def signed(self, value: float) -> str:
        """A figure of -1..1 with its sign and two digits."""
        return self._localized(signed(value))

    def decimal(self, value: float, digits: int = 2) -> str:
        """A figure with a fixed number of digits after the point."""
        return self._localized(decimal(value, digits))

    def number(self, value: float) -> str:
        """An amount without its unit."""
        return self._localized(number(value))

    def volume(self, value: float, unit: str) -> str:
        """A volume with its unit."""
        return self._localized(volume(value, unit))

    def counted(self, value: float, one: str, many: str | None = None) -> str:
        """A number with its noun: `1 bill`, `2 bills`."""
        return self._localized(counted(value, one, many))

    def probability(self, value: float) -> str:
        """A p or q value with its comparison: `= 0.012`, `< 0.0001`."""
        if value < LEAST_P:
            return f"< {self.decimal(LEAST_P, 4)}"
        return f"= {self.decimal(value, 4 if value < 0.01 else 3)}"

    def _localized(self, text: str) -> str:
        # a blank that breaks would tear a number apart
        separators = {"1,234.5": ",.", "1.234,5": ".,", "1 234,5": "\N{NO-BREAK SPACE},"}
        return text.translate(str.maketrans(",.", separators[self.form]))


def _with_sign(value: float, digits: int, unit: str = "") -> str:
    """A number with its sign; none where it prints as zero."""
    text = f"{abs(value):.{digits}f}"
    return text + unit if not text.strip("0.") else f"{'+' if value > 0 else MINUS}{text}{unit}"
