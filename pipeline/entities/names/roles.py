"""The role of a party by its name: bank, forwarder, no party, or a trading party."""

from __future__ import annotations

import re
from typing import Final

from rapidfuzz.distance import OSA

from pipeline.entities.names.forwarders import moves_cargo
from pipeline.entities.names.parse import ParsedName

PARTY, FORWARDER, BANK, NONE = "party", "forwarder", "bank", "none"
_BANK: Final = re.compile(r"\b(?:BANK|BANCO|BANQUE|BANKASI|BANCA|BANKA)\b")
_LIKE_BANK: Final = frozenset(("BACK", "BALK", "BAND", "BANG", "BANKS", "BARK", "BANE", "BAN"))
"""Words with one letter other than BANK that have a meaning of their own."""


def role_by_name(parsed: ParsedName) -> str:
    """Return `party`, `forwarder`, `bank` or `none`."""
    name = parsed.clean_name
    if not name:
        return NONE
    if _BANK.search(name) or (parsed.is_order and any(_mistyped_bank(word) for word in name.split())):
        return BANK
    return FORWARDER if moves_cargo(name) else PARTY


def _mistyped_bank(word: str) -> bool:
    """Return whether a word of an order is BANK with one typing error; orders name few other parties."""
    return word[0] == "B" and word not in _LIKE_BANK and bool(OSA.distance(word, "BANK", score_cutoff=1) <= 1)
