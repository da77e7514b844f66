"""A watcher's own place with the supplier of an alert, before it and after, and a rival's beside it.

Before is the newest published week up to the end of the alert's earlier window, else the oldest there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.alerts.message import Standing
from pipeline.warehouse.connection import create_temp_table

ASKED: Final = pa.schema(
    [("number", pa.int32())]
    + [(name, pa.string()) for name in ("supplier_id", "company_id", "rival_id", "as_of_week")]
    + [("before_last", pa.date32())]
)


@dataclass(frozen=True)
class StandingRequest:
    """Whose place is asked for.

    Attributes:
        before_last: Monday of the last week before the change.
    """

    alert_id: str
    supplier_id: str
    company_id: str
    company_name: str
    rival: tuple[str, str] | None
    as_of_week: str
    before_last: date


def standings(
    connection: duckdb.DuckDBPyConnection, asked: Sequence[StandingRequest]
) -> dict[StandingRequest, Standing]:
    """The place of each; left out where the company is no customer of the supplier in either week."""
    if not asked:
        return {}
    rows = [
        {
            "number": number,
            "supplier_id": item.supplier_id,
            "company_id": item.company_id,
            "rival_id": item.rival[0] if item.rival else None,
            "as_of_week": item.as_of_week,
            "before_last": item.before_last,
        }
        for number, item in enumerate(asked)
    ]
    create_temp_table(connection, "asked_standing", pa.Table.from_pylist(rows, ASKED))
    cursor = connection.execute(_STANDINGS)
    names = [column[0] for column in cursor.description or ()]
    found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {asked[row["number"]]: _standing(asked[row["number"]], row) for row in found}


def _standing(asked: StandingRequest, row: dict[str, Any]) -> Standing:
    return Standing(
        company=asked.company_name,
        week_before=row["week_before"],
        week_after=row["week_after"],
        share_before=row["share_before"],
        share_after=row["share_after"],
        rank_before=row["rank_before"],
        rank_after=row["rank_after"],
        tier_before=row["tier_before"],
        tier_after=row["tier_after"],
        power_before=row["power_before"],
        power_after=row["power_after"],
        rival=(asked.rival[1], row["rival_before"], row["rival_after"]) if asked.rival else None,
    )


_STANDINGS: Final = """
with published as (
    select distinct as_of_week, strptime(as_of_week || '-1', '%G-W%V-%u')::date as monday
    from fct_tier
),

weeks as (
    select
        asked.number,
        coalesce(
            max(published.as_of_week) filter (where published.monday <= asked.before_last),
            min(published.as_of_week)
        ) as week_before,
        asked.as_of_week as week_after
    from asked_standing as asked
    inner join published on asked.as_of_week >= published.as_of_week
    group by asked.number, asked.as_of_week
)

select
    asked.number,
    weeks.week_before,
    weeks.week_after,
    before.share_of_supplier as share_before,
    after.share_of_supplier as share_after,
    before.customer_rank as rank_before,
    after.customer_rank as rank_after,
    before.tier as tier_before,
    after.tier as tier_after,
    power_before.power as power_before,
    power_after.power as power_after,
    rival_before.share_of_supplier as rival_before,
    rival_after.share_of_supplier as rival_after
from asked_standing as asked
inner join weeks using (number)
left join fct_tier as before
    on before.as_of_week = weeks.week_before
    and before.supplier_id = asked.supplier_id and before.consignee_id = asked.company_id
left join fct_tier as after
    on after.as_of_week = weeks.week_after
    and after.supplier_id = asked.supplier_id and after.consignee_id = asked.company_id
left join fct_leverage_snapshot as power_before
    on power_before.as_of_week = weeks.week_before and power_before.hs4 = 'all'
    and power_before.supplier_id = asked.supplier_id and power_before.consignee_id = asked.company_id
left join fct_leverage_snapshot as power_after
    on power_after.as_of_week = weeks.week_after and power_after.hs4 = 'all'
    and power_after.supplier_id = asked.supplier_id and power_after.consignee_id = asked.company_id
left join fct_tier as rival_before
    on rival_before.as_of_week = weeks.week_before
    and rival_before.supplier_id = asked.supplier_id and rival_before.consignee_id = asked.rival_id
left join fct_tier as rival_after
    on rival_after.as_of_week = weeks.week_after
    and rival_after.supplier_id = asked.supplier_id and rival_after.consignee_id = asked.rival_id
where before.supplier_id is not null or after.supplier_id is not null
order by asked.number
"""
