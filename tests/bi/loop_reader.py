"""Read the copy over and over until a file appears: `python -m tests.bi.loop_reader BI STOP COUNT`.

Each round opens the DuckDB file again and reads all tables, reads each table's Parquet by its glob, and adds a byte to
the file COUNT. Prints JSON: rounds, how many stamps it saw, the first fault.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

from tests.bi.toy import TABLES, events, stamp_of_file


def main() -> None:
    """Loop."""
    bi, stop, count = (Path(argument) for argument in sys.argv[1:4])
    rounds, stamps, fault = 0, set(), None
    while fault is None and not (stop.exists() and rounds):
        try:
            stamps.add(stamp_of_file(bi / "leverage.duckdb"))
            for name in TABLES:
                _glob(bi / "parquet" / name / "*.parquet", name)
        except (duckdb.Error, AssertionError) as error:
            fault = f"{type(error).__name__}: {error}"
        rounds += 1
        with count.open("ab") as file:
            file.write(b".")
    print(json.dumps({"rounds": rounds, "stamps": len(stamps), "fault": fault}))


def _glob(glob: Path, name: str) -> None:
    """One table by its glob is of one publication, whole; the next table may be of the next one."""
    with duckdb.connect() as connection:
        row = connection.execute(f"select count(stamp), min(stamp), max(stamp) from '{glob}'").fetchone()
    assert row is not None
    rows, lowest, highest = row
    whole = {"dim_thing": 40, "fct_thing": events(lowest), "meta_thing": 1}
    assert (lowest, rows) == (highest, whole[name]), f"{name}: {row}"


if __name__ == "__main__":
    main()
