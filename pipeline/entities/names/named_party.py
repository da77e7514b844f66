"""Which party a name text names: behind an order, on behalf of another one, under another name of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from pipeline.entities.names import words
from pipeline.entities.names.known_firms.forwarders import moves_cargo
from pipeline.entities.names.known_firms.handlers import handler_of
from pipeline.entities.names.orders import order_in
from pipeline.entities.names.placeholders import is_placeholder
from pipeline.entities.names.words import FORM, GLUE, TRADE

_MARKER: Final = re.compile(
    r"(?:^|(?<=[\s,;(/-]))(?:"
    r"(?P<strong>(?:AS\s+AGENTS?\s+)?(?:FOR\s+AND\s+)?ON\s+BEHALF(?:\s+OF\b)?|O\s?/\s?B\.?(?:\s?/?\s?OF?\b)?|OBO(?:\s+OF\b)?"
    r"|F/\s?A/\s?O\.?|F\.A\.O\.?|(?:FOR|ON)\s+(?:THE\s+)?ACC(?:OUNT|T)?\.?\s+OF\b|BY\s+ORDER(?:\s+AND\s+FOR\s+ACCOUNT)?\s+OF\b"
    r"|AS\s+AGENTS?\s+(?:FOR|OF)\b|A\s?[/.]\s?C\.?\s+OF\b|C\s?/\s?[O0]\.?(?:\s?/?\s?OF?\b)?|C/-|IN\s+CARE\s+OF\b"
    r"|PO\s+PORUCHENIYU\b|A\s?/\s?O\s?/\s?S\.?|A\.O\.S\.?|AOS(?=\s+[A-Z]))"
    r"|(?P<weak>A\s?[/.]\s?C\.?|FAO(?=\s)|P/P(?=\s)|O\.\s?B\.?|C\.\s?O\.?|CARE\s+OF\b))(?=[\s.:,[/-]|$)"
    r"|(?<=[\s,;(/-])(?<![0-9]\s)(?P<percent>%)(?=\s*[A-Z])"
)
"""Marks between two parties. Weak ones are also words of names (A/C PARTS, SKIN CARE OF DENMARK). Behind a number, %
is a share."""
_ALIAS: Final = re.compile(
    r"[\s,(/]+(?:D\s?[/.]?\s?B\s?[/.]?\s?A\.?|T\s?/\s?A|TRADING\s+AS|DOING\s+BUSINESS\s+AS|A\s?/\s?K\s?/\s?A|AKA|ALSO\s+KNOWN\s+AS"
    r"|F\s?/?\s?K\s?/?\s?A|N\s?/?\s?K\s?/?\s?A|F/N/A|DBC|NOW\s+KNOWN\s+AS|FORMERLY(?:\s+KNOWN\s+AS)?|PREVIOUSLY(?:\s+KNOWN\s+AS)?|EX\s*-\s*NAME)"
    r"(?:[\s./:)]+(.*))?$"
)
_OWNER: Final = re.compile(
    r"[\s,(-]+(?:AN?\s+(?:WHOLLY[\s-]+OWNED\s+)?(?:DIV|DIVISION|DVISION|SUB|SUBS|SUBSIDIARY|UNIT|BRANCH|BUSINESS|MEMBER|AFFILIATE)\b(?:\s+OF\b\s*(.*))?.*"
    r"|(?:DIV|DIVISION|SUBSIDIARY|BRANCH)\s+OF\s+(.*)|AN?\s+WHOLLY\b.*|AN?\s+(?:\S+\s+){1,3}(?:COMPANY|CO|COM|COMP|SUBSIDIARY)\.?\)?)$"
)
_STATE_MARK: Final = re.compile(r"\s*/\s?(?:[A-Z]{2,3}|NEW|ADV|WI|OLD|BER)\s?/?\s*$")
_DUNS: Final = re.compile(r"\bDUNS\b.*$")
_LETTER: Final = re.compile(r"[A-Z0-9]")
_WHOLE_WORD: Final = re.compile(r"[A-Z]{2,}|(?:\b[A-Z]\b.*){2}")
"""What must precede the words for a division or subsidiary: R A JONES COMPANY is none of R."""


@dataclass(frozen=True, slots=True)
class NamedParty:
    """The parties in a name text.

    Attributes:
        name: of the party that counts: it sells or buys the goods.
        is_order: the text is an order clause.
        behind: the party that counts followed an agent, so that the address is the agent's.
        other: the other party that is named: the agent, or the one on whose behalf the goods are shipped; or empty.
        alias: another name of the same party (trading as, formerly), or the firm that it is a division of; or empty.
        choice: why this party counts and not the other one; empty where one is named.
    """

    name: str
    is_order: bool
    behind: bool
    other: str
    alias: str
    choice: str = ""


def named_party(text: str) -> NamedParty:
    """Return the parties of a name text in capitals.

    Of two parties the one counts that is no forwarder, terminal, warehouse, broker, bank or person. Where both may
    trade, the one in front counts if it is written as a firm (a legal form, a trade); else it is taken for an agent.
    """
    order = order_in(text)
    while order and not _LETTER.search(order.front) and (again := order_in(order.rest)):  # written twice
        order = again
    if order is None:
        return _of_two(text, is_order=False)
    if order.notified and not (_trades(order.rest) and not _trades(order.notified)):
        found = _of_two(order.notified, is_order=True)
        other = order.rest.strip(" ,;:()")
        return replace(found, other=found.other or other, choice=found.choice or "the order says to notify it")
    if not _LETTER.search(order.front):
        return _of_two(order.rest, is_order=True)
    if not _LETTER.search(order.rest) or _ends_with_marker(order.front):
        return _of_two(f"{order.front} {order.rest}", is_order=True)
    name, other, why = order.rest, order.front, "the order names it"
    if not _trades(order.rest):
        name, other, why = order.front, order.rest, _why(_clean(order.rest))
    found = _of_two(name, is_order=True)
    return replace(found, other=found.other or other.strip(" ,;:()"), choice=found.choice or why)


def _of_two(text: str, *, is_order: bool) -> NamedParty:
    """Return the party that counts of a text without order clause: of both sides of a mark as C/O."""
    name, other, behind, choice = text, "", False, ""
    for mark in _MARKER.finditer(text):
        front, rest = text[: mark.start()].strip(" ,;(/-"), text[mark.end() :].strip(" .:,)/-")
        is_clear = mark["strong"] or mark["percent"]
        if is_clear and _LETTER.search(front) and not _LETTER.search(rest):  # a mark that ends the text
            name = front
            break
        if _has_name(rest) and (is_clear or _are_both_firms(front, rest)):
            behind, choice = _choose(front, rest)
            name, other = (rest, front) if behind else (front, rest)
            break
    name, alias = _own_names(name)
    return NamedParty(name, is_order, behind, other, alias, choice)


def _choose(front: str, rest: str) -> tuple[bool, str]:
    """Return whether the party behind a mark counts, and why."""
    if not _LETTER.search(front):
        return True, ""
    agent, host = handler_of(front), handler_of(rest)
    if host and not agent:
        return False, _why(rest)
    if agent and not host:
        return True, _why(front)
    if _is_firm(front):
        return False, "the first one is written as a firm"
    return True, "the first one is taken for an agent"


def _why(other: str) -> str:
    role = handler_of(other)
    return f"the other one is a {role}" if role else "the other text names no party"


def _trades(text: str) -> bool:
    """Return whether a text names a party that may sell or buy goods."""
    name = _clean(text)
    return not is_placeholder(name) and not handler_of(name)


def _ends_with_marker(front: str) -> bool:
    return any(not _LETTER.search(front[mark.end() :]) for mark in _MARKER.finditer(front))


def _clean(text: str) -> str:
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", text.replace("'", "")).split())


def _has_name(text: str) -> bool:
    """Return whether a text has a word beside legal forms."""
    known = words.name_words()
    return bool(re.search(r"\[[A-Z ]+\]", text)) or any(
        token not in known or known[token].kind not in (FORM, GLUE) for token in _clean(text).split()
    )


def _are_both_firms(front: str, rest: str) -> bool:
    """Return whether the texts on both sides of a weak mark are written as parties."""
    known = words.name_words()
    first, second = _clean(front).split(), _clean(rest).split()
    if not first or not second:
        return False
    has_form = {side[-1] for side in (first, second) if known.get(side[-1]) and known[side[-1]].kind == FORM}
    brands = [token for token in second if token not in known and not token.isdigit() and not handler_of(token)]
    if not brands or " ".join(second) in words.countries() or len(second) < FEWEST_WORDS:
        return False
    return bool(first[-1] in has_form or handler_of(front) or (handler_of(rest) and len(first) >= FEWEST_WORDS))


FEWEST_WORDS: Final = 2
"""Words of what is written as a party."""


def _own_names(name: str) -> tuple[str, str]:
    """Return a name without what describes it, and its other name."""
    name = _DUNS.sub("", name)
    alias = ""
    found = _ALIAS.search(name)
    if found and _LETTER.search(name[: found.start()]):
        name, alias = name[: found.start()], (found.group(1) or "").strip(" )")
    owner = _OWNER.search(name)
    if owner and _WHOLE_WORD.search(name[: owner.start()]):
        parent = owner.group(1) or owner.group(2) or ""
        name, alias = name[: owner.start()], alias or parent.strip(" )")
    mark = _STATE_MARK.search(name)
    if mark and len(name[: mark.start()].split()) >= 1 and _LETTER.search(name[: mark.start()]):
        name = name[: mark.start()]
    return name, alias


def _is_firm(front: str) -> bool:
    """Return whether the party in front is written as a firm that deals in goods."""
    known = words.name_words()
    tokens = re.sub(r"[^A-Z0-9]+", " ", front).split()
    if len(tokens) < 2 or moves_cargo(" ".join(tokens)):
        return False
    kinds = {known[token].kind for token in tokens[1:] if token in known}
    return FORM in kinds or TRADE in kinds
