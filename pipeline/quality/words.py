"""Say in plain words what broke a rule: what was seen, what is accepted, what to do."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from expectations.rules import COUNT, SHARE, TEXT, Rule, said
from expectations.schema import accepted_columns

SHOWN: Final = 5
"""Values named in one sentence."""
Row: TypeAlias = Mapping[Hashable, Any]


def sentence(rule: Rule, rows: Sequence[Row]) -> str:
    """One sentence for all rows of one release day and table that broke `rule`."""
    return f"{rule.says}: {_seen(rule, rows)}; accepted: {rule.accepted}; {rule.advice}"


def missing(rule: Rule) -> str:
    """For a figure that should be in the profile and is not."""
    return (
        f"{rule.says}: no figure, though the table was delivered; accepted: {rule.accepted}; "
        "run the checks again; if it stays, the profile does not count it"
    )


def _seen(rule: Rule, rows: Sequence[Row]) -> str:
    if rule.unit != TEXT:
        return _figure(rule, rows[0])
    if rule.measure == "columns":
        return _columns(rows[0])
    if rule.private:
        return _listed([f"identifier {row['identifier']}" for row in rows])
    return _listed([_value(row) for row in rows])


def _figure(rule: Rule, row: Row) -> str:
    figure = said(row["value"], rule.unit)
    if rule.unit == COUNT:
        return figure
    preposition = "of" if rule.unit == SHARE else "against"
    return f"{figure} ({row['hits']:,.0f} {preposition} {row['of']:,.0f})"


def _value(row: Row) -> str:
    value = repr(row["text"]) if row["text"] else "(empty)"
    if row["identifier"]:
        return value
    return f"{value} in {row['hits']:,.0f} {'row' if row['hits'] == 1 else 'rows'}"


def _listed(items: Sequence[str]) -> str:
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return ", ".join(items[:SHOWN]) + more


def _columns(row: Row) -> str:
    table, _, text = row["text"].partition(": ")
    found = text.split(", ")
    accepted = accepted_columns(table).partition(": ")[2].split(", ")
    absent = [column for column in accepted if column not in found]
    odd = [column for column in found if column not in accepted]
    if not absent and not odd:
        return "the columns stand in another order"
    parts = [f"without {_listed(absent)}"] if absent else []
    parts += [f"with {_listed(odd)}"] if odd else []
    return " and ".join(parts)
