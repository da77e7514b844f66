"""Compare what two homes have published: frozen snapshots and BI tables row for row, reports and briefs as text.

    python -m bench.compare_homes BEFORE AFTER [--renamed old=new ...] [--left-out column ...]

Rows are compared as multisets over the columns that both homes have, floats rounded to nine digits. For a table that
differs, the columns that differ are listed with a row of each side.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

DIGITS: Final = 9
CLOCKS: Final = ("published_at", "finished_at", "code_version", "url", "decided_at", "ruleset_version")
"""Columns that hold a clock, a path or a version of the code: never compared."""


@dataclass
class Difference:
    """How one table differs.

    Attributes:
        table: its name.
        rows_before: rows of the first home.
        rows_after: rows of the second.
        only_before: columns that the second home lacks.
        only_after: columns that the first home lacks.
        columns: compared columns whose values differ.
        before: one row that only the first home has.
        after: one row that only the second home has.
        differing: rows of the first home that the second lacks.
    """

    table: str
    rows_before: int
    rows_after: int
    only_before: Sequence[str]
    only_after: Sequence[str]
    columns: list[str] = field(default_factory=list)
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
    differing: int = 0

    @property
    def is_equal(self) -> bool:
        """Whether the rows are the same over the common columns."""
        return self.rows_before == self.rows_after and not self.columns and not self.differing


def tables(home: Path) -> dict[str, str]:
    """Return a glob of Parquet files by table name: BI tables, and frozen tables as `<week>/<revision>/<table>`."""
    found = {folder.name: str(folder / "**" / "*.parquet") for folder in sorted((home / "bi" / "parquet").iterdir())}
    for path in sorted((home / "snapshots").glob("*/r*/*.parquet")):
        found[path.relative_to(home / "snapshots").with_suffix("").as_posix()] = str(path)
    return found


def compare(before: str, after: str, name: str, renamed: Mapping[str, str], left_out: Sequence[str]) -> Difference:
    """Compare one table of both homes."""
    with duckdb.connect() as connection:
        connection.execute("set threads = 1")
        sides = []
        for side, files in (("before", before), ("after", after)):
            connection.execute(f"create view {side}_raw as select * from read_parquet('{files}')")
            described = connection.execute(f"describe {side}_raw").fetchall()
            sides.append({(renamed.get(row[0], row[0]) if side == "before" else row[0]): row for row in described})
        common = [column for column in sides[0] if column in sides[1] and column not in (*CLOCKS, *left_out)]
        for side, described in zip(("before", "after"), sides, strict=True):
            chosen = ", ".join(f"{_value(described[column])} as {column}" for column in common)
            connection.execute(f"create view {side} as select {chosen} from {side}_raw")
        rows = [connection.execute(f"select count(*) from {side}").fetchone() for side in ("before", "after")]
        found = Difference(
            name,
            *(row[0] if row else 0 for row in rows),
            [column for column in sides[0] if column not in sides[1]],
            [column for column in sides[1] if column not in sides[0]],
        )
        (found.differing,) = connection.execute(
            "select count(*) from (select * from before except all select * from after)"
        ).fetchone() or (0,)
        if found.differing or found.rows_before != found.rows_after:
            found.columns = [column for column in common if _differs(connection, column)]
            found.before, found.after = _example(connection, "before", "after"), _example(connection, "after", "before")
        return found


def _value(described: Sequence[str]) -> str:
    column, kind = described[0], described[1]
    return f"round({column}, {DIGITS})" if kind in ("DOUBLE", "FLOAT") else f"cast({column} as varchar)"


def _differs(connection: duckdb.DuckDBPyConnection, column: str) -> bool:
    (count,) = connection.execute(
        f"select count(*) from (select {column} from before except all select {column} from after)"
    ).fetchone() or (0,)
    return bool(count)


def _example(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> dict[str, object] | None:
    result = connection.execute(f"select * from {one} except all select * from {other} order by all limit 1")
    names = [column[0] for column in result.description or ()]
    row = result.fetchone()
    return dict(zip(names, row, strict=True)) if row else None


def report(before: Path, after: Path, renamed: Mapping[str, str], left_out: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the comparison."""
    ours, theirs = tables(before), tables(after)
    for name in sorted(set(ours) - set(theirs)):
        yield f"MISSING  {name}: only the first home has it"
    for name in sorted(set(theirs) - set(ours)):
        yield f"NEW      {name}"
    for name in sorted(set(ours) & set(theirs)):
        found = compare(ours[name], theirs[name], name, renamed, left_out)
        columns = "".join(f" -{column}" for column in found.only_before) + "".join(f" +{c}" for c in found.only_after)
        if found.is_equal:
            yield f"equal    {name}: {found.rows_before:,} rows{columns}"
            continue
        changed = f"{found.differing:,} changed, in {', '.join(found.columns)}"
        yield f"DIFFERS  {name}: {found.rows_before:,} -> {found.rows_after:,} rows, {changed}{columns}"
        if found.before and found.after:
            shown = [column for column in found.before if found.before[column] != found.after[column]]
            yield f"           before {{{', '.join(f'{column}: {found.before[column]}' for column in shown)}}}"
            yield f"           after  {{{', '.join(f'{column}: {found.after[column]}' for column in shown)}}}"


def main() -> None:
    """Print the comparison; exit 1 where a table differs or is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--renamed", nargs="*", default=[], metavar="OLD=NEW")
    parser.add_argument("--left-out", nargs="*", default=[], metavar="COLUMN")
    given = parser.parse_args()
    renamed = dict(pair.split("=", 1) for pair in given.renamed)
    lines = list(report(given.before, given.after, renamed, given.left_out))
    print("\n".join(lines))
    sys.exit(any(line.startswith(("DIFFERS", "MISSING")) for line in lines))


if __name__ == "__main__":
    main()
