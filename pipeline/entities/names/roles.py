"""The role of a party by its name: bank, forwarder, no party, or a trading party.

Forwarders are known by whole names (the dbt seed `forwarder_names`) and by whole words of their trade that no other
firm has; a name that only begins like one (STAPLES, MOLEX, ZIMMER) is none.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from pipeline.entities.names.parse import ParsedName
from pipeline.project_files import SEEDS

PARTY, FORWARDER, BANK, NONE = "party", "forwarder", "bank", "none"
_BANK: Final = re.compile(r"\b(?:BANK|BANCO|BANQUE|BANKASI|BANCA|BANKA)\b")
_LIKE_BANK: Final = frozenset(("BACK", "BALK", "BAND", "BANG", "BANKS", "BARK", "BANE", "BAN"))
"""Words with one letter other than BANK that have a meaning of their own."""
_FORWARDING: Final = re.compile(
    r"\b(?:FREIGHT|FORWARDING|FORWARDERS?|LOGISTICS?|NVOCC|CONSOLIDATORS?|SHIPPING AGENC(?:Y|IES)|CARGO SERVICES?)\b"
)


def role_by_name(parsed: ParsedName) -> str:
    """Return `party`, `forwarder`, `bank` or `none`."""
    name = parsed.clean_name
    if not name:
        return NONE
    if _BANK.search(name) or (parsed.is_order and any(_mistyped_bank(word) for word in name.split())):
        return BANK
    if _FORWARDING.search(name) or _listed(name):
        return FORWARDER
    return PARTY


def _mistyped_bank(word: str) -> bool:
    """Return whether a word of an order is BANK with one typing error; orders name few other parties."""
    return word[0] == "B" and word not in _LIKE_BANK and bool(OSA.distance(word, "BANK", score_cutoff=1) <= 1)


def _listed(name: str) -> bool:
    words = name.split()
    return any(" ".join(words[:count]) in _forwarders() for count in range(1, min(len(words), 5) + 1))


@cache
def _forwarders() -> frozenset[str]:
    with (SEEDS / "forwarder_names.csv").open(encoding="utf-8") as file:
        return frozenset(row["forwarder_name"] for row in csv.DictReader(file))
