"""Forwarders and carriers by their names.

They are known by whole names (the dbt seed `forwarder_names`) and by words of their trade beside another word; only
words of place, legal form and transport may follow either (DSV ANIMAL HEALTH, HARBOR FREIGHT TOOLS and CARGO COSMETICS
are none).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import Final

from pipeline.entities.names import words
from pipeline.entities.names.places.gazetteer import states, us_state_codes
from pipeline.entities.names.words import FORM, GLUE, TRADE
from pipeline.project_files import SEEDS

_FORWARDING: Final = re.compile(
    r"\b(?:FREIGHTS?|FREIGHTWAYS|FORWARDING|FORWARDERS?|LOGISTICS?|LOGISTICA|LOGISTIK|LOGISTIQUE|LOJISTIK|NVOCC"
    r"|CONSOLIDAT(?:OR|ORS|ION|ORA)|SHIPPING AGENC(?:Y|IES)|CARGO SERVICES?|CUSTOMS? BROKERS?|CUSTOMS? BROKERAGE"
    r"|CUSTOMS? CLEARANCE|CUSTOMHOUSE|SPEDITION|SPEDITEUR|TRANSITAIRES?|TRANSITARIOS?|AGENCIA ADUANAL"
    r"|AGENTES? ADUANALES"
    r"|NAKLIYAT|TASIMACILIK|SUPPLY CHAIN|CONTAINER LINES?|SHIPPING LINES?|OCEAN LINES?|CONTAINER SHIPPING|CARGO LINES?"
    r"|EXPRESS LINES?|AIR (?:AND|SEA) (?:SEA|AIR|OCEAN)|AIR CARGO|AIR SEA|SEA AIR|CARGO MANAGEMENT|CARGO AGENC(?:Y|IES)"
    r"|INTERMODAL|MULTIMODAL|DRAYAGE)\b"
)
_CARRYING: Final = re.compile(r"\b(?:CARGO|SHIPPING|MARITIME|MARITIMA|EXPEDITING|SHIPPERS)\b")
"""Words of carriers; like those of forwarders they count where the name has no other trade."""
_LEADING: Final = re.compile(
    r"\b(?:LOGISTICA|LOGISTIQUE|LOJISTIK|TRANSITAIRES?|TRANSITARIOS?|AGENCIA ADUANAL|AGENTES? ADUANALES|NAKLIYAT"
    r"|TASIMACILIK|MARITIMA|SPEDITION)\b"
)
"""Those in languages where the name of a firm may follow its trade."""
_NO_FORWARDERS: Final = frozenset(("HARBOR FREIGHT",))
"""Known shops without a word of their goods: by its form the name is that of a forwarder (FLOCK FREIGHT)."""
_FOLLOWING: Final = """
AGENCIES AGENCY AGENT AGENTS AIR AIRFREIGHT AMERICA AMERICAS AS ASIA BRANCH BROKERAGE BROKERS CARGO CENTRAL CFS
CARRIER CARRIERS CHAIN CONSOLIDATION CONSOLIDATORS CONTAINER CONTAINERS CORPORATE CUSTOMS DISTRIBUTION EAST EUROPE
EXPRESS FOR FORWARDER FORWARDERS FORWARDING FREIGHT GLOBAL GREATER GROUP GRP HANDLING HOLDING HOLDINGS IN INT
INTERMODAL INTERNATIONAL INTL ISC LATIN LINE LINER LINES LOGISTIC LOGISTICA LOGISTICS LOGISTIK LOJISTIK MANAGEMENT
MGMT MIDDLE MULTIMODAL NETWORK NORTH NVOCC OCEAN OCEANFREIGHT OF OFFICE ON PACIFIC PARTNERS PROJECT PROJECTS REGION
SEA SERVICE SERVICES SHIPPING SOLUTION SOLUTIONS SOUTH SPECIALISTS SUPPLY SVCS SYSTEM SYSTEMS TERMINAL TERMINALS THE
TRADE TRADING TRANSPORT TRANSPORTATION TRUCKING WAREHOUSING WEST WORLD WORLDWIDE
"""
_TRANSPORT_WORDS: Final = frozenset(_FOLLOWING.split())
"""Words that may follow the name of a forwarder, beside legal forms and places."""


def moves_cargo(name: str) -> bool:
    """Return whether a name in capital words is that of a forwarder or carrier."""
    if _is_listed(name):
        return True
    return _names_its_trade(name) and not _other_trades(name)


def _names_its_trade(name: str) -> bool:
    """Return whether words of the trade end a name of more words, but for places, legal forms and other transport."""
    known = words.name_words()
    named = [word for word in name.split() if word not in known or known[word].kind not in (FORM, GLUE)]
    if len(named) < FEWEST_WORDS or " ".join(named) in _NO_FORWARDERS:
        return False
    found = (*_FORWARDING.finditer(name), *_CARRYING.finditer(name))
    is_cut = len(name) >= SHORTEST_CUT_NAME
    return bool(_LEADING.search(name)) or any(
        only_follows(name[match.end() :].split(), is_cut=is_cut) for match in found
    )


FEWEST_WORDS: Final = 2
"""Words of a forwarder's name, beside its legal form: one alone says nothing."""


SHORTEST_CUT_NAME: Final = 26
"""Letters of a name that may have been cut at 35 characters, less its signs; the last word of a shorter one is whole
(CARGO VAN is no carrier in VANUATU)."""


def _other_trades(name: str) -> bool:
    known = words.name_words()
    heads = {known[word].stands_for for word in name.split() if word in known and known[word].kind == TRADE}
    return bool(heads - _CARRIERS) or any(maker in name for maker in _MAKERS) or bool(_GOODS.search(name))


_CARRIERS: Final = frozenset(
    ("TRANSPORT", "SHIPPING", "CARGO", "FREIGHT", "FORWARDING", "LOGISTICS", "MARINE", "INTERMODAL", "AVIATION")
)
_GOODS: Final = re.compile(
    r"\b(?:CARGO|FREIGHT|SHIPPING|INTERMODAL|LOGISTICS?) (?:CONTAINERS?|SUPPLY)"
    r"(?: (?:INC|LLC|CO|CORP|LTD|GMBH|BV|SA|USA))*$"
)
"""What the words of the trade describe, though carriers have the same words in their names."""
_MAKERS: Final = (
    "MANUFACTUR",
    "MFG",
    "INDUSTR",
    "PRODUCT",
    "FACTORY",
    "TRADING",
    "SUPPLIES",
    "EQUIP",
    "FABRIC",
    "STORE",
    "ENGINEERING",
)


def _is_listed(name: str) -> bool:
    """Return whether a name is that of a listed forwarder, followed by nothing but its place, form and trade."""
    tokens = name.split()
    for count in range(min(len(tokens), _longest()), 0, -1):
        if " ".join(tokens[:count]) in _forwarders():
            return only_follows(tokens[count:])
    return False


def only_follows(rest: list[str], others: frozenset[str] = frozenset(), *, is_cut: bool = True) -> bool:
    """Return whether words are only places, legal forms, words of transport and `others`; if cut, the last in part."""
    known, at = words.name_words(), 0
    while at < len(rest):
        for length in range(min(words.LONGEST_PLACE, len(rest) - at), 0, -1):
            text = " ".join(rest[at : at + length])
            if text in words.countries() or text in words.cities() or text in states():
                at += length
                break
        else:
            word = rest[at]
            kind = known[word].kind if word in known else ""
            cut = is_cut and at == len(rest) - 1 and _begins_one(word)
            if not (
                kind in (FORM, GLUE)
                or word in _TRANSPORT_WORDS
                or word in others
                or word in us_state_codes()
                or word in words.country_codes()
                or word.isdigit()
                or cut
            ):
                return False
            at += 1
    return True


def _begins_one(word: str) -> bool:
    """Return whether a last word may be the beginning of one that may follow, cut at the width of a name."""
    starts = (*_TRANSPORT_WORDS, *words.countries(), *states())
    return len(word) >= SHORTEST_CUT and any(other.startswith(word) for other in starts)


SHORTEST_CUT: Final = 3


@cache
def _forwarders() -> frozenset[str]:
    with (SEEDS / "forwarder_names.csv").open(encoding="utf-8") as file:
        return frozenset(row["forwarder_name"] for row in csv.DictReader(file))


@cache
def _longest() -> int:
    return max(len(name.split()) for name in _forwarders())
