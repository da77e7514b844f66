"""The embedded world as it is read back from its files, once for all tests of this folder."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd
import pytest

from pipeline.records.layout import TABLES
from pipeline.sample import FIRST_RELEASE, LAST_RELEASE
from pipeline.sample.source import release_files


@dataclass(frozen=True)
class Unread:
    """A line that an exact reader refuses."""

    day: date
    table: str
    content: bytes


@dataclass(frozen=True)
class ReadBack:
    """Good rows of each table as text, and the lines that are none."""

    tables: dict[str, pd.DataFrame]
    unread: list[Unread]
    records: dict[tuple[date, str], int]


def read_lines(content: bytes, table: str) -> tuple[list[list[str]], list[bytes]]:
    """Rows of a file's lines that are whole, and the lines that are not; neither header nor mark."""
    columns = list(TABLES[table].columns)
    body = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    header, *lines = body.removesuffix(b"\n").split(b"\n")
    assert header.decode().split(",") == columns
    rows, unread = [], []
    for line in lines:
        try:
            (row,) = csv.reader([line.decode()], strict=True)
        except (UnicodeDecodeError, csv.Error):
            unread.append(line)
            continue
        if len(row) != len(columns) or row == columns:
            unread.append(line)
        else:
            rows.append(row)
    return rows, unread


def read_back(days: list[date]) -> ReadBack:
    """The embedded releases of some days."""
    rows: dict[str, list[list[str]]] = {table: [] for table in TABLES}
    unread: list[Unread] = []
    records = {}
    for day in days:
        files = release_files(day)
        assert files is not None
        for table in TABLES:
            content = gzip.decompress(files[f"ams__{table}_{day:%Y}__{day:%Y%m%d}.csv.gz"])
            good, bad = read_lines(content, table)
            rows[table] += good
            unread += [Unread(day, table, line) for line in bad]
            records[day, table] = len(good) + len(bad)
    frames = {
        table: pd.DataFrame(found, columns=list(TABLES[table].columns), dtype=object) for table, found in rows.items()
    }
    return ReadBack(frames, unread, records)


@pytest.fixture(scope="session")
def embedded() -> ReadBack:
    """All releases of the embedded world."""
    days = [FIRST_RELEASE + timedelta(n) for n in range((LAST_RELEASE - FIRST_RELEASE).days + 1)]
    return read_back(days)
