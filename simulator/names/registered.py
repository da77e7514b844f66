"""Official names in parts: city, brand, trade, mark, legal form."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np

from simulator.basis import situations
from simulator.basis.draws import Bools, Ints
from simulator.basis.geography import ABROAD, COUNTRIES, US_CITIES
from simulator.basis.goods import ALL_PRODUCTS
from simulator.names import addresses, forms, words
from simulator.names import firms as kinds
from simulator.names.brands import brands, rejoined
from simulator.names.firms import Directory
from simulator.names.parts import FRONT, NOWHERE, Parts, empty
from simulator.names.stems import stem_halves, stems
from simulator.names.texts import Text, case, either, glue, matches, only, pick, pool

CITY_IN_FRONT: Final = 0.35
"""Chinese firms whose name begins with their city."""
NAMED_LIKE: Final = 0.8
"""Sisters with the words of the oldest one, but for the mark that distinguishes them."""
FIRST_PLACED_NAME: Final = 190
"""Number from which the names of the stories' consignees are drawn."""
SHORT_WORDS: Final = 8
"""Of CONSIGNEE_WORDS, for plain names: names that are cut at their end would not be one name any more."""
_NO_FORM: Final = ""


def parts_of(directory: Directory, kind: int, numbers: Ints) -> Parts:
    """Parts of the official names of firms of one kind."""
    make: dict[int, Callable[[Directory, Ints], Parts]] = {
        kinds.SUPPLIER: _supplier,
        kinds.CONSIGNEE: _consignee,
        kinds.FORWARDER: _forwarder,
        kinds.FORWARDER_US: _forwarder_us,
        kinds.BANK: _bank,
    }
    return make[kind](directory, numbers)


def agents(directory: Directory, numbers: Ints) -> Text:
    """The first word of forwarders' names."""
    return stems(directory.forwarders.stem[numbers], words.OTHER_ENDS)


def _supplier(directory: Directory, numbers: Ints) -> Parts:
    draws, firms = directory.draws, directory.suppliers
    country, plain = firms.country[numbers], firms.plain[numbers] == 1
    codes = np.array([place.code for place in COUNTRIES])[country]
    like = _named_like(directory, kinds.SUPPLIER, numbers)
    in_front = (codes == "CN") & ~plain & draws.chance(like, "name.city", CITY_IN_FRONT)
    trade = firms.product[numbers] * 3 + np.where(plain, 0, draws.below(like, "name.trade", 3))
    tail = np.where(plain, 0, draws.below(like, "name.tail", len(words.SUPPLIER_TAILS)))
    form = np.where(plain, _shortest_form()[country], draws.skewed(like, "name.form", _forms_count()[country]))
    # a name that is marked with its country contains it once
    abroad = (firms.situation[numbers] == situations.NATIONAL) & (firms.sister[numbers] != numbers)
    form = np.where(abroad, 0, form)
    return _of_firm(
        directory,
        kinds.SUPPLIER,
        numbers,
        ends=words.SUPPLIER_ENDS,
        eastern=np.isin(codes, ("CN", "VN", "TW")) & ~plain,
        in_front=in_front,
        trade=pick(_trades(), trade),
        tail=pick(pool(words.SUPPLIER_TAILS), tail),
        before=only((codes == "ID") & ~plain, "PT"),
        form=_forms()[country, form],
    )


def _consignee(directory: Directory, numbers: Ints) -> Parts:
    draws, firms = directory.draws, directory.consignees
    plain = firms.plain[numbers] == 1
    like = _named_like(directory, kinds.CONSIGNEE, numbers)
    word = draws.below(like, "name.word", len(words.CONSIGNEE_WORDS))
    american = draws.among(like, "name.legal", words.CONSIGNEE_FORM_WEIGHTS)
    abroad = firms.city[numbers] - len(US_CITIES)
    there = _forms_abroad()[np.maximum(abroad, 0), draws.below(numbers, "name.legal_abroad", 2)]
    form = np.where(abroad >= 0, there, np.array([forms.number_of(form) for form in words.CONSIGNEE_FORMS])[american])
    nothing = np.zeros(len(numbers), dtype=bool)
    return _of_firm(
        directory,
        kinds.CONSIGNEE,
        numbers,
        ends=words.CONSIGNEE_ENDS,
        eastern=nothing,
        in_front=nothing,
        trade=pick(pool(words.CONSIGNEE_WORDS), np.where(plain, word % SHORT_WORDS, word)),
        tail=empty(numbers),
        before=empty(numbers),
        form=form,
    )


def _of_firm(
    directory: Directory,
    kind: int,
    numbers: Ints,
    *,
    ends: tuple[str, ...],
    eastern: Bools,
    in_front: Bools,
    trade: Text,
    tail: Text,
    before: Text,
    form: Ints,
) -> Parts:
    """Parts of a supplier's or a consignee's name, with what its situation adds."""
    draws, firms = directory.draws, directory.of_kind(kind)
    situation, sister = firms.situation[numbers], firms.sister[numbers] != numbers
    word, plain = firms.word[numbers], firms.plain[numbers] == 1
    younger = (word == situations.LETTERS) & (firms.other[numbers] != numbers) & ~sister
    known = (draws, ends, firms.stem[numbers], word, younger, eastern & ~plain)
    of_city = sister & (situation == situations.CITY)
    place = np.where(of_city, FRONT + draws.below(numbers, "name.city_place", 3), np.where(in_front, FRONT, NOWHERE))
    generic = word == situations.GENERIC
    apart = sister & (situation == situations.DIVISION)
    country = addresses.country_text(firms, numbers, kind)
    abroad = sister & (situation == situations.NATIONAL)
    bracketed = draws.chance(numbers, "name.country_brackets", 0.75)
    works = draws.below(numbers, "name.works", len(words.WORKS))
    mark = case(
        np.select([abroad & bracketed, abroad, sister & (situation == situations.WORKS)], [1, 2, 3], 0),
        ["", glue("(", country, ")"), country, pick(pool(words.WORKS), works)],
    )
    business = forms.business_text(form)
    at_home = (kind == kinds.CONSIGNEE) & (firms.city[numbers] < len(US_CITIES))
    return Parts(
        before=before,
        city=addresses.place_text(firms, numbers, 0, kind),
        city_place=place,
        city_fixed=of_city | plain,
        brand=brands(*known),
        rejoined=rejoined(*known),
        trade=either(apart, _division(directory, kind, numbers), either(generic, "", trade)),
        tail=either(generic | apart, "", tail),
        mark=mark,
        business=business,
        form=forms.form_text(form),
        form_number=form,
        country=country,
        marked=abroad | at_home | matches(business, r"\("),
        distinguished=situation != situations.NONE,
        plain=plain,
    )


def _named_like(directory: Directory, kind: int, numbers: Ints) -> Ints:
    """The firm whose habits of naming each firm has: most sisters have those of the oldest.

    Firms of the stories are counted from a fixed number: their names do not depend on how many others there are.
    """
    firms = directory.of_kind(kind)
    like = np.where(directory.draws.chance(numbers, "name.like", NAMED_LIKE), firms.sister[numbers], numbers)
    placed = firms.stem[numbers] - kinds.PLACED_CONSIGNEE_STEM + FIRST_PLACED_NAME
    return np.where(firms.plain[numbers] == 1, placed, like)


def _division(directory: Directory, kind: int, numbers: Ints) -> Text:
    """What a sister deals in, by a word that the older sister's trade is not called by."""
    chosen = directory.draws.below(numbers, "name.division", len(words.DIVISIONS))
    products = directory.of_kind(kind).product[directory.of_kind(kind).other[numbers]]
    taken = np.array([[word in _trade_words(hs4) for word in words.DIVISIONS] for hs4 in range(len(ALL_PRODUCTS))])
    return pick(pool(words.DIVISIONS), np.where(taken[products, chosen], (chosen + 1) % len(words.DIVISIONS), chosen))


def _forwarder(directory: Directory, numbers: Ints) -> Parts:
    country = addresses.country_text(directory.forwarders, numbers, kinds.FORWARDER)
    return _of_agent(directory, numbers, country, _NO_FORM)


def _forwarder_us(directory: Directory, numbers: Ints) -> Parts:
    usa = pick(pool(["USA"]), np.zeros_like(numbers))
    return _of_agent(directory, numbers, usa, "INC.")


def _of_agent(directory: Directory, numbers: Ints, mark: Text, form: str) -> Parts:
    stem = directory.forwarders.stem[numbers]
    word = pick(pool(words.FORWARDER_WORDS), numbers % len(words.FORWARDER_WORDS))
    return _of_partner(numbers, stem, empty(numbers), word, mark, form)


def _bank(directory: Directory, numbers: Ints) -> Parts:
    halves = [name.split("{stem}") for name in words.BANKS]
    before, behind = (
        pick(pool([half[side].strip() for half in halves]), numbers % len(words.BANKS)) for side in range(2)
    )
    stem = directory.banks.stem[numbers]
    return _of_partner(numbers, stem, before, behind, empty(numbers), _NO_FORM)


def _of_partner(numbers: Ints, stem: Ints, before: Text, trade: Text, mark: Text, form: str) -> Parts:
    """Parts of a forwarder's or a bank's name."""
    no, yes = np.zeros(len(numbers), dtype=bool), np.ones(len(numbers), dtype=bool)
    number = np.full(len(numbers), forms.number_of(form))
    front, end = stem_halves(stem, words.OTHER_ENDS)
    return Parts(
        before=before,
        city=empty(numbers),
        city_place=np.full(len(numbers), NOWHERE),
        city_fixed=yes,
        brand=glue(front, end),
        rejoined=glue(front, " ", end),
        trade=trade,
        tail=empty(numbers),
        mark=mark,
        business=forms.business_text(number),
        form=forms.form_text(number),
        form_number=number,
        country=empty(numbers),
        marked=yes,
        distinguished=yes,
        plain=no,
    )


@cache
def _forms() -> Ints:
    """Number of each country's forms, in its order; the first one where it has fewer."""
    most = max(len(country.forms) for country in COUNTRIES)
    return np.array(
        [
            [forms.number_of(place.forms[at if at < len(place.forms) else 0]) for at in range(most)]
            for place in COUNTRIES
        ]
    )


@cache
def _forms_abroad() -> Ints:
    return np.array([[forms.number_of(form) for form in words.FORMS_ABROAD[code]] for _, code, _, _ in ABROAD])


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


def _trade_words(product: int) -> tuple[str, ...]:
    hs4 = ALL_PRODUCTS[product].hs4
    return words.TRADES.get(hs4, words.TRADES.get(hs4[:2], ()))


@cache
def _trades() -> Text:
    return pool([word for product in range(len(ALL_PRODUCTS)) for word in _trade_words(product)])
