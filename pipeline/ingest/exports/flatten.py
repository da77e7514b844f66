"""The text of an export as one row per bill in canonical columns, with what was not loaded and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from pipeline.ingest.exports import cells, party_cells
from pipeline.ingest.exports.fields import FIELDS, LISTS, SIDES
from pipeline.ingest.exports.mapping import Mapping
from pipeline.ingest.exports.reading.files import ExportError
from pipeline.ingest.exports.reading.text_table import TextTable
from pipeline.project_files import SEEDS

NUMBERS: Final = ("weight_kg", "weight_t", "weight_lb", "weight", "container_count", "teu", "value_usd", "measurement")
WITH_UNIT: Final = ("quantity", "weight_original")
"""Cells such as `639 PKG` and `43005000 KG`."""
WEIGHTS_DIFFER: Final = 2.0
"""The vendor's kilograms against the unit on the bill, beyond which it is noted: `13844 ET` of a truck load is no tonnes."""
NOT_BOXED: Final = r"^(NC|NA|N/A|NONE|NO CONTAINER|LOOSE|BULK|BREAK ?BULK)$"
BULK_UNITS: Final = ("BLK", "DBK", "LBK", "VBK", "BULK", "VEH", "UNP")
MOST_KG_IN_BOX: Final = 40_000
"""A container holds some 30 t; a vendor that writes one container for a shipload of cement counts none."""
REUSE_DAYS: Final = 180
"""As of the models (`reuse_days`)."""
EARLIEST: Final = "2003-01-01"
"""Vendors' records of US imports begin some years later; anything before is a slip of the date."""
LATEST_DAYS: Final = 120
"""Vessels are announced weeks ahead, never this long."""


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
        f"create table text_rows as select {', '.join(_text_columns(table, mapping))} from {_file(table.path)}"
    )
    arrivals = [name for name in ("arrival_date", "estimated_arrival_date") if name in filled]
    form = cells.date_form(connection, "text_rows", arrivals, mapping.dates, dates)
    commas = {
        name: cells.has_decimal_comma(connection, "text_rows", name)
        for name in (*NUMBERS, *WITH_UNIT)
        if name in filled
    }
    connection.execute(
        f"create table country_names as select * from read_csv({cells.text(str(SEEDS / 'country_names.csv'))}, all_varchar = true)"
    )
    connection.execute(f"create table units as select * from read_csv({cells.text(str(SEEDS / 'weight_units.csv'))})")
    connection.execute(f"create table typed as {_typed(mapping, form, commas)}")
    prefix = _wants_prefix(connection)
    connection.execute(f"create table keyed as {_keyed(prefix, without_numbers)}")
    connection.execute("drop table typed")
    _write_quarantine(connection, table, out.with_name("quarantine.parquet"))
    connection.execute(f"copy ({_bills()}) to {cells.text(str(out))} (format parquet, compression zstd)")
    return _counted(connection, out)


def _file(path: Path) -> str:
    return f"read_parquet({cells.text(str(path))})"


def _text_columns(table: TextTable, mapping: Mapping) -> Iterator[str]:
    """Columns of text: the best header that says something, or all of a list."""
    by_field: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for column in table.columns:
        # `NC` in a column of containers says that there are none; elsewhere it can be the vendor's "nothing"
        nulls = () if column.field.startswith("container_") else mapping.nulls
        by_field[column.field].append((column.place, cells.cleaned(f'"{column.name}"', nulls)))
    yield "line, row_hash, first_cell"
    for field in FIELDS:
        ordered = [shown for _, shown in sorted(by_field.get(field, []), key=lambda item: item[0])]
        if not ordered:
            yield f"cast(null as varchar) as {field}"
        elif field in LISTS and field != "hs_code":
            yield f"nullif(concat_ws(chr(10), {', '.join(ordered)}), '') as {field}"
        elif field == "hs_code":
            yield f"nullif(concat_ws(';', {', '.join(ordered)}), '') as {field}"
        else:
            yield f"coalesce({', '.join(ordered)}) as {field}"


def _typed(mapping: Mapping, form: cells.DateForm, commas: dict[str, bool]) -> str:
    def number(name: str, value: str | None = None) -> str:
        return cells.number(value or name, commas.get(name, False))

    amount, unit = r"^\s*([0-9][0-9.,'' ]*)", r"([A-Za-z][A-Za-z .]*)\s*$"
    original = number("weight_original", f"regexp_extract(weight_original, '{amount}', 1)")
    original_unit = f"nullif(upper(trim(regexp_extract(weight_original, '{unit}', 1))), '')"
    ports = _uncoded("coalesce(foreign_port, nullif(trim(regexp_extract(route, '^(.*?)\\s*(?:→|->)', 1)), ''))")
    country = "nullif(trim(regexp_replace(foreign_country, '^[A-Z]{2}\\s*,\\s*', '')), '')"
    return f"""
    with valued as (
        select
            *,
            {cells.date_of("arrival_date", form)} as arrived,
            {cells.date_of("estimated_arrival_date", form)} as estimated,
            upper(regexp_replace(regexp_replace(bill_number, '[.]0+$', ''), '[^A-Za-z0-9]', '', 'g')) as bill_code,
            upper(regexp_replace(regexp_replace(master_number, '[.]0+$', ''), '[^A-Za-z0-9]', '', 'g')) as master_code,
            nullif(regexp_extract(upper(carrier), '^\\s*([A-Z]{{2,4}})\\s*(?:$|[-,])', 1), '') as scac,
            {number("weight_kg")} as kg,
            {number("weight_t")} as tonnes,
            {number("weight_lb")} as pounds,
            {number("weight")} as weight_number,
            {original} as original_number,
            {original_unit} as original_unit,
            {number("quantity", f"regexp_extract(quantity, '{amount}', 1)")} as pieces,
            upper(coalesce(quantity_unit, nullif(trim(regexp_extract(quantity, '{unit}', 1)), ''))) as pieces_unit,
            {number("measurement", f"regexp_extract(measurement, '{amount}', 1)")} as measured,
            cast({number("container_count")} as integer) as boxes,
            {number("teu")} as teu_number,
            {number("value_usd")} as value_number,
            {ports} as port,
            {country} as port_country
        from text_rows
    )

    select
        valued.*,
        coalesce(kg, tonnes * 1000, pounds, weight_number, original_number) as weight_out,
        case
            when kg is not null or tonnes is not null then 'KG'
            when pounds is not null then 'LB'
            when weight_number is not null then upper(valued.weight_unit)
            else original_unit
        end as weight_unit_out,
        case
            when port is null then null
            when port_country is null or contains(port, ',') or upper(port) = upper(port_country) then port
            else port || ', ' || port_country
        end as foreign_port_out,
        coalesce({_uncoded("us_port")}, nullif(trim(regexp_extract(route, '(?:→|->)\\s*(.*)$', 1)), '')) as us_port_out,
        {", ".join(f"{party_cells.party(side)} as {side}_party" for side in SIDES)},
        {_containers()} as container_list,
        regexp_matches(upper(trim(container_numbers)), '{NOT_BOXED}') as is_loose,
        {_hs_codes(mapping.hs_source)} as hs_list,
        coalesce(upper(frob) in ('Y', 'YES', 'TRUE', '1', 'FROB'), false) as is_frob,
        original_number * units.kg_per_unit as original_kg
    from valued
    left join units on valued.original_unit = units.weight_unit
    """


def _uncoded(port: str) -> str:
    """SQL of a port without the number of Schedule D or K before it: `53306, MUNDRA`."""
    return f"regexp_replace({port}, '^\\s*[0-9]{{4,5}}\\s*,\\s*', '')"


def _containers() -> str:
    """SQL of a list of containers: number, type and length of each, where the cells name them."""
    # an empty place among types is a container whose type is not known
    items = "list_transform(string_split_regex(upper({}), '[,;|\\n\\r]+'), item -> trim(item))"
    numbers = "list_filter({}, item -> item <> '')".format(items.format("container_numbers"))
    types, sizes = (items.format(name) for name in ("container_types", "container_sizes"))
    return f"""
    case when regexp_matches(upper(container_numbers), '[A-Z]{{4}}[ -]?[0-9]{{6}}') then list_transform(
        {numbers},
        (item, place) -> {{
            number: item,
            kind: case
                when len({types}) = 1 then {types}[1]
                when len({types}) = len({numbers}) then nullif({types}[place], '')
            end,
            size: case
                when len({sizes}) = 1 then {sizes}[1]
                when len({sizes}) = len({numbers}) then nullif({sizes}[place], '')
            end
        }}
    ) end
    """


def _hs_codes(source: str) -> str:
    """SQL of a list of codes, each behind the word for its source; one without takes that of the code before it."""
    parts = (
        "list_filter(string_split_regex(hs_code, '[;|\\n]+|,(?=\\s)|,\\s'), item -> regexp_matches(item, '[0-9]{2}'))"
    )
    parts = parts.replace("|,(?=\\s)", "")
    word = (
        "case when regexp_matches(upper({0}), 'PARSED') then 'parsed' when regexp_matches(upper({0}), 'CLASSIFIED') then 'classified' "
        "when regexp_matches(upper({0}), 'DECLARED') then 'declared' else " + cells.text(source) + " end"
    )
    return (
        f"list_transform({parts}, (item, place) -> case when regexp_matches(item, '[A-Za-z]') then {word.format('item')} "
        f"else {word.format('hs_code')} end || ': ' || regexp_replace(item, '[^0-9.]', '', 'g'))"
    )


def _wants_prefix(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the vendor writes bill numbers without the carrier's code: most neither begin with it nor with four letters."""
    (share,) = connection.execute(
        """
        select avg(cast(starts_with(bill_code, scac) or regexp_matches(bill_code, '^[A-Z]{4}[A-Z0-9]*[0-9]') as integer))
        from typed where bill_code <> '' and scac is not null
        """
    ).fetchone() or (None,)
    return share is not None and share < 0.5


def _keyed(prefix: bool, without_numbers: bool) -> str:
    def full(code: str) -> str:
        return (
            f"case when scac is not null and not starts_with({code}, scac) then scac else '' end || {code}"
            if prefix
            else code
        )

    own_key = "'NONE' || upper(substr(md5(row_hash || '|' || occurrence), 1, 16))"
    missing = "null" if without_numbers else "'no bill number'"
    return f"""
    with numbered as (
        select
            *,
            coalesce(arrived, estimated) as arrives,
            row_number() over (partition by row_hash order by line) as occurrence
        from typed
    ),

    named as (
        select
            *,
            coalesce(nullif({full("bill_code")}, ''), {own_key}) as bill_key,
            nullif({full("master_code")}, '') as master_key
        from numbered
    ),

    followed as (
        select *, lag(arrives) over (partition by bill_key order by arrives, line) as earlier
        from named
    )

    select
        *,
        -- a number that comes back half a year later is another shipment
        count(*) filter (arrives - earlier > {REUSE_DAYS}) over (partition by bill_key order by arrives, line) as use_number,
        coalesce(bill_code, '') <> '' as has_number,
        case
            when arrives is null and regexp_matches(first_cell, '(?i)^\\s*(grand |sub-?)?totals?\\b') then 'a total'
            when arrives is null and coalesce(arrival_date, estimated_arrival_date) is null then 'no arrival date'
            when coalesce(arrived, estimated) is null then 'an arrival date that cannot be read'
            when arrives < date '{EARLIEST}' or arrives > current_date + {LATEST_DAYS} then 'an arrival date years off'
            when regexp_matches(bill_number, '^\\s*[0-9](?:[.,][0-9]+)?E[+]?[0-9]+\\s*$') then 'a bill number that a spreadsheet has rounded'
            when coalesce(bill_code, '') = '' then {missing}
        end as reason
    from followed
    """


def _bills() -> str:
    """One row per bill: of several rows the last that says something, lists together."""

    def last(value: str) -> str:
        return f"arg_max({value}, line) filter ({value} is not null)"

    listed = "list_distinct(flatten(list({0}) filter ({0} is not null)))"
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
    from keyed
    where reason is null
    group by bill_key, use_number
    order by arrival_date, bill_key
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
        f"""
        select
            count(*), count(distinct row_hash),
            count(*) filter (kg > 0 and original_kg > 0 and greatest(kg / original_kg, original_kg / kg) > {WEIGHTS_DIFFER})
        from keyed where reason is null
        """
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
