"""Run the reader: text in, typed Parquet out, for many files at once or for one with care.

The *fast way* reads all files of one header in one query and writes one partition a release day. Its result counts only
where it proves itself: as many rows as the file has lines, and none of them odd. Every other file goes the *careful way*:
its lines are mended first, what is left is read into a table, odd values are kept aside, and the number of rows must be
the one that was mended.

Belongs here: the two ways. Does not belong here: the SQL of a row (see `typed`), which files (see `stage`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipeline.records import privacy
from pipeline.records.headers import Header, UnreadableError
from pipeline.records.layout import TABLES
from pipeline.records.mend import BadRow, mend
from pipeline.records.paths import partition
from pipeline.records.quarantine import Quarantine
from pipeline.records.survey import Survey
from pipeline.records.typed import extra_name, odd_values, source, typed_rows


@dataclass(frozen=True)
class Loaded:
    """What became of one file.

    Attributes:
        folder: holds its Parquet files; absent when no row was loaded.
        rows: rows loaded.
        quarantined: rows set aside.
        aside: single values set aside.
        notes: what else there is to know, in words.
    """

    folder: Path
    rows: int
    quarantined: int
    aside: int
    notes: tuple[str, ...]


class Reader:
    """Reads the files of a chunk of releases into folders below `scratch`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, scratch: Path, quarantine: Quarantine) -> None:
        """Use a connection of its own; what it makes there is temporary."""
        self._connection = connection
        self._scratch = scratch
        self._quarantine = quarantine
        self._folders = 0
        connection.execute(
            "create or replace temp table aside "
            "(release_date date, table_name varchar, file_name varchar, identifier bigint, column_name varchar, value varchar)"
        )

    def fast(self, table_name: str, header: Header, files: dict[date, Survey]) -> dict[date, Loaded]:
        """Read many files of one table under one header; only those that prove themselves are in the answer."""
        out = self._folder()
        query = typed_rows(TABLES[table_name], source(header), mark_odd=True)
        try:
            written = self._connection.execute(
                f"copy ({query}) to '{out}' (format parquet, compression zstd, partition_by (release_date), return_stats)",
                {"files": [str(seen.text) for seen in files.values()]},
            ).fetchall()
        except duckdb.InvalidInputException:
            return {}  # one file that the parser gives up on fails the whole query: each is read with care
        rows: Counter[str] = Counter()
        odd: Counter[str] = Counter()
        for _, count, _, _, statistics, keys in written:
            rows[keys["release_date"]] += count
            odd[keys["release_date"]] += int(statistics['"identifier"']["null_count"])
        return {
            day: Loaded(out / partition(day), seen.lines, 0, 0, ())
            for day, seen in files.items()
            if rows[day.isoformat()] == seen.lines and not odd[day.isoformat()]
        }

    def careful(self, day: date, seen: Survey) -> Loaded:
        """Read one file with its bad rows and odd values set aside.

        Raises:
            UnreadableError: the engine did not read what was mended.
        """
        table = TABLES[seen.file.table]
        text = self._scratch / "mended" / day.isoformat() / f"{table.name}.csv"
        text.parent.mkdir(parents=True, exist_ok=True)
        reasons: Counter[str] = Counter()

        def aside(bad: BadRow) -> None:
            reasons[bad.fault.reason] += 1
            self._quarantine.add(day, table, seen.file.file_name, bad)

        mended = mend(seen, text, aside)
        if mended.lines != seen.lines:
            raise UnreadableError(
                f"{seen.file.file_name} has {seen.lines:,} lines, {mended.lines:,} were accounted for; "
                "this is a fault of the reader: please report it"
            )
        out = self._folder()
        self._connection.execute(
            f"create or replace temp table landed as select * from {source(seen.header)}", {"files": [str(text)]}
        )
        written = self._connection.execute(
            f"copy ({typed_rows(table, 'landed', mark_odd=False)}) to '{out}' "
            "(format parquet, compression zstd, partition_by (release_date), return_stats)"
        ).fetchall()
        rows = sum(row[1] for row in written)
        keyless = sum(int(row[4]['"identifier"']["null_count"]) for row in written)
        if rows != mended.kept or keyless:
            raise UnreadableError(
                f"{seen.file.file_name} has {mended.kept:,} loadable rows, the engine read {rows - keyless:,}; "
                "this is a fault of the reader: please report it"
            )
        odd = self._keep_odd_values(day, seen)
        text.unlink()
        notes = [f"{count:,} rows in quarantine: {reason}" for reason, count in sorted(reasons.items())]
        notes += [f"{count:,} values kept aside: {column}" for column, count in odd]
        notes += [f"{mended.recoded:,} rows read as Windows-1252"] * bool(mended.recoded)
        notes += [f"{mended.joined:,} rows over several lines"] * bool(mended.joined)
        notes += [f"{mended.blank:,} blank lines"] * bool(mended.blank)
        return Loaded(out / partition(day), rows, mended.bad, sum(count for _, count in odd), tuple(notes))

    def write_aside(self, out: Path) -> None:
        """Write `out/release_date=<D>/*.parquet`, masked; nothing where every value was loaded."""
        self._connection.execute(
            f"""
copy (
    select release_date, table_name, file_name, identifier, column_name, {privacy.mask("value", party=True)} as value
    from aside order by release_date, table_name, column_name, identifier
) to '{out}' (format parquet, compression zstd, partition_by (release_date))
"""
        )

    def _keep_odd_values(self, day: date, seen: Survey) -> list[tuple[str, int]]:
        query = odd_values(TABLES[seen.file.table], seen.header, "landed")
        if query is None:
            return []
        names = {extra_name(place): seen.header.names[place] for place in seen.header.extras}
        return self._connection.execute(
            f"""
create or replace temp table odd as
select
    $day as release_date, $table as table_name, $file as file_name, identifier,
    coalesce(element_at($names, column_name)[1], column_name) as column_name, value
from ({query})
""",
            {"day": day, "table": seen.file.table, "file": seen.file.file_name, "names": names},
        ).execute("insert into aside select * from odd").execute(
            "select column_name, count(*) from odd group by all order by all"
        ).fetchall()

    def _folder(self) -> Path:
        self._folders += 1
        folder = self._scratch / "typed" / str(self._folders)
        folder.mkdir(parents=True)
        return folder


def headers_alike(files: Sequence[Survey]) -> dict[Header, list[Survey]]:
    """Files by their header."""
    groups: dict[Header, list[Survey]] = {}
    for seen in files:
        groups.setdefault(seen.header, []).append(seen)
    return groups
