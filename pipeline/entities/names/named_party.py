"""Which party a name text names: behind an order, on behalf of another one, under another name of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline.entities.names import words
from pipeline.entities.names.forwarders import moves_cargo
from pipeline.entities.names.words import FORM, TRADE

ORDER: Final = re.compile(
    r"^(?:TO|UNTO)\s+(?:THE\s+)?ORDER(?:\s+OF\b)?|^(?:THE\s+)?ORDER\s+OF\b|^A\s+LA\s+ORDEN\s+DE\b|^ALL\s?ORDINE\s+DI\b"
    r"|^A\s+L\s?ORDRE\s+DE\b"
)
_BEHIND: Final = re.compile(
    r"(?:^|[\s,;(/-])(?:(?:AS\s+AGENTS?\s+)?(?:FOR\s+AND\s+)?ON\s+BEHALF(?:\s+OF\b)?|O[/.]\s?B\.?(?:\s+OF\b)?|OBO(?:\s+OF\b)?"
    r"|F[/.]\s?A[/.]\s?O\.?|FAO(?=\s)|FOR\s+(?:THE\s+)?ACC(?:OUNT|T)?\.?\s+OF\b|BY\s+ORDER(?:\s+AND\s+FOR\s+ACCOUNT)?\s+OF\b"
    r"|AS\s+AGENTS?\s+(?:FOR|OF)\b|A[/.]\s?C\.?(?:\s+OF\b)?|C[/.]\s?O\.?(?:\s+OF\b)?|P/P(?=\s)|PO\s+PORUCHENIYU\b)[\s.:,]+(.+)$"
)
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


@dataclass(frozen=True, slots=True)
class NamedParty:
    """The parties in a name text.

    Attributes:
        name: of the party that counts: it sells or buys the goods.
        is_order: the text is an order clause.
        behind: the party that counts followed an agent, so that the address is the agent's.
        other: the other party that is named: the agent, or the one on whose behalf the goods are shipped; or empty.
        alias: another name of the same party (trading as, formerly), or the firm that it is a division of; or empty.
    """

    name: str
    is_order: bool
    behind: bool
    other: str
    alias: str


def named_party(text: str) -> NamedParty:
    """Return the parties of a name text in capitals.

    `X ON BEHALF OF Y`: where X is written as a firm (a legal form, a trade) and moves no cargo, it makes or sells the
    goods and
    counts; else X is an agent and Y counts.
    """
    name, other, behind = text, "", False
    found = _BEHIND.search(name)
    if found and _LETTER.search(found.group(1)):
        front, rest = name[: found.start()].strip(" ,;(/-"), found.group(1).strip(" )")
        if _is_firm(front):
            name, other = front, rest
        else:
            name, other, behind = rest, front, True
    order = ORDER.match(name)
    if order:
        name = name[order.end() :]
    name, alias = _own_names(name)
    return NamedParty(name, bool(order), behind, other, alias)


def _own_names(name: str) -> tuple[str, str]:
    """Return a name without what describes it, and its other name."""
    name = _DUNS.sub("", name)
    alias = ""
    found = _ALIAS.search(name)
    if found and _LETTER.search(name[: found.start()]):
        name, alias = name[: found.start()], (found.group(1) or "").strip(" )")
    owner = _OWNER.search(name)
    if owner and len(name[: owner.start()].split()) >= 1 and _LETTER.search(name[: owner.start()]):
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
