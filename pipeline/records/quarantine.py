"""Keep rows that are not loaded, with their place, the reason and their text, personal data masked.

In a row that does not parse nobody can say which field is the contact's, so for a table with contact columns every field
is hidden that could be one: counted from the front, since surplus commas only push fields back, and counted from the end,
since missing ones only pull them forward. What is left is masked as the table's text is; only a first field that is a
number stays as it is, since it is the identifier. The bytes as delivered stay in landing.

Belongs here: gathering the rows and masking them. Does not belong here: deciding what is set aside (see `mend`).
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.records import privacy
from pipeline.records.layout import TABLES, Table
from pipeline.records.mend import BadRow

LONGEST_RAW: Final = 64 * 1024
"""Characters of a row that are kept; what is cut off stays in landing, and `detail` says so."""
FLUSH_ROWS: Final = 5_000
CONTACT: Final = "[contact]"
_SCHEMA: Final = pa.schema(
    [
        ("release_date", pa.date32()),
        ("table_name", pa.string()),
        ("file_name", pa.string()),
        ("line", pa.int64()),
        ("byte_offset", pa.int64()),
        ("reason", pa.string()),
        ("detail", pa.string()),
        ("identifier", pa.string()),
        ("rest", pa.string()),
        ("is_party", pa.bool_()),
    ]
)
_NUMBER: Final = re.compile(r' *"? *[0-9.eE+]+ *"? *')


class Quarantine:
    """Gathers the rows that are set aside while a chunk of releases is read; spills them to `folder`."""

    def __init__(self, folder: Path) -> None:
        """Gather into `folder`, which is there and empty."""
        self._folder = folder
        self._rows: list[tuple[date, str, str, int, int, str, str, str, str, bool]] = []
        self._parts: list[str] = []

    def add(self, day: date, table: Table, file_name: str, bad: BadRow) -> None:
        """Set one row aside."""
        text = bad.raw.decode("utf-8", "replace")
        detail = bad.fault.detail
        if len(text) > LONGEST_RAW:
            detail += f"; cut after {LONGEST_RAW:,} of {len(text):,} characters"
        shown = hide_contacts(text[:LONGEST_RAW], table).replace("\0", "\N{SYMBOL FOR NULL}")
        number = _NUMBER.match(shown)
        first = number.group() if number else ""
        self._rows.append(
            (
                day,
                table.name,
                file_name,
                bad.line,
                bad.byte_offset,
                bad.fault.reason,
                detail,
                first,
                shown[len(first) :],
                table.is_party,
            )
        )
        if len(self._rows) >= FLUSH_ROWS:
            self._flush()

    def write(self, connection: duckdb.DuckDBPyConnection, out: Path) -> None:
        """Write `out/release_date=<D>/*.parquet`, masked; nothing where nothing was set aside."""
        self._flush()
        if not self._parts:
            return
        connection.execute(
            f"""
copy (
    select
        release_date, table_name, file_name, line, byte_offset, reason, detail,
        identifier || case
            when is_party then {privacy.mask("rest", party=True)} else {privacy.mask("rest", party=False)}
        end as raw_text
    from read_parquet($parts)
    order by release_date, table_name, line
) to $out (format parquet, compression zstd, partition_by (release_date))
""",
            {"parts": self._parts, "out": str(out)},
        )

    def _flush(self) -> None:
        if not self._rows:
            return
        columns = dict(zip(_SCHEMA.names, map(list, zip(*self._rows, strict=True)), strict=True))
        part = self._folder / f"{len(self._parts)}.parquet"
        pq.write_table(pa.table(columns, schema=_SCHEMA), part)
        self._parts.append(str(part))
        self._rows = []


def hide_contacts(text: str, table: Table) -> str:
    """Hide every field of a broken row that could be a contact column."""
    if not table.dropped:
        return text
    fields = text.split(",")
    first = min(table.columns.index(column) for column in table.dropped)
    from_end = len(table.columns) - first
    for place in range(1, len(fields)):  # the first field is the identifier, or what stands in its place
        if fields[place] and (place >= first or place >= len(fields) - from_end):
            fields[place] = CONTACT
    return ",".join(fields)
