"""The one company that a person names by a name or an id; an ambiguous name is an error, not a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.entities.overrides.rows import ENTITY_ID
from pipeline.entities.search.find import Hit, Search
from pipeline.errors import UsageError
from pipeline.plain_text import clean

MOST_COMPARED: Final = 8
"""Companies that are compared, and at most listed."""
CLEAR: Final = 0.8
"""Likeness from which the only similar name is accepted. One typing error in one of two words makes some 0.9."""
APART: Final = 0.12
"""The next company must be less like the name by so much; an exact name beats one that is not."""
WHO: Final = {"supplier": "supplier", "consignee": "buyer"}


@dataclass(frozen=True)
class Named:
    """A company that a person named.

    Attributes:
        entity_id: its id now.
        name: its name.
        asked: what was typed.
    """

    entity_id: str
    name: str
    asked: str


class NotOneError(UsageError):
    """A name that does not lead to one company; the message lists those that it may mean.

    Attributes:
        candidates: best first; empty where nothing is like it.
    """

    def __init__(self, message: str, candidates: list[Hit]) -> None:
        """`message`: for people."""
        super().__init__(message)
        self.candidates = candidates


class AmbiguousNameError(NotOneError):
    """Several companies fit."""


class UnknownNameError(NotOneError):
    """None fits; some may be near."""


def party_named(search: Search, text: str, kind: str) -> Named:
    """Return the one company of `kind` that `text` names.

    Args:
        search: the names of all companies.
        text: a name, a part of one, or an id.
        kind: `supplier` or `consignee`.

    Raises:
        AmbiguousNameError: several fit.
        UnknownNameError: none does.
    """
    who, shown = WHO[kind], clean(text)
    hits = search.find(text, kind, MOST_COMPARED)
    if not hits:
        other = "consignee" if kind == "supplier" else "supplier"
        elsewhere = [] if ENTITY_ID.fullmatch(text.strip().lower()) else search.find(text, other, 1)
        hint = f" There is a {WHO[other]} of that name: {_line_of(elsewhere[0])}." if elsewhere else ""
        raise UnknownNameError(
            f"no {who} is called {shown!r} in the records.{hint} Try fewer words, or `leverage search`", []
        )
    best, others = hits[0], hits[1:]
    if best.score < CLEAR:
        raise UnknownNameError(f"no {who} is called {shown!r} in the records. Did you mean:\n{_lines(hits)}", hits)
    rivals = [hit for hit in others if _as_good(hit, best)]
    if rivals:
        raise AmbiguousNameError(
            f"{shown!r} may be {len(rivals) + 1} {who}s; give the id of one:\n{_lines([best, *rivals])}",
            [best, *rivals],
        )
    return Named(best.entity_id, clean(best.entity_name, best.entity_id), text)


def _as_good(hit: Hit, best: Hit) -> bool:
    if best.score == 1.0:
        return hit.score == 1.0
    return hit.score > best.score - APART


def _lines(hits: list[Hit]) -> str:
    return "\n".join(f"  {_line_of(hit)}" for hit in hits)


def _line_of(hit: Hit) -> str:
    seen = clean(f"{hit.matched_name} {hit.matched_address}")
    return f"{hit.entity_id}  {clean(hit.entity_name)}" + (f"  ({seen})" if seen else "")
