"""The text of an export as one row per bill in canonical columns, with what was not loaded and why."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from pipeline.ingest.exports.fields import SIDES
from pipeline.ingest.exports.mapping import Mapping
from pipeline.ingest.exports.reading.files import ExportError
from pipeline.ingest.exports.reading.text_table import TextTable
from pipeline.ingest.exports.rows import cells
from pipeline.ingest.exports.rows.row_keys import create_keyed
from pipeline.ingest.exports.rows.typed_rows import NUMBERS, WITH_UNIT, text_columns, typed_rows
from pipeline.project_files import SEEDS

BULK_UNITS: Final = ("BLK", "DBK", "LBK", "VBK", "BULK", "VEH", "UNP")
MOST_KG_IN_BOX: Final = 40_000
"""A container holds some 30 t; a vendor that writes one container for a shipload of cement counts none."""


@dataclass(frozen=True)
class Flat:
    """What became of the rows of an export.

    Attributes:
        bills: bills in the file written.
        loaded: rows that are in them.
        repeats: rows that are exactly like an earlier one.
        quarantined: rows that are not loaded, by reason.
        notes: what a reader should know of the values.
        first_arrival: of the bills.
        last_arrival: of the bills.
    """

    bills: int
    loaded: int
    repeats: int
    quarantined: dict[str, int]
    notes: tuple[str, ...]
    first_arrival: str | None
    last_arrival: str | None


def write_bills(
    connection: duckdb.DuckDBPyConnection,
    table: TextTable,
    mapping: Mapping,
    out: Path,
    *,
    dates: str | None,
    without_numbers: bool,
) -> Flat:
    """Write the bills of `table` to `out` (Parquet), and the rows that are no bill beside it.

    Args:
        connection: a database of this export alone.
        table: the text.
        mapping: how its cells are written.
        out: file to write; rows not loaded go to `quarantine.parquet` beside it.
        dates: order of numeric dates, as the caller gave it.
        without_numbers: whether rows without a bill number are loaded under keys of their own.

    Raises:
        ExportError: no bill numbers, or dates that cannot be read.
    """
    filled = {column.field for column in table.columns}
    if "bill_number" not in filled and not without_numbers:
        raise ExportError(
            "no bill numbers in this file: add the column (Panjiva: `Bill of Lading Number`) and export again, or load it "
            "with --without-bill-numbers, which de-duplicates nothing"
        )
    connection.execute(
        f"create view text_rows as select {', '.join(text_columns(table, mapping))} from {_file(table.path)}"
    )
    arrivals = [name for name in ("arrival_date", "estimated_arrival_date") if name in filled]
    form = cells.date_form(connection, "text_rows", arrivals, mapping.dates, dates)
    numbers = [name for name in (*NUMBERS, *WITH_UNIT) if name in filled]
    commas = cells.decimal_commas(connection, "text_rows", numbers)
    connection.execute(
        "create table country_names as select country_name, min(country_code) as country_code "
        f"from read_csv({cells.text(str(SEEDS / 'country_names.csv'))}, all_varchar = true) group by country_name"
    )
    connection.execute(f"create table units as select * from read_csv({cells.text(str(SEEDS / 'weight_units.csv'))})")
    create_keyed(connection, typed_rows("text_rows", mapping, form, commas), without_numbers)
    _write_quarantine(connection, table, out.with_name("quarantine.parquet"))
    _copy_bills(connection, table, mapping, lambda rows: typed_rows(rows, mapping, form, commas), out)
    return _counted(connection, out)


def _file(path: Path) -> str:
    return f"read_parquet({cells.text(str(path))})"


def _copy_bills(
    connection: duckdb.DuckDBPyConnection, table: TextTable, mapping: Mapping, typed: Callable[[str], str], out: Path
) -> None:
    """Write the bills to `out`, by way of parts of bounded size."""
    folder = out.with_name("parts")
    folder.mkdir()
    columns = ", ".join(text_columns(table, mapping))
    parts = connection.execute(
        "select part, min(line), max(line) from keyed where reason is null group by part order by part"
    ).fetchall()
    for part, first, last in parts or [(0, 0, 0)]:
        rows = f"""
        (
            select {columns}, bill_key, use_number, master_key, has_number
            from (select * from {_file(table.path)} where line between {first} and {last})
            join (select line, bill_key, use_number, master_key, has_number from keyed where reason is null and part = {part})
                using (line)
        )
        """
        part_file = cells.text(str(folder / f"{part}.parquet"))
        connection.execute(f"copy ({_bills(typed(rows))}) to {part_file} (format parquet, compression snappy)")
    connection.execute(
        f"copy (from {_file(folder / '*.parquet')} order by arrival_date, bill_key) to {cells.text(str(out))} "
        "(format parquet, compression zstd)"
    )
    shutil.rmtree(folder)


def _bills(typed: str) -> str:
    """One row per bill: of several rows the last that says something, lists together."""

    def last(value: str) -> str:
        return f"arg_max({value}, line) filter ({value} is not null)"

    listed = "list_distinct(flatten(list({0} order by line) filter ({0} is not null)))"
    return f"""
    select
        bill_key,
        use_number,
        case upper(left({last("bill_type")}, 1)) when 'H' then 'House Bill' when 'M' then 'Master Bill' else 'Regular Bill' end
            as bill_type,
        {last("master_key")} as master_number,
        bool_or(has_number) as has_number,
        {last("scac")} as carrier_scac,
        {last("arrived")} as arrival_date,
        {last("estimated")} as estimated_arrival_date,
        {", ".join(f"{last(f'{side}_party')} as {side}" for side in SIDES)},
        {last("vessel")} as vessel,
        {last("imo")} as imo,
        {last("voyage")} as voyage,
        {last("foreign_port_out")} as foreign_port,
        {last("us_port_out")} as us_port,
        {last("receipt")} as receipt,
        {last("weight_out")} as weight,
        {last("weight_unit_out")} as weight_unit,
        {last("pieces")} as quantity,
        {last("pieces_unit")} as quantity_unit,
        {last("measured")} as measurement,
        {last("measurement_unit")} as measurement_unit,
        {listed.format("container_list")} as containers,
        case
            when
                bool_or(is_loose) or max(pieces_unit) in ({", ".join(cells.text(unit) for unit in BULK_UNITS)})
                or max(coalesce(kg, tonnes * 1000)) > {MOST_KG_IN_BOX} * max(boxes)
                then 0
            else max(boxes)
        end as container_count,
        {last("teu_number")} as teu,
        {listed.format("hs_list")} as hs_codes,
        list_distinct(list(goods order by line) filter (goods is not null)) as goods,
        list_distinct(list(marks order by line) filter (marks is not null)) as marks,
        {last("value_number")} as value_usd,
        {last("in_bond")} as in_bond,
        {last("manifest")} as manifest,
        bool_or(is_frob) as is_transit,
        count(*) as rows_of_bill
    from ({typed})
    group by bill_key, use_number
    """


def _write_quarantine(connection: duckdb.DuckDBPyConnection, table: TextTable, out: Path) -> None:
    connection.execute("create table quarantine as select line, reason from keyed where reason is not null")
    if table.unreadable:
        connection.executemany("insert into quarantine values (?, ?)", list(table.unreadable))
    connection.execute(f"copy (from quarantine order by line) to {cells.text(str(out))} (format parquet)")


def _counted(connection: duckdb.DuckDBPyConnection, out: Path) -> Flat:
    def one(sql: str) -> Sequence[object]:
        return connection.execute(sql).fetchone() or ()

    bills, first, last = one(
        f"select count(*), min(coalesce(arrival_date, estimated_arrival_date)), max(coalesce(arrival_date, estimated_arrival_date)) from {_file(out)}"
    )
    loaded, distinct, differ = one(
        "select count(*), count(distinct row_hash), count(*) filter (weights_differ) from keyed where reason is null"
    )
    reasons = connection.execute("select reason, count(*) from quarantine group by reason order by 2 desc").fetchall()
    loaded, distinct, differ, bills = (int(str(value)) for value in (loaded, distinct, differ, bills))
    notes = []
    if differ:
        notes.append(
            f"{differ:,} rows: the weight as on the bill differs from the vendor's kilograms by more than 2 times; kilograms used"
        )
    if loaded > bills:
        notes.append(f"{loaded - bills:,} rows repeat or continue a bill of the file")
    return Flat(
        bills=bills,
        loaded=loaded,
        repeats=loaded - distinct,
        quarantined=dict(reasons),
        notes=tuple(notes),
        first_arrival=str(first) if first else None,
        last_arrival=str(last) if last else None,
    )
