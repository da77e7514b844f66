"""Return the words of a name with damaged legal forms repaired: broken by a blank, glued, mistyped, abbreviated."""

from __future__ import annotations

from typing import Final

from pipeline.entities.names import words
from pipeline.entities.names.words import FORM

_LONG_FORMS: Final = (
    "LIMITED",
    "PRIVATE",
    "COMPANY",
    "CORPORATION",
    "INCORPORATED",
    "LIMITADA",
    "AKTIENGESELLSCHAFT",
    "GESELLSCHAFT",
    "SIRKETI",
    "BERHAD",
    "PUBLIC",
)
"""Written out; one of them counts also with one letter wrong, missing or too many, and broken by a blank."""
_SHORT_FORMS: Final = ("INC", "LLC", "LTD", "CORP", "GMBH", "LTDA", "PVT", "LLP", "SARL")
"""One of them counts at the end also with a letter doubled or two exchanged (LLLC, ICN)."""
_GLUED: Final = {
    "COLTD": ("CO", "LTD"),
    "COLIMITED": ("CO", "LTD"),
    "PVTLTD": ("PVT", "LTD"),
    "PTELTD": ("PTE", "LTD"),
    "PTYLTD": ("PTY", "LTD"),
    "SDNBHD": ("SDN", "BHD"),
    "COINC": ("CO", "INC"),
    "COKG": ("CO", "KG"),
    "CPKG": ("CO", "KG"),
    "GMBHCO": ("GMBH", "CO"),
    "GMBHCOKG": ("GMBH", "CO", "KG"),
    "LTDSTI": ("LTD", "STI"),
    "LTDCO": ("LTD", "CO"),
}
_KG: Final = frozenset(("CP", "CIE", "COMP", "KO", "COM"))
"""What stands for CO in front of KG."""
_END: Final = 3
"""Words from the end of a name among which a mistyped short form is sought."""
SHORTEST_TYPED: Final = 6


def repaired(tokens: list[str]) -> list[str]:
    """Return the words of a name, each legal form as it should be written; NORTH AMERICA as the one word NA."""
    found: list[str] = []
    at = 0
    while at < len(tokens):
        word, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
        if found and (whole := _broken(word, following)):
            found.append(whole)
            at += 2
        elif found and word == "NORTH" and following in ("AMERICA", "AMERICAS", "AMER", "AM"):
            found.append("NA")
            at += 2
        elif found and word in _GLUED:
            found += _GLUED[word]
            at += 1
        elif found and word in _KG and following == "KG":
            found.append("CO")
            at += 1
        else:
            found.append(_typed(word, near_end=at >= len(tokens) - _END) if found else word)
            at += 1
    return _with_america(found)


def _broken(word: str, following: str) -> str:
    """Return the long form, or long known word, that two words are without the blank; empty where they are none."""
    whole = word + following
    if not following or following in _LONG_FORMS:
        return ""
    if whole in _LONG_FORMS:
        return whole
    is_one = words.is_long_word(whole) and not any(part in words.name_words() for part in (word, following))
    return whole if is_one and not words.is_name_word(following) else ""


def _typed(word: str, *, near_end: bool) -> str:
    """Return the form that a word in no list is with a typing error, else the word."""
    if word in words.name_words() or words.is_name_word(word):
        return word
    if len(word) >= SHORTEST_TYPED:
        return next((form for form in _LONG_FORMS if words.one_error(word, form)), word)
    if near_end and len(word) >= len("INC"):
        return next((form for form in _SHORT_FORMS if _doubled_or_exchanged(word, form)), word)
    return word


def _doubled_or_exchanged(word: str, form: str) -> bool:
    if len(word) == len(form):
        return word[0] == form[0] and any(
            form[:at] + form[at + 1] + form[at] + form[at + 2 :] == word for at in range(len(form) - 1)
        )
    return any(form[: at + 1] + form[at:] == word for at in range(len(form)))


def _with_america(tokens: list[str]) -> list[str]:
    """Return the words with AM as AMERICA where only legal forms follow it."""
    known = words.name_words()
    last = len(tokens) - 1
    while last > 0 and tokens[last] in known and known[tokens[last]].kind == FORM:
        last -= 1
    if last > 1 and tokens[last] == "AM":
        return [*tokens[:last], "AMERICA", *tokens[last + 1 :]]
    return tokens
