"""How names are typed: the spellings of a firm.

A firm has an official name; bills carry it without points, shortened, mistyped.

Belongs here: the text of a firm's name. Does not belong here: its address (`addresses`), which firm stands on a bill
(`parties`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from pipeline.sample import addresses, words
from pipeline.sample import firms as kinds
from pipeline.sample import stems as stem_typing
from pipeline.sample.draws import Ints
from pipeline.sample.firms import Firms
from pipeline.sample.geography import COUNTRIES
from pipeline.sample.goods import ALL_PRODUCTS
from pipeline.sample.stems import stems
from pipeline.sample.texts import Text, case, either, glue, only, pick, pool, replaced, tidy
from pipeline.sample.world import World

OFFICIAL, NO_POINTS, TIGHT, NO_FORM, SHORTENED, SWAPPED, DOUBLED = range(7)
"""Variants of a name: `CO., LTD.`, `CO LTD`, `CO.,LTD`, none, `INT'L`, two letters swapped, one doubled."""
VARIANT_WEIGHTS: Final = (46.0, 17.0, 14.0, 9.0, 8.0, 3.0, 3.0)
PLAIN_VARIANTS: Final = (OFFICIAL, TIGHT)
"""Differ in punctuation only."""
SHORT_WORDS: Final = 8
"""Of CONSIGNEE_WORDS, for plain names: names that are cut at their end would not be one name any more."""
CITY_IN_FRONT: Final = 0.35
"""Chinese firms whose name begins with their city."""


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


def mistyped(variants: Ints) -> Ints:
    """How the invented word in a name of a variant is typed."""
    return np.select(
        [variants == SWAPPED, variants == DOUBLED], [stem_typing.SWAPPED, stem_typing.DOUBLED], stem_typing.WHOLE
    )


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
    mark = case(sister, ["", glue("(", addresses.country_text(firms, numbers, kinds.SUPPLIER), ")"), "UNIT II"])
    return glue(
        only(in_front, addresses.place_text(firms, numbers, 0, kinds.SUPPLIER)),
        stems(firms.stem[numbers], words.SUPPLIER_ENDS, mistyped(variants)),
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
        stems(world.consignees.stem[numbers], words.CONSIGNEE_ENDS, mistyped(variants)),
        pick(pool(words.CONSIGNEE_WORDS), word),
        _form(pick(pool(words.CONSIGNEE_FORMS), form), variants),
        between=" ",
    )


def _forwarder_names(world: World, numbers: Ints, variants: Ints) -> Text:
    country = addresses.country_text(world.forwarders, numbers, kinds.FORWARDER)
    return glue(agent_names(world, numbers, variants), country, between=" ")


def _forwarder_us_names(world: World, numbers: Ints, variants: Ints) -> Text:
    return glue(agent_names(world, numbers, variants), "USA", _form("INC.", variants), between=" ")


def agent_names(world: World, numbers: Ints, variants: Ints) -> Text:
    """A forwarder's name without country and legal form."""
    word = numbers % len(words.FORWARDER_WORDS)
    stem = stems(world.forwarders.stem[numbers], words.OTHER_ENDS, mistyped(variants))
    return glue(stem, pick(pool(words.FORWARDER_WORDS), word), between=" ")


def _bank_names(world: World, numbers: Ints, variants: Ints) -> Text:
    stem = stems(world.banks.stem[numbers], words.OTHER_ENDS, mistyped(variants))
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


def firms_of(world: World, kind: int) -> Firms:
    """The firms of a kind."""
    return {
        kinds.SUPPLIER: world.suppliers,
        kinds.CONSIGNEE: world.consignees,
        kinds.FORWARDER: world.forwarders,
        kinds.FORWARDER_US: world.forwarders,
        kinds.BANK: world.banks,
    }[kind]


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
def _trades() -> Text:
    return pool(
        [
            word
            for product in ALL_PRODUCTS
            for word in words.TRADES.get(product.hs4, words.TRADES.get(product.hs4[:2], ()))
        ]
    )
