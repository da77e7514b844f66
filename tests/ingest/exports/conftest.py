import csv
import gzip
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.ingest.exports.bills import Source, create_bills
from pipeline.ingest.exports.importing import Options, read_export
from pipeline.ingest.exports.releases import write_releases
from pipeline.ingest.exports.store import BILLS, Export
from pipeline.settings import Settings
from simulator.exports.bills import Bill, read_bills
from simulator.feed.writer import write_sample

Rows = list[dict[str, str]]
PANJIVA = (
    *("Bill of Lading Number", "Arrival Date", "Shipper", "Shipper (Original Format)", "Consignee"),
    *(
        "Consignee (Original Format)",
        "Carrier",
        "Vessel",
        "Port of Lading",
        "Port of Unlading",
        "Quantity",
        "Weight (kg)",
    ),
    *("Weight (Original Format)", "Number of Containers", "Container Numbers", "HS Code", "Goods Shipped"),
)
GOOD = {
    "Bill of Lading Number": "ABCD1234567",
    "Arrival Date": "2025-06-19",
    "Shipper": "ACME TILES",
    "Shipper (Original Format)": "ACME TILES CO LTD\n1 KILN ROAD\nFOSHAN CHINA",
    "Consignee": "HOLLOW OAK",
    "Consignee (Original Format)": "HOLLOW OAK LLC\n2 MAIN ST\nHOUSTON TX",
    "Carrier": "ABCD - Some Line",
    "Vessel": "SOME SHIP",
    "Port of Lading": "Yantian,China (Mainland)",
    "Port of Unlading": "Houston, Texas",
    "Quantity": "639 PKG",
    "Weight (kg)": "7340.0",
    "Weight (Original Format)": "7340 KG",
    "Number of Containers": "1",
    "Container Numbers": "ABCU1234560",
    "HS Code": "Classified: 6907.21",
    "Goods Shipped": "GLAZED TILES",
}


@pytest.fixture(scope="session")
def bills(tmp_path_factory: pytest.TempPathFactory) -> list[Bill]:
    """Some bills of an invented world."""
    folder = tmp_path_factory.mktemp("world")
    write_sample(folder, days=4, bills_per_day=25, seed=3, start=date(2025, 3, 3))
    return read_bills(folder)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def panjiva(tmp_path: Path) -> Callable[..., Path]:
    """Write a small Panjiva file: rows that differ from a good one, with further columns where they name any."""

    def write(*rows: dict[str, str], name: str = "export.csv", without: Sequence[str] = ()) -> Path:
        columns = [column for column in PANJIVA if column not in without]
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows({**GOOD, **row} for row in rows)
        return path

    return write


@pytest.fixture
def read(settings: Settings, tmp_path: Path) -> Callable[..., tuple[Export, Rows]]:
    """Read an export; returns its provenance and its bills."""
    numbers = iter(range(1000))

    def call(path: Path, **options: object) -> tuple[Export, list[dict[str, object]]]:
        work = tmp_path / f"work{next(numbers)}"
        work.mkdir()
        export = read_export(settings, path, Options(**options), work)
        with duckdb.connect() as connection:
            cursor = connection.execute(f"from read_parquet('{work / BILLS}') order by arrival_date, bill_key")
            names = [item[0] for item in cursor.description]
            return export, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return call


@pytest.fixture
def released(settings: Settings, tmp_path: Path) -> Callable[..., dict[str, Rows]]:
    """The rows of each AMS table that exports become, by table."""

    def call(
        *paths: Path, days: Sequence[date] = (), lag: int = 3, today: date = date(2026, 11, 30), **options: object
    ):
        sources = []
        for number, path in enumerate(paths):
            work = tmp_path / f"release{number}-{len(list(tmp_path.iterdir()))}"
            work.mkdir()
            day = days[number] if days else date(2026, 11, 1 + number)
            read_export(settings, path, Options(**options), work)
            sources.append(Source(path.name, work / BILLS, day))
        with closing(duckdb.connect()) as connection:
            create_bills(connection, sources, lag, today)
            write_releases(connection, tmp_path / "releases")
            conflicts = connection.execute("select field, kept_value, other_value from conflict").fetchall()
        tables: dict[str, Rows] = {
            "conflict": [dict(zip(("field", "kept", "other"), row, strict=True)) for row in conflicts]
        }
        for file in sorted((tmp_path / "releases").glob("*/*/*.csv.gz")):
            table = file.name.split("__")[1].rsplit("_", 1)[0]
            with gzip.open(file, "rt", encoding="utf-8", newline="") as text:
                tables.setdefault(table, []).extend(csv.DictReader(text))
        return tables

    return call
