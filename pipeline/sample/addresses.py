"""Where a firm is, as address lines write it, with the personal data that stands in them.

Streets, phones, addresses of mail and tax numbers are invented (555 numbers, example.com).

Belongs here: the text of address lines, of cities and countries. Does not belong here: names (`spellings`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from pipeline.sample import firms as kinds
from pipeline.sample import words
from pipeline.sample.draws import Draws, Ints
from pipeline.sample.firms import Firms
from pipeline.sample.geography import ABROAD, COUNTRIES, US_CITIES
from pipeline.sample.stems import STEMS, stems
from pipeline.sample.texts import Text, case, digits, either, glue, length, only, part, pick, pool, tidy, whole

NAME_WIDTH: Final = 35
"""Names and address lines are cut here; a name runs on into the first address line."""
ZONED: Final = 0.35
"""Addresses abroad with an industrial zone or a town."""
PHONE: Final = 0.2
MAIL: Final = 0.06
TAX_ID: Final = 0.05
"""Spellings whose address holds one."""
STRUCTURED, RUNNING, SHORT = range(3)
"""Styles: a line for street, place and country each; one text cut every 35 letters; street and city only."""


@dataclass(frozen=True)
class Lines:
    """Name and four address lines, unquoted."""

    name: Text
    address: tuple[Text, Text, Text, Text]


def address_lines(draws: Draws, firms: Firms, kind: int, numbers: Ints, variants: Ints, name: Text) -> Lines:
    """Address lines of firms of one kind under the given uncut names, which are cut here.

    A firm has one street, one phone and so on; how they are written depends on the variant of its name.
    """
    firm = numbers + (kind << 32)
    spelling = firm * 8 + variants
    street = glue(
        pick(pool(["NO.", "NO. ", "", "# ", "", "PLOT NO "]), draws.below(firm, "street.style", 6)),
        whole(1 + draws.skewed(firm, "street.number", np.full(len(firm), 9800), 1.8)),
        " ",
        stems(draws.below(firm, "street.name", STEMS), words.OTHER_ENDS, np.zeros_like(firm)),
        " ",
        pick(pool(words.STREETS), draws.below(firm, "street.kind", len(words.STREETS))),
    )
    abroad = (_country(firms, numbers, kind) < len(COUNTRIES)) & draws.chance(firm, "zone", ZONED)
    zone = only(abroad, glue(", ", pick(pool(words.ZONES), draws.below(firm, "zone.kind", len(words.ZONES)))))
    city, province, code = (place_text(firms, numbers, field, kind) for field in range(3))
    place = tidy(glue(city, province, code, between=" "))
    country = country_text(firms, numbers, kind)
    personal = _personal(draws, spelling, firm)
    running = tidy(glue(street, zone, ", ", place, " ", country, " ", personal))
    by_style = {
        STRUCTURED: (glue(street, zone), place, country, personal),
        RUNNING: tuple(part(running, NAME_WIDTH * n, NAME_WIDTH * (n + 1)) for n in range(4)),
        SHORT: (glue(street, ", ", city), personal, "", ""),
    }
    style = draws.below(spelling, "address.style", len(by_style))
    first, second, third, fourth = (tidy(case(style, choices)) for choices in zip(*by_style.values(), strict=True))
    over = length(name) > NAME_WIDTH
    rest = part(name, NAME_WIDTH, 3 * NAME_WIDTH)
    pushed = (rest, first, second, glue(third, " ", fourth))
    one, two, three, four = (
        tidy(part(either(over, after, before), 0, NAME_WIDTH))
        for after, before in zip(pushed, (first, second, third, fourth), strict=True)
    )
    return Lines(tidy(part(name, 0, NAME_WIDTH)), (one, two, three, four))


def _personal(draws: Draws, spelling: Ints, firm: Ints) -> Text:
    """Phones, addresses of mail and tax numbers as they stand in address lines."""
    phone = glue(
        pick(pool(["TEL:", "TEL ", "PH: ", "PHONE +", "TEL/FAX "]), draws.below(firm, "phone.style", 5)),
        digits(1 + draws.below(firm, "phone.country", 98), 2),
        "-555-01",
        digits(draws.below(firm, "phone.number", 100), 2),
    )
    mail = glue("EMAIL: info", digits(firm, 3), "@example.com")
    tax = case(
        draws.below(firm, "tax.kind", 3),
        [
            glue("EIN 00-", digits(5550000 + firm % 9999, 7)),
            glue("SSN 000-55-", digits(firm % 9999, 4)),
            glue("TAX ID: 0", digits(5550000 + firm % 9999, 8)),
        ],
    )
    point = draws.uniform(spelling, "personal")
    which = np.searchsorted([PHONE, PHONE + MAIL, PHONE + MAIL + TAX_ID], point, side="right")
    return case(which, [phone, mail, tax, ""])


def country_text(firms: Firms, numbers: Ints, kind: int) -> Text:
    """Names of countries as addresses end with them."""
    return pick(_country_names(), _country(firms, numbers, kind))


def country_code(firms: Firms, numbers: Ints, kind: int) -> Text:
    """ISO codes of countries."""
    return pick(_country_codes(), _country(firms, numbers, kind))


def place_text(firms: Firms, numbers: Ints, field: int, kind: int) -> Text:
    """City (0), state or province (1) or postal code (2) of parties of a kind."""
    country, city = firms.country[numbers], firms.city[numbers]
    offsets, places = _cities()
    here = city % len(US_CITIES) if kind == kinds.FORWARDER_US else city
    american = (country < 0) | (kind == kinds.FORWARDER_US)
    return pick(places[field], np.where(american, here, offsets[country] + city))


def _country(firms: Firms, numbers: Ints, kind: int) -> Ints:
    """Row in the pools of countries: those of COUNTRIES, the United States, those of ABROAD."""
    if kind == kinds.FORWARDER_US:
        return np.full(len(numbers), len(COUNTRIES))
    country, beyond = firms.country[numbers], firms.city[numbers] - len(US_CITIES)
    return np.where(country >= 0, country, len(COUNTRIES) + np.maximum(beyond + 1, 0))


@cache
def _country_names() -> Text:
    return pool([*(place.name for place in COUNTRIES), "UNITED STATES", *(name for _, _, name, _ in ABROAD)])


@cache
def _country_codes() -> Text:
    return pool([*(place.code for place in COUNTRIES), "US", *(code for _, code, _, _ in ABROAD)])


@cache
def _cities() -> tuple[Ints, tuple[Text, Text, Text]]:
    """First row of each country, and the columns city, province and code; American ones first, then those abroad."""
    places = [*US_CITIES, *(city for *_, city in ABROAD), *(city for country in COUNTRIES for city in country.cities)]
    counts = [len(country.cities) for country in COUNTRIES]
    columns = tuple(pool([place[field] for place in places]) for field in range(3))
    return len(US_CITIES) + len(ABROAD) + np.cumsum([0, *counts[:-1]]), (columns[0], columns[1], columns[2])
