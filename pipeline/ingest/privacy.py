"""Masks of phones, e-mail addresses and tax numbers in text, as SQL.

Free text columns of a row are masked together: a line that is cut at 35 characters runs on in the next column, and a
phone number with it. Their values are joined by a sign: `RUNS_ON` where the line is full, `ENDS` where it is
not. Most rows have no personal data: `suspect` finds these in one pass, with all rules' patterns at once.

Two strengths. *Party* text (names, addresses) has no order numbers, so any number in the form of a phone or a tax
number is masked. *Goods* text (descriptions, marks) is full of numbers that people need (orders, articles, HS codes),
so there a number is personal only with a word before it ("TEL", "TAX ID") or in a form that nothing else has ("+86 755
...").

Names of people cannot be distinguished from names of firms: leaving out the contact columns removes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

RUNS_ON: Final = "\x1e"
ENDS: Final = "\x1f"
"""The signs are control characters; a line that has one is quarantined as unreadable."""
FULL_LINE: Final = 34
"""Characters from which a line may have been cut: 35, less a blank that was trimmed."""

PHONE: Final = "[phone]"
EMAIL: Final = "[email]"
TAX_ID: Final = "[tax id]"


@dataclass(frozen=True)
class Rule:
    r"""One replacement.

    Attributes:
        pattern: RE2; case does not matter.
        by: what a match becomes; `\1` and `\2` are the pattern's groups.
        when: texts of which a match has one; searching for them first costs a tenth of searching for the pattern.
    """

    pattern: str
    by: str
    when: tuple[str, ...] = ()


# What may stand between a word and its number: signs and "NO", here or over the end of a full line.
_SIGNS: Final = r"[\s:;.,#=/()*\x1e-]*"
_GAP: Final = rf"\b{_SIGNS}(?:(?:NO|NR|NUM|NUMBER|N|ID|CODE)\b{_SIGNS}){{0,2}}"
_GAP_OVER_LINES: Final = r"\b[\s:;.,#=/()*\x1e\x1f-]*"


def _digits(least: int) -> str:
    """A number of at least so many digits, in groups."""
    return rf"[+(]{{0,2}}[0-9](?:[ ()./-]{{0,3}}[0-9]){{{least - 1},30}}"


_SOME_DIGITS: Final = r"[+(]{0,2}[0-9](?:[ ()./-]{0,3}[0-9]){0,14}[ ()./-]{0,3}"
_TAX_NUMBER: Final = r"(?:[A-Z]{1,5}[ -]?)?[0-9](?:[0-9A-Z]|[./-][0-9A-Z]| [0-9]{1,4}\b){4,20}"
_PAN: Final = r"[A-Z]{5}[0-9]{4}[A-Z]"
_GSTIN: Final = rf"\b[0-9]{{2}}{_PAN}[0-9A-Z]Z[0-9A-Z]\b"
_CNPJ_CPF: Final = r"\b[0-9]{2}\.[0-9]{3}\.[0-9]{3}/[0-9]{4}-[0-9]{2}\b|\b[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}\b"
_SSN: Final = r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"
_EIN: Final = r"\b[0-9]{2}-[0-9]{7}\b"
_USCI: Final = r"\b9[1-3][0-9]{6}[0-9A-Z]{10}\b"
"""Unified social credit identifier of China: kind, region, nine characters and two checks."""

_LOCAL: Final = r"[A-Z0-9._%+'&=-]*"
_TLD: Final = r"(?:COM|NET|ORG|EDU|GOV|BIZ|INFO|EU|CO|CN|DE|IN|IT|UK|BR|VN|TW|HK|KR|JP|TH|ID|MX|ES|FR|TR|PK|BD)"
_DOMAIN: Final = r"(?:[A-Z][A-Z0-9.-]*|[0-9A-Z-]+(?:\.[A-Z0-9-]+)*\.[A-Z]{2,6}\b|1(?:26|39|63|88|89)\b)"
"""Begins with a letter, ends in one (163.com), or is a cut one of the all-digit providers; "@25KGS" is none."""
_REST_OF_DOMAIN: Final = r"(?:[A-Z0-9-]*(?:\.[A-Z]{2,6})+\b|(?:COM?|OM|M|NET|ET|CN|ORG|RG)\b)"

_EMAILS: Final = (
    Rule(
        rf"{_LOCAL}@[A-Z0-9.-]*\x1e{_REST_OF_DOMAIN}|{_LOCAL}\x1e{_LOCAL}@{_DOMAIN}",
        f"{EMAIL}{RUNS_ON}{EMAIL}",
        when=(RUNS_ON,),
    ),
    Rule(rf"{_LOCAL}@{_DOMAIN}", EMAIL, when=("@",)),
    Rule(
        rf"{_LOCAL} ?(?:@| AT |\(AT\)|\[AT\]) ?[A-Z0-9-]+(?: ?\. ?[A-Z0-9-]+)? ?(?:\.|DOT) ?{_TLD}\b",
        EMAIL,
        when=("@", " AT ", "(AT)", "[AT]", " at ", "(at)", "[at]"),
    ),
)

_PARTY_TAX_WORD: Final = (
    r"\b(?:TAX(?:PAYER)?|VAT|GST(?:IN|N)?|F?EIN|IRS|SS[NP]|SOCIAL SECURITY|I?TIN|CNPJ|CPF|CGC|RUC|RUT|NIT|NIF|RFC|CUIT"
    r"|IEC|PAN|EORI|USCI|USCC|ABN|TRN|NPWP|UEN|MRN|P\.? ?IVA|C\.?I\.?F)"
)
"""MRN is a merchant's number in Puerto Rico; SSP is how SSN was mistyped there."""
_PARTY_PHONE_WORD: Final = (
    r"\b(?:TEL(?:EPHONE|EFONO|EFAX|EX|F|S)?|TLF|TF|PHONE|PHN?|FONE|FAX|FX|MOB(?:ILE)?|CELL?(?:ULAR)?"
    r"|WHATSAPP|WECHAT|CALL|CONTACT)"
)
_MORE: Final = r"(?:/[0-9]{2,12})*"
"""Further numbers that are given by their last digits ("021-5550100/0101")."""
_PARTY_PHONE: Final = "|".join(
    (
        rf"\+{_digits(7)}",
        rf"\([0-9]{{2,5}}\) ?-?{_digits(5)}",
        rf"\b[0-9]{{10,15}}\b{_MORE}",  # no zip code and no house number is as long
        rf"\b[0-9]-[0-9]{{6,10}}\b{_MORE}",  # a US number with its 1, also where a narrow column has cut it
        rf"\b0[0-9]{{1,4}}[- ][0-9]{{5,8}}\b{_MORE}",
        rf"\b[0-9]{{1,4}}[-.][0-9]{{2,4}}[-.][0-9]{{3,8}}(?:[-.][0-9]{{2,4}})*\b{_MORE}",
    )
)

_GLUED: Final = rf"(?:(?:TEL|FAX|FX|PH|PHONE|MOB|CELL){_GAP}{_digits(5)})*"
"""Further numbers whose word follows the one before without a blank."""

_PARTY: Final = (
    *_EMAILS,
    Rule(
        rf"({_PARTY_TAX_WORD}{_GAP}){_SOME_DIGITS}\x1e[ ./-]?[0-9](?:[./-]?[0-9A-Z])*",
        rf"\1{TAX_ID}{RUNS_ON}{TAX_ID}",
        when=(RUNS_ON,),
    ),
    Rule("|".join((rf"({_PARTY_TAX_WORD}{_GAP}){_TAX_NUMBER}", _SSN, _EIN, _GSTIN, _CNPJ_CPF, _USCI)), rf"\1{TAX_ID}"),
    Rule(
        rf"({_PARTY_PHONE_WORD}{_GAP}){_SOME_DIGITS}\x1e[ ()./-]{{0,3}}[0-9](?:[ ()./-]{{0,3}}[0-9])*",
        rf"\1{PHONE}{RUNS_ON}{PHONE}",
        when=(RUNS_ON,),
    ),
    Rule(_PARTY_PHONE, PHONE),  # before those with a word: keeping the word costs three times as much
    Rule(
        rf"({_PARTY_PHONE_WORD}{_GAP}){_digits(5)}{_GLUED}"
        rf"|({_PARTY_PHONE_WORD}{_GAP_OVER_LINES}|\b(?:[TFMP]|HP|DID)[:.]\s*){_digits(7)}"
        rf"|{_digits(7)}( ?(?:TEL|FAX|PHONE|TLF|CELL?)\b)",
        rf"\1\2{PHONE}\3",
    ),
)

_GOODS_TAX_WORD: Final = (
    r"\b(?:TAX(?:PAYER)? ?(?:ID|NO|NUMBER|CODE|REG)|VAT|GST(?:IN|N)?|F?EIN|IRS|SSN|SOCIAL SECURITY|ITIN|CNPJ|CPF|RUT"
    r"|NIT|NIF|CUIT|IEC|PAN NO|EORI|USCI|USCC|NPWP)"
)
_GOODS_TAX_NUMBER: Final = rf"(?:{_PAN}|(?:[A-Z]{{2}}[ -]?)?[0-9](?:[0-9A-Z]|[./-][0-9A-Z]){{6,20}})"
_GOODS_PHONE_WORD: Final = (
    rf"\b(?:(?:TEL(?:EPHONE|EFONO|EFAX)?|TLF|FAX|WHATSAPP){_GAP}|(?:TEL|PHONE|MOBILE|MOB|CELL)(?: ?NO)?[.:# ]*[.:#]\s*)"
)
_GOODS_PHONE: Final = "|".join(
    (
        rf"\+{_digits(9)}",
        r"\([2-9][0-9]{2}\) ?[2-9][0-9]{2}[ .-]?[0-9]{4}\b",
        r"\b(?:1[-.])?[2-9][0-9]{2}[-.][2-9][0-9]{2}[-.][0-9]{4}\b",  # area and exchange never begin with 0 or 1
    )
)

_GOODS: Final = (
    *_EMAILS,
    Rule(
        rf"({_GOODS_TAX_WORD}{_GAP}){_GOODS_TAX_NUMBER}|(\bRUC{_GAP})(?:1[057]|20)[0-9]{{9}}\b|{_GSTIN}|{_CNPJ_CPF}",
        rf"\1\2{TAX_ID}",  # Peru's RUC; Brazil's, which is a cargo's reference, has another form
    ),
    Rule(rf"({_GOODS_PHONE_WORD}){_digits(7)}{_GLUED}|{_GOODS_PHONE}", rf"\1{PHONE}"),
)


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
    for rule in _PARTY if party else _GOODS:
        text = _replaced(text, rule)
    return text


def mask_steps(column: str, *, party: bool) -> list[str]:
    """Return the same as `mask`, for many rows: expressions to replace `column` by, one after the other."""
    steps = []
    for rule in _PARTY if party else _GOODS:
        found = " or ".join(f"contains({column}, {_literal(text)})" for text in rule.when)
        replaced = _replaced(column, rule)
        steps.append(f"case when {found} then {replaced} else {column} end" if found else replaced)
    return steps


def left(text: str, *, party: bool) -> str:
    """Return a condition: a text (joined or single) has something that `mask` would replace."""
    return _matches(text, party)


def _replaced(text: str, rule: Rule) -> str:
    return f"regexp_replace({text}, {_literal('(?i)' + rule.pattern)}, {_literal(rule.by)}, 'g')"


def _matches(text: str, party: bool) -> str:
    pattern = "|".join(rule.pattern for rule in (_PARTY if party else _GOODS))
    return f"regexp_matches({text}, {_literal('(?i)' + pattern)})"


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
