"""Parse a name variant: which party is named, in which words, and where it is.

A variant is a name and its address as they are on bills. Names are cut at 35 characters and run on into the address;
the party that counts may follow another one (`X O/B OF Y`) or be part of an order (`TO THE ORDER OF Y`). The result
depends on the variant alone, whatever order variants arrive in.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

from text_unidecode import unidecode  # type: ignore[import-untyped]

from pipeline.entities.names import words
from pipeline.entities.names.words import BRAND, COMMON, FORM, GENERIC, GLUE, NUMERAL, TRADE, UNIT, Word

NAME_WIDTH: Final = 35
"""Characters at which names are cut."""
LONGEST_REST: Final = 8
"""Words of a name that may run on into the address."""
CUT_FROM: Final = 33
"""Characters from which a name may have been cut, less the blanks that were trimmed."""

_ORDER: Final = re.compile(r"^(?:TO|UNTO)\s+(?:THE\s+)?ORDER(?:\s+OF\b)?|^(?:THE\s+)?ORDER\s+OF\b")
_BEHIND: Final = re.compile(r"(?:^|[^A-Z0-9])(?:O/B|OBO|F/A/O|C/O|A/C|ON\s+BEHALF)(?:\s+OF\b)?[\s.:]*(.+)$")
_NOISE: Final = re.compile(
    r"\[(?:phone|email|tax id|person|account|withheld)\]"
    r"|\b(?:ATTN|ATTENTION|TEL|FAX|PHONE|EMAIL|E-MAIL|MOBILE NO|TAX ID|VAT NO|USCI|CONTACT)\b.*$",
    re.IGNORECASE,
)
_MASKED: Final = re.compile(r"\[(?:phone|email|tax id|person|account|withheld)\]", re.IGNORECASE)
_TRADES_AS: Final = re.compile(r"\s(?:D/B/A|DBA|T/A|AKA|A/K/A|FORMERLY)\s.*$")
_POINTS: Final = re.compile(r"(?<=\b[A-Z])[./](?=[A-Z]\b)")
_SIGNS: Final = re.compile(r"[^A-Z0-9]+")
_NO_NAME: Final = frozenset(
    (
        "",
        "N A",
        "NA",
        "NONE",
        "NOT AVAILABLE",
        "UNKNOWN",
        "SAME AS CONSIGNEE",
        "SAME AS SHIPPER",
        "SAME AS ABOVE",
        "SAME",
        "SHIPPER",
        "THE SHIPPER",
        "CONSIGNEE",
        "THE CONSIGNEE",
    )
)
_ANYWHERE_WORDS: Final = """
LTD LIMITED LTDA LIMITADA LLC INC INCORPORATED CORP CORPORATION CORPN GMBH PVT PRIVATE PTE PTY SDN BHD BERHAD PLC SACV
SADECV SRL SPZOO OJSC PJSC JSC FZE FZCO LTEE SIRKETI AKTIENGESELLSCHAFT EIRL
"""
_ANYWHERE: Final = frozenset(_ANYWHERE_WORDS.split())
"""Legal forms that are nothing else; the others count as such at the ends of a name only."""
_IN_FRONT: Final = frozenset(("PT", "CV", "UD", "JSC", "OJSC", "OOO", "ZAO", "OAO", "PAO"))
_JOINT_FORMS: Final = (
    (re.compile(r"\bS ?A ?DE ?C ?V\b"), "SACV"),
    (re.compile(r"\bSP ?Z ?O ?O\b"), "SPZOO"),
    (re.compile(r"\bS DE R ?L(?: DE C ?V)?\b"), "SRL"),
    (re.compile(r"\bA ?S ?SAN(?:AYI)? VE TIC(?:ARET)?\b"), "AS"),
)
_BEFORE_NUMBERS: Final = frozenset(("NO", "NR", "NUMBER"))
_STREET_WORDS: Final = """
ROAD RD STREET ST AVENUE AVE BOULEVARD BLVD LANE LN HIGHWAY HWY BUILDING BLDG FLOOR ROOM RM SUITE STE PLOT BLOCK
"""
_STREETS: Final = frozenset(_STREET_WORDS.split())
"""Words that end what may be the rest of a name."""
_ZIP: Final = re.compile(r"^[0-9]{5,6}$")
_HOUSE: Final = re.compile(r"^[A-Z]?[0-9]{1,5}[A-Z]?$")


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A parsed name variant.

    Attributes:
        clean_name: the party that counts, in capital words; empty where no party is named.
        is_order: an order clause.
        behind: followed another party ("on behalf of").
        words: words of the name without forms, places and numbers, in order.
        forms: families of its legal forms.
        numbers: numbers in the name (II, NO. 2, UNIT 7).
        name_places: countries (codes) and cities in the name.
        is_cut: the name may end in the middle of a word.
        country: ISO code, from its column, else from the address; or empty.
        cities: cities in the address.
        houses: numbers of houses, plots and rooms.
        zips: postal codes.
        streets: other words of the address.
    """

    clean_name: str
    is_order: bool
    behind: bool
    words: tuple[Word, ...]
    forms: frozenset[str]
    numbers: frozenset[str]
    name_places: frozenset[str]
    is_cut: bool
    country: str
    cities: frozenset[str]
    houses: frozenset[str]
    zips: frozenset[str]
    streets: tuple[str, ...]

    @property
    def signature(self) -> tuple[object, ...]:
        """Content that counts for comparing: variants with equal signatures score the same against any third."""
        return (
            tuple((word.text, word.stands_for, word.kind) for word in self.words),
            tuple(sorted(self.forms)),
            tuple(sorted(self.numbers)),
            tuple(sorted(self.name_places)),
            self.is_cut,
            self.behind,
            self.country,
            tuple(sorted(self.cities)),
            tuple(sorted(self.houses)),
            tuple(sorted(self.zips)),
            tuple(sorted(self.streets)),
        )


def parse(raw_name: str, raw_address: str, city: str = "", zip_code: str = "", country: str = "") -> ParsedName:
    """Parse one name variant.

    Args:
        raw_name: name column.
        raw_address: address columns joined by blanks.
        city: the column for it; it also has sliced text, so that only known cities count.
        zip_code: the column for it.
        country: ISO code from its column.
    """
    # marks alone name no party, though some would be transliterated to letters
    named = raw_name if any(sign.isalnum() for sign in raw_name) else ""
    name, address = _plain(named), _plain(_MASKED.sub(" ", raw_address or ""))
    clean, is_order, behind = _main_party(name)
    is_cut = len(named.strip()) >= CUT_FROM
    tokens = _tokens(clean)
    rest = _tokens(address)
    if is_cut:
        tokens, rest = _run_on(tokens, rest, within_word=len(named.strip()) == NAME_WIDTH)
    if behind:  # the address is that of the party in front
        rest, city, zip_code, country = [], "", "", ""
    clean = " ".join(tokens)
    if clean in _NO_NAME:
        tokens, clean = [], ""
    core, forms, numbers, name_places = _name_parts(tokens)
    countries, cities, houses, zips, streets = _address_parts(rest)
    column = words.cities().get(" ".join(_tokens(_plain(city))))
    if column:
        cities.add(column)
    if _ZIP.match(zip_code[:5]):
        zips.add(zip_code[:5])
    code = country.upper() if country and country.upper() in words.country_codes() else ""
    return ParsedName(
        clean_name=clean,
        is_order=is_order,
        behind=behind,
        words=core,
        forms=forms,
        numbers=numbers,
        name_places=name_places,
        is_cut=is_cut,
        country=code or (countries[-1] if countries else ""),
        cities=frozenset(cities),
        houses=frozenset(houses),
        zips=frozenset(zips),
        streets=tuple(streets),
    )


def _plain(text: str) -> str:
    """Return the text in capitals of the Latin alphabet, HTML escapes decoded."""
    text = text or ""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if not text.isascii():
        text = unidecode(text)
    return text.upper().strip()


def _main_party(name: str) -> tuple[str, bool, bool]:
    """Return the party that counts, whether the text is an order, whether the party followed another."""
    behind = _BEHIND.search(name)
    if behind and _tokens(behind.group(1)):
        name = behind.group(1)
    order = _ORDER.match(name)
    if order:
        name = name[order.end() :]
    name = _TRADES_AS.sub("", _NOISE.sub("", name)) or _MASKED.sub(" ", name)
    return name, bool(order), bool(behind)


def _tokens(text: str) -> list[str]:
    text = _POINTS.sub("", text.replace("'", "").replace("`", ""))
    text = _SIGNS.sub(" ", text.replace("&", " AND "))
    for pattern, form in _JOINT_FORMS:
        text = pattern.sub(form, text)
    found: list[str] = []
    letters: list[str] = []
    for token in text.split():
        if len(token) == 1 and token.isalpha():
            letters.append(token)
            continue
        if letters:
            found.append("".join(letters))
            letters = []
        found.append(token)
    if letters:
        found.append("".join(letters))
    return found


def _run_on(name: list[str], address: list[str], *, within_word: bool) -> tuple[list[str], list[str]]:
    """Undo the cut: move words of the address to the name, up to a legal form, else while they are words of names."""
    known = words.name_words()
    if name and address:
        whole = name[-1] + address[0]
        if whole in known and (within_word or known[whole].kind == FORM or name[-1] not in known):
            name, address = [*name[:-1], whole], address[1:]
    taken = _up_to_form(address)
    while taken < min(len(address), 4):
        word = known.get(address[taken])
        if word is None or word.kind not in (FORM, GENERIC, TRADE, GLUE) or address[taken] in words.address_words():
            break
        taken += 1
    return [*name, *address[:taken]], address[taken:]


def _up_to_form(address: list[str]) -> int:
    """Return how many words of an address lead up to the legal form of a name that runs on; 0 without one."""
    taken = 0
    for number, token in enumerate(address[:LONGEST_REST]):
        if token in _ANYWHERE:
            taken = number + 1
        elif token in _STREETS or (token.isdigit() and len(token) > 2):
            break
    return taken


def _name_parts(tokens: list[str]) -> tuple[tuple[Word, ...], frozenset[str], frozenset[str], frozenset[str]]:
    """Return words, legal forms, numbers and places of a name."""
    known = words.name_words()
    forms, numbers = set(), set()
    start, end = 0, len(tokens)
    while end > start and (word := known.get(tokens[end - 1])) and word.kind in (FORM, GLUE):
        if word.kind == FORM:
            forms.add(word.stands_for)
        end -= 1
    while start < end and tokens[start] in _IN_FRONT:
        forms.add(known[tokens[start]].stands_for if tokens[start] in known else tokens[start])
        start += 1
    if start == end:  # nothing but forms: they are the name
        return tuple(Word(token, token, BRAND) for token in tokens), frozenset(), frozenset(), frozenset()
    body: list[Word] = []
    for token in tokens[start:end]:
        word = known.get(token)
        if word is None:
            if token.isdigit():
                numbers.add(token.lstrip("0") or "0")
            else:
                body.append(Word(token, token, BRAND))
        elif word.kind == FORM:
            if token in _ANYWHERE:
                forms.add(word.stands_for)
            elif word.stands_for != "CO":
                body.append(Word(token, token, BRAND))
        elif word.kind == NUMERAL:
            numbers.add(word.stands_for)
        elif word.kind == UNIT:
            body.append(word)
        elif word.kind != GLUE and token not in _BEFORE_NUMBERS:
            body += [Word(token, part, word.kind) for part in word.stands_for.split("+")]
    places, rest = _places(body)
    if any(word.kind in (BRAND, COMMON) for word in rest) or not places:
        return tuple(rest), frozenset(forms), frozenset(numbers), frozenset(places)
    return tuple(body), frozenset(forms), frozenset(numbers), frozenset(places)


def _places(body: list[Word]) -> tuple[set[str], list[Word]]:
    """Return the places in a name, and the other words."""
    found, rest, at = set(), [], 0
    while at < len(body):
        for length in range(min(words.LONGEST_PLACE, len(body) - at), 0, -1):
            text = " ".join(word.text for word in body[at : at + length])
            place = words.countries().get(text) or words.cities().get(text)
            if place:
                found.add(place)
                at += length
                break
        else:
            rest.append(body[at])
            at += 1
    return found, rest


def _address_parts(tokens: list[str]) -> tuple[list[str], set[str], list[str], set[str], list[str]]:
    """Return countries in order, cities, house numbers, postal codes and other words of an address."""
    known_countries, known_cities, known = words.countries(), words.cities(), words.address_words()
    countries: list[str] = []
    cities: set[str] = set()
    houses: list[str] = []
    zips: set[str] = set()
    streets: list[str] = []
    at = 0
    while at < len(tokens):
        for length in range(min(words.LONGEST_PLACE, len(tokens) - at), 0, -1):
            text = tokens[at] if length == 1 else " ".join(tokens[at : at + length])
            code = known_countries.get(text)
            if code and not (length == 1 and len(text) <= 2):
                countries.append(code)
                at += length
                break
            city = known_cities.get(text)
            if city:
                cities.add(city)
                at += length
                break
        else:
            token = tokens[at]
            at += 1
            if _ZIP.match(token):
                zips.add(token)
            elif _HOUSE.match(token) and any(sign.isdigit() for sign in token):
                houses.append(token.lstrip("0") or "0")
            elif token in known:
                streets.append(known[token])
            elif len(token) > 1:
                streets.append(token)
    return countries, cities, houses, zips, streets
