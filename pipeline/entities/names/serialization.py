"""A reading as one text and back: reading a spelling anew takes ten times as long."""

from __future__ import annotations

import json

from pipeline.entities.names.features import Side, side
from pipeline.entities.names.reading import Reading
from pipeline.entities.names.words import Word


def text_of(reading: Reading) -> str:
    """The reading as JSON; equal readings give equal texts."""
    fields = (
        reading.clean_name,
        reading.is_order,
        reading.behind,
        [(word.text, word.stands_for, word.kind) for word in reading.words],
        sorted(reading.forms),
        sorted(reading.numbers),
        sorted(reading.name_places),
        reading.is_cut,
        reading.country,
        sorted(reading.cities),
        sorted(reading.houses),
        sorted(reading.zips),
        reading.streets,
    )
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def reading_of(text: str) -> Reading:
    """The reading of which `text` was made."""
    name, is_order, behind, words, forms, numbers, places, is_cut, country, cities, houses, zips, streets = json.loads(
        text
    )
    return Reading(
        clean_name=name,
        is_order=is_order,
        behind=behind,
        words=tuple(Word(*word) for word in words),
        forms=frozenset(forms),
        numbers=frozenset(numbers),
        name_places=frozenset(places),
        is_cut=is_cut,
        country=country,
        cities=frozenset(cities),
        houses=frozenset(houses),
        zips=frozenset(zips),
        streets=tuple(streets),
    )


def side_of(text: str) -> Side:
    """The reading of which `text` was made, laid out for comparing."""
    return side(reading_of(text))
