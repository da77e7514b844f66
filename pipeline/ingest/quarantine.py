"""Rows that are not loaded, with their location, the reason and their text, personal data masked.

In a row that does not parse, the contact field is not known, so for a table with contact columns every field is hidden
that could be one: counted from the front, since surplus commas only push fields back, and counted from the end, since
missing ones only pull them forward. The rest is masked as the table's text is; only a first field that is a number
stays as it is, since it is the identifier. The bytes as delivered stay in landing.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

import duckdb

from pipeline.ingest.csv_files.repair import BadRow
from pipeline.ingest.formats.ams import Table
from pipeline.ingest.privacy import masks

LONGEST_RAW: Final = 64 * 1024
"""Characters of a row that are stored; what is cut off stays in landing, and `detail` says so."""
MOST_ROWS_IN_MEMORY: Final = 1_000
"""Rows of one file in memory; a ruined file has millions."""
CONTACT: Final = "[contact]"
_COLUMNS: Final = {
    "release_date": "date",
    "table_name": "varchar",
    "file_name": "varchar",
    "line": "bigint",
    "byte_offset": "bigint",
    "reason": "varchar",
    "detail": "varchar",
    "identifier": "varchar",
    "rest": "varchar",
    "is_party": "boolean",
}
"""Of the gathered rows; in quarantine `identifier` and `rest` are one text again."""
_NUMBER: Final = re.compile(r' *"? *[0-9.eE+]+ *"? *')


class Quarantine:
    """The quarantined rows of one file, gathered as JSON lines.

    Attributes:
        path: the file of JSON lines; absent when no row was quarantined.
        reasons: rows by reason.
    """

    def __init__(self, day: date, table: Table, file_name: str, path: Path) -> None:
        """Start without rows."""
        self.path = path
        self.reasons: Counter[str] = Counter()
        self._day, self._table, self._file_name = day, table, file_name
        self._rows: list[dict[str, Any]] = []
        path.unlink(missing_ok=True)

    def add(self, bad: BadRow) -> None:
        """Add one row."""
        self.reasons[bad.fault.reason] += 1
        text = bad.raw.decode("utf-8", "replace")
        detail = bad.fault.detail
        if len(text) > LONGEST_RAW:
            detail += f"; cut after {LONGEST_RAW:,} of {len(text):,} characters"
        shown = hide_contacts(text[:LONGEST_RAW], self._table).replace("\0", "\N{SYMBOL FOR NULL}")
        number = _NUMBER.match(shown)
        first = number.group() if number else ""
        self._rows.append(
            {
                "release_date": self._day.isoformat(),
                "table_name": self._table.name,
                "file_name": self._file_name,
                "line": bad.line,
                "byte_offset": bad.byte_offset,
                "reason": bad.fault.reason,
                "detail": detail,
                "identifier": first,
                "rest": shown[len(first) :],
                "is_party": self._table.is_party,
            }
        )
        if len(self._rows) >= MOST_ROWS_IN_MEMORY:
            self.flush()

    def flush(self) -> None:
        """Write the rows in memory."""
        if self._rows:
            with self.path.open("a", encoding="ascii") as file:
                file.writelines(json.dumps(row) + "\n" for row in self._rows)
            self._rows = []


def write_quarantine(connection: duckdb.DuckDBPyConnection, gathered: Iterable[Quarantine], out: Path) -> None:
    """Write `out/release_date=<D>/*.parquet`, masked; nothing where no row was quarantined."""
    files = [str(one.path) for one in gathered if one.reasons]
    if not files:
        return
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in _COLUMNS.items())
    connection.execute(
        f"""
copy (
    select
        release_date, table_name, file_name, line, byte_offset, reason, detail,
        identifier || case
            when is_party then {masks.swept(masks.mask("rest", party=True), party=True)}
            else {masks.swept(masks.mask("rest", party=False), party=False)}
        end as raw_text
    from read_json($files, format = 'newline_delimited', columns = {{{columns}}})
) to $out (format parquet, compression zstd, partition_by (release_date))
""",
        {"files": files, "out": str(out)},
    )


def hide_contacts(text: str, table: Table) -> str:
    """Return the text of a broken row with every field hidden that could be a contact column."""
    if not table.dropped:
        return text
    fields = text.split(",")
    first = min(table.columns.index(column) for column in table.dropped)
    from_end = len(table.columns) - first
    for position in range(1, len(fields)):  # the first field is the identifier, or should be
        if fields[position] and (position >= first or position >= len(fields) - from_end):
            fields[position] = CONTACT
    return ",".join(fields)
