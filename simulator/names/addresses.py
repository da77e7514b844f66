"""Where a firm is, as address lines write it, with the personal data in them.

Streets, phones, addresses of mail and tax numbers are invented (555 numbers, example.com).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from simulator.names import firms as kinds
from simulator.names import words
from simulator.names.firms import Firms
from simulator.names.mistyping import slip
from simulator.names.stems import STEMS, stems
from simulator.names.texts import (
    Text,
    altered,
    case,
    differs,
    digits,
    either,
    glue,
    length,
    only,
    part,
    pick,
    pool,
    replaced,
    tidy,
    whole,
)
from simulator.world import habits
from simulator.world.draws import Bools, Draws, Ints
from simulator.world.geography import ABROAD, COUNTRIES, US_CITIES
from simulator.world.situations import NONE

NAME_WIDTH: Final = 35
"""Names and address lines are cut here; a name runs on into the first address line."""
ZONED: Final = 0.35
IN_DISTRICT: Final = 0.4
"""Addresses abroad with an industrial zone or a town; others with a district."""
ON_FLOOR: Final = 0.15
IN_BUILDING: Final = 0.12
"""Addresses with a floor or a room; in a building with a name."""
WITH_ZIP: Final = 0.6
"""Firms whose usual address ends with its postal code."""
PHONE: Final = 0.2
MAIL: Final = 0.06
TAX_ID: Final = 0.05
"""Name variants whose address contains one."""
STRUCTURED, RUNNING, SHORT = range(3)
"""Styles: a line for street, place and country each; one text cut every 35 letters; street and city."""
STYLE_WEIGHTS: Final = (4.0, 4.0, 1.0)
_NUMBER_BEFORE: Final = ("NO.", "NO. ", "", "# ", "", "PLOT NO ")


@dataclass(frozen=True)
class Lines:
    """Name and four address lines, unquoted."""

    name: Text
    address: tuple[Text, Text, Text, Text]


def address_lines(
    draws: Draws, firms: Firms, kind: int, numbers: Ints, variants: Ints, name: Text
) -> tuple[Lines, Ints]:
    """Address lines of firms of one kind under the given uncut names, which are cut here.

    A firm has one street, one phone and so on, which its neighbours share (`firms.Firms.site`); how they are written
    depends on the variant. The second value says in what each address differs from the usual one (`habits.KINDS`).
    """
    key = habits.address_key(draws, numbers + (kind << 32), variants)
    single = (firms.situation[numbers] != NONE) | (firms.plain[numbers] == 1)
    liberties = habits.address_kinds(draws, key, single)
    away = habits.bit(liberties, habits.OTHER_SITE)
    site = (firms.site[numbers] + (kind << 32)) * 2 + away
    street, district, done = _street(draws, key, liberties, site, _country(firms, numbers, kind) < len(COUNTRIES))
    city, province, code = (
        either(away, place_text(firms, numbers, field, kind, away=True), place_text(firms, numbers, field, kind))
        for field in range(3)
    )
    coded = draws.chance(numbers, "address.zip", WITH_ZIP)
    toggled = habits.bit(liberties, habits.ZIP) & differs(code, "")
    done |= toggled.astype(np.int64) << habits.ZIP
    place = tidy(glue(city, province, only(coded ^ toggled, code), between=" "))
    country = country_text(firms, numbers, kind)
    personal = _personal(draws, key, numbers + (kind << 32))
    alone = habits.bit(liberties, habits.CITY_ONLY)
    street, district = only(~alone, street), only(~alone, district)
    done = np.where(alone, done & 1 << habits.ZIP, done) | liberties & (1 << habits.CITY_ONLY | 1 << habits.OTHER_SITE)
    area = _listed(district, place)
    running = tidy(glue(_listed(street, area), " ", country, " ", personal))
    by_style = {
        STRUCTURED: (street, area, country, personal),
        RUNNING: tuple(part(running, NAME_WIDTH * n, NAME_WIDTH * (n + 1)) for n in range(4)),
        SHORT: (street, city, personal, ""),
    }
    usual = draws.among(numbers, "address.style", STYLE_WEIGHTS)
    other = habits.bit(liberties, habits.LAYOUT)
    style = np.where(other, (usual + 1 + draws.below(key, "address.layout", 2)) % len(by_style), usual)
    done |= other.astype(np.int64) << habits.LAYOUT
    # what does not fit into its line runs on
    style = np.where((length(street) > NAME_WIDTH) | (length(area) > NAME_WIDTH), RUNNING, style)
    lines = [tidy(case(style, choices)) for choices in zip(*by_style.values(), strict=True)]
    over = length(name) > NAME_WIDTH
    done |= over.astype(np.int64) << habits.CUT
    return _run_on(name, over, lines), done


def _run_on(name: Text, over: Bools, lines: list[Text]) -> Lines:
    """Name and lines cut at their width; the rest of a name is in the first line."""
    first, second, third, fourth = lines
    pushed = (part(name, NAME_WIDTH, 3 * NAME_WIDTH), first, second, glue(third, " ", fourth))
    one, two, three, four = (
        tidy(part(either(over, after, before), 0, NAME_WIDTH)) for after, before in zip(pushed, lines, strict=True)
    )
    return Lines(tidy(part(name, 0, NAME_WIDTH)), (one, two, three, four))


def _listed(*texts: Text) -> Text:
    """Texts with commas between those that are not empty."""
    listed = texts[0]
    for text in texts[1:]:
        comma = differs(listed, "") & differs(text, "")
        listed = glue(listed, only(comma, ", "), text)
    return listed


def _street(draws: Draws, key: Ints, liberties: Ints, site: Ints, abroad: Bools) -> tuple[Text, Text, Ints]:
    """Street and district of each site as the writing of each key has them, and in what they differ from the usual."""
    bit = habits.bit
    number = whole(1 + draws.skewed(site, "street.number", np.full(len(site), 9800), 1.8))
    style = draws.below(site, "street.style", len(_NUMBER_BEFORE))
    bare = bit(liberties, habits.NO_NUMBER)
    # where it has none in front of the number it comes to one
    style = np.where(bare, np.where(differs(pick(pool(_NUMBER_BEFORE), style), ""), 2, 1), style)
    before = pick(pool(_NUMBER_BEFORE), style)
    word = glue(
        stems(draws.below(site, "street.name", STEMS), words.OTHER_ENDS),
        " ",
        pick(pool(words.STREETS), draws.below(site, "street.kind", len(words.STREETS))),
    )
    turned = bit(liberties, habits.ORDER)
    street = either(turned, glue(word, " ", before, number), glue(before, number, " ", word))
    inside = only(
        draws.chance(site, "street.floor", ON_FLOOR),
        pick(pool(words.FLOORS), draws.below(site, "street.room", len(words.FLOORS))),
    )
    building = only(
        draws.chance(site, "street.building", IN_BUILDING),
        glue(stems(draws.below(site, "street.house", STEMS), words.OTHER_ENDS), " BUILDING"),
    )
    street = _listed(inside, building, street)
    zone = pick(pool(words.ZONES), draws.below(site, "zone.kind", len(words.ZONES)))
    town = glue(stems(draws.below(site, "zone.name", STEMS), words.OTHER_ENDS), " DISTRICT")
    point = draws.uniform(site, "zone")
    district = case(
        np.where(abroad, np.searchsorted([ZONED, ZONED + IN_DISTRICT], point, side="right"), 2), [zone, town, ""]
    )
    left = bit(liberties, habits.DISTRICT) & differs(district, "")
    district = only(~left, district)
    done = (bare.astype(np.int64) << habits.NO_NUMBER) | (turned.astype(np.int64) << habits.ORDER)
    done |= left.astype(np.int64) << habits.DISTRICT
    short = draws.chance(site, "street.short", 0.4) ^ bit(liberties, habits.STREET_SHORT)
    point_style = draws.below(key, "street.points", 2)

    def shortened(text: Text, rows: Ints) -> Text:
        style = point_style[rows]
        for long, first, second in words.STREET_SHORT:
            text = either(style == 0, replaced(text, long, first), replaced(text, long, second))
        return text

    street, district = altered(street, short, shortened), altered(district, short, shortened)
    done |= liberties & 1 << habits.STREET_SHORT
    slips = bit(liberties, habits.STREET_SLIP)
    done |= slips.astype(np.int64) << habits.STREET_SLIP
    street = altered(street, slips, lambda text, rows: slip(draws, key[rows], "street.slip", text))
    return street, district, done


def _personal(draws: Draws, spelling: Ints, firm: Ints) -> Text:
    """Phones, addresses of mail and tax numbers as they are in address lines."""
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


def place_text(firms: Firms, numbers: Ints, field: int, kind: int, *, away: bool = False) -> Text:
    """City (0), state or province (1) or postal code (2) of parties of a kind, or of their second site."""
    country, city = firms.country[numbers], firms.city[numbers]
    offsets, places = _cities()
    here = city % len(US_CITIES) if kind == kinds.FORWARDER_US else city
    american = (country < 0) | (kind == kinds.FORWARDER_US)
    row = np.where(american, here, offsets[country] + city)
    return pick(places[field], _neighbours()[row] if away else row)


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


@cache
def _neighbours() -> Ints:
    """For each row of `_cities` another city of the same province, or itself."""
    provinces = _cities()[1][1].to_pylist()
    rows = range(len(provinces))
    return np.array(
        [
            next(
                (other for other in rows if other != row and provinces[row] and provinces[other] == provinces[row]), row
            )
            for row in rows
        ]
    )
