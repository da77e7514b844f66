"""Order clauses in name texts: `TO THE ORDER OF X` in any of its forms and languages, and the party that one names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA

_WORD: Final = re.compile(r"[A-Z0-9']+")
_LETTER: Final = re.compile(r"[A-Z0-9]")
_GLUED: Final = re.compile(r"^(\W*)(UN)?TO(?:\s?(THE))?\s?ORDER(?!LY\b|S\b)(?:OF\b)?")
_VERBS: Final = """
BLANK CARGO CONSIGN CONSIGNED CONSIGNEE CONSIGNATION DELIVER DELIVERED DRAWN ENDORSED GOODS ISSUED NEGOTIABLE OPEN OUT
PAY PAYABLE SHIPMENT SHIPPED
"""
_BEFORE: Final = frozenset(_VERBS.split())
"""Words before an order that belong to the clause (CONSIGNED TO ORDER)."""
_WHOSE: Final = re.compile(
    r"^(?:SHIPPER|SHPR|CONSIGNOR|CNOR|CONSIGNEE|CNEE|SENDER|EXPORTER|SELLER|BUYER|BANK|APPLICANT|HOLDER|CARRIER)'?S?'?$"
    r"|^(?:S|ISSUING|OPENING|NEGOTIATING)$"
)
_ARTICLES: Final = frozenset(("MY", "OUR", "HIS", "ITS", "THEIR", "YOUR", "AN", "THE"))
_NO_ORDER: Final = frozenset(("BORDER", "OLDER", "CORDER", "ORDERLY", "ORDERED", "ORDERING"))
_NO_TO: Final = frozenset(("CO", "GO", "NO", "DO"))
_MAKING: Final = re.compile(
    r"(?:ED|MADE|BUILT|CUT|SEWN|SPUN|GROWN|BORN|READY|EASY|HOW|FRESH|CALL|CUSTOM|WEAVE|BREW|BAKE|COOK)$"
)
"""Words before TO ORDER that make it a way to produce (MADE TO ORDER KITCHENS)."""
_ABROAD: Final = re.compile(
    r"\b(?P<to>(?:A\W*LAS?|ALLA|ALL?|A\W*L|AS?|POR|PER)\W*)?(?:ORDEN(?:ES)?|ORDEM|ORDENS|ORDRE|ORDINE)\b(?:\W+(?:[YE]|ET)\W+(?:POR\W+|POUR\W+|PER\W+)?(?:CUENTA|CONTA|CONTO|COMPTE)\b)?"
    r"(?P<of>\W+(?:DE\s+L(?:A|AS|OS|E)?|DEL|DELL[AO]?|DE|DI|DA|DO|DU|DES|D)\b)?"
)
_GERMAN: Final = re.compile(
    r"^\W*(?:(?:AN|ZUR)\W+(?:DIE\W+)?ORDER\b(?:\W+(?:VON|DER|DES|DEM)\b)?|AAN\W+(?:DE\W+)?ORDER\b(?:\W+VAN\b)?|ORDER\W+(?:VON|VAN)\b)"
)
_OTHER: Final = re.compile(
    r"^\W*(?:(?:NA|PO)\W+(?:PRIKAZU?|PRYKAZU?|ZLECENIE|NALOGU?|NAREDB[IU])|TILL?\W+ORDER|(?:LA|A)\W+ORDINUL|THEO\W+LENH(?:\W+CUA)?"
    r"|ATAS\W+PERINTAH)\b"
)
"""Slavic languages, Scandinavian ones, Romanian, Vietnamese, Indonesian."""
_TURKISH: Final = re.compile(r"(?:^|\W+)EMRINE\W*$")
_BEARER: Final = re.compile(
    r"^\W*(?:(?:CONSIGNED|DELIVERED|ISSUED|MADE\W+OUT)\W+)?"
    r"(?:(?:UN)?TO\W+(?:THE\W+)?(?:BEARER|HOLDER)S?\b(?:\W+(?:OF|HEREOF|ON|THE|ORIGINAL|O?B\W?LS?|BILLS?|LADING|DEMAND)\b)*"
    r"|BEARER\W*$|A[LUO]\W+PORT(?:ADOR|EUR|ATORE)\b|AN\W+(?:DEN\W+)?INHABER\b)"
)
_NOTIFY: Final = re.compile(r"\b(?:(?:AND|ALSO)\W+)?(?:TO\W+BE\W+)?NOTIF(?:Y|IED)\b(?:\W+PART(?:Y|IES)\b)?\W*")


@dataclass(frozen=True, slots=True)
class Order:
    """An order clause.

    Attributes:
        front: the text before the clause; mostly empty.
        rest: the text behind it: the party to whose order the goods are.
        notified: the party that it says to notify; mostly empty.
    """

    front: str
    rest: str
    notified: str = ""


def order_in(text: str) -> Order | None:
    """Return the order clause in a name text in capitals; None where there is none.

    Anywhere but at the beginning of a text, it ends the text or says whose order it is: names of firms have ORDER in
    them, too (CUSTOM ORDER FURNITURE, MADE TO ORDER KITCHENS).
    """
    found = _bearer_or_abroad(text) or _english(text)
    if found is None:
        return None
    notify = _NOTIFY.search(found.rest)
    if notify:
        return Order(found.front, found.rest[: notify.start()], found.rest[notify.end() :])
    return found


def _bearer_or_abroad(text: str) -> Order | None:
    at_start = _BEARER.match(text) or _GERMAN.match(text) or _OTHER.match(text)
    if at_start:
        return Order("", text[at_start.end() :])
    turkish = _TURKISH.search(text)
    if turkish:
        return Order("", text[: turkish.start()])
    for found in _ABROAD.finditer(text):
        front, rest = _without_verbs(text[: found.start()]), text[found.end() :]
        is_whole = not _LETTER.search(front) and (found["to"] or found["of"])
        if is_whole or (found["to"] and (found["of"] or not _LETTER.search(rest))):
            return Order(front, rest)
    return None


def _without_verbs(front: str) -> str:
    words, out = list(_WORD.finditer(front)), False
    while words and (words[-1].group() in _BEFORE or (out and words[-1].group() == "MADE")):
        out = words[-1].group() == "OUT"
        front = front[: words.pop().start()]
    return front


def _english(text: str) -> Order | None:
    text = re.sub(r"^(\W*)T\W?O\b", r"\1TO", text)
    glued = _GLUED.match(text)
    if glued:
        return Order("", _without_of(text[glued.end() :]))
    words = list(_WORD.finditer(text))
    for at, word in enumerate(words):
        start = _start(words, at)
        if start is None:
            continue
        front, rest = _without_verbs(text[: words[start].start()]), text[word.end() :]
        named = _without_of(rest)
        if not _LETTER.search(front):
            return Order("", named)
        last = _WORD.findall(front)[-1]
        if word.group() == "ORDER" and not _MAKING.search(last) and (named != rest or not _LETTER.search(rest)):
            return Order(front, named)
    return None


def _start(words: list[re.Match[str]], at: int) -> int | None:
    """Return where a clause begins of which a word may be the ORDER; None where it is in none."""
    said = [word.group() for word in words]
    if said[at] in _NO_ORDER or OSA.distance(said[at], "ORDER", score_cutoff=1) > 1:
        return None
    has_of = at + 1 < len(said) and said[at + 1] in ("OF", "0F", "OFF")
    first = at
    while first and _WHOSE.match(said[first - 1]):
        first -= 1
    is_whose = first < at
    if first and _is_article(said[first - 1]):
        first -= 1
    is_order = said[at] == "ORDER"
    if first:
        to = said[first - 1]
        if to in ("TO", "UNTO", "ONTO") and (is_order or first == 1):
            return first - 1
        if first == 1 and has_of and is_order and len(to) <= 3 and to not in _NO_TO and OSA.distance(to, "TO") <= 1:
            return 0
    elif is_order and (has_of or at + 1 == len(said) or is_whose or _NOTIFY.match(said[at + 1])):
        return 0
    return None


def _is_article(word: str) -> bool:
    return word in _ARTICLES or (word != "TO" and 2 <= len(word) <= 4 and OSA.distance(word, "THE") <= 2)


def _without_of(rest: str) -> str:
    return re.sub(r"^\W*(?:OFF?|0F|TO|FOR)\b(?!\w)", "", rest)
