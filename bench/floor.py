"""The floor: bare DuckDB reads the same files as text into tables. `python -m bench.floor FOLDER DATABASE`."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from pipeline.ingest.formats.ams import TABLES


def load(folder: Path, database: Path) -> int:
    """Read every release below `folder` into one text table for each AMS table; returns the rows."""
    database.unlink(missing_ok=True)
    rows = 0
    with duckdb.connect(str(database)) as connection:
        for table in TABLES:
            files = sorted(str(path) for path in folder.glob(f"*/*/ams__{table}_*.csv.gz"))
            connection.execute(
                f"create table {table} as select * from read_csv(?, all_varchar = true, header = true, delim = ',', "
                "quote = '\"', escape = '\"', ignore_errors = true, strict_mode = false, null_padding = true, "
                "auto_detect = false, columns = ?)",
                [files, dict.fromkeys(TABLES[table].columns, "VARCHAR")],
            )
            rows += (connection.execute(f"select count(*) from {table}").fetchone() or (0,))[0]
    return rows


if __name__ == "__main__":
    print(load(Path(sys.argv[1]), Path(sys.argv[2])))
