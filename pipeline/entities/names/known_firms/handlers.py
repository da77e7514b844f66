"""Parties that move, store, clear or finance goods of others: by what their names say they are."""

from __future__ import annotations

import re
from typing import Final

from pipeline.entities.names.known_firms.banks import is_bank
from pipeline.entities.names.known_firms.forwarders import moves_cargo, only_follows

_TRADES: Final = {
    "terminal": re.compile(
        r"\b(?:TERMINALS?|STEVEDOR(?:E|ES|ING)|PORT AUTHORITY|TERMINALES|CFS|CONTAINER FREIGHT STATION)\b"
    ),
    "warehouse": re.compile(
        r"\b(?:WAREHOUS(?:E|ES|ING)|WHSE|STORAGE|DEPOT|FULFIL?LMENT|CROSS ?DOCK(?:ING)?|TRANSLOAD(?:ING)?|3PL"
        r"|DISTRIBUTION CENT(?:ER|RE)|ALMACEN(?:ES|ADORA|AJE)?|LAGERHAUS|ENTREPOTS?)\b"
    ),
    "broker": re.compile(r"\b(?:BROKERS?|BROKERAGE|CHB|CUSTOMHOUSE|AGENTE ADUANAL|AGENCIA ADUANAL|DESPACHANTE)\b"),
    "forwarder": re.compile(
        r"\b(?:FREIGHT|FORWARDING|LOGISTICS?|TRANSPORT(?:ATION|ES?|S)?|TRUCKING|DRAYAGE|CARRIERS?)\b"
    ),
}
_PERSON: Final = re.compile(r"^\W*(?:(?:MR|MRS|MS|MISS|MME|DR|SR|SRA|ATTN|ATTENTION|PIC)\b|\[PERSON\])")


def handler_of(name: str) -> str:
    """Return `forwarder`, `terminal`, `warehouse`, `broker`, `bank` or `person`; empty for a party that may trade."""
    if _PERSON.match(name):
        return "person"
    said = " ".join(re.sub(r"[^A-Z0-9]+", " ", name).split())
    if moves_cargo(said):
        return "forwarder"
    if is_bank(said, is_order=True):
        return "bank"
    for trade, pattern in _TRADES.items():
        if any(only_follows(said[found.end() :].split()) for found in pattern.finditer(said)):
            return trade
    return ""
