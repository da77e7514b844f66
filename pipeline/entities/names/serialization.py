"""Parsed names as JSON and back: parsing a name variant again takes ten times as long."""

from __future__ import annotations

import json
from dataclasses import fields

from pipeline.entities.names.features import Side, side
from pipeline.entities.names.parse import ParsedName
from pipeline.entities.names.words import Word


def text_of(parsed: ParsedName) -> str:
    """Return a parsed name as JSON, its fields in order; equal ones give equal texts."""
    values: dict[str, object] = {item.name: getattr(parsed, item.name) for item in fields(ParsedName)}
    values["words"] = [(word.text, word.stands_for, word.kind) for word in parsed.words]
    ordered = [sorted(value) if isinstance(value, frozenset) else value for value in values.values()]
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))


def parsed_from(text: str) -> ParsedName:
    """Return the parsed name of which `text` was made."""
    values = dict(zip((item.name for item in fields(ParsedName)), json.loads(text), strict=True))
    values["words"] = tuple(Word(*word) for word in values["words"])
    values["streets"] = tuple(values["streets"])
    sets = {name: frozenset(value) for name, value in values.items() if isinstance(value, list)}
    return ParsedName(**{**values, **sets})


def side_of(text: str) -> Side:
    """Return the parsed name of which `text` was made, as a side of comparisons."""
    return side(parsed_from(text))
