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
from pipeline.entities.names.chinese import in_english, own_characters
from pipeline.entities.names.damaged_forms import repaired
from pipeline.entities.names.name_parts import FORMS_ANYWHERE, SHORTEST_NAME, NameParts, name_parts, without_tail
from pipeline.entities.names.named_party import named_party
from pipeline.entities.names.placeholders import is_placeholder
from pipeline.entities.names.places.locate import locate
from pipeline.entities.names.places.place import Place
from pipeline.entities.names.words import FORM, GENERIC, GLUE, TRADE

NAME_WIDTH: Final = 35
"""Characters at which names are cut."""
LONGEST_REST: Final = 8
"""Words of a name that may run on into the address."""
CUT_FROM: Final = 33
"""Characters from which a name may have been cut, less the blanks that were trimmed."""

_CONTACT: Final = r"(?:TEL(?:EPHONE|EFAX|EX)?|TLX|CELL|PHONE|FAX|PH|MOB(?:ILE)?|WHATSAPP|E-?MAIL|MAIL)"
_TAX: Final = r"(?:TAX\s?ID|VAT|USCI|EIN|GSTIN?|IEC|CNPJ|CUIT|RUC|NIT|RFC|EORI|A/C)"
_NUMBER: Final = r"[.,;\s]*(?:(?:NO|NR|NUMBER|NUM|CODE|ID)\b\W*|#\s*)?"
_NOISE: Final = re.compile(
    rf"\b(?:{_CONTACT}|{_TAX})\b{_NUMBER}(?::|\[[A-Z ]+\]|\S+@|[+(]?(?:\d[\s().+/-]*){{5}}|[+(]?\d[\d\s().+/-]*$).*$"
    r"|\b(?:ATTN|ATTENTION|ATT|PIC|CONTACT)\b[.\s]*(?::|(?:MR|MRS|MS|MISS|MME|DR|SR|SRA)\b|\[PERSON\]|\+?\d).*$"
)
"""Contacts and tax ids: a word as PHONE before a number or a colon; before other words it is a trade (PHONE CASES)."""
_NOISE_BEHIND_FORM: Final = re.compile(
    rf"(?P<name>.*\b(?:INC|LLC|LTD|LTDA|LIMITED|CORP|GMBH|SA|SRL|SPA|BV|CO|PLC|LLP)\b[\s.,)]*?)"
    rf"[\s.,(]+(?:(?:ATTN|ATTENTION|PIC|CONTACT)\b.*|{_CONTACT}\W*)$"
)
"""Behind a legal form a person follows ATTN; the number of a telephone may have been cut off."""
_MASKED: Final = re.compile(r"\[(?:phone|email|tax id|person|account|withheld)\]", re.IGNORECASE)
_ONE_LETTER_PHONE: Final = re.compile(r"\b[TFMPC]\s*[:.]\s*(?:\[PHONE\]|[+(]{0,2}\d[\d ()./-]{5,})")
_TO_WHOM: Final = re.compile(
    r"^\W*(?:(?:CONSIGN(?:ED)?|DELIVER(?:ED)?|SHIPPED|MADE\W+OUT)\W+(?:UN)?TO|UNTO)\b(?!\W*(?:\w+\W+)?(?:ORDER|BEARER|HOLDER)S?\b)\W*"
)
"""Words before a name that say what it is there for."""
_NOT_NEGOTIABLE: Final = re.compile(
    r"\(?\b(?:NON|NOT)\W{0,2}NEGOTIABLE\b(?:\W+(?:UNLESS\W+CONSIGNED\W+TO\W+(?:THE\W+)?ORDER(?:\W+OF)?|COPY|B\W?L|(?:SEA\W?)?WAY\W?BILL"
    r"|BILL\W+OF\W+LADING)\b)*\W*"
)
_POINTS: Final = re.compile(r"(?<=\b[A-Z])[./](?=[A-Z]\b)")
_POSSESSIVE: Final = re.compile(r"\b([A-Z]{3,}) S\b(?! (?:A|P|R|RO|C|DE|EN|L|N)\b)")
_INITIALS: Final = re.compile(r"(?<=\b[A-Z]) AND (?=[A-Z]\b)")
"""C & D TOYS is also written C D TOYS and CD TOYS."""
_SIGNS: Final = re.compile(r"[^A-Z0-9]+")
_JOINT_FORMS: Final = (
    (
        re.compile(
            r"\bSPOLKA Z (?:OGRANICZONA|OGR) ODP(?:OWIEDZIALNOSCIA)?\b(?: SP(?:OLKA)? (?:JAWNA|KOMANDYTOWA|K|J)\b)?"
        ),
        "SPZOO",
    ),
    (re.compile(r"\bSOC(?:IEDAD)? ANON(?:IMA)? DE CAP(?:ITAL)? VAR(?:IABLE)?\b"), "SACV"),
    (re.compile(r"\bS ?A ?(?:B|P ?I) DE ?C ?V\b"), "SACV"),
    (re.compile(r"\b(?:SOCIEDAD ANONIMA|SOCIETE ANONYME|SOCIEDADE ANONIMA)\b"), "SA"),
    (re.compile(r"\b(?:SOCIEDAD LIMITADA|SOCIEDAD DE RESPONSABILIDAD LIMITADA)\b"), "SRL"),
    (re.compile(r"\bGESELLSCHAFT MIT BESCHR(?:A|AE)NKTER HAFTUNG\b"), "GMBH"),
    (re.compile(r"\b(?:LIMITED|LTD) LIAB(?:ILITY)? (?:COMPANY|CO)\b"), "LLC"),
    (re.compile(r"\b(?:LIMITED|LTD) LIAB(?:ILITY)? (?:PARTNERSHIP|PTNSHP)\b"), "LLP"),
    (
        re.compile(
            r"\b(?:(?:OT?KRYTO[EY]E?|ZAKRYTO[EY]E?|(?:NE)?PUBLICHNO[EY]E?) )?A[CK]TSIONERNO[EY]E? OBSH?CHESTVO\b"
        ),
        "JSC",
    ),
    (re.compile(r"\bOBSH?CHESTVO S OGRANICHENNO[IY]J? OTVETSTVENNOST[Y']?[UI]U?\b"), "LLC"),
    (re.compile(r"\bOPEN END (?:JOINT|JT) STOCK (?:COMPANY|CO)\b"), "JSC"),
    (re.compile(r"\b(?:Y |E )?(?:CIA|COMPANIA) S(?:OC)? EN C(?:OM(?:ANDITA)?)?(?: S(?:IMPLE)?)?\b"), "CIA"),
    (re.compile(r"\bS ?R ?O\b"), "SRO"),
    (re.compile(r"\b(?:PUBLIC |OPEN |CLOSED )?(?:JOINT|JT) STOCK (?:COMPANY|CO)\b"), "JSC"),
    (re.compile(r"\bPUBLIC (?:LIMITED|LTD) (?:COMPANY|CO)\b"), "PLC"),
    (re.compile(r"\bLIMITED PARTNERSHIP\b"), "LP"),
    (re.compile(r"\bANONIM (?:SIRKETI|SIRKET|STI)\b"), "AS"),
    (re.compile(r"\bN (?:AMERICA|AM)\b|\bNO AMERICA\b|\bNORTH AM\b|\bNORTHAM\b"), "NORTH AMERICA"),
    (re.compile(r"\bDOT COM\b"), "COM"),
    (re.compile(r"\bU ?S(?: ?A)?\b"), "USA"),
    (re.compile(r"\bS ?A ?DE ?C ?V\b"), "SACV"),
    (re.compile(r"\bSP ?Z ?O ?O\b"), "SPZOO"),
    (re.compile(r"\bS DE R ?L(?: DE C ?V)?\b"), "SRL"),
    (re.compile(r"\bA ?S ?SAN(?:AYI)? VE TIC(?:ARET)?\b"), "AS"),
)
_STREET_WORDS: Final = """
ROAD RD STREET ST AVENUE AVE BOULEVARD BLVD LANE LN HIGHWAY HWY BUILDING BLDG FLOOR ROOM RM SUITE STE PLOT BLOCK
"""
_STREETS: Final = frozenset(_STREET_WORDS.split())
"""Words that end what may be the rest of a name."""


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A parsed name variant.

    Attributes:
        clean_name: the party that counts, in capital words; empty where no party is named.
        other_party: the agent, or the one on whose behalf the goods move, as written; or empty.
        is_order: an order clause.
        behind: followed another party ("on behalf of").
        name: its parts.
        alias: those of another name of the same firm; without words where there is none.
        place: where it is.
        choice: why this party counts and not the other one; empty where one is named.
        characters: the Chinese characters that are its own, where it is written in them.
    """

    clean_name: str
    other_party: str
    is_order: bool
    behind: bool
    name: NameParts
    alias: NameParts
    place: Place
    choice: str = ""
    characters: str = ""

    @property
    def signature(self) -> tuple[object, ...]:
        """Content that counts for comparing: variants with equal signatures score the same against any third."""
        return (
            self.name.signature,
            self.alias.signature,
            self.behind,
            self.characters,
            self.place.known_country,
            self.place.state,
            tuple(sorted(self.place.cities)),
            tuple(sorted(self.place.houses)),
            tuple(sorted(self.place.zips)),
            tuple(sorted(self.place.streets)),
        )


def parse(
    raw_name: str, raw_address: str, city: str = "", zip_code: str = "", country: str = "", state: str = ""
) -> ParsedName:
    """Parse one name variant.

    Args:
        raw_name: name column.
        raw_address: address columns joined by blanks.
        city: the column for it; it also has sliced text.
        zip_code: the column for it.
        country: ISO code from its column.
        state: the column for it; it also has sliced text.
    """
    # marks alone name no party, though some would be transliterated to letters
    named = raw_name if any(sign.isalnum() for sign in raw_name) else ""
    name, address = _without_clauses(_plain(named)), _plain(_MASKED.sub(" ", raw_address or ""))
    party = named_party(name)
    is_cut = CUT_FROM <= len(named.strip()) <= NAME_WIDTH
    tokens, last, rest = _tokens(_without_noise(party.name)), _tokens(party.alias), _tokens(address)
    ends_with_other = bool(party.other) and not party.behind
    if is_cut and not ends_with_other:  # what was cut is the last name
        within = len(named.strip()) == NAME_WIDTH
        if last:
            last, rest = _run_on(last, rest, within_word=within)
        else:
            tokens, rest = _run_on(tokens, rest, within_word=within)
    columns = [" ".join(_tokens(_plain(text))) for text in (city, state)]
    located = (columns[0], columns[1], _plain(zip_code), country.strip().upper() if country else "")
    if party.behind:  # the address is that of the party in front
        rest, address, located = [], "", ("", "", "", "")
    clean = " ".join(tokens)
    if is_placeholder(clean):
        tokens, clean = [], ""
    core, tail = without_tail(repaired(_without_glued_numbers(tokens)))
    tail = last or tail
    if max(map(len, tail), default=0) < SHORTEST_NAME:
        tail = []
    parts = name_parts(core, is_cut=is_cut and not tail and not ends_with_other)
    return ParsedName(
        clean_name=clean,
        other_party=" ".join(_tokens(party.other)),
        is_order=party.is_order,
        behind=party.behind,
        name=parts,
        alias=name_parts(repaired(tail), is_cut=is_cut) if clean and tail else NameParts(),
        place=locate(rest, address, located, frozenset(tokens), parts.name_places),
        choice=party.choice,
        characters=own_characters(named),
    )


def _plain(text: str) -> str:
    """Return the text in capitals of the Latin alphabet, HTML escapes decoded."""
    text = text or ""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if not text.isascii():
        text = unidecode(in_english(_decoded_again(text)))
    return text.upper().strip()


def _decoded_again(text: str) -> str:
    """Return a text whose UTF-8 was read as Windows-1252 (`PÃ‰REZ`) as it was; another one as it is."""
    if "Ã" not in text and "Â" not in text:
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def _without_clauses(name: str) -> str:
    """Return a name without the words of a bill's form around it."""
    return _TO_WHOM.sub("", _NOT_NEGOTIABLE.sub(" ", name)).strip()


def _without_noise(name: str) -> str:
    """Return a name without contacts and tax ids."""
    name = _MASKED.sub(" ", _NOISE.sub("", _ONE_LETTER_PHONE.sub(" ", name)))
    behind = _NOISE_BEHIND_FORM.match(name)
    return behind["name"] if behind else name


def _tokens(text: str) -> list[str]:
    text = _POINTS.sub("", text.replace("'", "").replace("`", ""))
    text = _SIGNS.sub(" ", text.replace("&", " AND "))
    text = _INITIALS.sub(" ", _POSSESSIVE.sub(r"\1S", text))
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


_GLUED_NUMBER: Final = re.compile(r"([A-Z]{2,})(\d{2,})")


def _without_glued_numbers(name: list[str]) -> list[str]:
    """Return the words of a name with the number behind letters as a word of its own (DL1961, FL10)."""
    found: list[str] = []
    for word in name:
        glued = _GLUED_NUMBER.fullmatch(word)
        found += glued.groups() if glued else (word,)
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
        if token in FORMS_ANYWHERE:
            taken = number + 1
        elif token in _STREETS or (token.isdigit() and len(token) > 2):
            break
    return taken
