"""The tables `header` and `billgen`: one row a delivery."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from pipeline.ingest.formats.ams import TABLES
from simulator.basis.draws import Ints
from simulator.basis.geography import ABROAD, COUNTRIES, US_CITIES, US_PORTS
from simulator.basis.goods import ALL_PRODUCTS
from simulator.feed import versions
from simulator.feed.facts import Facts
from simulator.names import addresses, firms
from simulator.names.texts import Text, case, digits, either, glue, letters, lines, only, pick, pool, quoted, whole
from simulator.world import sailings
from simulator.world.bills import HOUSE, LOOSE, REGULAR, SUB_HOUSE

POUNDS: Final = 0.07
RARE_UNIT: Final = 0.006
"""Weights in pounds, and in a unit of other feeds."""
RARE_UNITS: Final = (
    ("K", 1.0),
    ("KG", 1.0),
    ("LB", 0.45359237),
    ("L", 0.45359237),
    ("ET", 1000.0),
    ("MT", 1000.0),
    ("M", 1000.0),
    ("ST", 907.18474),
    ("E", 1000.0),
)
POUND_KG: Final = 0.45359237
NO_ACTUAL_DATE: Final = 0.09
"""Bills without an actual arrival date: only the estimate is known."""
YEARS_OFF: Final = 0.0025
"""Bills whose arrival dates are years off."""
IN_BOND: Final = 0.07
"""Domestic cargo that travels on under bond (61, immediate transportation): still US demand."""
EXPORT_BOND: Final = 0.7
FOREIGN_PORT: Final = 0.85
"""Cargo in transit whose in-bond type, and whose foreign port of destination, is given."""
OTHER_PORT: Final = 0.08
"""Bills loaded in another country than the supplier's (transhipment)."""
SECOND_NOTIFIED: Final = 0.3
"""Bills with carriers' codes in secondary_notify_party_1."""


def header_lines(facts: Facts) -> Text:
    """Rows of `header`."""
    draws, key, block, pair = facts.draws, facts.key, facts.block, facts.pair
    carrier = block["carrier"]
    scac = pick(pool([code for code, _, _ in sailings.CARRIERS]), carrier)
    flag = pick(pool([flag for _, flag, _ in sailings.CARRIERS]), carrier)
    vessel = sailings.vessel_text(draws, facts.vessel)
    estimated, actual = _dates(facts)
    named = draws.chance(facts.vessel, "conveyance", 0.2)
    ports, first_port = _lading_ports()
    port_count = np.array([len(country.ports) for country in COUNTRIES])
    origin = np.where(
        draws.chance(pair.key, "other_port", OTHER_PORT) & ~facts.plain,
        draws.below(pair.key, "other_country", len(COUNTRIES)),
        pair.origin,
    )
    lading = first_port[origin] + draws.below(
        np.where(pair.lcl == 1, block["group"], pair.key), "lading", port_count[origin]
    )
    weight, unit = _weights(facts)
    volume = draws.chance(key, "measured", 0.35)
    abroad = np.maximum(facts.world.consignees.city[pair.consignee] - len(US_CITIES), 0)
    foreign = facts.in_transit & draws.chance(key, "foreign_port", FOREIGN_PORT)
    bond = np.select(
        [
            facts.in_transit & draws.chance(key, "export_bond", EXPORT_BOND),
            ~facts.in_transit & ~facts.plain & draws.chance(pair.key, "in_bond", IN_BOND),
        ],
        [1 + draws.below(key, "bond", 2), 3],
        0,
    )
    notified = draws.chance(key, "notified", SECOND_NOTIFIED) | facts.master
    return lines(
        TABLES["header"].columns,
        {
            "identifier": facts.identifier,
            "carrier_code": scac,
            "vessel_country_code": flag,
            "vessel_name": vessel,
            "port_of_unlading": pick(quoted(pool(US_PORTS)), pair.us_port),
            "estimated_arrival_date": estimated,
            "foreign_port_of_lading_qualifier": "Schedule K Foreign Port",
            "foreign_port_of_lading": pick(ports, lading),
            "manifest_quantity": whole(pieces(facts)),
            "manifest_unit": _unit_of_pieces(facts),
            "weight": weight,
            "weight_unit": unit,
            "measurement": either(volume, whole(1 + facts.kilograms // 330), "0"),
            "measurement_unit": only(volume | draws.chance(key, "measure_unit", 0.4), "Cubic Meters"),
            "record_status_indicator": pick(pool(versions.STATUS_TEXTS), block["status"]),
            "place_of_receipt": _receipt(facts),
            "port_of_destination": only(
                bond == 3, pick(quoted(pool(US_PORTS)), draws.below(key, "inland", len(US_PORTS)))
            ),
            "foreign_port_of_destination_qualifier": only(foreign, "Schedule K Foreign Port"),
            "foreign_port_of_destination": only(foreign, pick(quoted(pool([port for port, *_ in ABROAD])), abroad)),
            "conveyance_id_qualifier": either(named, "Conveyance Name", "IMO Number/Lloyds Number"),
            "conveyance_id": either(named, vessel, sailings.imo_text(facts.vessel)),
            "in_bond_entry_type": pick(pool(["", "62", "63", "61"]), bond),
            "mode_of_transportation": either(
                block["mode"] == LOOSE, '"Vessel, non-containerized"', '"Vessel, containerized"'
            ),
            "secondary_notify_party_1": only(notified, scac),
            "secondary_notify_party_2": only(notified & draws.chance(key, "notified.2", 0.15), "QRNU"),
            "actual_arrival_date": actual,
        },
    )


def billgen_lines(facts: Facts) -> Text:
    """Rows of `billgen`."""
    draws, key, block = facts.draws, facts.key, facts.block
    level = block["level"]
    below_master = level != REGULAR
    master_key = np.where(below_master, facts.number_key, facts.number_key ^ (key & 15) << 48)
    master = glue(
        pick(pool([code for code, _, _ in sailings.CARRIERS]), block["carrier"]),
        digits(draws.below(master_key, "master_number", 10**10), 10),
    )
    house_key = (facts.number_key << 8) ^ (key & 15) << 4 ^ (block["booking"] & 15) ^ (facts.pair.key << 40)
    forwarder = np.maximum(facts.pair.forwarder, 0)
    house = glue(letters(forwarder * 17 + 26**3, 4), digits(draws.below(house_key, "house_number", 10**9), 9))
    sub = glue("S", digits(draws.below(house_key, "sub_number", 10**7), 7))
    filed = facts.arrival - 12 - draws.below(facts.state, "filed", 20)
    updated = np.where(block["version"] > 0, block["run_day"] - draws.below(facts.state, "updated", 2), filed)
    return lines(
        TABLES["billgen"].columns,
        {
            "identifier": facts.identifier,
            "master_bol_number": master,
            "house_bol_number": only((level == HOUSE) | (level == SUB_HOUSE), house),
            "sub_house_bol_number": only(level == SUB_HOUSE, sub),
            "voyage_number": sailings.voyage_text(draws, block["carrier"], facts.pair.us_port, block["week"]),
            "bill_type_code": pick(pool(["Regular Bill", "House Bill", "Master Bill", "House Bill"]), level),
            "manifest_number": glue(whole(np.where(level == REGULAR, 300_000 + facts.vessel * 97 % 99_000, 1)), ".0"),
            "trade_update_date": facts.days.dashed(np.minimum(updated, block["run_day"])),
            "run_date": facts.days.dashed(block["run_day"]),
        },
    )


def pieces(facts: Facts) -> Ints:
    """Packages of a delivery."""
    each = np.array([product.kg_per_piece for product in ALL_PRODUCTS])[facts.pair.product]
    packages: Ints = np.maximum((facts.block["kg"] / each).astype(np.int64), 1)
    return packages


def _unit_of_pieces(facts: Facts) -> Text:
    own = pick(pool([product.unit for product in ALL_PRODUCTS]), facts.pair.product)
    return either(facts.draws.chance(facts.key, "pkg", 0.25), "PKG", own)


def _dates(facts: Facts) -> tuple[Text, Text]:
    """Estimated and actual arrival."""
    draws = facts.draws
    arrival, key = facts.arrival, facts.key
    early = draws.below(key, "estimate", 4)
    estimated = np.where(draws.chance(key, "on_time", 0.6), arrival, arrival - early)
    years = 1 + draws.below(key, "years", 9)
    off = np.where(draws.chance(key, "off.ahead", 0.4), years * 366, -years * 366)
    wrong = draws.chance(key, "years_off", YEARS_OFF) & ~facts.plain
    estimated = np.where(wrong, estimated + off, estimated)
    actual = np.where(wrong, arrival + off, arrival)
    unknown = draws.chance(key, "no_actual", NO_ACTUAL_DATE) & ~facts.plain
    # without an actual date the estimate is all there is, so a story's bills always have one
    return facts.days.dashed(estimated), only(~unknown, facts.days.dashed(actual))


def _weights(facts: Facts) -> tuple[Text, Text]:
    draws, key = facts.draws, facts.key
    chosen = draws.uniform(key, "weight_unit")
    rare = (chosen < RARE_UNIT) & ~facts.plain
    pounds = (chosen < RARE_UNIT + POUNDS) & ~rare & ~facts.plain
    which = draws.below(key, "rare_unit", len(RARE_UNITS))
    kg_per_unit = np.where(rare, np.array([factor for _, factor in RARE_UNITS])[which], np.where(pounds, POUND_KG, 1.0))
    value = np.maximum(np.rint(facts.kilograms / kg_per_unit).astype(np.int64), 1)
    unit = case(
        np.select([rare, pounds], [2, 1], 0),
        ["Kilograms", "Pounds", pick(pool([unit for unit, _ in RARE_UNITS]), which)],
    )
    return whole(value), unit


def _receipt(facts: Facts) -> Text:
    """Place of receipt, typed by hand: a city, its country cut off or not."""
    suppliers, number = facts.world.suppliers, facts.pair.supplier
    city = addresses.place_text(suppliers, number, 0, firms.SUPPLIER)
    country = addresses.country_text(suppliers, number, firms.SUPPLIER)
    style = facts.draws.below(facts.pair.key, "receipt", 4)
    return quoted(case(style, [city, glue(city, " ", country), glue(city, ",", country), ""]))


@cache
def _lading_ports() -> tuple[Text, Ints]:
    """Quoted port texts of all countries, and the first row of each country."""
    counts = [len(country.ports) for country in COUNTRIES]
    return quoted(pool([port for country in COUNTRIES for port in country.ports])), np.cumsum([0, *counts[:-1]])
