"""The evidence of an alternative as a sentence, made of the frozen figures where a document or the BI copy shows it.

An SQL expression, since the BI copy has up to twenty rows for each product of each buyer.
"""

from __future__ import annotations

from typing import Final

import duckdb

from pipeline.thresholds import QUARTER_WEEKS


def _volume(value: str) -> str:
    """SQL of a volume as people read it: TEU with one decimal, tonnes, small weights in kilograms."""
    return f"""case
        when volume_unit = 'teu' and {value} > 0 and {value} < 0.05 then 'under 0.1 TEU'
        when volume_unit = 'teu' then format('{{:,.1f}} TEU', ({value})::double)
        when {value} >= 100000 then format('{{:,.0f}} tonnes', ({value})::double / 1000)
        when {value} >= 50 or {value} = 0 then format('{{:,.1f}} tonnes', ({value})::double / 1000)
        else format('{{:,.0f}} kg', ({value})::double)
    end"""


_A_QUARTER: Final = f"* {QUARTER_WEEKS} / window_weeks"
EVIDENCE: Final = f"""concat(
    case
        when is_largest then 'The largest supplier now. '
        when already_supplies then 'Supplies this buyer already. '
    end,
    case
        when reason = 'same_city' then 'In ' || coalesce(names.city, 'the city') || ', where the largest supplier is. '
        when reason = 'same_country' then 'In the largest supplier''s country. '
        when names.country_code is null then 'Its country is not known. '
        else 'In another country. '
    end,
    case
        when bills_52w > 0
            then
                bills_52w || case when bills_52w = 1 then ' bill of it to ' else ' bills of it to ' end || customers_52w
                || case when customers_52w = 1 then ' named customer' else ' unrelated named customers' end
                || ' in 52 weeks. '
        else 'It shipped the product within three years, but not in the last 52 weeks. '
    end,
    case
        when grade = 'A'
            then
                'Best ' || window_weeks || ' of the ' || weeks_seen || ' weeks seen: '
                || {_volume("last_window + spare_capacity")} || '; last ' || window_weeks || ' weeks: '
                || {_volume("last_window")} || '. Room for ' || {_volume(f"spare_capacity {_A_QUARTER}")}
                || ' a quarter, where ' || {_volume(f"need {_A_QUARTER}")} || ' are needed. '
        else 'Whether it could take the volume the records do not show. '
    end,
    'Cargo texts share ' || shared_words || '.'
)"""
"""Over rows of `fct_alternative` and `names` of `dim_supplier`; parts whose figures a week lacks are left out."""


def fill_evidence(connection: duckdb.DuckDBPyConnection, alternatives: str, supplier: str, target: str) -> None:
    """Create the temporary table `target`: all rows of `alternatives`, with the evidence that they lack.

    Args:
        connection: an engine with the tables.
        alternatives: `fct_alternative` or its history, as SQL.
        supplier: `dim_supplier`, as SQL.
        target: name of the table.
    """
    connection.execute(
        f"create or replace temp table {target} as "
        f"select alternative.* replace (coalesce(alternative.evidence, {EVIDENCE}) as evidence) "
        f"from {alternatives} as alternative "
        f"left join {supplier} as names on alternative.alternative_supplier_id = names.supplier_id"
    )
