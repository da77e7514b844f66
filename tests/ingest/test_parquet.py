"""Parquet beside CSV: the same rows, whatever the types that their writer chose."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.ingest.errors import RefusedError
from pipeline.ingest.landing.files import Landing
from pipeline.ingest.landing.verify import verify_file
from pipeline.ingest.parquet_text import ParquetError, csv_blocks
from pipeline.ingest.stage import stage_releases
from pipeline.settings import Settings

from .conftest import Land, conserved, good_tables, staged

NUMBERS = ("identifier", "manifest_quantity", "weight", "piece_count", "harmonized_value", "harmonized_weight")


def written(path: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


def as_parquet(landing: Landing) -> Landing:
    """The landing with each CSV file in Parquet instead: numbers as floats, dates as timestamps."""
    files = []
    for file in landing.files:
        path = file.path.with_suffix(".parquet")
        table = pandas.read_csv(file.path, dtype=str, keep_default_na=False, na_values=[""])
        for name in table.columns.intersection(NUMBERS):
            table[name] = pandas.to_numeric(table[name])
        for name in table.columns[table.columns.str.endswith("_date")]:
            table[name] = pandas.to_datetime(table[name], format="mixed")
        table.to_parquet(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        size = path.stat().st_size
        files.append(replace(file, file_name=path.name, path=path, sha256=digest, bytes=size))
    return replace(landing, files=tuple(files))


def test_release_in_parquet_loads_as_in_csv(settings: Settings, land: Land) -> None:
    landing = land()
    stage_releases(settings, [landing])
    expected = {table: staged(settings, table) for table in good_tables()}
    release = stage_releases(settings, [as_parquet(landing)])[0]
    assert release.fault is None
    conserved(release, settings)
    assert {table: staged(settings, table) for table in good_tables()} == expected


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (pa.array([20261102001, None]), ["20261102001", ""]),
        (pa.array([20261102001.0, None]), ["20261102001", ""]),
        (pa.array([0.5, float("nan")]), ["0.5", ""]),
        (pa.array([date(2026, 11, 2), None]), ["2026-11-02", ""]),
        (pa.array([datetime(2026, 11, 2), None]), ["2026-11-02", ""]),
        (pa.array(["a", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([b"K\xd6LN", b""]), ["KÖLN", ""]),
        (pa.array(["BOXES, 4", 'SIZE 5"']), ["BOXES, 4", 'SIZE 5"']),
        (pa.array([None, None]), ["", ""]),
        (pa.array([True, False]), ["true", "false"]),
    ],
    ids=lambda value: str(getattr(value, "type", "")),
)
def test_each_type_has_the_text_of_a_csv_file(tmp_path: Path, column: pa.Array, text: list[str]) -> None:
    blocks = b"".join(csv_blocks(written(tmp_path / "x.parquet", value=column, other=pa.array(["x", "y"]))))
    rows = list(csv.reader(io.StringIO(blocks.decode("cp1252"))))
    assert rows == [["value", "other"], [text[0], "x"], [text[1], "y"]]


def test_text_over_several_lines_is_one_row(settings: Settings, land: Land, tmp_path: Path) -> None:
    landing = land()
    table = pandas.read_csv(io.BytesIO(good_tables()["cargodesc"]), dtype=str)
    table.loc[0, "text"] = 'STEEL\nPIPES, 4" WIDE'
    changed = as_parquet(landing)
    file = next(item for item in changed.files if item.table == "cargodesc")
    table.to_parquet(file.path)
    release = stage_releases(settings, [changed])[0]
    conserved(release, settings)
    assert len(staged(settings, "cargodesc")) == 5


def test_list_in_a_column_is_refused_with_its_name(tmp_path: Path) -> None:
    path = written(tmp_path / "x.parquet", identifier=pa.array([[1, 2]]))
    with pytest.raises(ParquetError, match="column 'identifier' of type list"):
        list(csv_blocks(path))


def test_parquet_file_of_no_rows_has_its_header(tmp_path: Path) -> None:
    path = written(tmp_path / "x.parquet", identifier=pa.array([], pa.int64()))
    assert b"".join(csv_blocks(path)).replace(b'"', b"").strip() == b"identifier"


def damaged(content: bytes) -> dict[str, tuple[str, bytes, str]]:
    middle = len(content) // 2
    return {
        "cut": ("x.parquet", content[:middle], "cannot be read as Parquet"),
        "page": ("x.parquet", content[:20] + bytes(200) + content[220:], "cannot be read as Parquet"),
        "csv": ("x.parquet", b"identifier\n1\n", "is not Parquet though its name says so"),
        "renamed": ("x.csv.gz", content, "is Parquet though its name"),
    }


@pytest.mark.parametrize("case", ["cut", "page", "csv", "renamed"])
def test_damaged_parquet_is_refused_before_it_lands(settings: Settings, tmp_path: Path, case: str) -> None:
    whole = written(tmp_path / "whole.parquet", identifier=pa.array([f"{number:09}" for number in range(500)]))
    name, content, word = damaged(whole.read_bytes())[case]
    (tmp_path / "part").write_bytes(content)
    with pytest.raises(RefusedError, match=word):
        verify_file(tmp_path / "part", name, settings)


def test_parquet_that_expands_without_end_is_refused(settings: Settings, tmp_path: Path) -> None:
    path = written(tmp_path / "x.parquet", text=pa.array(["a" * 1000] * 100_000))
    limited: Any = settings.model_copy(update={"max_expanded_bytes": 1_000_000})
    with pytest.raises(RefusedError, match="refused as a bomb"):
        verify_file(path, "x.parquet", limited)
