"""Where a firm is, as address lines write it, with the personal data in them.

Streets, phones, addresses of mail and tax numbers are invented (555 numbers, example.com).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from simulator.basis import habits
from simulator.basis.draws import Bools, Draws, Ints
from simulator.basis.geography import ABROAD, COUNTRIES, STATE_NAMES, US_CITIES
from simulator.basis.situations import NONE
from simulator.names import firms as kinds
from simulator.names import words
from simulator.names.contacts import personal_text
from simulator.names.firms import Firms
from simulator.names.mistyping import slip, without_blank
from simulator.names.stems import STEMS, stems
from simulator.names.texts import (
    Text,
    altered,
    case,
    differs,
    either,
    glue,
    length,
    only,
    part,
    pick,
    pool,
    shortened_words,
    tidy,
    whole,
)

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
WITH_COUNTRY: Final = 0.6
"""Firms whose usual address names its country."""
STATE_NAME: Final = 3
"""Field of a place: its state in full."""
STRUCTURED, RUNNING, SHORT = range(3)
"""Styles: a line for street, place and country each; one text cut every 35 letters; street and city."""
STYLE_WEIGHTS: Final = (2.0, 6.0, 0.6)
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
    liberties = habits.address_kinds(draws, key)
    at = site_of(draws, firms, kind, numbers, variants)
    site = (firms.site[numbers] + (kind << 32)) * 4 + at
    street, district, done = _street(draws, key, liberties, site, _country(firms, numbers, kind) < len(COUNTRIES))
    city, province, code = (place_text(firms, numbers, field, kind, at) for field in range(3))
    written_out = habits.bit(liberties, habits.STATE)
    long = either(written_out, place_text(firms, numbers, STATE_NAME, kind, at), province)
    done |= differs(long, province).astype(np.int64) << habits.STATE
    province = long
    coded = draws.chance(numbers, "address.zip", WITH_ZIP)
    toggled = habits.bit(liberties, habits.ZIP) & differs(code, "")
    done |= toggled.astype(np.int64) << habits.ZIP
    place = tidy(glue(city, province, only(coded ^ toggled, code), between=" "))
    country = country_text(firms, numbers, kind)
    landed = draws.chance(numbers, "address.country", WITH_COUNTRY) ^ habits.bit(liberties, habits.LAND)
    country = only(landed, country)
    done |= liberties & 1 << habits.LAND
    personal = personal_text(draws, key, numbers + (kind << 32))
    alone = habits.bit(liberties, habits.CITY_ONLY)
    street, district = only(~alone, street), only(~alone, district)
    done = (
        np.where(alone, done & (1 << habits.ZIP | 1 << habits.LAND | 1 << habits.STATE), done)
        | liberties & 1 << habits.CITY_ONLY
    )
    done |= np.isin(at, (habits.SECOND, habits.THIRD)).astype(np.int64) << habits.OTHER_SITE
    done |= (at == habits.FORMER).astype(np.int64) << habits.OLD_SITE
    area = _listed(district, place)
    running = tidy(glue(_listed(street, area), " ", country))
    run_on = habits.bit(liberties, habits.RUN_ON)
    done |= run_on.astype(np.int64) << habits.RUN_ON
    running = altered(running, run_on, lambda text, rows: without_blank(draws, key[rows], "address.run_on", text))
    running = tidy(glue(running, " ", personal))
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
    style = np.where(run_on | (length(street) > NAME_WIDTH) | (length(area) > NAME_WIDTH), RUNNING, style)
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
        return shortened_words(text, point_style[rows], words.STREET_SHORT)

    street, district = altered(street, short, shortened), altered(district, short, shortened)
    done |= liberties & 1 << habits.STREET_SHORT
    slips = bit(liberties, habits.STREET_SLIP)
    done |= slips.astype(np.int64) << habits.STREET_SLIP
    street = altered(street, slips, lambda text, rows: slip(draws, key[rows], "street.slip", text))
    return street, district, done


def site_of(draws: Draws, firms: Firms, kind: int, numbers: Ints, variants: Ints) -> Ints:
    """At which of its sites (`habits.HOME` and the others) each firm is in each variant."""
    single = (firms.situation[numbers] != NONE) | (firms.plain[numbers] == 1)
    return habits.site(draws, habits.address_key(draws, numbers + (kind << 32), variants), single)


def country_text(firms: Firms, numbers: Ints, kind: int) -> Text:
    """Names of countries as addresses end with them."""
    return pick(_country_names(), _country(firms, numbers, kind))


def country_code(firms: Firms, numbers: Ints, kind: int) -> Text:
    """ISO codes of countries."""
    return pick(_country_codes(), _country(firms, numbers, kind))


def place_text(firms: Firms, numbers: Ints, field: int, kind: int, at: Ints | None = None) -> Text:
    """City (0), state or province (1), postal code (2) or `STATE_NAME` of parties, at home or at the given sites."""
    country, city = firms.country[numbers], firms.city[numbers]
    offsets, places = _cities()
    here = city % len(US_CITIES) if kind == kinds.FORWARDER_US else city
    american = (country < 0) | (kind == kinds.FORWARDER_US)
    if at is None:
        return pick(places[field], np.where(american, here, offsets[country] + city))
    count = np.where(american, len(US_CITIES), _city_counts()[country])
    # one firm in three moves inside its city
    hops = np.select([at == habits.THIRD, at == habits.FORMER], [1 + numbers % 3, numbers % 3], 0)
    inside = here < count
    here = np.where(inside, (here + hops) % count, here)
    row = np.where(american, here, offsets[country] + here)
    return pick(places[field], np.where(at == habits.SECOND, _neighbours()[row], row))


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
def _cities() -> tuple[Ints, tuple[Text, ...]]:
    """First row of each country, and the columns of `place_text`; American cities first, then those abroad."""
    places = [*US_CITIES, *(city for *_, city in ABROAD), *(city for country in COUNTRIES for city in country.cities)]
    counts = [len(country.cities) for country in COUNTRIES]
    columns = [pool([place[field] for place in places]) for field in range(STATE_NAME)]
    americans = len(US_CITIES)
    states = [STATE_NAMES.get(place[1], place[1]) if row < americans else place[1] for row, place in enumerate(places)]
    return americans + len(ABROAD) + np.cumsum([0, *counts[:-1]]), (*columns, pool(states))


@cache
def _city_counts() -> Ints:
    return np.array([len(country.cities) for country in COUNTRIES])


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
