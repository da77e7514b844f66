"""Names in Chinese characters: their words in English, and the characters that tell homophones apart.

Transliteration gives each character a syllable, so that a form (有限公司) becomes four words of a name, one of them a
city, and two firms whose names only sound alike become one. Here the words of business, places and addresses
(`chinese_words.csv`, our own list) are put into English first; what is left is the firm's own name, written together as
its owner would write it in Latin letters, and its characters are kept. Traditional, simplified and Japanese forms of a
character are one (`han_variants.csv`, from the tables TSCharacters and JPShinjitaiCharacters of OpenCC, Apache-2.0).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

from text_unidecode import unidecode  # type: ignore[import-untyped]

_CHARACTERS: Final = re.compile(r"[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff]+")
_SHORT_FORMS: Final = re.compile(r"\([株有]\)")
_READINGS: Final = {"宁": "NING", "厦": "XIA", "长": "CHANG", "重": "CHONG"}
"""Characters that the transliteration reads otherwise than names do."""


def in_english(text: str) -> str:
    """Return a text with its Chinese words in English, and other Chinese characters as one word each run."""
    return _CHARACTERS.sub(_run_in_english, _folded(text))


def own_characters(text: str) -> str:
    """Return the Chinese characters of a name that no word of business or place explains, simplified, in order."""
    return "".join(_words().sub("", run) for run in _CHARACTERS.findall(_folded(text)))


def are_others(mine: str, theirs: str) -> bool:
    """Return whether each of two names has characters in place of the other's: neither is the other with more."""
    return bool(mine and theirs) and not (_is_within(mine, theirs) or _is_within(theirs, mine))


def _is_within(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)


def _folded(text: str) -> str:
    """Return a text with one form of each character; one without characters as it is."""
    if text.isascii():
        return text
    whole = unicodedata.normalize("NFKC", text)
    if not _CHARACTERS.search(whole):
        return text
    return _SHORT_FORMS.sub(" CO LTD ", whole.translate(_variants()))


def _run_in_english(match: re.Match[str]) -> str:
    words = re.split(f"({_words().pattern})", match[0])
    known = _meanings()
    return "".join(f" {known[word] if word in known else ''.join(map(_sound, word))} " for word in words if word)


def _sound(character: str) -> str:
    return _READINGS.get(character) or unidecode(character).strip()


@cache
def _variants() -> dict[int, str]:
    with files(__package__).joinpath("han_variants.csv").open(encoding="utf-8") as file:
        return {ord(row["character"]): row["stands_for"] for row in csv.DictReader(file)}


@cache
def _meanings() -> dict[str, str]:
    with files(__package__).joinpath("chinese_words.csv").open(encoding="utf-8") as file:
        return {row["written"]: row["means"] for row in csv.DictReader(file)}


@cache
def _words() -> re.Pattern[str]:
    """Return the pattern of all known words, the longest first."""
    return re.compile("|".join(sorted(map(re.escape, _meanings()), key=len, reverse=True)))
