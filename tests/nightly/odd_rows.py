"""Releases of odd but possible rows: every column of every table has values that files of this trade have had."""

from __future__ import annotations

import csv
import json
import random
from datetime import date, timedelta
from pathlib import Path

from pipeline.ingest.formats.ams import TABLES

ROUND = 10
"""Releases after which every column has been odd in a third of its rows."""
BILLS = 40
EVERYWHERE = 0.01
IN_TURN = 0.3
GENTLY = 0.02
ONCE_A_ROUND = 0.1
"""Of rows that come twice, without their header, or under the number of another day."""
JUDGED = ("identifier", "record_status_indicator", "run_date", "bill_type_code", "weight_unit", "weight")
"""Columns in which a third of odd values refuses the release, so that nothing else of it would be tried: one of them
in the last release of a round."""

Rows = dict[str, list[dict[str, str]]]

CATALOGUE: list[str] = json.loads(Path(__file__).with_name("odd_values.json").read_text(encoding="utf-8"))
"""Numbers, dates, spellings of nothing, marks and markup, signs that do not print, scripts, words of other columns."""
LONG = ["X" * 10_000, "WORD " * 2_000, "9" * 10_000, '"' * 1_000, "HS CODE 9403 " * 800, "é" * 5_000, "LINE\n" * 800]
WEIGHTS = ("0", "0.001", "5000", "399999999", "400000001")
"""All of them admitted; bills of one box weigh next to nothing beside the heaviest."""
COLUMNS = [(table.name, column) for table in TABLES.values() for column in table.columns]


def odd_value(dice: random.Random) -> str:
    """A value of the catalogue; one in forty is long, one in ten stands beside another."""
    kind = dice.random()
    if kind < 1 / 40:
        return dice.choice(LONG)
    if kind < 1 / 8:
        return dice.choice((" ", "", ", ", "\n")).join(dice.choices(CATALOGUE, k=2))
    return dice.choice(CATALOGUE)


def clean_rows(day: date, dice: random.Random) -> Rows:
    """A release without an odd value; bills, boxes and parties come back in other releases."""
    rows: Rows = {name: [] for name in TABLES}
    for number in range(1, BILLS + 1):
        key = {"identifier": f"{day:%Y%m%d}{number}"}
        serials = [dice.randrange(100_000, 100_090) for _ in range(dice.choice((1, 1, 3)))]
        boxes = [{"container_number": f"LCLU{serial}4"} for serial in serials]
        arrival = str(day - timedelta(days=dice.randint(0, 5)))
        status, bill_type = dice.choice(("New", "Amended", "Deleted")), dice.choice(("Regular Bill", "House Bill"))
        rows["header"].append(
            dict.fromkeys(TABLES["header"].columns, "X")
            | key
            | {"vessel_name": dice.choice(("EVER BOX", "M/V EVER BOX")), "weight_unit": "Kilograms"}
            | {"weight": dice.choice(WEIGHTS)}
            | {"foreign_port_of_lading": "Shanghai ,China (Mainland)", "record_status_indicator": status}
            | {"estimated_arrival_date": arrival, "actual_arrival_date": arrival, "manifest_quantity": "7"}
            | {"measurement": "2.5", "foreign_port_of_destination": "", "in_bond_entry_type": ""}
        )
        house = f"H{dice.randrange(40)}" if bill_type == "House Bill" else ""
        rows["billgen"].append(
            key
            | {"master_bol_number": f"MAEU{dice.randrange(60):04d}", "house_bol_number": house, "voyage_number": "12W"}
            | {"bill_type_code": bill_type, "manifest_number": "1", "trade_update_date": str(day), "run_date": str(day)}
        )
        if dice.random() < 0.75:
            rows["shipper"].append(_party("shipper", key, f"{dice.choice('ABCDEF')}ARDO MILLS CO LTD"))
        if dice.random() < 0.75:
            rows["consignee"].append(_party("consignee", key, f"{dice.choice('ABCDEF')}ORDEEP IMPORTS INC"))
        rows["notifyparty"].append(_party("notifyparty", key, f"{dice.choice('ABCDEF')}ENTHA LOGISTICS"))
        for sequence, box in enumerate(boxes, 1):
            line = key | box
            goods = {"description_text": "CERAMIC TILES HS CODE 690721", "piece_count": "3"}
            rows["cargodesc"].append(line | goods | {"description_sequence_number": str(sequence)})
            rows["container"].append(
                dict.fromkeys(TABLES["container"].columns, "X")
                | line
                | {"container_length": "4000"}
                | {"container_height": "906", "container_width": "800", "container_type": "45G1"}
            )
            rows["marksnumbers"].append(line | {f"marks_and_numbers_{n}": f"LOT {n}" for n in range(1, 9)})
            rows["tariff"].append(
                line
                | {
                    "description_sequence_number": str(sequence),
                    "harmonized_number": "690721",
                    "harmonized_value": "12",
                }
                | {"harmonized_weight": "5", "harmonized_weight_unit": "K"}
            )
            rows["hazmat"].append(dict.fromkeys(TABLES["hazmat"].columns, "X") | line | {"hazmat_sequence_number": "1"})
            rows["hazmatclass"].append(line | {"hazmat_sequence_number": "1", "hazmat_classification": "3"})
    return rows


def odd_rows(day: date, number: int) -> Rows:
    """The release of a day whose values, and whose rows as a whole, are odd in turns: release `number` of a world."""
    dice = random.Random(f"odd rows {number}")
    rows = clean_rows(day, dice)
    for position, (table, column) in enumerate(COLUMNS):
        share = IN_TURN if position % ROUND == number % ROUND else EVERYWHERE
        if column in JUDGED:
            refused = number % ROUND == ROUND - 1 and column == JUDGED[number // ROUND % len(JUDGED)]
            share = IN_TURN if refused else min(share, GENTLY)
        for row in rows[table]:
            if dice.random() < share:
                row[column] = odd_value(dice)
    for table, found in rows.items():
        if dice.random() < ONCE_A_ROUND:
            found.append(dict(dice.choice(found)))
        if dice.random() < ONCE_A_ROUND:
            found.append(dice.choice(found) | {"identifier": f"{day:%Y%m%d}{BILLS + dice.randint(1, 3)}"})
        if dice.random() < ONCE_A_ROUND:
            found.append(dice.choice(found) | {"identifier": f"{day - timedelta(days=30):%Y%m%d}1"})
        if dice.random() < ONCE_A_ROUND:
            found.append(dice.choice(found) | {TABLES[table].columns[-1]: odd_value(dice)})
        if dice.random() < ONCE_A_ROUND:
            found.remove(dice.choice(found))
        dice.shuffle(found)
    return rows


def write_release(folder: Path, day: date, rows: Rows) -> None:
    """Write a release as the default template names it."""
    for table, found in rows.items():
        path = folder / f"{day:%Y/%Y%m%d}" / f"ams__{table}_{day:%Y}__{day:%Y%m%d}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, TABLES[table].columns)
            writer.writeheader()
            writer.writerows(found)


def _party(table: str, key: dict[str, str], name: str) -> dict[str, str]:
    row = dict.fromkeys(TABLES[table].columns, "X") | key
    for column in TABLES[table].columns[1:2]:
        row[column] = name
    return row | {"country_code": "US" if table == "consignee" else "CN"}
