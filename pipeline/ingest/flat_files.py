"""A flat file split into the tables that it has, as text for the readers of those tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import duckdb

from pipeline.ingest.csv_files.grammar import IDENTIFIER
from pipeline.ingest.csv_files.survey import Survey
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.formats.flat import FILLED, ONE_A_BILL, WITH
from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.typed import source

KEY: Final = f"""
    case
        when regexp_full_match(trim(identifier), '{IDENTIFIER}') then trim(identifier)
        else left(replace(trim(run_date), '-', ''), 8)
            || (9000000000 + dense_rank() over (order by identifier, container_number))
    end
"""
"""Number of a row's bill. A program that took identifiers for floats leaves 201811000000 of many bills: there the
identifier with the container number stands for one, numbered behind all row numbers of the day."""
FIRST_LINE: Final = """
    qualify row_number() over (
        partition by bill order by try_cast(description_sequence_number as int), all_text
    ) = 1
"""


def is_flat(files: Sequence[LandedFile]) -> bool:
    """Whether the tables of a release are one file."""
    return len({file.file_name for file in files}) < len(files)


def split(connection: duckdb.DuckDBPyConnection, seen: Survey, folder: Path) -> dict[str, Path]:
    """Write `folder/<table>.csv` for each table of a flat file, and return the paths; an exact repeat counts once."""
    folder.mkdir(parents=True)
    columns = [column for column in seen.header.columns if column]
    connection.execute(
        f"""
create or replace temp table flat_rows as
select *, {KEY} as bill
from (
    select distinct {", ".join(columns)}, concat_ws(chr(31), {", ".join(columns)}) as all_text
    from {source(seen.header, seen.rows.longest)}
)
""",
        {"files": [str(seen.text)]},
    )
    paths = {}
    for table, filled in FILLED.items():
        paths[table] = folder / f"{table}.csv"
        wanted = ", ".join(f"{filled.get(column, 'null')} as {column}" for column in TABLES[table].columns)
        lines = FIRST_LINE if table in ONE_A_BILL else ""
        once = "" if table == "cargodesc" or lines else "distinct"
        rows = f"select {once} {wanted} from flat_rows where {WITH.get(table, 'true')} {lines}"
        connection.execute(f"copy ({rows}) to $path (format csv, header, quote '\"')", {"path": str(paths[table])})
    connection.execute("drop table flat_rows")
    return paths
