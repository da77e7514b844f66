"""Frozen weeks as the report reads them: which there are, and the rows of the pairs that are watched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from pipeline.reporting.alternatives import EVIDENCE
from pipeline.reporting.facts.published_week import NoSnapshotError, Row, rows_of
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, parse_week
from pipeline.snapshots.manifest import Manifest, frozen_weeks, newest_manifest, snapshot_dir
from pipeline.warehouse.renamed_columns import frozen_rows_sql

LADDER_ROWS: Final = 9
"""Customers of one supplier that a picture can name; the pair's own and the rival's are added to them."""
ALTERNATIVES_SHOWN: Final = 8
"""Candidates of one product that a page lists; the table holds twenty."""
MOVES_SHOWN: Final = 5
"""Volume moves of one buyer to this supplier that a page lists."""
TRAIL_WEEKS: Final = (52, 39, 26, 13)
"""How long before the week a point of the trail is: the last quarters."""
TRAIL_TOLERANCE: Final = 6
"""Weeks by which the nearest frozen week may miss that: half a quarter, or the same week would serve twice."""


@dataclass(frozen=True)
class Snapshot:
    """The newest revision of a frozen week."""

    manifest: Manifest
    folder: Path

    @property
    def week(self) -> Week:
        """The week."""
        return self.manifest.week

    def table(self, name: str) -> str:
        """Path of a frozen table, such as `fct_tier`."""
        return str(self.folder / f"{name}.parquet")

    def rows(self, name: str) -> str:
        """SQL for the rows of a frozen table under the column names of now."""
        return frozen_rows_sql(self.folder / f"{name}.parquet")


@dataclass(frozen=True)
class Pair:
    """A watched pair.

    Attributes:
        consignee_id: our company.
        rival_id: another customer of the supplier to set beside ours, or None.
    """

    supplier_id: str
    consignee_id: str
    why: str
    rival_id: str | None = None


@dataclass(frozen=True)
class Frozen:
    """What a frozen week says of one pair.

    Attributes:
        tier: row of `fct_tier`, None where the pair shipped nothing in the 52 weeks.
        ladder: `fct_tier` rows of the supplier's largest customers, the pair's own and the rival's, by rank.
        moves: rows of `fct_consolidation` into this supplier, those that change the tier first.
        trail: (week, power, mutual) of older frozen weeks and this one, oldest first.
    """

    tier: Row | None
    whole: Row | None
    products: list[Row]
    ladder: list[Row]
    alternatives: list[Row]
    moves: list[Row]
    trail: list[tuple[Week, float, float]]


def snapshots(settings: Settings, week: Week) -> list[Snapshot]:
    """The newest revision of every frozen week up to `week`, oldest first.

    Raises:
        NoSnapshotError: `week` itself is not frozen.
        SnapshotError: a manifest is damaged.
    """
    manifests = [newest_manifest(settings, known) for known in frozen_weeks(settings) if known <= week]
    found = [
        Snapshot(manifest, snapshot_dir(settings, manifest.week, manifest.revision))
        for manifest in manifests
        if manifest is not None
    ]
    if not found or found[-1].week != week:
        raise NoSnapshotError(f"{week} is not published: run `leverage publish --as-of {week}`")
    return found


def write_watched_pairs(connection: duckdb.DuckDBPyConnection, pairs: Iterable[Pair]) -> None:
    """Make the watched pairs a temporary table: `watched`."""
    connection.execute(
        "create or replace temp table watched (supplier_id varchar, consignee_id varchar, rival_id varchar)"
    )
    rows = [[pair.supplier_id, pair.consignee_id, pair.rival_id] for pair in pairs]
    if rows:
        connection.executemany("insert into watched values (?, ?, ?)", rows)


def read_frozen(
    connection: duckdb.DuckDBPyConnection, snapshots_so_far: Sequence[Snapshot], pairs: Sequence[Pair]
) -> dict[Pair, Frozen]:
    """What the last of `snapshots_so_far` says of each pair, with the trail through the older ones.

    `watched` must be there (`write_watched_pairs`).
    """
    snapshot = snapshots_so_far[-1]
    whole, products = _leverage(connection, snapshot)
    ladders = _grouped(rows_of(connection, _LADDER, [snapshot.table("fct_tier"), LADDER_ROWS]))
    offered = _ALTERNATIVES.format(rows=snapshot.rows("fct_alternative"), evidence=EVIDENCE)
    alternatives = _grouped(rows_of(connection, offered, [ALTERNATIVES_SHOWN]))
    moves = _grouped(rows_of(connection, _MOVES, [snapshot.table("fct_consolidation"), MOVES_SHOWN]))
    trails = _trails(connection, snapshots_so_far)
    found = {}
    for pair in pairs:
        key = (pair.supplier_id, pair.consignee_id)
        ladder = ladders.get(key, [])
        found[pair] = Frozen(
            tier=next((row for row in ladder if row["consignee_id"] == pair.consignee_id), None),
            whole=whole.get(key),
            products=products.get(key, []),
            ladder=ladder,
            alternatives=alternatives.get(key, []),
            moves=moves.get(key, []),
            trail=trails.get(key, []),
        )
    return found


def trail_weeks(weeks: Sequence[Week]) -> list[Week]:
    """The weeks of a trail, oldest first: those nearest to the last quarters' ends, then the last of `weeks` itself.

    Where none is as old as a quarter, the weeks there are, five at most.
    """
    age = {week: (weeks[-1].monday - week.monday).days // 7 for week in weeks}
    chosen = {weeks[-1]}
    for wanted in TRAIL_WEEKS:
        near = [week for week in weeks if abs(age[week] - wanted) <= TRAIL_TOLERANCE]
        chosen.update(sorted(near, key=lambda week: (abs(age[week] - wanted), week))[:1])
    if len(chosen) == 1:
        chosen.update(weeks[-len(TRAIL_WEEKS) - 1 :])
    return sorted(chosen)


_LADDER: Final = """
with tier as (select * from read_parquet($1))

select
    watched.supplier_id as pair_supplier_id,
    watched.consignee_id as pair_consignee_id,
    tier.*
from tier
inner join watched on tier.supplier_id = watched.supplier_id
where
    tier.customer_rank <= $2
    or tier.consignee_id = watched.consignee_id
    or tier.consignee_id = watched.rival_id
order by watched.supplier_id, watched.consignee_id, tier.customer_rank, tier.consignee_id
"""

_ALTERNATIVES: Final = """
select
    watched.supplier_id as pair_supplier_id,
    watched.consignee_id as pair_consignee_id,
    alternative.* replace (coalesce(alternative.evidence, {evidence}) as evidence)
from {rows} as alternative
inner join watched on alternative.consignee_id = watched.consignee_id
left join dim_supplier as names on alternative.alternative_supplier_id = names.supplier_id
where alternative.alternative_supplier_id <> watched.supplier_id
qualify
    row_number() over (
        partition by watched.supplier_id, watched.consignee_id, alternative.hs4
        order by alternative.rank, alternative.alternative_supplier_id
    ) <= $1
order by
    watched.supplier_id, watched.consignee_id, alternative.hs4, alternative.rank, alternative.alternative_supplier_id
"""

_MOVES: Final = """
select
    watched.supplier_id as pair_supplier_id,
    watched.consignee_id as pair_consignee_id,
    moved.*
from read_parquet($1) as moved
inner join watched on moved.consignee_id = watched.consignee_id and moved.to_supplier_id = watched.supplier_id
qualify
    row_number() over (
        partition by watched.supplier_id, watched.consignee_id
        order by (moved.tier_after <> moved.tier_now) desc, moved.moved_volume desc, moved.hs4, moved.from_supplier_id
    ) <= $2
order by watched.supplier_id, watched.consignee_id, moved.moved_volume desc, moved.hs4, moved.from_supplier_id
"""


def _leverage(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot
) -> tuple[dict[tuple[str, str], Row], dict[tuple[str, str], list[Row]]]:
    rows = rows_of(
        connection,
        "select leverage.supplier_id as pair_supplier_id, leverage.consignee_id as pair_consignee_id, leverage.* "
        f"from {snapshot.rows('fct_leverage_snapshot')} as leverage "
        "inner join watched using (supplier_id, consignee_id) "
        "order by leverage.supplier_id, leverage.consignee_id, leverage.volume_52w desc, leverage.hs4",
    )
    whole = {(row["supplier_id"], row["consignee_id"]): row for row in rows if row["hs4"] == "all"}
    return whole, _grouped([row for row in rows if row["hs4"] != "all"])


def _trails(
    connection: duckdb.DuckDBPyConnection, snapshots_so_far: Sequence[Snapshot]
) -> dict[tuple[str, str], list[tuple[Week, float, float]]]:
    chosen = trail_weeks([item.week for item in snapshots_so_far])
    files = [item.table("fct_leverage_snapshot") for item in snapshots_so_far if item.week in chosen]
    rows = rows_of(
        connection,
        "select supplier_id, consignee_id, as_of_week, power, mutual from read_parquet($1, union_by_name = true) "
        "inner join watched using (supplier_id, consignee_id) "
        "where hs4 = 'all' and power is not null order by supplier_id, consignee_id, as_of_week",
        [files],
    )
    trails: dict[tuple[str, str], list[tuple[Week, float, float]]] = {}
    for row in rows:
        point = (parse_week(row["as_of_week"]), float(row["power"]), float(row["mutual"]))
        trails.setdefault((row["supplier_id"], row["consignee_id"]), []).append(point)
    return trails


def _grouped(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["pair_supplier_id"], row["pair_consignee_id"]), []).append(row)
    return groups
