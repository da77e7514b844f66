"""Figures in words as the report prints them: those of the brief, with a word for a figure that is null."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from text_unidecode import unidecode  # type: ignore[import-untyped]

from pipeline.reporting.document import words
from pipeline.snapshots.calendar import Week

NOT_KNOWN: Final = "not known"
ARROW: Final = "\N{NO-BREAK SPACE}\N{RIGHTWARDS ARROW}\N{NO-BREAK SPACE}"
SLUG_LENGTH: Final = 28
"""Letters of each name in a file name: two names, two dashes and the digest stay far below what a file system takes."""
DIGEST_LENGTH: Final = 10

Number = float | Decimal | None


def share(value: Number) -> str:
    """A share of 0..1, such as `5.5%`."""
    return _told(value, words.share)


def share_range(low: Number, high: Number) -> str:
    """Bounds of a share, such as `5.5% to 7.0%`; one figure where they print alike."""
    first, last = share(low), share(high)
    return first if first == last else f"{first} to {last}"


def points(value: Number) -> str:
    """A change of a share in percentage points, signed."""
    return NOT_KNOWN if value is None else f"{_signed_points(float(value))} points"


def signed(value: Number) -> str:
    """A figure of -1..1 with its sign and two digits."""
    return _told(value, words.signed)


def plain(value: Number) -> str:
    """A figure with two digits."""
    return _told(value, lambda given: f"{given:.2f}")


def count(value: Number) -> str:
    """A whole number."""
    return _told(value, lambda given: f"{round(given):,}")


def number(value: Number) -> str:
    """A volume or rate without its unit."""
    return _told(value, words.number)


def volume(value: Number, unit: str) -> str:
    """A volume with its unit: `36 TEU`, `999 kg`, `1,235 tonnes`."""
    return _told(value, lambda given: words.volume(given, unit))


def unit_text(unit: str) -> str:
    """The unit as printed."""
    return "TEU" if unit == "teu" else unit


def day(value: date | None) -> str:
    """A date, such as `8 Nov 2026`."""
    return words.day(value)


def week_days(week: Week) -> str:
    """First and last day of a week, such as `2 Nov 2026 - 8 Nov 2026` with a dash between."""
    return f"{day(week.monday)} \N{EN DASH} {day(week.sunday)}"


def change(before: str, now: str) -> str:
    """Two printed figures, the older first."""
    return f"{before}{ARROW}{now}"


def product(hs4: str) -> str:
    """A product as printed."""
    names = {"unknown": "product not known", "all": "all products"}
    return names.get(hs4, f"HS\N{NO-BREAK SPACE}{hs4}")


def posture(code: str | None, texts: dict[str, str]) -> str | None:
    """What to do, without the full stop: it is a heading.

    Args:
        code: as the leverage row has it.
        texts: of the rules in use, which come before the brief's own.
    """
    text = words.posture_text(texts.get(code or "", code))
    return text.removesuffix(".") if text else None


def slug(names: tuple[str, str], identifiers: tuple[str, str]) -> str:
    """A file name for a pair: letters of both names, and a digest of both ids that keeps it unique."""
    digest = hashlib.sha256("\n".join(identifiers).encode()).hexdigest()[:DIGEST_LENGTH]
    parts = [re.sub(r"[^a-z0-9]+", "-", unidecode(name).lower())[:SLUG_LENGTH].strip("-") for name in names]
    return "-".join([*(part for part in parts if part), digest])


def _told(value: Number, shown: Callable[[float], str]) -> str:
    return NOT_KNOWN if value is None else shown(float(value))


def _signed_points(value: float) -> str:
    text = f"{abs(value) * 100:.1f}"
    return text if not text.strip("0.") else f"{'+' if value > 0 else words.MINUS}{text}"
