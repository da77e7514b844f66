"""The embedded world as it is read back from its files, once for all tests of this folder."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import pandas as pd
import pytest

from pipeline.ingest.formats.ams import TABLES
from simulator import LAST_RELEASE
from simulator.feed.source import release_files

DAYS_READ = 60 * 7
"""The last 60 weeks: the stories' window of 52 closed ones, and what was revised before them."""


@dataclass(frozen=True)
class Unread:
    """A record that an exact reader refuses, and its place among the records of its file."""

    day: date
    table: str
    content: bytes
    is_last: bool


@dataclass(frozen=True)
class ReadBack:
    """Good rows of each table as text, and the records that are none."""

    tables: dict[str, pd.DataFrame]
    unread: list[Unread]

    @cached_property
    def deliveries(self) -> pd.DataFrame:
        """`header` and `billgen` side by side, with the bill, its arrival and its order of versions."""
        both = self.tables["header"].merge(self.tables["billgen"], on="identifier", validate="one_to_one")
        actual = both["actual_arrival_date"].where(both["actual_arrival_date"] != "", both["estimated_arrival_date"])
        return both.assign(
            bill=both["master_bol_number"] + "|" + both["house_bol_number"] + "|" + both["sub_house_bol_number"],
            arrival=pd.to_datetime(actual),
            number=both["identifier"].astype("int64"),
        ).sort_values(["run_date", "trade_update_date", "number"])

    def address(self, table: str, prefix: str) -> pd.Series:
        """The address lines of a party table, joined by one blank."""
        rows = self.tables[table]
        first, *others = (rows[f"{prefix}_address_{n}"] for n in range(1, 5))
        return first.str.cat(others, sep=" ")


def file_name(table: str, day: date) -> str:
    return f"ams__{table}_{day:%Y}__{day:%Y%m%d}.csv.gz"


def read_file(content: bytes, table: str, day: date) -> tuple[list[list[str]], list[Unread]]:
    """Rows of a file's records that are whole, and the records that are not; neither header nor mark.

    A record begins with an identifier or with a column's name; further lines belong to a text of the one before.
    """
    columns = list(TABLES[table].columns)
    text = gzip.decompress(content).removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    header, *lines = re.split(rb"\n(?=(?:20[0-9]{7,}|identifier),)", text.removesuffix(b"\n"))
    assert header.decode().split(",") == columns
    rows, unread = [], []
    for number, line in enumerate(lines, start=1):
        try:
            (row,) = csv.reader([line.decode()], strict=True)
        except (UnicodeDecodeError, csv.Error):
            row = []
        if len(row) == len(columns) and row != columns:
            rows.append(row)
        else:
            unread.append(Unread(day, table, line, number == len(lines)))
    return rows, unread


def read_releases(releases: Mapping[date, Mapping[str, bytes]]) -> ReadBack:
    """All tables of some releases."""
    rows: dict[str, list[list[str]]] = {table: [] for table in TABLES}
    unread: list[Unread] = []
    for day, files in releases.items():
        for table in TABLES:
            good, bad = read_file(files[file_name(table, day)], table, day)
            rows[table] += good
            unread += bad
    frames = {
        table: pd.DataFrame(found, columns=list(TABLES[table].columns), dtype=object) for table, found in rows.items()
    }
    return ReadBack(frames, unread)


def embedded_release(day: date) -> dict[str, bytes]:
    files = release_files(day)
    assert files is not None
    return files


@pytest.fixture(scope="session")
def embedded() -> ReadBack:
    """The last 60 weeks of the embedded world."""
    days = [LAST_RELEASE - timedelta(back) for back in reversed(range(DAYS_READ))]
    return read_releases({day: embedded_release(day) for day in days})
