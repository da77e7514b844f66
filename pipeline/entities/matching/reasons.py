"""Why a name variant was decided as it was: the reasons that the registry keeps with each decision."""

from __future__ import annotations

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.matching.workers import explain_all
from pipeline.entities.names.serialization import CHOICE
from pipeline.warehouse.connection import append


def representative_sql(node: str) -> str:
    """Return the name variant that represents a node, in SQL."""
    return f"case when {node} < 0 then -1 - {node} else {node} end"


def changed_with_reasons(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the decisions of table `changed` that differ from the earlier ones, each with its strongest reasons."""
    pairs = connection.execute(
        "select distinct representative as a, nearest as b from changed where nearest is not null order by 1, 2"
    ).to_arrow_table()
    readings = connection.execute(
        "select spelling_id, reading from spelling where spelling_id in "
        "(select representative from changed where nearest is not null union select nearest from changed) "
        "order by spelling_id"
    ).to_arrow_table()
    connection.execute("create or replace temp table explained (a bigint, b bigint, reasons varchar)")
    for explained in explain_all(pairs, readings):
        append(connection, "explained", explained)
    connection.execute(f"""
        create or replace temp table reported as
        with reasoned as (
            select
                changed.* exclude (head, representative, nearest),
                concat_ws(
                    '; ',
                    -- a variant that came along with a firm that people merged has the same reason
                    coalesce(overridden.words, case when changed.method = 'override' then override_reason.words end),
                    case changed.method
                        when 'anchor' then 'the spelling that this firm was first known by'
                        when 'same_words' then 'the same words, number and place as the first spelling'
                        when 'no_name' then 'no name is written'
                        when 'override' then coalesce(explained.reasons, 'joined with its firm')
                        when 'score' then explained.reasons
                        else 'an order to a bank or forwarder names no firm'
                    end,
                    nullif(parsed.reading ->> '$[{CHOICE}]', '')
                ) as reasons
            from changed
            left join spelling as parsed on changed.spelling_id = parsed.spelling_id
            left join overridden on changed.spelling_id = overridden.spelling_id
            left join override_reason on changed.head = override_reason.head
            left join explained on changed.representative = explained.a and changed.nearest = explained.b
        )
        select reasoned.*
        from reasoned
        left join earlier_decision as before using (spelling_id)
        where
            (before.entity_id, before.role, before.method, before.reasons)
            is distinct from (reasoned.entity_id, reasoned.role, reasoned.method, reasoned.reasons)
            or (before.country_code, before.country_source, before.state, before.city, before.city_source,
            before.other_party)
            is distinct from (
                reasoned.country_code, reasoned.country_source, reasoned.state, reasoned.city, reasoned.city_source,
                reasoned.other_party
            )
    """)
    return connection.execute("select * from reported order by spelling_id").to_arrow_table()
