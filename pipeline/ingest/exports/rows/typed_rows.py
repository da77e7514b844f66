"""SQL of the rows of an export: their cells as text per field, and as typed values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from pipeline.ingest.exports.fields import FIELDS, LISTS, SIDES
from pipeline.ingest.exports.mapping import Mapping
from pipeline.ingest.exports.reading.text_table import TextTable
from pipeline.ingest.exports.rows import cells, party_cells

NUMBERS: Final = ("weight_kg", "weight_t", "weight_lb", "weight", "container_count", "teu", "value_usd", "measurement")
WITH_UNIT: Final = ("quantity", "weight_original")
"""Cells such as `639 PKG` and `43005000 KG`."""
NOT_BOXED: Final = r"^(NC|NA|N/A|NONE|NO CONTAINER|LOOSE|BULK|BREAK ?BULK)$"


def text_columns(table: TextTable, mapping: Mapping) -> Iterator[str]:
    """Yield the columns of text: the best header that says something, or all of a list."""
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


def typed_rows(rows: str, mapping: Mapping, form: cells.DateForm, commas: set[str]) -> str:
    """Return the rows of `rows`, which have the text columns, with their cells as typed values.

    Args:
        rows: name of a relation, or a query in parentheses.
        mapping: how the cells are written.
        form: of the dates.
        commas: columns of numbers with a decimal comma.
    """

    def number(name: str, value: str | None = None) -> str:
        return cells.number(value or name, name in commas)

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
        from {rows}
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
    {" ".join(party_cells.country_join(side) for side in SIDES)}
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
