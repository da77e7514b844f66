"""Countries by the form of a postal code."""

from __future__ import annotations

import re
from typing import Final

_POSTAL_CODES: Final = (
    ("GB", re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b")),
    ("CA", re.compile(r"\b[ABCEGHJ-NPRSTVXY][0-9][A-Z][ -]?[0-9][A-Z][0-9]\b")),
    ("IE", re.compile(r"\b(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4}\b(?=.*[0-9])")),
    ("NL", re.compile(r"\b(?:NL[ -]?)?[1-9][0-9]{3} ?(?!SA|SD|SS|ST|TH|RD|ND)[A-Z]{2}\b")),
    ("BR", re.compile(r"\b[0-9]{5}-[0-9]{3}\b|\b[0-9]{2}\.[0-9]{3}-[0-9]{3}\b")),
    ("PT", re.compile(r"\b[1-9][0-9]{3}-[0-9]{3}\b(?!-)")),
    ("PL", re.compile(r"\b[0-9]{2}-[0-9]{3}\b(?!-)")),
    ("JP", re.compile(r"\b[0-9]{3}-[0-9]{4}\b(?!-)")),
)
"""Forms of postal codes that one country alone has; matched in the last part of an address only."""
_PREFIXED: Final = re.compile(
    r"\b(D|A|F|B|I|E|CH|CZ|DK|DE|AT|FR|BE|IT|ES|FIN|FI|SE|S|NO|N|PL|PT|NL|HU|H|RO|SK|SI|GR|TR|L|LT|LV|EE|BG|HR)"
    r"-([0-9]{4,6})\b"
)
_PREFIXES: Final = {
    "D": "DE", "A": "AT", "F": "FR", "B": "BE", "I": "IT", "E": "ES", "FIN": "FI", "S": "SE", "N": "NO", "H": "HU",
    "L": "LU",
}  # fmt: skip


def postal(text: str, column: str) -> tuple[str, set[str]]:
    """Return the country that the form of a postal code belongs to, and the codes of several parts."""
    near_end = f"{text[-60:]} {column}".strip()
    prefixed = _PREFIXED.search(near_end)
    if prefixed:
        return _PREFIXES.get(prefixed.group(1), prefixed.group(1)), {prefixed.group(2)}
    for country, form in _POSTAL_CODES:
        match = next(reversed(list(form.finditer(near_end))), None)
        if match:
            code = "".join(sign for sign in match.group() if sign.isalnum())
            return country, {code} if country in ("GB", "CA", "IE", "NL") else set()
    return "", set()
