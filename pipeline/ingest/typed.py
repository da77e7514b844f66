"""The SQL that turns a file's text into typed rows.

Text is trimmed of blanks at both ends and an empty one is NULL; contact columns are left out; free text is masked.
Dates are read as 2026-11-30 or 20261130, numbers with a decimal point, or with a comma that can mean only one thing.
A value that does not convert is NULL in the row, and the row is *odd*: a query over many files writes its identifier as
NULL, so that staging reads that file again alone and sets such values aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.ingest.csv_files.grammar import IDENTIFIER, KEY_DATE
from pipeline.ingest.csv_files.headers import Header
from pipeline.ingest.formats.ams import Table
from pipeline.ingest.plain_text import plain, printable
from pipeline.ingest.privacy import masks

READ_OPTIONS: Final = (
    "auto_detect = false, delim = ',', quote = '\"', escape = '\"', header = false, skip = 1, strict_mode = true, "
    "null_padding = false, ignore_errors = true, filename = true"
)
"""As text and strictly. `ignore_errors` skips what does not parse instead of stopping at it: staging notices every
skipped line, because it counts lines itself."""

NAMES_OF_PLACES: Final = ("vessel_name", "port_of_unlading", "foreign_port_of_lading", "place_of_receipt")
"""Texts of people in the header, which may have escapes like free text."""
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
"""Years that a date can have; another one is set aside like a text that is no date."""

ENGINE_BYTES: Final = 2**21
"""DuckDB's own limit of a row; its buffers are sixteen times as large."""

DAY_OF_PATH: Final = r"cast(regexp_extract(filename, '/(\d{4}-\d{2}-\d{2})/[^/]*$', 1) as date)"


def extra_name(position: int) -> str:
    """Return the SQL name of a column that the layout does not know: names from files never reach SQL."""
    return f"extra_{position}"


def source(header: Header, longest: int = 0) -> str:
    """Return `read_csv` over the bound list `$files`, which share a header; no row has more bytes than `longest`."""
    names = [column or extra_name(position) for position, column in enumerate(header.columns)]
    columns = ", ".join(f"'{name}': 'varchar'" for name in names)
    return (
        f"read_csv($files, columns = {{{columns}}}, {READ_OPTIONS}, max_line_size = {max(ENGINE_BYTES, 2 * longest)})"
    )


def loaded_columns(table: Table) -> list[str]:
    """Return the columns that raw has."""
    return [column for column in table.columns if column not in table.dropped]


def typed_rows(table: Table, relation: str, *, mark_odd: bool) -> str:
    """Return a query for the typed rows of `relation`, whose columns are text, with `release_date` behind them.

    Args:
        table: the layout.
        relation: a table or a table function with the file's columns and `filename`.
        mark_odd: write the identifier of odd rows as NULL.
    """
    sound = " and ".join(_sound(table))
    final = [f"{f'case when {sound} then identifier_typed end' if mark_odd else 'identifier_typed'} as identifier"]
    for column in loaded_columns(table)[1:]:
        if column in table.types:
            final.append(f"{column}_typed as {column}")
        elif column in table.free_text:
            part = f"nullif(masked[{table.free_text.index(column) + 1}], '')"
            final.append(f"case when masked is null then {column} else {part} end as {column}")
        else:
            final.append(column)
    return f"""
with {_converted(table, relation)},

{_masked(table)}

select {", ".join(final)}, release_date from masked
"""


def keyed_rows(table: Table, relation: str) -> str:
    """Return a query for the number of rows that have all their keys."""
    return f"with {_converted(table, relation)} select count(*) from converted where {' and '.join(_keyed(table))}"


def odd_values(table: Table, header: Header, relation: str) -> str | None:
    """Return a query for the values that do not convert and those of unknown columns; None when there can be none."""
    odd = [
        f"select identifier_typed, '{column}', {column} from converted "
        f"where {column} is not null and {column}_typed is null"
        for column in table.types
        if column not in table.keys
    ]
    extras = [extra_name(position) for position in header.extras]
    odd += [f"select identifier_typed, '{extra}', {extra} from converted where {extra} is not null" for extra in extras]
    if not odd:
        return None
    return f"""
with {_converted(table, relation, extras)},

odd (identifier, column_name, value) as (
    {" union all ".join(odd)}
)

select identifier, column_name, value from odd
"""


def _converted(table: Table, relation: str, extras: Sequence[str] = ()) -> str:
    """Return steps of a query: `trimmed`, `unescaped`, and `converted`, with typed values as `<column>_typed`."""
    trimmed = ", ".join(f"{_trimmed(column)} as {column}" for column in [*loaded_columns(table), *extras])
    typed = ", ".join(f"{typed_value(column, kind)} as {column}_typed" for column, kind in table.types.items())
    texts = [*table.free_text, *(column for column in NAMES_OF_PLACES if column in table.columns), *extras]
    codes = [column for column in loaded_columns(table) if column not in (*texts, *table.types)]
    # a key of nothing else stays: the survey has counted its row
    clear = [(name, f"coalesce({printable(name)}, {name if name in table.keys else 'null'})") for name in codes]
    unescaped = ", ".join(f"{text} as {column}" for column, text in [*((name, plain(name)) for name in texts), *clear])
    return f"""trimmed as (
    select {trimmed}, {DAY_OF_PATH} as release_date from {relation}
),

unescaped as (
    select *{f" replace ({unescaped})" if unescaped else ""} from trimmed
),

converted as (
    select *, {typed} from unescaped
)"""


def _sound(table: Table) -> list[str]:
    """Return the conditions that a row without odd values meets."""
    values = [column for column in table.types if column not in table.keys]
    return [*_keyed(table), *(f"({column} is null or {column}_typed is not null)" for column in values)]


def _keyed(table: Table) -> list[str]:
    """Return the conditions that a row with all its keys meets: the same that `grammar` requires of a line."""
    conditions = [f"regexp_full_match(identifier, '{IDENTIFIER}')"]
    for column in table.keys[1:]:
        form = f"regexp_full_match({column}, '{KEY_DATE}')" if table.types.get(column) == "DATE" else None
        conditions.append(form or f"{column} is not null")
    return conditions


def _masked(table: Table) -> str:
    """Return further steps, the last one `masked`: the free text columns as a list, NULL where nothing is masked."""
    columns = table.free_text
    if not columns:
        return "masked as (select * from converted)"
    suspect = masks.suspect(columns, party=table.is_party)
    first = f"select *, case when {suspect} then {masks.joined(columns)} end as masked from converted"
    steps = masks.mask_steps("masked", party=table.is_party)
    queries = [first, *(f"select * replace ({step} as masked) from mask_{number}" for number, step in enumerate(steps))]
    cells, party = masks.parted("masked"), table.is_party
    swept = f"list_transform({cells}, lambda cell: {masks.swept('cell', party=party)})"
    checked = f"if({masks.left('masked', party=party)}, {swept}, {cells})"
    queries.append(f"select * replace ({checked} as masked) from mask_{len(steps)}")
    names = [*(f"mask_{number}" for number in range(len(steps) + 1)), "masked"]
    return ",\n\n".join(f"{name} as (\n    {query}\n)" for name, query in zip(names, queries, strict=True))


def typed_value(value: str, kind: str) -> str:
    """Return a text as a DuckDB type; NULL where it does not convert."""
    if kind == "DATE":  # readers of Parquet fail on a year of five digits, and no bill is from outside these years
        return (
            f"case when left({value}, 4) not between '{FIRST_YEAR}' and '{LAST_YEAR}' then null "
            f"when length({value}) = 10 then try_cast({value} as date) "
            f"when length({value}) = 8 then cast(try_strptime({value}, '%Y%m%d') as date) end"
        )
    if kind == "INTEGER":  # a cast would round 2.5 without a word
        whole = f"try_cast({value} as decimal(18,3)) % 1 = 0"
        return f"if(not contains({value}, '.') or {whole}, try_cast({value} as integer), null)"
    if kind.startswith("DECIMAL"):
        return f"coalesce(try_cast({value} as {kind}), try_cast({_without_grouping(value)} as {kind}))"
    return f"try_cast({value} as {kind})"


def _without_grouping(value: str) -> str:
    """Return a number with a comma as SQL reads it: `1,234.5` is grouped, `1.234,5` and `12,5` are decimal."""
    return (
        f"case when not contains({value}, ',') then null "
        f"when regexp_full_match({value}, '[-+]?[1-9]\\d{{0,2}}(,\\d{{3}})+(\\.\\d*)?') then replace({value}, ',', '') "
        f"when regexp_full_match({value}, '[-+]?[1-9]\\d{{0,2}}(\\.\\d{{3}})+,\\d*|[-+]?\\d+,\\d+') "
        f"then replace(replace({value}, '.', ''), ',', '.') end"
    )


def _trimmed(column: str) -> str:
    """Return a column without blanks at both ends; testing first costs an eighth of trimming all."""
    return f"if({column} >= '!' and not ends_with({column}, ' '), {column}, nullif(trim({column}), ''))"
