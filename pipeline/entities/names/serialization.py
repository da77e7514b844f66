"""Parsed names as JSON and back: parsing a name variant again takes ten times as long."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Final

from pipeline.entities.names.features import Side, side
from pipeline.entities.names.name_parts import NameParts
from pipeline.entities.names.parse import ParsedName
from pipeline.entities.names.places.place import Place
from pipeline.entities.names.words import Word

CHOICE: Final = 4
"""Place in the JSON of why the party that counts was chosen."""


def text_of(parsed: ParsedName) -> str:
    """Return a parsed name as JSON, its fields in order; equal ones give equal texts."""
    head = [parsed.clean_name, parsed.other_party, parsed.is_order, parsed.behind, parsed.choice, parsed.characters]
    parts = [_listed(part) for part in (parsed.name, parsed.alias, parsed.place)]
    return json.dumps([*head, *parts], ensure_ascii=False, separators=(",", ":"))


def parsed_from(text: str) -> ParsedName:
    """Return the parsed name of which `text` was made."""
    clean, other, is_order, behind, choice, characters, name, alias, place = json.loads(text)
    return ParsedName(clean, other, is_order, behind, _parts(name), _parts(alias), _place(place), choice, characters)


def side_of(text: str) -> Side:
    """Return the parsed name of which `text` was made, as a side of comparisons."""
    return side(parsed_from(text))


def _listed(part: NameParts | Place) -> list[Any]:
    values = [getattr(part, item.name) for item in fields(part)]
    if isinstance(part, NameParts):
        values[0] = [(word.text, word.stands_for, word.kind) for word in part.words]
    return [sorted(value) if isinstance(value, frozenset) else value for value in values]


def _parts(values: list[Any]) -> NameParts:
    listed, forms, numbers, places, is_cut = values
    return NameParts(
        tuple(Word(*word) for word in listed), frozenset(forms), frozenset(numbers), frozenset(places), is_cut
    )


def _place(values: list[Any]) -> Place:
    country, country_source, state, city, city_source, *sets, streets = values
    cities, houses, zips = (frozenset(found) for found in sets)
    return Place(country, country_source, state, city, city_source, cities, houses, zips, tuple(streets))
