"""Firms of a world: suppliers, consignees, forwarders and banks, as columns of whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.basis.draws import Draws, Floats, Ints
from simulator.basis.geography import ABROAD, COUNTRIES, COUNTRY_INDEX, US_CITIES
from simulator.basis.goods import PRODUCT_INDEX, PRODUCTS
from simulator.basis.situations import (
    BUILDING,
    CITY,
    DIVISION,
    NATIONAL,
    NEAR,
    NONE,
    SISTERS,
    WORDS,
    WORKS,
    make_situations,
)

SUPPLIER, CONSIGNEE, FORWARDER, FORWARDER_US, BANK = range(5)
"""Kinds of party. A forwarder has an office abroad and one in the United States under the same number."""

SUPPLIERS_AT_BASE: Final = 2400
CONSIGNEES_AT_BASE: Final = 2400
FORWARDERS_AT_BASE: Final = 24
BANKS_AT_BASE: Final = 10
BASE_BILLS: Final = 27
"""Numbers of firms are for this many bills a day: real suppliers ship .3 / .7 / 1.9 / 10 / 71 bills a year at the
quartiles, the last tenth and the last hundredth."""
FIRM_GROWTH: Final = 0.6
"""More bills come from more firms and from busier ones: all of US imports, 1,700 times as many, has some 200,000."""
HOUSE_GROWTH: Final = 0.5
"""Forwarders and banks grow with the root."""
PRODUCTS_LEAST: Final = 20
FEWEST: Final = 40
"""Suppliers and consignees of the smallest world."""
SUPPLIER_SIGMA: Final = 2.0
CONSIGNEE_SIGMA: Final = 1.5
"""Of the logarithms of sizes."""
SECOND_PRODUCT: Final = 0.35
"""Suppliers with a second product line."""
ABROAD_SHARE: Final = 0.03
"""Consignees outside the United States."""
CONSIGNEE_STEM: Final = 5_000
FORWARDER_STEM: Final = 11_000
BANK_STEM: Final = 12_000
PLACED_SUPPLIER_STEM: Final = 15_000
PLACED_CONSIGNEE_STEM: Final = 16_000
"""First stems, so far apart that the firms of a small world share none."""
DANGEROUS: Final = ("3208", "8507")
"""In every world, so that there is dangerous cargo."""


@dataclass(frozen=True)
class Firms:
    """Firms of one kind; columns of one entry a firm.

    Attributes:
        stem: number of the invented word in the name; sisters share it, and so do namesakes.
        country: index into COUNTRIES; -1 is the United States.
        city: index into the country's cities; for the United States into US_CITIES and, behind it, ABROAD: firms
            there receive cargo that only passes through.
        product: index into ALL_PRODUCTS, the main line.
        second: the second line, or the main one again.
        size: weight relative to others.
        sister: number of the firm whose sister it is, or its own.
        plain: whether only punctuation varies in its name (firms of the stories).
        word: situation that the word in its name comes from (`situations.WORDS`, `NEAR`), or `NONE`.
        situation: in which it can be taken for another firm; the same for both.
        other: number of that firm where this one is the younger of the two, or its own.
        site: number of the firm whose address it has.
    """

    stem: Ints
    country: Ints
    city: Ints
    product: Ints
    second: Ints
    size: Floats
    sister: Ints
    plain: Ints
    word: Ints
    situation: Ints
    other: Ints
    site: Ints

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.stem)


@dataclass(frozen=True)
class Directory:
    """All firms that can be on a bill.

    Attributes:
        draws: of their seed.
        suppliers: those of the stories last.
        consignees: those of the stories last.
        forwarders: offices abroad; under the same number one in the United States.
        banks: named by to-order bills.
    """

    draws: Draws
    suppliers: Firms
    consignees: Firms
    forwarders: Firms
    banks: Firms

    def of_kind(self, kind: int) -> Firms:
        """The firms of a kind."""
        return {
            SUPPLIER: self.suppliers,
            CONSIGNEE: self.consignees,
            FORWARDER: self.forwarders,
            FORWARDER_US: self.forwarders,
            BANK: self.banks,
        }[kind]


@dataclass(frozen=True)
class Counts:
    """How many firms and products a world has."""

    suppliers: int
    consignees: int
    forwarders: int
    banks: int
    products: int


def counts_for(bills_per_day: int) -> Counts:
    """Numbers of firms that suit a volume."""
    scale = bills_per_day / BASE_BILLS
    suppliers = max(FEWEST, round(SUPPLIERS_AT_BASE * scale**FIRM_GROWTH))
    return Counts(
        suppliers=suppliers,
        consignees=max(FEWEST, round(CONSIGNEES_AT_BASE * scale**FIRM_GROWTH)),
        forwarders=min(max(FORWARDERS_AT_BASE // 2, round(FORWARDERS_AT_BASE * scale**HOUSE_GROWTH)), 250),
        banks=min(max(BANKS_AT_BASE // 2, round(BANKS_AT_BASE * scale**HOUSE_GROWTH)), 120),
        products=min(len(PRODUCTS), max(PRODUCTS_LEAST, suppliers // 24)),
    )


def make_suppliers(draws: Draws, counts: Counts) -> Firms:
    """Suppliers: a product first, then a country that makes it."""
    number = np.arange(counts.suppliers)
    shelf = _shelf(draws, counts.products)
    own = shelf[draws.below(number, "supplier.product", len(shelf))]
    own[: len(shelf)] = shelf[: len(own)]
    makers = _makers()
    situations = make_situations(draws, counts.suppliers, "supplier")
    kind, other = situations.kind, situations.other
    alike = np.isin(kind, (NATIONAL, CITY, WORKS)) | situations.rival
    product = np.where(alike, own[other], _differing(shelf, own, kind, other))
    second = shelf[draws.below(number, "supplier.second", len(shelf))]
    two_lines = draws.chance(number, "supplier.lines", SECOND_PRODUCT)
    maker = draws.skewed(number, "supplier.country", makers.count[product])
    # abroad is where else the product is made, or anywhere else
    maker = np.where((kind == NATIONAL) & (maker == maker[other]), (maker + 1) % makers.count[product], maker)
    country = makers.country[product, maker]
    country = np.where((kind == NATIONAL) & (country == country[other]), (country + 1) % len(COUNTRIES), country)
    near = np.isin(kind, (CITY, WORKS, DIVISION, BUILDING)) | situations.rival
    country = np.where(near, country[other], country)
    cities = np.array([len(place.cities) for place in COUNTRIES])[country]
    city = draws.below(number, "supplier.city", cities)
    city = np.where(np.isin(kind, (WORKS, DIVISION, BUILDING)), city[other], city)
    elsewhere = np.isin(kind, (CITY, NEAR, *WORDS)) & (country == country[other]) & (city == city[other])
    return Firms(
        stem=_stems(kind, other),
        country=country,
        city=np.where(elsewhere, (city + 1) % cities, city),
        product=product,
        second=np.where(two_lines, second, product),
        size=np.exp(SUPPLIER_SIGMA * draws.normal(number, "supplier.size")),
        sister=np.where(np.isin(kind, SISTERS), other, number),
        plain=np.zeros(counts.suppliers, dtype=np.int64),
        word=_words(kind, other),
        situation=situations.shown,
        other=other,
        site=situations.site,
    )


def make_consignees(draws: Draws, counts: Counts) -> Firms:
    """Consignees: each with one or two products that it buys."""
    number = np.arange(counts.consignees)
    shelf = _shelf(draws, counts.products)
    own = shelf[draws.below(number, "consignee.product", len(shelf))]
    own[: len(shelf)] = shelf[: len(own)]
    situations = make_situations(draws, counts.consignees, "consignee")
    kind, other = situations.kind, situations.other
    home = draws.below(number, "consignee.city", len(US_CITIES))
    far = len(US_CITIES) + draws.below(number, "consignee.place", len(ABROAD))
    city = np.where(draws.chance(number, "consignee.abroad", ABROAD_SHARE), far, home)
    city = np.where((kind == NATIONAL) | (kind == CITY), np.where(kind == CITY, home, far), city)
    city = np.where(np.isin(kind, (WORKS, DIVISION, BUILDING)), city[other], city)
    elsewhere = np.isin(kind, (NATIONAL, CITY, NEAR, *WORDS)) & (city == city[other])
    moved = np.where(city < len(US_CITIES), (city + 1) % len(US_CITIES), len(US_CITIES) + (city + 1) % len(ABROAD))
    return Firms(
        stem=CONSIGNEE_STEM + _stems(kind, other),
        country=np.full(counts.consignees, -1),
        city=np.where(elsewhere, moved, city),
        product=_differing(shelf, own, kind, other),
        second=shelf[draws.below(number, "consignee.second", len(shelf))],
        size=np.exp(CONSIGNEE_SIGMA * draws.normal(number, "consignee.size")),
        sister=np.where(np.isin(kind, SISTERS), other, number),
        plain=np.zeros(counts.consignees, dtype=np.int64),
        word=_words(kind, other),
        situation=situations.shown,
        other=other,
        site=situations.site,
    )


def _differing(shelf: Ints, product: Ints, kind: Ints, other: Ints) -> Ints:
    """Products, another one where a firm would deal in the same as the one that it is taken for."""
    same = np.isin(kind, (DIVISION, NEAR, BUILDING)) & (product == product[other])
    return np.where(same, shelf[(np.searchsorted(shelf, product) + 1) % len(shelf)], product)


def _stems(kind: Ints, other: Ints) -> Ints:
    """Numbers of the words in names: neighbours share no more than a building."""
    return np.where((kind == NONE) | (kind == BUILDING), np.arange(len(kind)), other)


def _words(kind: Ints, other: Ints) -> Ints:
    """What the word in each firm's name is."""
    word = np.where(np.isin(kind, (*WORDS, NEAR)), kind, 0)
    named = np.flatnonzero(np.isin(kind, WORDS))
    word[other[named]] = kind[named]
    return np.where(np.isin(kind, SISTERS), word[other], word)


def make_houses(draws: Draws, count: int, kind: str, first_stem: int) -> Firms:
    """Forwarders or banks."""
    number = np.arange(count)
    country = draws.among(number, f"{kind}.country", tuple(place.weight for place in COUNTRIES))
    cities = np.array([len(place.cities) for place in COUNTRIES])
    zero = np.zeros(count, dtype=np.int64)
    return Firms(
        stem=first_stem + number,
        country=country,
        city=draws.below(number, f"{kind}.city", cities[country]),
        product=zero,
        second=zero,
        size=np.ones(count),
        sister=number,
        plain=zero,
        word=zero,
        situation=zero,
        other=number,
        site=number,
    )


def with_placed(firms: Firms, placed: Firms) -> Firms:
    """Firms and, behind them, the placed ones."""
    # numbers of other firms count from the first placed one
    moved = {name: getattr(placed, name) + firms.count for name in ("sister", "other", "site")}
    return Firms(
        **{
            name: np.concatenate([column, moved.get(name, getattr(placed, name))])
            for name, column in vars(firms).items()
        }
    )


def _shelf(draws: Draws, products: int) -> Ints:
    """The products of a world."""
    everything = np.arange(len(PRODUCTS))
    rank = draws.uniform(everything, "shelf")
    rank[[PRODUCT_INDEX[hs4] for hs4 in DANGEROUS]] = -1.0
    return np.sort(np.argsort(rank)[:products])


@dataclass(frozen=True)
class _Makers:
    country: Ints
    count: Ints


def _makers() -> _Makers:
    most = max(len(product.countries) for product in PRODUCTS)
    country = np.zeros((len(PRODUCTS), most), dtype=np.int64)
    for row, product in enumerate(PRODUCTS):
        for column, code in enumerate(product.countries):
            country[row, column] = COUNTRY_INDEX[code]
    return _Makers(country, np.array([len(product.countries) for product in PRODUCTS]))
