"""Five years of a weekly feed: what faults of three years ago change in the newest week."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.progress import Progress
from pipeline.runs.nightly import backfill_days
from pipeline.runs.weekly import publish_week
from pipeline.settings import Settings
from pipeline.snapshots.manifest import frozen_weeks
from pipeline.state.release_outcomes import read_outcomes

FIRST = date(2021, 1, 4)
WEEKS = 260
BILLS_A_WEEK = 7
WITHHELD, BROKEN, LESS = (FIRST + timedelta(weeks=week) for week in (91, 92, 93))
"""Release days of October 2022, three years before the newest week."""
FIGURES = ("fct_tier", "fct_leverage_snapshot", "fct_alternative", "fct_consolidation", "fct_alert")
OF_ALL_HISTORY = ("er_version", "coverage")


def write_feed(folder: Path, *, damaged: bool) -> None:
    dice = random.Random(5)
    suppliers = [f"{word} MILLS CO LTD" for word in ["VARDO", "KELTIN", "MUSARO", "PENTHA", "LOSKIR"]]
    buyers = [f"{word} IMPORTS INC" for word in ["NORDEEP", "SUNFEL", "EASKOM", "WESTARN", "LAKUND", "RIVOSA"]]
    for week in range(WEEKS):
        day = FIRST + timedelta(weeks=week)
        rows: dict[str, list[dict[str, object]]] = {table: [] for table in TABLES}
        for number in range(BILLS_A_WEEK):
            key = {"identifier": f"{day:%Y%m%d}{number + 1}"}
            box = {"container_number": f"MSKU{1_000_000 + week * BILLS_A_WEEK + number}"}
            arrival = day - timedelta(days=dice.randint(0, 5))
            rows["header"].append(
                key
                | {"vessel_name": "EVER X", "foreign_port_of_lading": "Shanghai ,China (Mainland)"}
                | {"weight": dice.randint(4_000, 19_000), "weight_unit": "Kilograms", "record_status_indicator": "New"}
                | {"estimated_arrival_date": arrival, "actual_arrival_date": arrival}
            )
            rows["billgen"].append(
                key
                | {"master_bol_number": f"MAEU{week:04d}{number}", "bill_type_code": "Regular Bill"}
                | {"trade_update_date": day, "run_date": day, "voyage_number": "12W"}
            )
            rows["shipper"].append(key | {"shipper_party_name": dice.choice(suppliers)})
            rows["consignee"].append(key | {"consignee_name": dice.choice(buyers)})
            rows["cargodesc"].append(key | box | {"description_text": "CERAMIC TILES HS CODE 690721"})
            rows["container"].append(key | box | {"container_length": 4000, "container_type": "45G1"})
        if damaged and day == WITHHELD:
            continue
        for table in (name for name, found in rows.items() if found):
            path = folder / f"{day:%Y/%Y%m%d}" / f"ams__{table}_{day:%Y}__{day:%Y%m%d}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, TABLES[table].columns)
                writer.writeheader()
                writer.writerows(rows[table])
            if damaged and (day, table) in ((BROKEN, "header"), (LESS, "cargodesc")):
                path.write_bytes(b"\x00not,a,table\n" * 5)


def newest_week(settings: Settings) -> dict[str, list[tuple[object, ...]]]:
    """The figures of the newest published week, without what describes all of history."""
    week = frozen_weeks(settings)[-1]
    with duckdb.connect(str(settings.bi_path), read_only=True) as connection:
        tables = {}
        for table in FIGURES:
            columns = [row[0] for row in connection.execute(f"describe {table}").fetchall()]
            listed = ", ".join(f'"{column}"' for column in columns if column not in OF_ALL_HISTORY)
            query = f"select {listed} from {table} where as_of_week = $1 order by all"
            tables[table] = connection.execute(query, [str(week)]).fetchall()
    return tables


@pytest.mark.full
def test_faults_years_ago_change_nothing_in_the_newest_week(tmp_path: Path, home_of: Callable[..., Settings]) -> None:
    found = {}
    for name, damaged in (("whole", False), ("damaged", True)):
        write_feed(tmp_path / f"feed {name}", damaged=damaged)
        settings = home_of(tmp_path / f"feed {name}", name, first_release_date=FIRST)
        last = FIRST + timedelta(weeks=WEEKS - 1)
        backfill_days(settings, FIRST, last, recheck=False, chunk_days=None, progress=Progress())
        report = publish_week(settings, None, progress=Progress())
        assert report.success, report.faults
        found[name] = newest_week(settings)
        outcomes = {(line.release_date, line.table_name): line.outcome for line in read_outcomes(settings)}
        assert outcomes.get((LESS, "cargodesc")) == ("partial" if damaged else "loaded")
        assert outcomes.get((BROKEN, "header")) == ("failed" if damaged else "loaded")
        days = {line.release_date for line in read_outcomes(settings)}
        assert len(days) <= WEEKS, "days on which nothing is ever published are neither asked for nor listed"
    assert found["whole"]["fct_leverage_snapshot"]
    assert found["damaged"] == found["whole"]
