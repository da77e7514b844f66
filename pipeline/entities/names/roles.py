"""The role of a party by its name: bank, forwarder, no party, or a trading party."""

from __future__ import annotations

from pipeline.entities.names.known_firms.banks import is_bank
from pipeline.entities.names.known_firms.forwarders import moves_cargo
from pipeline.entities.names.parse import ParsedName

PARTY, FORWARDER, BANK, NONE = "party", "forwarder", "bank", "none"


def role_by_name(parsed: ParsedName) -> str:
    """Return `party`, `forwarder`, `bank` or `none`."""
    name = parsed.clean_name
    if not name:
        return NONE
    if is_bank(name, is_order=parsed.is_order):
        return BANK
    return FORWARDER if moves_cargo(name) else PARTY
