"""Headers in one form, however an export or a spreadsheet has written them."""

from __future__ import annotations

import html
import re
from typing import Final

_MOJIBAKE: Final = re.compile("[ÂÃâ]")
_NUMBERED: Final = re.compile(r"^(.+?) \d{1,2}$")


def normalised(header: str) -> str:
    """Return a header's words in lower case: without BOM, entities, tags, mojibake, punctuation and padding."""
    text = html.unescape(html.unescape(header.lstrip("\ufeff")))
    if _MOJIBAKE.search(text):
        try:
            text = text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            text = _MOJIBAKE.sub("", text)
    text = re.sub(r"<[^>]*>", "", text).casefold()
    return " ".join(re.findall(r"\w+", text.replace("_", " ").replace("'", "")))


def unnumbered(header: str) -> str:
    """Return a normalised header without the number that a spreadsheet adds to a repeated one (`container 2`)."""
    found = _NUMBERED.match(header)
    return found[1] if found else header
