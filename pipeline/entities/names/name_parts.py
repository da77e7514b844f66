"""Return the parts of a name: its own words, legal forms, numbers and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.entities.names import words
from pipeline.entities.names.places.gazetteer import states, us_state_codes
from pipeline.entities.names.words import BRAND, COMMON, FORM, GENERIC, GLUE, NUMERAL, PLACE, TRADE, UNIT, Word

SHORTEST_NAME: Final = 3
"""Letters of the longest word of another name behind a legal form."""
_FORM_WORDS: Final = """
LP LLP SPA JSC KGAA GMBHCOKG EOOD
LTD LIMITED LTDA LIMITADA LLC INC INCORPORATED CORP CORPORATION CORPN GMBH PVT PRIVATE PTE PTY SDN BHD BERHAD PLC SACV
SADECV SRL SPZOO OJSC PJSC JSC FZE FZCO LTEE SIRKETI AKTIENGESELLSCHAFT EIRL
"""
_ENDING: Final = frozenset(
    ("INC", "LLC", "LTD", "LIMITED", "CORP", "CORPORATION", "GMBH", "LLP", "SACV", "SPA", "INCORPORATED")
)
"""Legal forms that end a name even where more follows."""
FORMS_ANYWHERE: Final = frozenset(_FORM_WORDS.split())
"""Legal forms that are nothing else; the others count as such at the ends of a name only."""
_CUT_FORMS: Final = frozenset(
    ("I", "IN", "L", "LL", "LT", "LI", "LIM", "LIMI", "C", "COR", "CORPO", "PR", "PRI", "PV", "P", "G", "GM", "GMB")
)
_IN_FRONT: Final = frozenset(("PT", "CV", "UD", "JSC", "OJSC", "OOO", "ZAO", "OAO", "PAO"))
_IN_TWO_LANGUAGES: Final = {"NV": "BV", "SA": "SA"}
"""Forms of Belgian firms, one in front and one behind: NV X SA."""
_OF_STAFF: Final = frozenset(("PLAN", "SCHEME", "PENSION", "RETIREMENT", "SUPERANNUATION", "FUND"))
"""Words of the funds of a firm's staff, which are other entities."""
LONGEST_INITIALS: Final = {GLUE: 1, GENERIC: 2}
"""Letters of a small word or abbreviation in front, up to which it is one of the name's own (M DIAS, GR IMPEX)."""
_NUMBERS: Final = ["ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN"]
_IN_WORDS: Final = {written: word for number, word in enumerate(_NUMBERS, start=1) for written in (word, str(number))}
"""Numbers in front of a name are no branch's but words of it (ONE SPAN, 5 STAR)."""
_BEFORE_NUMBERS: Final = frozenset(("NO", "NR", "NUMBER"))


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name in its parts.

    Attributes:
        words: words of the name without forms, places and numbers, in order.
        forms: families of its legal forms.
        numbers: numbers in the name (II, NO. 2, UNIT 7).
        name_places: countries (codes) and cities in the name.
        is_cut: the name may end in the middle of a word.
    """

    words: tuple[Word, ...] = ()
    forms: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    name_places: frozenset[str] = frozenset()
    is_cut: bool = False

    @property
    def signature(self) -> tuple[object, ...]:
        """Content that counts for comparing, in an order that is the same in every process."""
        return (
            tuple((word.text, word.stands_for, word.kind) for word in self.words),
            tuple(sorted(self.forms)),
            tuple(sorted(self.numbers)),
            tuple(sorted(self.name_places)),
            self.is_cut,
        )


def name_parts(tokens: list[str], *, is_cut: bool) -> NameParts:
    """Return words, legal forms, numbers and places of a name."""
    known = words.name_words()
    forms, numbers = set(), set()
    start, end = 0, len(tokens)
    is_cut = is_cut and bool(tokens) and tokens[-1] not in _ENDING
    if is_cut and end > 1 and tokens[-1] in _CUT_FORMS:  # a legal form of which too little is left
        end -= 1
    elif end > 1 and tokens[-1] == "IN" and tokens[-2] != "OF":  # INC without its last letter
        forms.add("INC")
        end -= 1
    while end > start and (word := known.get(tokens[end - 1])) and word.kind in (FORM, GLUE):
        if word.kind == FORM:
            forms.add(word.stands_for)
        elif tokens[end - 1] == "I" and end < len(tokens):  # PROPERTIES I CORP, beside II
            numbers.add("1")
        end -= 1
    if start < end and tokens[start] in _IN_TWO_LANGUAGES and not forms.isdisjoint(_IN_TWO_LANGUAGES.values()):
        start += 1
    while start < end and tokens[start] in _IN_FRONT:
        forms.add(known[tokens[start]].stands_for if tokens[start] in known else tokens[start])
        start += 1
    if start == end:  # nothing but forms: they are the name
        return NameParts(tuple(Word(token, token, BRAND) for token in tokens), is_cut=is_cut)
    body: list[Word] = []
    spoken = _spoken_numbers(tokens[start:end])
    for at, token in enumerate(tokens[start:end]):
        word = known.get(token)
        if spoken and (token.isdigit() or (word and word.kind == NUMERAL)):
            body.append(Word(token, token, BRAND))
            continue
        if not at and (number := _IN_WORDS.get(token)):
            body.append(Word(number, number, BRAND))
            continue
        if not at and word and len(token) <= LONGEST_INITIALS.get(word.kind, 0):
            body.append(Word(token, token, BRAND))
            continue
        if token in _BEFORE_NUMBERS:
            continue
        if word is None and at and token in us_state_codes():
            body.append(Word(token, token, PLACE))
            continue
        if word is None:
            word = words.mistyped(token)
        if word is None:
            if token.isdigit():
                numbers.add(token.lstrip("0") or "0")
            else:
                body.append(Word(token, token, BRAND))
        elif word.kind == FORM:
            if token in FORMS_ANYWHERE:
                forms.add(word.stands_for)
            elif word.stands_for != "CO":
                body.append(Word(token, token, BRAND))
        elif word.kind == NUMERAL:
            numbers.add(word.stands_for)
        elif word.kind == UNIT:
            body.append(word)
        elif word.kind != GLUE:
            heads = word.stands_for.split("+")
            body += [Word(token if len(heads) == 1 else head, head, word.kind) for head in heads]
    places, rest = _places(body)
    if any(word.kind in (BRAND, COMMON) for word in rest) or not places:
        body = rest
    return NameParts(tuple(body), frozenset(forms), frozenset(numbers), frozenset(places), is_cut)


def _spoken_numbers(tokens: list[str]) -> bool:
    """Return whether the numbers of a name are its words (FIVE 9, EX ONE): it has none of three letters beside them."""
    known = words.name_words()
    numbers = {token for token in tokens if token.isdigit() or (token in known and known[token].kind == NUMERAL)}
    return bool(numbers) and not any(
        len(token) >= SHORTEST_NAME and _is_distinctive(token) for token in tokens if token not in numbers
    )


def without_tail(tokens: list[str]) -> tuple[list[str], list[str]]:
    """Separate what follows a legal form inside a name (X INC Y), unless it is a place, unit or number."""
    known = words.name_words()
    for at in range(1, len(tokens) - 1):
        if tokens[at] not in _ENDING or not any(_is_distinctive(token) for token in tokens[:at]):
            continue
        rest = tokens[at + 1 :]
        if all(
            token.isalpha() and len(token) < SHORTEST_NAME and (token not in known or known[token].kind != GENERIC)
            for token in rest
        ):  # what a cut has left of DBA and its like
            return tokens[: at + 1], []
        if not _OF_STAFF.isdisjoint(rest):
            return tokens, []
        kinds = {known[token].kind for token in rest if token in known}
        if (
            rest[0] in ("OF", "AND", "DE")
            or UNIT in kinds
            or NUMERAL in kinds
            or any(token.isdigit() for token in rest)
        ):
            return tokens, []
        if any(
            _is_distinctive(token) and token not in words.cities() and token not in words.countries() for token in rest
        ):
            return tokens[: at + 1], rest
        return tokens, []
    return tokens, []


def _is_distinctive(token: str) -> bool:
    word = words.name_words().get(token)
    return word is None or word.kind in (BRAND, COMMON, TRADE)


def _places(body: list[Word]) -> tuple[set[str], list[Word]]:
    """Return the places in a name, and the other words; US states count where they do not begin it."""
    found, rest, at = set(), [], 0
    while at < len(body):
        if body[at].kind == PLACE:
            found.add(f"US-{body[at].text}")
            at += 1
            continue
        for length in range(min(words.LONGEST_PLACE, len(body) - at), 0, -1):
            text = " ".join(word.text for word in body[at : at + length])
            state = states().get(text) if at else None
            city = "" if not at and text in words.surname_cities() else words.cities().get(text)
            place = f"US-{state[1]}" if state and state[0] == "US" else words.countries().get(text) or city
            if place:
                found.add("US-NY" if place == "NEW YORK CITY" else place)
                at += length
                break
        else:
            rest.append(body[at])
            at += 1
    return found, rest
