"""What a party is by its name: a bank, a forwarder, nobody, or a party to trade.

Forwarders are known by whole names (the dbt seed `forwarder_names`) and by whole words of their trade that no other
firm bears; a name that only begins like one (STAPLES, MOLEX, ZIMMER) is none.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from pipeline.entities.names.reading import Reading
from pipeline.project_files import SEEDS

PARTY, FORWARDER, BANK, NONE = "party", "forwarder", "bank", "none"
_BANK: Final = re.compile(r"\b(?:BANK|BANCO|BANQUE|BANKASI|BANCA|BANKA)\b")
_LIKE_BANK: Final = frozenset(("BACK", "BALK", "BAND", "BANG", "BANKS", "BARK", "BANE", "BAN"))
"""Words that BANK could be mistyped from, and that mean something."""
_FORWARDING: Final = re.compile(
    r"\b(?:FREIGHT|FORWARDING|FORWARDERS?|LOGISTICS?|NVOCC|CONSOLIDATORS?|SHIPPING AGENC(?:Y|IES)|CARGO SERVICES?)\b"
)


def named_role(reading: Reading) -> str:
    """The role that a reading's words show: `party`, `forwarder`, `bank` or `none`."""
    name = reading.clean_name
    if not name:
        return NONE
    if _BANK.search(name) or (reading.is_order and any(_mistyped_bank(word) for word in name.split())):
        return BANK
    if _FORWARDING.search(name) or _listed(name):
        return FORWARDER
    return PARTY


def _mistyped_bank(word: str) -> bool:
    """Whether a word of an order is BANK with one typing error; orders name few others."""
    return word[0] == "B" and word not in _LIKE_BANK and bool(OSA.distance(word, "BANK", score_cutoff=1) <= 1)


def _listed(name: str) -> bool:
    words = name.split()
    return any(" ".join(words[:count]) in _forwarders() for count in range(1, min(len(words), 5) + 1))


@cache
def _forwarders() -> frozenset[str]:
    with (SEEDS / "forwarder_names.csv").open(encoding="utf-8") as file:
        return frozenset(row["forwarder_name"] for row in csv.DictReader(file))
