"""The SQL that turns a file's text into typed rows.

Text is trimmed of blanks at both ends and an empty one is NULL; contact columns are left out; free text is masked.
Dates are read as 2026-11-30 or 20261130, numbers with a decimal point and without grouping. A value that does not
convert is NULL in the row, and the row is *odd*: the fast way writes its identifier as NULL, whereby staging knows that
the file needs the careful way, which keeps such values aside.

Belongs here: SQL text made from the layout. Does not belong here: running it (see `load`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pipeline.records import privacy
from pipeline.records.grammar import IDENTIFIER, KEY_DATE
from pipeline.records.headers import Header
from pipeline.records.layout import Table

READ_OPTIONS: Final = (
    "auto_detect = false, delim = ',', quote = '\"', escape = '\"', header = false, skip = 1, strict_mode = true, "
    "null_padding = false, ignore_errors = true, filename = true"
)
"""As text and strictly. `ignore_errors` skips what does not parse instead of stopping at it: staging sees every skipped
line, because it counts lines itself."""

DAY_OF_PATH: Final = r"cast(regexp_extract(filename, '/(\d{4}-\d{2}-\d{2})/[^/]*$', 1) as date)"


def extra_name(place: int) -> str:
    """The SQL name of a column that the layout does not know: names from files never reach SQL."""
    return f"extra_{place}"


def source(header: Header) -> str:
    """`read_csv` over the bound list `$files`, which share a header."""
    names = [column or extra_name(place) for place, column in enumerate(header.columns)]
    columns = ", ".join(f"'{name}': 'varchar'" for name in names)
    return f"read_csv($files, columns = {{{columns}}}, {READ_OPTIONS})"


def loaded_columns(table: Table) -> list[str]:
    """The columns that raw has."""
    return [column for column in table.columns if column not in table.dropped]


def typed_rows(table: Table, relation: str, *, mark_odd: bool) -> str:
    """A query for the typed rows of `relation`, whose columns are text, with `release_date` behind them.

    Args:
        table: the layout.
        relation: a table or a table function with the file's columns and `filename`.
        mark_odd: write the identifier of odd rows as NULL.
    """
    columns = loaded_columns(table)
    identifier = _convert("identifier", "BIGINT")
    if mark_odd:
        identifier = f"case when {' and '.join(_sound(table))} then {identifier} end"
    final = [f"{identifier} as identifier"]
    for column in columns[1:]:
        kind = table.types.get(column)
        if kind:
            final.append(f"{_convert(column, kind)} as {column}")
        elif column in table.free_text:
            place = table.free_text.index(column) + 1
            final.append(
                f"case when masked is null then {column} else nullif(trim(masked[{place}]), '') end as {column}"
            )
        else:
            final.append(column)
    trimmed = ", ".join(f"{_trimmed(column)} as {column}" for column in columns)
    return f"""
with trimmed as (
    select {trimmed}, {DAY_OF_PATH} as release_date from {relation}
),

masked as (
    select *, {_masked(table)} as masked from trimmed
)

select {", ".join(final)}, release_date from masked
"""


def odd_values(table: Table, header: Header, relation: str) -> str | None:
    """A query for the values that do not convert and those of unknown columns; None when there can be none."""
    parts = [
        f"""
select filename, {_identifier()} as identifier, '{column}' as column_name, {_trimmed(column)} as value
from {relation} where {_trimmed(column)} is not null and {_convert(_trimmed(column), kind)} is null"""
        for column, kind in table.types.items()
        if column not in table.keys
    ]
    parts += [
        f"""
select filename, {_identifier()} as identifier, '{extra_name(place)}' as column_name, {_trimmed(extra_name(place))}
as value from {relation} where {_trimmed(extra_name(place))} is not null"""
        for place in header.extras
    ]
    return " union all ".join(parts) or None


def _sound(table: Table) -> list[str]:
    """Conditions that hold for a row without anything odd; of keys, the same as in `grammar`."""
    conditions = [f"regexp_full_match(identifier, '{IDENTIFIER}')"]
    for column in table.keys[1:]:
        conditions.append(f"{column} is not null")
    for column, kind in table.types.items():
        if column in table.keys:
            if kind == "DATE":
                conditions.append(f"regexp_full_match({column}, '{KEY_DATE}')")
        else:
            conditions.append(f"({column} is null or {_convert(column, kind)} is not null)")
    return conditions


def _masked(table: Table) -> str:
    if not table.free_text:
        return "null"
    columns: Sequence[str] = table.free_text
    masked = privacy.split(privacy.mask(privacy.joined(columns), party=table.is_party))
    return f"case when {privacy.suspect(columns, party=table.is_party)} then {masked} end"


def _convert(value: str, kind: str) -> str:
    if kind == "DATE":
        return f"cast(try_strptime({value}, ['%Y-%m-%d', '%Y%m%d']) as date)"
    return f"try_cast({value} as {kind})"


def _trimmed(column: str) -> str:
    """Without blanks at both ends; looking first costs a fifth of trimming all."""
    return f"if(starts_with({column}, ' ') or ends_with({column}, ' '), nullif(trim({column}), ''), {column})"


def _identifier() -> str:
    return f"try_cast({_trimmed('identifier')} as bigint)"
