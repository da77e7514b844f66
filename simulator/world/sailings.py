"""Carriers, vessels, voyages and the day they arrive.

All bills of one carrier to one port in one week come on one vessel and voyage and arrive on one day.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.basis.draws import Draws, Ints
from simulator.basis.geography import US_PORTS
from simulator.names.texts import Text, digits, glue, pick, pool
from simulator.names.words import FIRST, OTHER_ENDS, SECOND

CARRIERS: Final = (
    ("VXLU", "LR", 9.0),
    ("QRNU", "PA", 8.0),
    ("ZPHU", "HK", 7.0),
    ("KJDU", "SG", 6.0),
    ("YWVU", "MH", 5.0),
    ("XOBU", "DE", 4.0),
    ("JQTU", "DK", 3.0),
    ("WZGU", "MT", 2.0),
    ("UVKU", "KR", 2.0),
    ("HXYU", "US", 1.0),
)
"""Invented SCACs, flag of most vessels, weight."""
FLEET: Final = 9
"""Vessels of one carrier on one coast's service, one a week in turn: a round trip takes nine weeks."""
OWNER_PREFIXES: Final = ("VXLU", "QRNU", "ZPHU", "KJDU", "YWVU", "TXQU", "GZWU", "CJXU", "BQVU", "FZKU")
"""Of containers: ship-owners' and lessors' boxes, invented; ISO 6346 wants a U at the end."""
_STRIDE: Final = 1 << 10


def carrier_of(draws: Draws, keys: Ints) -> Ints:
    """Index into CARRIERS for each key."""
    return draws.among(keys, "carrier", tuple(weight for _, _, weight in CARRIERS))


def vessel_of(draws: Draws, carrier: Ints, us_port: Ints, week: Ints) -> Ints:
    """Number of the vessel that serves a port in a week."""
    offset = draws.below(carrier * _STRIDE + us_port, "vessel.offset", FLEET)
    return (carrier * len(US_PORTS) + us_port) * FLEET + (week + offset) % FLEET


def arrival_weekday(draws: Draws, carrier: Ints, us_port: Ints, week: Ints) -> Ints:
    """Days after Monday; mostly the service's own weekday."""
    service = carrier * _STRIDE + us_port
    usual = draws.below(service, "arrival.weekday", 7)
    sailing = service * 8192 + week
    late = draws.chance(sailing, "arrival.off", 0.3)
    return np.where(late, draws.below(sailing, "arrival.other", 7), usual)


def voyage_text(draws: Draws, carrier: Ints, us_port: Ints, week: Ints) -> Text:
    """Voyage numbers as carriers write them: `084E`, `035N`, `0DB4P`."""
    number = draws.below(carrier * _STRIDE + us_port, "voyage.base", 60) + week % 900
    return glue(digits(number, 3), pick(pool(list("EWNSE")), carrier % 5))


def vessel_text(draws: Draws, vessel: Ints) -> Text:
    """Invented names."""
    first = pick(pool(FIRST), draws.below(vessel, "vessel.first", len(FIRST)))
    second = pick(pool(SECOND), draws.below(vessel, "vessel.second", len(SECOND)))
    end = pick(pool(OTHER_ENDS), draws.below(vessel, "vessel.end", len(OTHER_ENDS)))
    tails = ("", " EXPRESS", " STAR", " BRIDGE", " GLORY", " TRADER")
    return glue(first, second, end, pick(pool(tails), draws.below(vessel, "vessel.tail", len(tails))))


def imo_text(vessel: Ints) -> Text:
    """IMO numbers with a true check digit, from a range that is not in use."""
    six = 100000 + vessel % 90000
    check = np.zeros_like(six)
    for place in range(6):
        check += (six // 10 ** (5 - place) % 10) * (7 - place)
    return digits(six * 10 + check % 10, 7)
