"""Names of places: which words are a country, a state or a city, and of which country a city is."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Final

from pipeline.entities.names import words
from pipeline.entities.names.words import WORDS_OF_STREETS

_SURE_CITY: Final = 100_000
"""Inhabitants from which a city alone names its country, where it is five times as large as any of its name abroad."""
_TIMES_LARGER: Final = 5
_NOT_IN_CITIES: Final = frozenset(
    [
        "TEL",
        "FAX",
        "ATTN",
        "EMAIL",
        "PHONE",
        "CO",
        "LTD",
        "LLC",
        "INC",
        "LIMITED",
        "CONTACT",
        "PIC",
        "ROOM",
        "FLOOR",
        "NO",
    ]
)


def is_place(word: str) -> bool:
    """Return whether a word is a country, a state or a city."""
    return word in words.countries() or word in states() or word in words.city_countries()


def is_large_place(word: str) -> bool:
    """Return whether a word is a country, a state or a large city."""
    if word in words.countries() or word in states():
        return True
    return any(people >= _SURE_CITY for _, people in words.city_countries().get(word, ()))


def is_city(text: str) -> bool:
    """Return whether text of a city column may be one: letters, and no word that sliced text has."""
    parts = text.split()
    return (
        3 <= len(text) <= 30
        and len(parts) <= 4
        and text.replace(" ", "").isalpha()
        and not any(part in WORDS_OF_STREETS or part in _NOT_IN_CITIES for part in parts)
        and text not in words.countries()
        and text not in states()
    )


def countries_of(city: str) -> frozenset[str]:
    """Return the countries that have a city of this name."""
    return frozenset(country for country, _ in words.city_countries().get(city, ()))


def city_country(city: str) -> str:
    """Return the country of a city that is large and has no namesake near its size; else nothing."""
    known = words.city_countries().get(city, ())
    if not known or known[0][1] < _SURE_CITY:
        return ""
    others = [people for country, people in known[1:] if country != known[0][0]]
    return known[0][0] if not others or known[0][1] >= _TIMES_LARGER * max(others) else ""


@cache
def states() -> dict[str, tuple[str, str]]:
    """Return country and state (its code in the United States and Canada) by each name of a state, in capitals."""
    with files(__package__).joinpath("states.csv").open(encoding="utf-8") as file:
        return {
            name: (row["country_code"], row["state"] or name)
            for row in csv.DictReader(file)
            for name in row["names"].split("|")
        }


@cache
def us_state_codes() -> frozenset[str]:
    """Return the two-letter codes of the states of the US."""
    return frozenset(code for country, code in states().values() if country == "US")
