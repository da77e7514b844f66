"""How names and addresses are typed: the spellings of a firm.

A firm has an official name; bills carry it without points, shortened, mistyped, cut at 35 letters. Streets, phones,
addresses of mail and tax numbers are invented (555 numbers, example.com).

Belongs here: the text of a party's name and address lines.
Does not belong here: which party stands on a bill (`parties`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from pipeline.sample import firms as kinds
from pipeline.sample import words
from pipeline.sample.draws import Ints
from pipeline.sample.firms import Firms
from pipeline.sample.geography import ABROAD, COUNTRIES, US_CITIES
from pipeline.sample.goods import ALL_PRODUCTS
from pipeline.sample.texts import (
    Text,
    case,
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
from pipeline.sample.world import World

OFFICIAL, NO_POINTS, TIGHT, NO_FORM, SHORTENED, SWAPPED, DOUBLED = range(7)
"""Variants of a name: `CO., LTD.`, `CO LTD`, `CO.,LTD`, none, `INT'L`, two letters swapped, one doubled."""
VARIANTS: Final = 7
VARIANT_WEIGHTS: Final = (46.0, 17.0, 14.0, 9.0, 8.0, 3.0, 3.0)
PLAIN_VARIANTS: Final = (OFFICIAL, TIGHT)
"""Differ in punctuation only."""
SHORT_WORDS: Final = 8
"""Of CONSIGNEE_WORDS, for plain names: names that are cut at their end would not be one name any more."""
CITY_IN_FRONT: Final = 0.6
"""Chinese firms whose name begins with their city."""
NAME_WIDTH: Final = 35
"""Names are cut here and run on into the first address line."""
PHONE: Final = 0.2
MAIL: Final = 0.06
TAX_ID: Final = 0.05
"""Spellings whose address holds one."""
_STEMS: Final = len(words.FIRST) * len(words.SECOND) * len(words.SUPPLIER_ENDS)
_STEM_STEP: Final = 7919
"""Prime to the number of stems: neighbours do not look alike."""


@dataclass(frozen=True)
class Lines:
    """Name and four address lines, unquoted."""

    name: Text
    address: tuple[Text, Text, Text, Text]


def stems(numbers: Ints, ends: tuple[str, ...], variant: Ints) -> Text:
    """Invented words, mistyped where the variant says so."""
    middle, code = numbers // _STEMS, (numbers * _STEM_STEP + 13) % _STEMS
    code, first = np.divmod(code, len(words.FIRST))
    end, second = np.divmod(code, len(words.SECOND))
    seconds = pool([*words.SECOND, *(word[0] + word[2] + word[1] + word[3:] for word in words.SECOND)])
    all_ends = pool([*ends, *(word[:2] + word[1:] for word in ends)])
    return glue(
        pick(pool(words.FIRST), first),
        pick(pool(words.MIDDLE), middle),
        pick(seconds, second + len(words.SECOND) * (variant == SWAPPED)),
        pick(all_ends, end + len(ends) * (variant == DOUBLED)),
    )


def names(world: World, kind: int, numbers: Ints, variants: Ints) -> Text:
    """Uncut names of parties of one kind."""
    make: dict[int, Callable[[World, Ints, Ints], Text]] = {
        kinds.SUPPLIER: _supplier_names,
        kinds.CONSIGNEE: _consignee_names,
        kinds.FORWARDER: _forwarder_names,
        kinds.FORWARDER_US: _forwarder_us_names,
        kinds.BANK: _bank_names,
    }
    text = make[kind](world, numbers, variants)
    short = text
    for long_word, abbreviation in words.ABBREVIATIONS:
        short = replaced(short, long_word, abbreviation)
    return tidy(either(variants == SHORTENED, short, text))


def _supplier_names(world: World, numbers: Ints, variants: Ints) -> Text:
    draws, firms = world.draws, world.suppliers
    country = firms.country[numbers]
    china = np.array([place.code == "CN" for place in COUNTRIES])[country]
    plain = firms.plain[numbers] == 1
    in_front = china & ~plain & draws.chance(numbers, "name.city", CITY_IN_FRONT)
    trade = firms.product[numbers] * 3 + np.where(plain, 0, draws.below(numbers, "name.trade", 3))
    tail = np.where(plain, 0, draws.below(numbers, "name.tail", len(words.SUPPLIER_TAILS)))
    form = np.where(plain, _shortest_form()[country], draws.skewed(numbers, "name.form", _forms_count()[country]))
    sister = np.where(plain | (firms.sister[numbers] == numbers), 0, 1 + draws.below(numbers, "name.sister", 2))
    mark = case(sister, ["", glue("(", pick(_country_names(), country), ")"), "UNIT II"])
    return glue(
        only(in_front, place_text(firms, numbers, 0, kinds.SUPPLIER)),
        stems(firms.stem[numbers], words.SUPPLIER_ENDS, variants),
        pick(_trades(), trade),
        pick(pool(words.SUPPLIER_TAILS), tail),
        mark,
        _form(pick(_forms(), country * _FORMS_MOST + form), variants),
        between=" ",
    )


def _consignee_names(world: World, numbers: Ints, variants: Ints) -> Text:
    draws = world.draws
    word = draws.below(numbers, "name.word", len(words.CONSIGNEE_WORDS))
    word = np.where(world.consignees.plain[numbers] == 1, word % SHORT_WORDS, word)
    form = draws.among(numbers, "name.legal", words.CONSIGNEE_FORM_WEIGHTS)
    return glue(
        stems(world.consignees.stem[numbers], words.CONSIGNEE_ENDS, variants),
        pick(pool(words.CONSIGNEE_WORDS), word),
        _form(pick(pool(words.CONSIGNEE_FORMS), form), variants),
        between=" ",
    )


def _forwarder_names(world: World, numbers: Ints, variants: Ints) -> Text:
    country = pick(_country_names(), world.forwarders.country[numbers])
    return glue(
        agent_names(world, numbers, variants), glue("(", country, ")"), _form("CO., LTD.", variants), between=" "
    )


def _forwarder_us_names(world: World, numbers: Ints, variants: Ints) -> Text:
    return glue(agent_names(world, numbers, variants), "USA", _form("INC.", variants), between=" ")


def agent_names(world: World, numbers: Ints, variants: Ints) -> Text:
    """A forwarder's name without country and legal form."""
    word = numbers % len(words.FORWARDER_WORDS)
    stem = stems(world.forwarders.stem[numbers], words.OTHER_ENDS, variants)
    return glue(stem, pick(pool(words.FORWARDER_WORDS), word), between=" ")


def _bank_names(world: World, numbers: Ints, variants: Ints) -> Text:
    stem = stems(world.banks.stem[numbers], words.OTHER_ENDS, variants)
    pattern = numbers % len(words.BANKS)
    halves = [name.split("{stem}") for name in words.BANKS]
    return glue(pick(pool([a for a, _ in halves]), pattern), stem, pick(pool([b for _, b in halves]), pattern))


def _form(form: Text | str, variants: Ints) -> Text:
    """A legal form as the variant writes it."""
    if isinstance(form, str):
        form = pick(pool([form]), np.zeros(len(variants), dtype=np.int64))
    bare = replaced(replaced(form, ".", ""), ",", "")
    tight = replaced(form, ", ", ",")
    style = np.select(
        [variants == TIGHT, variants == NO_FORM, (variants == NO_POINTS) | (variants == SHORTENED)], [1, 3, 2], 0
    )
    return case(style, [form, tight, bare, ""])


def lines(world: World, kind: int, numbers: Ints, variants: Ints, name: Text) -> Lines:
    """Address lines of parties of one kind under the given uncut names, which are cut here."""
    draws = world.draws
    firms = firms_of(world, kind)
    firm = numbers + (kind << 32)
    spelling = firm * 8 + variants
    street = glue(
        pick(pool(["NO.", "NO. ", "", "# ", "", "PLOT NO "]), draws.below(firm, "street.style", 6)),
        whole(1 + draws.skewed(firm, "street.number", np.full(len(firm), 9800), 1.8)),
        " ",
        stems(draws.below(firm, "street.name", _STEMS), words.OTHER_ENDS, np.zeros_like(firm)),
        " ",
        pick(pool(words.STREETS), draws.below(firm, "street.kind", len(words.STREETS))),
    )
    zone = only(
        (firms.country[numbers] >= 0) & draws.chance(firm, "zone", 0.35) if kind != kinds.FORWARDER_US else firm < 0,
        glue(", ", pick(pool(words.ZONES), draws.below(firm, "zone.kind", len(words.ZONES)))),
    )
    city, province, code = (place_text(firms, numbers, field, kind) for field in range(3))
    place = tidy(glue(city, province, code, between=" "))
    country = country_text(firms, numbers, kind)
    extra = _personal(world, spelling, firm)
    running = tidy(glue(street, zone, ", ", place, " ", country, " ", extra))
    style = draws.below(spelling, "address.style", 3)
    cuts = [part(running, NAME_WIDTH * n, NAME_WIDTH * (n + 1)) for n in range(4)]
    blank = only(firm < 0, "")
    structured = [glue(street, zone), place, country, extra]
    short = [glue(street, ", ", city), extra, blank, blank]
    chosen = [tidy(case(style, [a, b, c])) for a, b, c in zip(structured, cuts, short, strict=True)]
    rest = part(name, NAME_WIDTH, 3 * NAME_WIDTH)
    over = length(name) > NAME_WIDTH
    address = (
        either(over, tidy(rest), part(chosen[0], 0, NAME_WIDTH)),
        either(over, part(chosen[0], 0, NAME_WIDTH), part(chosen[1], 0, NAME_WIDTH)),
        either(over, part(chosen[1], 0, NAME_WIDTH), part(chosen[2], 0, NAME_WIDTH)),
        either(over, tidy(part(glue(chosen[2], " ", chosen[3]), 0, NAME_WIDTH)), part(chosen[3], 0, NAME_WIDTH)),
    )
    return Lines(tidy(part(name, 0, NAME_WIDTH)), address)


def _personal(world: World, spelling: Ints, firm: Ints) -> Text:
    """Phones, addresses of mail and tax numbers as they stand in address lines."""
    draws = world.draws
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


def firms_of(world: World, kind: int) -> Firms:
    """The firms of a kind."""
    return {
        kinds.SUPPLIER: world.suppliers,
        kinds.CONSIGNEE: world.consignees,
        kinds.FORWARDER: world.forwarders,
        kinds.FORWARDER_US: world.forwarders,
        kinds.BANK: world.banks,
    }[kind]


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


_FORMS_MOST: Final = max(len(country.forms) for country in COUNTRIES)


@cache
def _forms() -> Text:
    return pool([form for place in COUNTRIES for form in (*place.forms, *[""] * (_FORMS_MOST - len(place.forms)))])


@cache
def _shortest_form() -> Ints:
    return np.array(
        [
            min(range(len(place.forms)), key=lambda n: ("&" in place.forms[n], len(place.forms[n])))
            for place in COUNTRIES
        ]
    )


@cache
def _forms_count() -> Ints:
    return np.array([len(place.forms) for place in COUNTRIES])


@cache
def _country_names() -> Text:
    return pool([*(place.name for place in COUNTRIES), "UNITED STATES", *(name for _, _, name, _ in ABROAD)])


@cache
def _country_codes() -> Text:
    return pool([*(place.code for place in COUNTRIES), "US", *(code for _, code, _, _ in ABROAD)])


@cache
def _trades() -> Text:
    return pool(
        [
            word
            for product in ALL_PRODUCTS
            for word in words.TRADES.get(product.hs4, words.TRADES.get(product.hs4[:2], ()))
        ]
    )


@cache
def _cities() -> tuple[Ints, tuple[Text, Text, Text]]:
    """First row of each country, and the columns city, province and code; American ones first, then those abroad."""
    places = [*US_CITIES, *(city for *_, city in ABROAD), *(city for country in COUNTRIES for city in country.cities)]
    counts = [len(country.cities) for country in COUNTRIES]
    columns = tuple(pool([place[field] for place in places]) for field in range(3))
    return len(US_CITIES) + len(ABROAD) + np.cumsum([0, *counts[:-1]]), (columns[0], columns[1], columns[2])
