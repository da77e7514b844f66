"""The layout against what others rely on: the declared raw tables and real files."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.ingest.typed import loaded_columns

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "dbt_project" / "models" / "staging" / "_sources.yml"
REAL = ROOT.parent / "shared" / "data" / "ams_sample"


def declared() -> dict[str, dict[str, str]]:
    sources = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))["sources"]
    raw = next(source for source in sources if source["name"] == "raw")
    return {
        table["name"]: {column["name"]: column["data_type"].upper() for column in table["columns"]}
        for table in raw["tables"]
    }


@pytest.mark.parametrize("table", TABLES)
def test_raw_has_the_columns_and_types_that_the_warehouse_reads(table: str) -> None:
    layout = TABLES[table]
    assert declared()[table] == {column: layout.types.get(column, "VARCHAR") for column in loaded_columns(layout)}


def test_release_needs_the_four_tables_that_make_a_bill() -> None:
    assert set(REQUIRED) == {"header", "billgen", "shipper", "consignee"}


def test_contact_columns_are_nowhere_in_raw() -> None:
    contact = {"contact_name", "comm_number", "comm_number_qualifier", "hazmat_contact"}
    assert all(contact.isdisjoint(loaded_columns(table)) for table in TABLES.values())


@pytest.mark.skipif(not REAL.exists(), reason="the real sample is not beside this checkout")
@pytest.mark.parametrize("table", TABLES)
def test_real_files_have_exactly_this_header(table: str) -> None:
    (path,) = REAL.glob(f"ams__{table}_*.csv")
    with path.open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == TABLES[table].columns
