"""What the words of an address are: countries, states, cities, postal codes, houses, streets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from pipeline.entities.names import words
from pipeline.entities.names.places.gazetteer import is_large_place, is_place, states
from pipeline.entities.names.words import WORDS_OF_STREETS

_GLUED: Final = re.compile(r"^([A-Z]{2,20})([0-9]{5})$|^([0-9]{5,6})([A-Z]{2,20})$")
ZIP: Final = re.compile(r"^[0-9]{5,6}$")
_HOUSE: Final = re.compile(r"^[A-Z]?[0-9]{1,5}[A-Z]?$")
_DIRECTIONS: Final = frozenset(
    ["NORTH", "SOUTH", "EAST", "WEST", "MIDDLE", "CENTRAL", "N", "S", "E", "W", "BEI", "NAN", "DONG", "XI"]
)
_RUN_ON: Final = 4
"""Letters that must precede a country in one word (SHANGHAICHINA)."""


@dataclass
class Found:
    """What the tokens of an address are, each with its position."""

    countries: list[tuple[int, str]] = field(default_factory=list)
    states: list[tuple[int, str, str]] = field(default_factory=list)
    cities: list[tuple[int, str]] = field(default_factory=list)
    zips: list[tuple[int, str]] = field(default_factory=list)
    houses: list[str] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)
    street_at: list[int] = field(default_factory=list)


def separate(tokens: list[str]) -> list[str]:
    """Separate words that were written in one (TX77043, SHANGHAICHINA) and join those cut in two (TURK IYE)."""
    parts: list[str] = []
    for token in tokens:
        glued = _GLUED.match(token)
        if glued:
            one, other = glued.group(1, 2) if glued.group(1) else glued.group(3, 4)
            word = one if glued.group(1) else other
            if len(word) == 2 or is_place(word):
                parts += [one, other]
                continue
        parts += _run_on(token)
    joined: list[str] = []
    for token in parts:
        whole = joined[-1] + token if joined else ""
        if (
            len(whole) >= 5
            and whole.isalpha()
            and min(len(token), len(joined[-1])) <= 5
            and not (is_place(token) and len(token) > 3)
            and not is_place(joined[-1])
            and is_large_place(whole)
        ):
            joined[-1] = whole
        else:
            joined.append(token)
    return joined


def _run_on(token: str) -> list[str]:
    if len(token) < 8 or not token.isalpha() or is_place(token):
        return [token]
    for size in range(len(token) - _RUN_ON, 3, -1):
        rest, last = token[:-size], token[-size:]
        if size >= 5 and last in words.countries() and (rest in states() or rest in words.city_countries()):
            return [rest, last]
    if token.endswith("USA") and token[:-3] in words.city_countries():
        return [token[:-3], "USA"]
    return [token]


def read(tokens: list[str]) -> Found:
    """Return what the words of an address are."""
    found, known = Found(), words.address_words()
    at = 0
    while at < len(tokens):
        length = _read_place(tokens, at, found)
        if length:
            at += length
            continue
        token = tokens[at]
        if ZIP.match(token):
            found.zips.append((at, token))
        elif _HOUSE.match(token) and any(sign.isdigit() for sign in token):
            found.houses.append(token.lstrip("0") or "0")
            found.street_at.append(at)
        else:
            if token in known or token in WORDS_OF_STREETS:
                found.street_at.append(at)
            if len(token) > 1 or token in known:
                found.streets.append(known.get(token, token))
        at += 1
    return found


def _read_place(tokens: list[str], at: int, found: Found) -> int:
    """Add the longest place that begins at a position; return its words, 0 where there is none."""
    for length in range(min(words.LONGEST_PLACE, len(tokens) - at), 0, -1):
        text = tokens[at] if length == 1 else " ".join(tokens[at : at + length])
        if length == 1 and len(text) <= 2:
            break
        after = [token for token in tokens[at + length : at + length + 2] if token not in _DIRECTIONS]
        if after and after[0] in WORDS_OF_STREETS and length < 3:  # FUZHOU SOUTH ROAD is in no FUZHOU
            continue
        code = words.countries().get(text)
        if code:
            found.countries.append((at, code))
            if text in words.city_countries():  # SINGAPORE
                found.cities.append((at, text))
            return length
        state = states().get(text)
        city = words.cities().get(text)
        if state:
            found.states.append((at, *state))
        if city:
            found.cities.append((at, city))
        if state or city:
            return length
    return 0
