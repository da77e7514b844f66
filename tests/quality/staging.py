"""Staged releases as the records stage writes them, made by SQL: good ones, to be broken by a statement of SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.paths import QUARANTINE_NAME, staged_folder
from pipeline.ingest.staged import StagedFile, StagedRelease, write_load
from pipeline.settings import Settings

BILLS = 400
"""Enough that a breach stands out of the intervals, few enough to be quick."""

# Every fourth bill has no shipper and every fourth (other) one no consignee.
_ROWS = {
    "header": """
        'CARR' as carrier_code, 'VESSEL ' || n % 7 as vessel_name, 'Oakland, California' as port_of_unlading,
        $day::date + 3 as estimated_arrival_date, 10 as manifest_quantity, 'CTN' as manifest_unit,
        1000 + n as weight, if(n % 5 = 0, 'Pounds', 'Kilograms') as weight_unit,
        case when n % 20 = 0 then 'Deleted' when n % 6 = 0 then 'Amended' else 'New' end as record_status_indicator
    """,
    "billgen": """
        'MASTER' || n as master_bol_number, if(n % 3 = 0, 'HOUSE' || n, null) as house_bol_number,
        case when n % 3 = 0 then 'House Bill' when n % 7 = 0 then 'Master Bill' else 'Regular Bill' end
            as bill_type_code,
        $day::date as trade_update_date, $day::date as run_date
    """,
    "shipper": "'SHIPPER ' || n % 50 as shipper_party_name, 'ROAD ' || n as shipper_party_address_1",
    "consignee": "'CONSIGNEE ' || n % 50 as consignee_name, 'STREET ' || n as consignee_address_1",
    "notifyparty": "'BROKER ' || n % 9 as notify_party_name",
    "cargodesc": "'BOXU1234567' as container_number, 1 as description_sequence_number, "
    "'CHAIRS PO: 21002700 HS CODE 940161 2 PCS @ 5' as description_text",
    "container": "'BOXU1234567' as container_number, 4000 as container_length",
    "marksnumbers": "'BOXU1234567' as container_number, 'NO MARKS' as marks_and_numbers_1",
    "tariff": "'BOXU1234567' as container_number, '9401' as harmonized_number",
    "hazmat": "'BOXU1234567' as container_number, 1 as hazmat_sequence_number",
    "hazmatclass": "'BOXU1234567' as container_number, '3' as hazmat_classification",
}
_WHERE = {"shipper": "n % 4 <> 0", "consignee": "n % 4 <> 1", "hazmat": "n % 9 = 0", "hazmatclass": "n % 9 = 0"}


class Release:
    """The rows of one release, as tables of an engine, before they are written."""

    def __init__(self, day: date, *, bills: int = BILLS, tables: Iterable[str] = tuple(TABLES)) -> None:
        self.day = day
        self.sql = duckdb.connect()
        self.tables = tuple(tables)
        self.recorded: dict[str, dict[str, int | None]] = {table: {} for table in self.tables}
        for table in self.tables:
            layout = TABLES[table]
            kept = [name for name in layout.columns if name not in layout.dropped]
            types = ", ".join(f"{name} {layout.types.get(name, 'varchar')}" for name in kept)
            self.sql.execute(f"create table {table} ({types})")
            self.sql.execute(
                f"insert into {table} by name select strftime($day::date, '%Y%m%d') || n as identifier, "
                f"{_ROWS[table]} from range($bills) as numbers (n) "
                f"where {_WHERE.get(table, 'true')} and $day is not null",
                {"day": day, "bills": bills},
            )
        self.sql.execute("create table quarantine (table_name varchar, reason varchar)")

    def write(self, settings: Settings) -> None:
        """Write the release as staged; `recorded` overrides what `load.json` says of a table."""
        folder = staged_folder(settings, self.day)
        files = tuple(self._write_table(folder, table) for table in self.tables)
        if self._count("quarantine"):
            self._copy("quarantine", folder / QUARANTINE_NAME)
        write_load(StagedRelease(self.day, "version", files, None), folder)
        self.sql.close()

    def _write_table(self, folder: Path, table: str) -> StagedFile:
        (folder / table).mkdir(parents=True, exist_ok=True)
        rows = self._count(table)
        if rows:
            self._copy(table, folder / table)
        aside = self._count(f"quarantine where table_name = '{table}'")
        file = StagedFile(
            table, f"{table}.csv", rows + aside, rows, aside, 0, 1, "0" * 64, "file:///x", (), rows + aside
        )
        return replace(file, **self.recorded[table])

    def _copy(self, table: str, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.sql.execute(f"copy {table} to '{folder / 'part.parquet'}' (format parquet)")

    def _count(self, table: str) -> int:
        row = self.sql.execute(f"select count(*) from {table}").fetchone()
        assert row is not None
        return int(row[0])


def write_good(settings: Settings, days: Sequence[date], **options: int) -> None:
    for day in days:
        Release(day, **options).write(settings)
