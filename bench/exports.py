"""A vendor export of a million rows: cost until its releases are written, beside DuckDB reading it as text.

    python -m bench.exports [ROWS]

The file is a Panjiva CSV: bills of the invented world, written again under other numbers and days.
"""

from __future__ import annotations

import csv
import os
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path

import duckdb

from pipeline.ingest.exports.importing import Options, keep_files, write_imports
from pipeline.settings import load_settings
from simulator.exports.bills import read_bills
from simulator.exports.vendors import write_export
from simulator.feed.writer import write_sample

ROWS = 1_000_000
FIRST, DAYS = date(2023, 11, 1), 1_096
LAYOUT = "panjiva_lower_44"


def write_large(folder: Path, rows: int) -> Path:
    """Write an export of `rows` rows below `folder` and return its path."""
    write_sample(folder / "world", days=20, bills_per_day=250, seed=1, start=FIRST)
    small = write_export(LAYOUT, read_bills(folder / "world"), folder)
    with small.open(encoding="utf-8-sig", newline="") as text:
        head, *found = csv.reader(text)
    number, arrival = head.index("bill of lading number"), head.index("arrival date")
    large = folder / "large.csv"
    with large.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(head)
        for place, row in enumerate(islice(cycle(found), rows)):
            row[number] = f"{row[number][:4]}{place:09}"
            row[arrival] = (FIRST + timedelta(days=place * DAYS // rows)).isoformat()
            writer.writerow(row)
    return large


def read_as_text(path: Path) -> None:
    """Read every cell of a file by DuckDB, the least that any reader does."""
    duckdb.execute("set threads = 1").execute(
        f"create table cells as from read_csv('{path}', all_varchar = true, header = true, parallel = false)"
    )


def keep(path: Path) -> None:
    """Read, check and keep the export."""
    [imported] = keep_files(load_settings(home=path.parent / "home"), path, Options(dates="ymd"))
    print(f"  {imported.export.rows:,} rows, {imported.export.bills:,} bills", flush=True)


def release(path: Path) -> None:
    """Write the releases of the kept export."""
    write_imports(load_settings(home=path.parent / "home"), date(2026, 11, 30))


STEPS = {"as text": read_as_text, "keep": keep, "release": release}


def measure(step: str, path: Path) -> None:
    """Print the cost of a step, which has the process to itself."""
    clock = time.monotonic()
    STEPS[step](path)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        f"{step:8} {time.monotonic() - clock:6.1f} s, {used.ru_utime + used.ru_stime:6.1f} s CPU, "
        f"{used.ru_maxrss / 1024:,.0f} MB peak, load {os.getloadavg()[0]:.0f}",
        flush=True,
    )


def main() -> None:
    """Measure each step over one file."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        path = write_large(Path(name), rows)
        print(f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB", flush=True)
        for step in STEPS:
            process = get_context("spawn").Process(target=measure, args=(step, path))
            process.start()
            process.join()


if __name__ == "__main__":
    main()
