"""A place, with the source of its country and of its city."""

from __future__ import annotations

from dataclasses import dataclass

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
