"""What changed between a frozen week and the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb

from pipeline.reporting.facts.published_week import Row, rows_of
from pipeline.reporting.weekly.snapshot import Pair, Snapshot
from pipeline.snapshots.calendar import Week

CHANGES_SHOWN: Final = 8
"""Rows of each kind that the first page lists; how many there are more is said below."""
LEAST_MOVE: Final = 0.005
"""Moves of power or share that print as a change at two digits; smaller ones are weeks gliding through the window."""


@dataclass(frozen=True)
class Changes:
    """The differences, each kind by weight, the watched pairs first.

    Attributes:
        since: the frozen week before, None where there is none.
        crossed: rows with supplier_id, consignee_id, tier_before, tier_now, share_before, share_now, is_watched.
        moves: rows with supplier_id, consignee_id, power_before, power_now, share_before, share_now, is_watched.
        new: watched pairs without a row the week before.
        lost: watched pairs with a row the week before and none now.
    """

    since: Week | None = None
    crossed: list[Row] = field(default_factory=list)
    crossed_count: int = 0
    moves: list[Row] = field(default_factory=list)
    moves_count: int = 0
    new: list[Row] = field(default_factory=list)
    lost: list[Row] = field(default_factory=list)


def compare(
    connection: duckdb.DuckDBPyConnection, now: Snapshot, before: Snapshot | None, also_watched: Iterable[Pair]
) -> Changes:
    """Compare two frozen weeks; `watched` must be there (`write_watched_pairs`).

    Args:
        connection: any engine.
        now: the week of the report.
        before: the frozen week before it, None for a first week.
        also_watched: pairs watched the week before: one of them that ships no longer is lost.
    """
    if before is None:
        return Changes()
    crossed = rows_of(connection, _CROSSED, [now.table("fct_tier"), before.table("fct_tier")])
    moves = largest_moves(connection, now, before)
    known = {(pair.supplier_id, pair.consignee_id) for pair in also_watched}
    ends = rows_of(connection, _ENDS, [now.table("fct_tier"), before.table("fct_tier"), [list(key) for key in known]])
    return Changes(
        since=before.week,
        crossed=crossed[:CHANGES_SHOWN],
        crossed_count=len(crossed),
        moves=moves[:CHANGES_SHOWN],
        moves_count=len(moves),
        new=[row for row in ends if row["is_new"]],
        lost=[row for row in ends if not row["is_new"]],
    )


def largest_moves(
    connection: duckdb.DuckDBPyConnection, now: Snapshot, before: Snapshot, *, limit: int | None = None
) -> list[Row]:
    """Pairs by their largest move of power or share, watched ones first; needs `write_watched_pairs`."""
    files = [now.table("fct_leverage_snapshot"), before.table("fct_leverage_snapshot")]
    return rows_of(connection, _MOVES, [*files, LEAST_MOVE])[:limit]


def first_pairs(connection: duckdb.DuckDBPyConnection, now: Snapshot, limit: int) -> Sequence[Row]:
    """For a first week: the pairs in which one side needs the other most."""
    return rows_of(
        connection,
        "select supplier_id, consignee_id, power from read_parquet($1) where hs4 = 'all' and power is not null "
        "order by abs(power) desc, supplier_id, consignee_id limit $2",
        [now.table("fct_leverage_snapshot"), limit],
    )


_CROSSED: Final = """
select
    now.supplier_id,
    now.consignee_id,
    now.last_tier as tier_before,
    now.tier as tier_now,
    before.share_of_supplier as share_before,
    now.share_of_supplier as share_now,
    watched.supplier_id is not null as is_watched
from read_parquet($1) as now
left join read_parquet($2) as before using (supplier_id, consignee_id)
left join watched using (supplier_id, consignee_id)
where now.tier <> now.last_tier
order by is_watched desc, abs(now.share_of_supplier - before.share_of_supplier) desc, now.supplier_id, now.consignee_id
"""

_MOVES: Final = """
with moved as (
    select
        now.supplier_id,
        now.consignee_id,
        before.power as power_before,
        now.power as power_now,
        before.share_of_supplier as share_before,
        now.share_of_supplier as share_now,
        watched.supplier_id is not null as is_watched,
        greatest(
            coalesce(abs(now.power - before.power), 0), abs(now.share_of_supplier - before.share_of_supplier)
        ) as size
    from read_parquet($1) as now
    inner join read_parquet($2) as before using (supplier_id, consignee_id, hs4)
    left join watched using (supplier_id, consignee_id)
    -- a pair of too few bills jumps with each of them
    where hs4 = 'all' and now.reason_code is null and before.reason_code is null
)

select * from moved where size >= $3 order by is_watched desc, size desc, supplier_id, consignee_id
"""

_ENDS: Final = """
with followed as (
    select supplier_id, consignee_id from watched
    union
    select pair[1], pair[2] from (select unnest($3::varchar[][]) as pair)
)

select
    supplier_id,
    consignee_id,
    before.supplier_id is null as is_new,
    coalesce(now.volume_52w, before.volume_52w) as volume_52w,
    coalesce(now.volume_unit, before.volume_unit) as volume_unit,
    coalesce(now.last_bill_date, before.last_bill_date) as last_bill_date
from followed
left join read_parquet($1) as now using (supplier_id, consignee_id)
left join read_parquet($2) as before using (supplier_id, consignee_id)
where (now.supplier_id is null) <> (before.supplier_id is null)
order by is_new desc, supplier_id, consignee_id
"""
