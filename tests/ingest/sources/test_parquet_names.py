"""Parquet files under the names of CSV files: found where there is no CSV, landed unchanged, listed by day."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.land import land_release
from pipeline.ingest.sources.listing import listed_days
from pipeline.settings import Settings

from .conftest import DAY, Folder, file_name, landed_bytes, table_bytes

FOLDER = "%Y/%Y%m%d/ams__{table}"


def parquet(table: str) -> bytes:
    out = io.BytesIO()
    columns = {name: pa.array(["a"]) for name in TABLES[table].columns}
    pq.write_table(pa.table({**columns, "identifier": pa.array([202611021])}), out)
    return out.getvalue()


def parquet_name(table: str) -> str:
    return file_name(table).removesuffix(".csv.gz") + ".parquet"


@pytest.mark.parametrize("template", [None, f"{FOLDER}_*.csv", f"{FOLDER}_%Y__%Y%m%d.parquet"])
def test_release_in_parquet_lands_under_any_template(settings: Settings, folder: Folder, template: str | None) -> None:
    settings = settings.model_copy(update={"source_template": template} if template else {})
    files = {parquet_name(table): parquet(table) for table in TABLES}
    folder.write(files)
    assert land_release(settings, DAY).outcome == "landed"
    assert {name: landed_bytes(settings)[name] for name in files} == files
    if "*" not in str(template):  # there the date is in the folder only
        assert list(listed_days(settings) or {}) == [DAY]


@pytest.mark.parametrize("template", [None, "%Y/%Y%m%d/ams__{table}_*.csv.gz"])
def test_csv_is_taken_before_parquet_of_the_same_name(settings: Settings, folder: Folder, template: str | None) -> None:
    settings = settings.model_copy(update={"source_template": template} if template else {})
    for table in TABLES:
        folder.write({file_name(table): table_bytes(table), parquet_name(table): parquet(table)})
    land_release(settings, DAY)
    assert file_name("header") in landed_bytes(settings)
    assert parquet_name("header") not in landed_bytes(settings)
