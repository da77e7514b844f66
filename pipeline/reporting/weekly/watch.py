"""Which pairs get a page: those of the watchlist, and without one those that moved most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import duckdb

from pipeline.alerts.reach import load_watch_lines
from pipeline.alerts.watchlist import Watchlist
from pipeline.reporting.facts.published_week import rows_of
from pipeline.reporting.weekly.changes import first_pairs, largest_moves
from pipeline.reporting.weekly.snapshot import Pair, Snapshot, write_watched_pairs

MOST_PAIRS: Final = 25
"""Pages of one report: what a person looks through on a Monday. A supplier that a line of the watchlist names has its
page all the same."""


def watched_pairs(
    watchlist: Watchlist, connection: duckdb.DuckDBPyConnection, frozen_weeks: Sequence[Snapshot]
) -> list[Pair]:
    """The pairs of the last of `frozen_weeks` to write pages for, none twice.

    First company and supplier of each line of the watchlist that names both, then the suppliers of its wider lines by
    how much the company needs them; without a file of one's own, then the pairs that moved most since the week before
    (in a first week: where one side needs the other most).
    """
    found: dict[tuple[str, str], Pair] = {}
    for pair in _named(watchlist):
        found.setdefault((pair.supplier_id, pair.consignee_id), pair)
    most = max(MOST_PAIRS, len(found))
    for pair in _wide(watchlist, connection, frozen_weeks):
        found.setdefault((pair.supplier_id, pair.consignee_id), pair)
    if watchlist.path is None:
        for pair in _moved(connection, frozen_weeks):
            found.setdefault((pair.supplier_id, pair.consignee_id), pair)
    return list(found.values())[:most]


def _named(watchlist: Watchlist) -> Iterator[Pair]:
    """Lines that name a supplier, of watchers with a company."""
    for watcher in watchlist.watchers:
        for watch in watcher.watches:
            if watcher.company_id and watch.supplier_id:
                rival = watch.rival[0] if watch.rival else None
                why = watch.note or f"on the watchlist of {watcher.recipient.watcher}"
                yield Pair(watch.supplier_id, watcher.company_id, why, rival)


def _wide(
    watchlist: Watchlist, connection: duckdb.DuckDBPyConnection, frozen_weeks: Sequence[Snapshot]
) -> Iterator[Pair]:
    """What a product or `*` reaches of a watcher's own suppliers, those that it buys most from first."""
    if not watchlist.watchers:
        return
    snapshot = frozen_weeks[-1]
    load_watch_lines(connection, watchlist.watchers, snapshot.week)
    for row in rows_of(connection, _WIDE, [snapshot.table("fct_leverage_snapshot"), MOST_PAIRS]):
        watcher = watchlist.watchers[row["watcher"]].recipient.watcher
        yield Pair(row["supplier_id"], row["company_id"], f"on the watchlist of {watcher}", row["rival_id"])


def _moved(connection: duckdb.DuckDBPyConnection, frozen_weeks: Sequence[Snapshot]) -> list[Pair]:
    write_watched_pairs(connection, [])
    if len(frozen_weeks) > 1:
        rows = largest_moves(connection, frozen_weeks[-1], frozen_weeks[-2], limit=MOST_PAIRS)
        why = f"among the largest moves since {frozen_weeks[-2].week}"
    else:
        rows = list(first_pairs(connection, frozen_weeks[-1], MOST_PAIRS))
        why = "one side needs the other far more"
    return [Pair(row["supplier_id"], row["consignee_id"], why) for row in rows]


_WIDE: Final = """
with wide as (
    select
        reach.watcher,
        watch_line.company_id,
        reach.supplier_id,
        min_by(watch_line.rival_id, watch_line.line) as rival_id
    from reach
    inner join watch_line using (watcher, line)
    where reach.nearness > 1 and watch_line.company_id is not null
    group by reach.watcher, watch_line.company_id, reach.supplier_id
)

select wide.watcher, wide.company_id, wide.supplier_id, wide.rival_id
from wide
inner join read_parquet($1) as leverage
    on wide.supplier_id = leverage.supplier_id
    and wide.company_id = leverage.consignee_id
    and leverage.hs4 = 'all'
order by leverage.share_of_buyer desc, wide.company_id, wide.supplier_id, wide.watcher
limit $2
"""
