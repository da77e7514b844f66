"""Read surveyed text into typed Parquet.

All files of one header are read in one query, which writes one partition a release day. A file's result counts only
where it has as many rows as the survey found loadable and none of them is odd. Any other file is read alone: where a
row lacks a key, the file is surveyed again, each line by the exact pattern; odd values are set aside, and the number of
rows must be the one that the survey found.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from pipeline.ingest.csv_files.headers import Header, UnreadableError
from pipeline.ingest.csv_files.survey import Survey
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.paths import partition
from pipeline.ingest.privacy import masks
from pipeline.ingest.typed import extra_name, keyed_rows, odd_values, source, typed_rows

SMALL_BYTES: Final = 128 * 1024
"""Text of a file below which its Parquet is not compressed: setting up a compressor for each column would cost more
than all the rest (measured: 4.7 against 2.9 ms for 20 rows of 34 columns)."""
PACKED: Final = "compression zstd, compression_level 1, dictionary_size_limit 5000"
"""Level and dictionary save a tenth of the time each against the defaults, at the same size."""
UNPACKED: Final = "compression uncompressed"


@dataclass(frozen=True)
class Loaded:
    """The typed rows of one file.

    Attributes:
        folder: of its Parquet files; absent when there are no rows.
        odd_values: number of values of these rows that are set aside, by column.
    """

    folder: Path
    odd_values: tuple[tuple[str, int], ...]


class Reader:
    """Reads the files of a chunk of releases into folders below `scratch`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path) -> None:
        """Take a connection of its own; the tables made there are temporary."""
        self._connection = connection
        self._scratch = scratch
        self._folders = 0
        connection.execute(
            "create or replace temp table aside (release_date date, table_name varchar, file_name varchar, "
            "identifier bigint, column_name varchar, value varchar)"
        )

    def read_batch(self, table_name: str, header: Header, files: dict[date, Survey]) -> dict[date, Loaded]:
        """Read many files of one table under one header; return those that were read without odd or missing rows."""
        out = self._folder()
        query = typed_rows(TABLES[table_name], source(header), mark_odd=True)
        try:
            self._write(query, out, files.values())
        except duckdb.InvalidInputException:
            return {}  # one file that the parser gives up on fails the whole query: each is read alone
        written = self._written(out)
        return {
            day: Loaded(out / partition(day), ())
            for day, seen in files.items()
            if written.get(day, (0, 0)) == (seen.rows.loadable, seen.rows.loadable)
        }

    def lacks_keys(self, seen: Survey) -> bool:
        """Whether rows that the quick scan found loadable lack a key or cannot be parsed."""
        query = keyed_rows(TABLES[seen.file.table], source(seen.header, seen.rows.longest))
        try:
            keyed = self._connection.execute(query, {"files": [str(seen.text)]}).fetchall()[0][0]
        except duckdb.InvalidInputException:
            return True
        return bool(keyed != seen.rows.loadable)

    def read_one(self, day: date, seen: Survey) -> Loaded:
        """Read one file, every row of which has its keys, and set its odd values aside.

        Raises:
            UnreadableError: the engine did not read the rows that the survey found.
        """
        out = self._folder()
        try:
            self._write(
                typed_rows(TABLES[seen.file.table], source(seen.header, seen.rows.longest), mark_odd=False), out, [seen]
            )
        except duckdb.InvalidInputException as error:
            raise UnreadableError(f"{seen.file.file_name} cannot be parsed though it was repaired: {error}") from error
        rows, keyed = self._written(out).get(day, (0, 0))
        if (rows, keyed) != (seen.rows.loadable, seen.rows.loadable):
            raise UnreadableError(
                f"{seen.file.file_name} has {seen.rows.loadable:,} loadable rows, the engine read {keyed:,}; this is a "
                "fault of the reader: please report it"
            )
        return Loaded(out / partition(day), tuple(self._set_aside_odd_values(day, seen)))

    def write_aside(self, out: Path) -> None:
        """Write `out/release_date=<D>/*.parquet`, masked; nothing where every value was loaded."""
        self._connection.execute(
            f"""
copy (
    select
        release_date, table_name, file_name, identifier, column_name,
        case
            when regexp_matches(column_name, '(?i)contact|phone|tel|fax|mail|person|comm') then '[contact]'
            else {masks.mask("value", party=True)}
        end as value
    from aside order by release_date, table_name, column_name, identifier
) to $out (format parquet, compression zstd, partition_by (release_date))
""",
            {"out": str(out)},
        )

    def _set_aside_odd_values(self, day: date, seen: Survey) -> list[tuple[str, int]]:
        query = odd_values(TABLES[seen.file.table], seen.header, source(seen.header, seen.rows.longest))
        if query is None:
            return []
        self._connection.execute(
            f"""
create or replace temp table odd as
select
    $day as release_date, $table as table_name, $file as file_name, identifier,
    coalesce(map($extras::varchar[], $names::varchar[])[column_name], column_name) as column_name, value
from ({query})
""",
            {
                "files": [str(seen.text)],
                "day": day,
                "table": seen.file.table,
                "file": seen.file.file_name,
                "extras": [extra_name(position) for position in seen.header.extras],
                "names": [seen.header.names[position] for position in seen.header.extras],
            },
        )
        self._connection.execute("insert into aside select * from odd")
        counts = self._connection.execute("select column_name, count(*) from odd group by all order by all")
        return counts.fetchall()

    def _write(self, query: str, out: Path, files: Collection[Survey]) -> None:
        """Write the result of a query over `$files`, one partition a release day."""
        paths = [str(seen.text) for seen in files]
        large = sum(Path(path).stat().st_size for path in paths) >= SMALL_BYTES * len(paths)
        self._connection.execute(
            f"copy ({query}) to $out (format parquet, {PACKED if large else UNPACKED}, partition_by (release_date))",
            {"files": paths, "out": str(out)},
        )

    def _written(self, out: Path) -> dict[date, tuple[int, int]]:
        """Return the rows in the Parquet files below `out`, and those with an identifier, by release day."""
        files = [str(path) for path in out.glob("*/*.parquet")]
        if not files:
            return {}
        counts = self._connection.execute(
            "select release_date, count(*), count(identifier) from read_parquet($files, hive_partitioning = true, "
            "hive_types = {'release_date': date}) group by release_date",
            {"files": files},
        ).fetchall()
        return {day: (rows, keyed) for day, rows, keyed in counts}

    def _folder(self) -> Path:
        self._folders += 1
        folder = self._scratch / "typed" / str(self._folders)
        folder.mkdir(parents=True)
        return folder
