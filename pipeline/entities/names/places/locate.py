"""Where a party is, from the columns and the text of its address.

The text is read from its end, where most addresses name their country. What it does not name follows from a postal
code, a state, a city or the legal form, in this order; each result carries its source.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.entities.names import words
from pipeline.entities.names.places.gazetteer import city_country, countries_of, is_city, states, us_state_codes
from pipeline.entities.names.places.place import ADDRESS, CITY_NAME, COLUMN, LEGAL_FORM, NAME, POSTAL_CODE, STATE, Place
from pipeline.entities.names.places.postal import postal
from pipeline.entities.names.places.reading import ZIP, Found, read, separate
from pipeline.entities.names.words import NOT_CITIES, WORDS_AFTER_CITY, WORDS_OF_STREETS

_CODE_AT_END: Final = frozenset((
    "US", "CN", "IN", "VN", "TW", "HK", "KR", "JP", "TR", "BD", "PK", "TH", "ID", "MY", "PH", "SG", "DE", "FR",
    "ES", "PT", "NL", "BE", "GB", "UK", "PL", "MX", "BR", "PE", "CL", "EC", "LK", "KH", "AE", "EG", "ZA", "AU",
    "NZ", "CZ", "SE", "DK", "FI", "HU", "RO", "GR", "UA", "RU",
))  # fmt: skip
"""Codes of countries that count as the last word of an address; others are also states or words."""
_FORM_COUNTRIES: Final = {
    "GMBH": "DE", "MBH": "DE", "SPZOO": "PL", "SACV": "MX", "SADECV": "MX", "SDN": "MY", "BHD": "MY", "BERHAD": "MY",
    "PVT": "IN", "LTDA": "BR", "EIRELI": "BR", "SPA": "IT", "SIRKETI": "TR", "STI": "TR", "OY": "FI", "OYJ": "FI",
    "APS": "DK", "SARL": "FR", "SAS": "FR", "BV": "NL", "BVBA": "BE", "KFT": "HU", "KK": "JP", "FZCO": "AE",
    "FZE": "AE", "OOO": "RU", "PTY": "AU", "DOO": "RS", "TBK": "ID", "EOOD": "BG", "OOD": "BG", "KABUSHIKI": "JP",
}  # fmt: skip
"""Countries where most firms of a legal form are."""
_US_FORMS: Final = frozenset(("INC", "LLC", "LLP", "INCORPORATED"))


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
    listed = separate(list(tokens))
    found = read(listed)
    city_column, state_column, zip_column, country_column = columns
    stated = words.cities().get(city_column) or (city_column if is_city(city_column) else "")
    codes = {code for _, code in found.zips} | ({zip_column[:5]} if ZIP.match(zip_column[:5]) else set())
    postal_country, postal_codes = postal(text, zip_column)
    codes |= postal_codes
    country, source = _country(listed, found, country_column, state_column, postal_country)
    if not country and stated:
        country, source = city_country(stated), CITY_NAME
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


def _country(
    tokens: list[str], found: Found, country_column: str, state_column: str, postal_country: str
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
    if last in us_state_codes() and found.cities and "US" in countries_of(found.cities[-1][1]):
        return "US", STATE
    for _, name in reversed(found.cities):
        code = city_country(name)
        if code:
            return code, CITY_NAME
    if postal_country:
        return postal_country, POSTAL_CODE
    return "", ""


def _us_state_at(tokens: list[str]) -> int | None:
    """Return the position of a US state that a ZIP code follows, the last one."""
    for at in range(len(tokens) - 2, -1, -1):
        if ZIP.match(tokens[at + 1]) and len(tokens[at + 1]) == 5:
            state = states().get(tokens[at])
            if tokens[at] in us_state_codes() or (state and state[0] == "US"):
                return at
    return None


def _hint(forms: frozenset[str], name_places: frozenset[str]) -> tuple[str, str]:
    """Return the country that the name of a firm suggests."""
    codes = [place for place in sorted(name_places) if place in words.country_codes()]
    if len(codes) == 1:
        return codes[0], NAME
    from_cities = {city_country(place) for place in name_places} - {""}
    if len(from_cities) == 1:
        return from_cities.pop(), NAME
    from_forms = {_FORM_COUNTRIES[form] for form in forms if form in _FORM_COUNTRIES}
    if len(from_forms) == 1:
        return from_forms.pop(), LEGAL_FORM
    if not from_forms and forms & _US_FORMS:
        return "US", LEGAL_FORM
    return "", ""


def _state(found: Found, column: str, country: str, tokens: list[str]) -> str:
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


def _city(tokens: list[str], found: Found, stated: str, country: str) -> tuple[str, str]:
    if stated:
        return stated, COLUMN
    fitting = [name for _, name in found.cities if not country or country in countries_of(name)]
    if fitting:
        # an address goes from the street to the larger place; a city that is its province's namesake comes last
        others = [name for name in fitting if name not in states()]
        return (others or fitting)[-1], ADDRESS
    for at, token in enumerate(tokens[1:], 1):
        before = tokens[at - 1]
        is_name = before.isalpha() and len(before) > 3 and before not in WORDS_OF_STREETS | NOT_CITIES
        if token in WORDS_AFTER_CITY and is_name:
            return before, ADDRESS
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
                if country in countries_of(text) and not (set(range(at, at + size)) & set(found.street_at)):
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
