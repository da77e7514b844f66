"""Masks of personal data in text, as SQL, and the check on what they leave.

Free text columns of a row are masked together: a line that is cut at 35 characters runs on in the next column, and a
phone number with it. Their values are joined by a sign: `RUNS_ON` where the line is full, `ENDS` where it is not. Most
rows have no personal data: `suspect` finds these in one pass, with all rules' patterns at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.ingest.privacy.personal_data import GOODS, PARTY
from pipeline.ingest.privacy.persons import NAME_ENDS
from pipeline.ingest.privacy.rule import ENDS, RUNS_ON, SWEPT, Rule

__all__ = ["ENDS", "RUNS_ON", "joined", "left", "mask", "mask_steps", "parted", "suspect", "swept"]

FULL_LINE: Final = 34
"""Characters from which a line may have been cut: 35, less a blank that was trimmed."""


def suspect(columns: Sequence[str], *, party: bool) -> str:
    """Return a condition: any of the columns may have personal data. Never false where `mask` would change one."""
    return _matches(f"concat_ws(chr(30), {', '.join(columns)})", party)


def joined(columns: Sequence[str]) -> str:
    """Return the columns' values as one text."""
    parts = []
    for column in columns[:-1]:
        parts.append(f"coalesce({column}, '')")
        parts.append(f"if(length({column}) >= {FULL_LINE}, chr(30), chr(31))")
    return " || ".join([*parts, f"coalesce({columns[-1]}, '')"])


def parted(text: str) -> str:
    """Return the columns' values, as a list, of a joined text."""
    return f"string_split(replace({text}, chr(30), chr(31)), chr(31))"


def mask(text: str, *, party: bool) -> str:
    """Return the text without personal data, as one expression."""
    for rule in PARTY if party else GOODS:
        text = _replaced(text, rule)
    return text


def mask_steps(column: str, *, party: bool) -> list[str]:
    """Return the same as `mask`, for many rows: expressions to replace `column` by, one after the other."""
    steps = []
    for rule in PARTY if party else GOODS:
        found = " or ".join(f"contains({column}, {_literal(text)})" for text in rule.when)
        replaced = _replaced(column, rule)
        steps.append(f"case when {found} then {replaced} else {column} end" if found else replaced)
    return steps


def left(text: str, *, party: bool) -> str:
    """Return a condition, the privacy check: a text (joined or single) has something that `mask` would replace."""
    return _matches(_prepared(text, party), party)


def swept(text: str, *, party: bool) -> str:
    """Return a single value with everything replaced that the masks left: what the check finds is not loaded."""
    found = f"regexp_replace({_prepared(text, party)}, {_literal('(?i)' + _anything(party))}, {_literal(SWEPT)}, 'g')"
    return f"replace({found}, {_literal(NAME_ENDS)}, '')"


def _prepared(text: str, party: bool) -> str:
    """Return the text as the rules for names read it."""
    return _replaced(text, next(rule for rule in (PARTY if party else GOODS) if rule.prepares))


def _replaced(text: str, rule: Rule) -> str:
    return f"regexp_replace({text}, {_literal('(?i)' + rule.pattern)}, {_literal(rule.by)}, 'g')"


def _matches(text: str, party: bool) -> str:
    return f"regexp_matches({text}, {_literal('(?i)' + _anything(party))})"


def _anything(party: bool) -> str:
    return "|".join(rule.pattern for rule in (PARTY if party else GOODS) if rule.finds)


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
