"""Where a party is: country, state, city and postal codes from the columns and the text of an address.

The text is read from its end, where most addresses name their country. What it does not name follows from a postal
code, a state,
a city or the legal form, in this order; each result carries its source.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from pipeline.entities.names import words
from pipeline.entities.names.words import WORDS_AFTER_CITY, WORDS_OF_STREETS

COLUMN, ADDRESS, POSTAL_CODE, STATE, CITY_NAME, NAME, LEGAL_FORM = (
    "column",
    "address",
    "postal_code",
    "state",
    "city_name",
    "name",
    "legal_form",
)
"""Sources of a place, most reliable first; the last two are hints from the name of the firm."""
_POSTAL_CODES: Final = (
    ("GB", re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b")),
    ("CA", re.compile(r"\b[ABCEGHJ-NPRSTVXY][0-9][A-Z][ -]?[0-9][A-Z][0-9]\b")),
    ("IE", re.compile(r"\b(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4}\b(?=.*[0-9])")),
    ("NL", re.compile(r"\b(?:NL[ -]?)?[1-9][0-9]{3} ?(?!SA|SD|SS|ST|TH|RD|ND)[A-Z]{2}\b")),
    ("BR", re.compile(r"\b[0-9]{5}-[0-9]{3}\b|\b[0-9]{2}\.[0-9]{3}-[0-9]{3}\b")),
    ("PT", re.compile(r"\b[1-9][0-9]{3}-[0-9]{3}\b(?!-)")),
    ("PL", re.compile(r"\b[0-9]{2}-[0-9]{3}\b(?!-)")),
    ("JP", re.compile(r"\b[0-9]{3}-[0-9]{4}\b(?!-)")),
)
"""Forms of postal codes that one country alone has; matched in the last part of an address only."""
_PREFIXED: Final = re.compile(
    r"\b(D|A|F|B|I|E|CH|CZ|DK|DE|AT|FR|BE|IT|ES|FIN|FI|SE|S|NO|N|PL|PT|NL|HU|H|RO|SK|SI|GR|TR|L|LT|LV|EE|BG|HR)"
    r"-([0-9]{4,6})\b"
)
_PREFIXES: Final = {
    "D": "DE", "A": "AT", "F": "FR", "B": "BE", "I": "IT", "E": "ES", "FIN": "FI", "S": "SE", "N": "NO", "H": "HU",
    "L": "LU",
}  # fmt: skip
_GLUED: Final = re.compile(r"^([A-Z]{2,20})([0-9]{5})$|^([0-9]{5,6})([A-Z]{2,20})$")
_ZIP: Final = re.compile(r"^[0-9]{5,6}$")
_HOUSE: Final = re.compile(r"^[A-Z]?[0-9]{1,5}[A-Z]?$")
_CODE_AT_END: Final = frozenset(
    [
        "US",
        "CN",
        "IN",
        "VN",
        "TW",
        "HK",
        "KR",
        "JP",
        "TR",
        "BD",
        "PK",
        "TH",
        "ID",
        "MY",
        "PH",
        "SG",
        "DE",
        "FR",
        "ES",
        "PT",
        "NL",
        "BE",
        "GB",
        "UK",
        "PL",
        "MX",
        "BR",
        "PE",
        "CL",
        "EC",
        "LK",
        "KH",
        "AE",
        "EG",
        "ZA",
        "AU",
        "NZ",
        "CZ",
        "SE",
        "DK",
        "FI",
        "HU",
        "RO",
        "GR",
        "UA",
        "RU",
    ]
)
"""Codes of countries that count as the last word of an address; others are also states or words."""
_FORM_COUNTRIES: Final = {
    "GMBH": "DE", "MBH": "DE", "SPZOO": "PL", "SACV": "MX", "SADECV": "MX", "SDN": "MY", "BHD": "MY", "BERHAD": "MY",
    "PVT": "IN", "LTDA": "BR", "EIRELI": "BR", "SPA": "IT", "SIRKETI": "TR", "STI": "TR", "OY": "FI", "OYJ": "FI",
    "APS": "DK", "SARL": "FR", "SAS": "FR", "BV": "NL", "BVBA": "BE", "KFT": "HU", "KK": "JP", "FZCO": "AE",
    "FZE": "AE", "OOO": "RU", "PTY": "AU", "DOO": "RS", "TBK": "ID", "EOOD": "BG", "OOD": "BG", "KABUSHIKI": "JP",
}  # fmt: skip
"""Countries where most firms of a legal form are."""
_US_FORMS: Final = frozenset(("INC", "LLC", "LLP", "INCORPORATED"))
_DIRECTIONS: Final = frozenset(
    ["NORTH", "SOUTH", "EAST", "WEST", "MIDDLE", "CENTRAL", "N", "S", "E", "W", "BEI", "NAN", "DONG", "XI"]
)
_RUN_ON: Final = 4
"""Letters that must precede a country in one word (SHANGHAICHINA)."""
_SURE_CITY: Final = 100_000
"""Inhabitants from which a city alone names its country, where it is five times as large as any of its name abroad."""
_TIMES_LARGER: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a party is.

    Attributes:
        country: ISO code; empty where unknown.
        country_source: one of the constants above.
        state: code of a US state or Canadian province, else the name of a state or province.
        city: in capitals; empty where unknown.
        city_source: as `country_source`.
        cities: all known cities in the address and the city.
        houses: numbers of houses, plots and rooms.
        zips: postal codes.
        streets: other words of the address.
    """

    country: str = ""
    country_source: str = ""
    state: str = ""
    city: str = ""
    city_source: str = ""
    cities: frozenset[str] = frozenset()
    houses: frozenset[str] = frozenset()
    zips: frozenset[str] = frozenset()
    streets: tuple[str, ...] = ()

    @property
    def known_country(self) -> str:
        """The country where it is stated, not only suggested by the name of the firm."""
        return "" if self.country_source in (NAME, LEGAL_FORM) else self.country


@dataclass
class _Found:
    """What the tokens of an address are, each with its position."""

    countries: list[tuple[int, str]] = field(default_factory=list)
    states: list[tuple[int, str, str]] = field(default_factory=list)
    cities: list[tuple[int, str]] = field(default_factory=list)
    zips: list[tuple[int, str]] = field(default_factory=list)
    houses: list[str] = field(default_factory=list)
    streets: list[str] = field(default_factory=list)
    street_at: list[int] = field(default_factory=list)


def locate(
    tokens: Sequence[str],
    text: str,
    columns: tuple[str, str, str, str] = ("", "", "", ""),
    forms: frozenset[str] = frozenset(),
    name_places: frozenset[str] = frozenset(),
) -> Place:
    """Return where a party is.

    Args:
        tokens: words of its address, in capitals.
        text: the address itself, in capitals: postal codes are recognized by their signs.
        columns: city, state, postal code and country code as delivered; text that was sliced into them is ignored.
        forms: legal forms of its name as written.
        name_places: countries and cities in its name.
    """
    listed = _separate(list(tokens))
    found = _read(listed)
    city_column, state_column, zip_column, country_column = columns
    stated = words.cities().get(city_column) or (city_column if _is_city(city_column) else "")
    codes = {code for _, code in found.zips} | ({zip_column[:5]} if _ZIP.match(zip_column[:5]) else set())
    postal_country, postal_codes = _postal(text, zip_column)
    codes |= postal_codes
    country, source = _country(listed, found, country_column, state_column, postal_country)
    if not country and stated:
        country, source = _city_country(stated), CITY_NAME
    if not country:
        country, source = _hint(forms, name_places)
    state = _state(found, state_column, country, listed)
    city, city_source = _city(listed, found, stated, country)
    if not city:
        named = [place for place in sorted(name_places) if len(place) > 2 and words.city_countries().get(place)]
        city, city_source = (named[0], NAME) if len(named) == 1 else ("", "")
    cities = {name for _, name in found.cities} | ({city} if city and city_source != NAME else set())
    return Place(
        country=country,
        country_source=source if country else "",
        state=state,
        city=city,
        city_source=city_source,
        cities=frozenset(cities),
        houses=frozenset(found.houses),
        zips=frozenset(codes),
        streets=tuple(found.streets),
    )


def _separate(tokens: list[str]) -> list[str]:
    """Separate words that were written in one (TX77043, SHANGHAICHINA) and join those cut in two (TURK IYE)."""
    parts: list[str] = []
    for token in tokens:
        glued = _GLUED.match(token)
        if glued:
            one, other = glued.group(1, 2) if glued.group(1) else glued.group(3, 4)
            word = one if glued.group(1) else other
            if len(word) == 2 or _is_place(word):
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
            and not (_is_place(token) and len(token) > 3)
            and not _is_place(joined[-1])
            and _is_large_place(whole)
        ):
            joined[-1] = whole
        else:
            joined.append(token)
    return joined


def _run_on(token: str) -> list[str]:
    if len(token) < 8 or not token.isalpha() or _is_place(token):
        return [token]
    for size in range(len(token) - _RUN_ON, 3, -1):
        rest, last = token[:-size], token[-size:]
        if size >= 5 and last in words.countries() and (rest in states() or rest in words.city_countries()):
            return [rest, last]
    if token.endswith("USA") and token[:-3] in words.city_countries():
        return [token[:-3], "USA"]
    return [token]


def _is_place(word: str) -> bool:
    return word in words.countries() or word in states() or word in words.city_countries()


def _is_large_place(word: str) -> bool:
    if word in words.countries() or word in states():
        return True
    return any(people >= _SURE_CITY for _, people in words.city_countries().get(word, ()))


def _read(tokens: list[str]) -> _Found:
    found, known = _Found(), words.address_words()
    at = 0
    while at < len(tokens):
        length = _read_place(tokens, at, found)
        if length:
            at += length
            continue
        token = tokens[at]
        if _ZIP.match(token):
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


def _read_place(tokens: list[str], at: int, found: _Found) -> int:
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


def _postal(text: str, column: str) -> tuple[str, set[str]]:
    """Return the country that the form of a postal code belongs to, and the codes of several parts."""
    near_end = f"{text[-60:]} {column}".strip()
    prefixed = _PREFIXED.search(near_end)
    if prefixed:
        return _PREFIXES.get(prefixed.group(1), prefixed.group(1)), {prefixed.group(2)}
    for country, form in _POSTAL_CODES:
        match = next(reversed(list(form.finditer(near_end))), None)
        if match:
            code = "".join(sign for sign in match.group() if sign.isalnum())
            return country, {code} if country in ("GB", "CA", "IE", "NL") else set()
    return "", set()


def _country(
    tokens: list[str], found: _Found, country_column: str, state_column: str, postal_country: str
) -> tuple[str, str]:
    if country_column in words.country_codes():
        return country_column, COLUMN
    last = tokens[-1] if tokens else ""
    american = _us_state_at(tokens)
    if found.countries:
        at, code = found.countries[-1]
        # a country that a street or firm is named after stands in front; TX 77043 behind it counts for more
        if american is None or american < at:
            return code, ADDRESS
    if american is not None:
        return "US", POSTAL_CODE
    if last in _CODE_AT_END and len(tokens) > 1:
        return ("GB" if last == "UK" else last), ADDRESS
    if found.states and found.states[-1][1] == postal_country:
        return postal_country, POSTAL_CODE
    if postal_country in ("GB", "CA", "BR", "NL", "PT", "PL", "JP") and not found.states:
        named = {country for _, name in found.cities for country, _ in words.city_countries().get(name, ())}
        if not named or postal_country in named or postal_country in ("GB", "CA", "BR"):
            return postal_country, POSTAL_CODE
    stated = states().get(state_column)
    if stated:
        return stated[0], STATE
    if found.states:
        return found.states[-1][1], STATE
    if last in us_state_codes() and found.cities and "US" in _countries_of(found.cities[-1][1]):
        return "US", STATE
    for _, name in reversed(found.cities):
        code = _city_country(name)
        if code:
            return code, CITY_NAME
    if postal_country:
        return postal_country, POSTAL_CODE
    return "", ""


def _us_state_at(tokens: list[str]) -> int | None:
    """Return the position of a US state that a ZIP code follows, the last one."""
    for at in range(len(tokens) - 2, -1, -1):
        if _ZIP.match(tokens[at + 1]) and len(tokens[at + 1]) == 5:
            state = states().get(tokens[at])
            if tokens[at] in us_state_codes() or (state and state[0] == "US"):
                return at
    return None


def _hint(forms: frozenset[str], name_places: frozenset[str]) -> tuple[str, str]:
    """Return the country that the name of a firm suggests."""
    codes = [place for place in sorted(name_places) if place in words.country_codes()]
    if len(codes) == 1:
        return codes[0], NAME
    from_cities = {_city_country(place) for place in name_places} - {""}
    if len(from_cities) == 1:
        return from_cities.pop(), NAME
    from_forms = {_FORM_COUNTRIES[form] for form in forms if form in _FORM_COUNTRIES}
    if len(from_forms) == 1:
        return from_forms.pop(), LEGAL_FORM
    if not from_forms and forms & _US_FORMS:
        return "US", LEGAL_FORM
    return "", ""


def _state(found: _Found, column: str, country: str, tokens: list[str]) -> str:
    known = states().get(column)
    if known and (not country or known[0] == country):
        return known[1]
    if column in us_state_codes() and country in ("US", ""):
        return column
    for _, of, name in reversed(found.states):
        if of == country:
            return name
    if country in ("US", ""):
        at = _us_state_at(tokens)
        if at is not None:
            return states().get(tokens[at], ("US", tokens[at]))[1]
    if country == "US":
        ends = [at for at, token in enumerate(tokens[-3:], max(len(tokens) - 3, 0)) if token in us_state_codes()]
        if ends and ends[-1] > 0:
            return tokens[ends[-1]]
    return ""


def _city(tokens: list[str], found: _Found, stated: str, country: str) -> tuple[str, str]:
    if stated:
        return stated, COLUMN
    fitting = [name for _, name in found.cities if not country or country in _countries_of(name)]
    if fitting:
        # an address goes from the street to the larger place; a city that is its province's namesake comes last
        others = [name for name in fitting if name not in states()]
        return (others or fitting)[-1], ADDRESS
    for at, token in enumerate(tokens[1:], 1):
        if token in WORDS_AFTER_CITY and tokens[at - 1].isalpha() and len(tokens[at - 1]) > 3:
            return tokens[at - 1], ADDRESS
    if country == "US":
        end = _end_of_city(tokens)
        start = max((at for at in found.street_at if at < end), default=-1) + 1
        name = tokens[max(start, end - 3) : end]
        if name and all(word.isalpha() for word in name) and len("".join(name)) >= 4:
            return " ".join(name), ADDRESS
    if country:
        for size in (3, 2, 1):
            for at in range(len(tokens) - size, -1, -1):
                text = " ".join(tokens[at : at + size])
                if country in _countries_of(text) and not (set(range(at, at + size)) & set(found.street_at)):
                    return text, ADDRESS
    return "", ""


def _end_of_city(tokens: list[str]) -> int:
    """Return where the state of a US address begins, 0 where none is found."""
    at = _us_state_at(tokens)
    if at is not None:
        return at
    for at in range(len(tokens) - 1, max(len(tokens) - 4, 0), -1):
        state = states().get(tokens[at])
        if tokens[at] in us_state_codes() or (state and state[0] == "US"):
            return at
    return 0


def _is_city(text: str) -> bool:
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


def _countries_of(city: str) -> frozenset[str]:
    return frozenset(country for country, _ in words.city_countries().get(city, ()))


def _city_country(city: str) -> str:
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
