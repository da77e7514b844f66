"""Text of files without escapes: HTML entities in any case become their characters, control characters go."""

from __future__ import annotations

from html.entities import name2codepoint
from typing import Final

_BLANK: Final = r"[\x0b\x0c\x1c-\x1f\x{85}\x{a0}]"
_NOTHING: Final = r"[\x01-\x08\x0e-\x1b\x7f-\x9f\x{ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{2069}\x{feff}]"
"""Controls, soft hyphens, and marks of no width or of direction."""
_TWICE: Final = "(?i)&(?:(?:amp|#0*38|#x0*26);)+"
"""An entity that was escaped once more, such as `&amp;eacute;`."""
_NAMED: Final = "&([A-Za-z][A-Za-z0-9]{1,31});"
_NUMBERED: Final = "&#([0-9]{1,7}|[xX][0-9a-fA-F]{1,6});"
_CHARACTERS: Final = "'{}'".format(
    " ".join(["", *(f"{name.lower()} {chr(code).lower()}" for name, code in name2codepoint.items()), "apos ''", ""])
)
"""SQL text: HTML's entities in small letters, each with its character behind it."""


def plain(column: str) -> str:
    """Return the SQL of a cell's text without escapes."""
    text = f"regexp_replace({column}, '{_TWICE}', '&', 'g')"
    decoded = f"if(contains({column}, '&#'), {_replaced(text, _NUMBERED, _numbered())}, {text})"
    decoded = _replaced(decoded, _NAMED, _named())
    cleared = _cleared(decoded)
    # a scan by regular expression would cost every cell ten times as much as these two conditions
    escaped = f"({column} like '%&%;%' and regexp_matches({column}, '{_NAMED}|{_NUMBERED}'))"
    return f"if({escaped} or strlen({column}) <> length({column}), nullif(trim({cleared}), ''), {column})"


def printable(column: str) -> str:
    """Return the SQL of a code's text without marks that do not print; those of one byte are gone before."""
    return f"if(strlen({column}) <> length({column}), nullif(trim({_cleared(column)}), ''), {column})"


def _cleared(text: str) -> str:
    return f"regexp_replace(regexp_replace({text}, '{_BLANK}', ' ', 'g'), '{_NOTHING}', '', 'g')"


def _replaced(text: str, pattern: str, character: str) -> str:
    """Return `text` with each match of `pattern` replaced by `character`, an expression over its group `part[2]`."""
    parts = f"list_zip(string_split_regex({text}, '{pattern}'), regexp_extract_all({text}, '{pattern}', 1))"
    each = f"concat(part[1], case when part[2] is not null then {character} end)"
    return f"array_to_string(list_transform({parts}, lambda part: {each}), '')"


def _named() -> str:
    entry = "concat(' ', lower(part[2]), ' ')"
    small = f"substr({_CHARACTERS}, strpos({_CHARACTERS}, {entry}) + length({entry}), 1)"
    return (
        f"case when not contains({_CHARACTERS}, {entry}) then concat('&', part[2], ';') "
        f"when part[2][1] between 'A' and 'Z' then upper({small}) else {small} end"
    )


def _numbered() -> str:
    code = "try_cast(if(part[2][1] in ('x', 'X'), concat('0x', part[2][2:]), part[2]) as integer)"
    return f"case when {code} between 32 and 55295 or {code} between 57344 and 1114111 then chr({code}) end"
