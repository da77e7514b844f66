"""Parsed names as JSON and back: parsing a name variant again takes ten times as long."""

from __future__ import annotations

import json

from pipeline.entities.names.features import Side, side
from pipeline.entities.names.parse import ParsedName
from pipeline.entities.names.words import Word


def text_of(parsed: ParsedName) -> str:
    """Return a parsed name as JSON; equal ones give equal texts."""
    fields = (
        parsed.clean_name,
        parsed.is_order,
        parsed.behind,
        [(word.text, word.stands_for, word.kind) for word in parsed.words],
        sorted(parsed.forms),
        sorted(parsed.numbers),
        sorted(parsed.name_places),
        parsed.is_cut,
        parsed.country,
        sorted(parsed.cities),
        sorted(parsed.houses),
        sorted(parsed.zips),
        parsed.streets,
    )
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))


def parsed_from(text: str) -> ParsedName:
    """Return the parsed name of which `text` was made."""
    name, is_order, behind, words, forms, numbers, places, is_cut, country, cities, houses, zips, streets = json.loads(
        text
    )
    return ParsedName(
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
    """Return the parsed name of which `text` was made, as a side of comparisons."""
    return side(parsed_from(text))
