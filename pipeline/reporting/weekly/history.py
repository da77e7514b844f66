"""What the warehouse adds to a frozen week: names, and the weeks before it, for pictures.

The frozen tables hold one figure for 52 weeks; how it came about is drawn from `int_pair_week`, up to the week. It is
as the warehouse knows it now: records that came after the cut-off may move a bar a little, never a frozen figure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import duckdb

from pipeline.reporting.charts.inputs import BUCKET_WEEKS, MixShare, Slack
from pipeline.reporting.facts.published_week import Row, rows_of
from pipeline.reporting.facts.supplier_past import capacity_start, window_of
from pipeline.reporting.weekly.snapshot import Pair, Snapshot
from pipeline.snapshots.calendar import Week
from pipeline.thresholds import CAPACITY_WEEKS, YEAR_WEEKS

MIX_BUCKETS: Final = 26
"""Two years in bars of four weeks: single weeks of a small supplier are mostly empty, quarters hide when one left."""
SPARK_BUCKETS: Final = 13
"""The 52 weeks, in bars of four."""
MIX_NAMED: Final = 4
"""Other customers with a colour of their own: more colours cannot be distinguished by everybody."""


@dataclass(frozen=True)
class History:
    """The weeks before, of one pair.

    Attributes:
        unit: `teu` or `kg`, of the supplier's frozen row.
        bars: Monday of each bar's first week, of four weeks over two years, oldest first.
        mix: the supplier's customers in them; a bar without a bill has none.
        weekly: the supplier's volume by Monday, over the 156 weeks or since it is seen first.
        slack: its best quarter and its last, None where it is not seen for a year.
        pair: the pair's volume in bars of four weeks over the 52 weeks, oldest first.
    """

    unit: str
    bars: list[date]
    mix: list[MixShare]
    weekly: list[tuple[date, float]]
    slack: Slack | None
    pair: list[float]


def histories(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, units: Mapping[Pair, str]
) -> dict[Pair, History]:
    """The weeks of each pair up to the snapshot's, in the unit given; needs `write_watched_pairs`."""
    monday = snapshot.week.monday
    capacities = _capacities(connection, snapshot)
    rows = rows_of(connection, _WEEKLY, [monday, CAPACITY_WEEKS])
    weekly: dict[str, list[Row]] = {}
    for row in rows:
        weekly.setdefault(row["supplier_id"], []).append(row)
    buckets: dict[str, list[Row]] = {}
    for row in rows_of(connection, _MIX, [monday, MIX_BUCKETS * BUCKET_WEEKS, BUCKET_WEEKS]):
        buckets.setdefault(row["supplier_id"], []).append(row)
    found = {}
    for pair, unit in units.items():
        mix = buckets.get(pair.supplier_id, [])
        volumes = _filled(weekly.get(pair.supplier_id, []), unit, monday)
        slack = capacities.get((pair.supplier_id, unit))
        found[pair] = History(
            unit=unit,
            bars=[_bar_start(monday, ago) for ago in range(MIX_BUCKETS - 1, -1, -1)],
            mix=_mix(mix, pair, unit, monday),
            weekly=volumes,
            slack=slack,
            pair=_pair_bars(mix, pair, unit),
        )
    return found


def _capacities(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> dict[tuple[str, str], Slack]:
    """Best and last window by supplier and unit; empty in weeks published before `fct_supplier_capacity`."""
    if not Path(snapshot.table("fct_supplier_capacity")).exists():
        return {}
    rows = rows_of(
        connection,
        "select capacity.* from read_parquet($1) as capacity where hs4 = 'all' and best_window_156w is not null "
        "and supplier_id in (select supplier_id from watched)",
        [snapshot.table("fct_supplier_capacity")],
    )
    found = {}
    for row in rows:
        weeks = window_of(row)
        best, last = (float(row[name]) / weeks for name in ("best_window_156w", "last_window"))
        found[row["supplier_id"], row["volume_unit"]] = Slack(capacity_start(row), best, last, weeks)
    return found


def named_share(connection: duckdb.DuckDBPyConnection, week: Week) -> float | None:
    """Share of the kilograms of the 52 weeks whose supplier and customer are both named."""
    found = connection.execute(
        "select sum(weight_kg) filter (where supplier_is_named and consignee_is_named)::double "
        "/ nullif(sum(weight_kg)::double, 0) from int_pair_week where week_start_date between $1 and $2",
        [week.before(YEAR_WEEKS - 1).monday, week.monday],
    ).fetchone()
    return found[0] if found else None


def partial_releases(connection: duckdb.DuckDBPyConnection, first: date, last: date) -> int:
    """Number of release days of which an optional table is partial or lacks; the rest of the release is loaded."""
    found = connection.execute(_PARTIAL, [first, last]).fetchone()
    return int(found[0]) if found else 0


_PARTIAL: Final = """
with release as (
    select
        bool_or(outcome in ('loaded', 'unchanged')) as is_loaded,
        bool_or(outcome in ('partial', 'failed', 'incomplete')) as lacks_rows
    from meta_release
    where release_date between $1 and $2
    group by release_date
)
select count(*) from release where is_loaded and lacks_rows
"""

_WEEKLY: Final = """
select
    supplier_key as supplier_id,
    week_start_date,
    sum(coalesce(teu, 0))::double as teu,
    sum(weight_kg)::double as kg
from int_pair_week
where
    supplier_is_named
    and supplier_key in (select supplier_id from watched)
    and week_start_date > $1 - to_days(7 * $2::integer)
    and week_start_date <= $1
group by supplier_key, week_start_date
order by supplier_key, week_start_date
"""

_MIX: Final = """
select
    supplier_key as supplier_id,
    (date_diff('day', week_start_date, $1) // 7 // $3)::integer as bars_ago,
    if(consignee_is_named, consignee_key, 'unnamed') as customer,
    sum(coalesce(teu, 0))::double as teu,
    sum(weight_kg)::double as kg
from int_pair_week
where
    supplier_is_named
    and supplier_key in (select supplier_id from watched)
    and week_start_date > $1 - to_days(7 * $2::integer)
    and week_start_date <= $1
group by all
order by all
"""


def _filled(rows: Sequence[Row], unit: str, monday: date) -> list[tuple[date, float]]:
    """Every week from the first seen to `monday`, weeks without a bill as 0."""
    if not rows:
        return []
    volumes = {row["week_start_date"]: float(row[unit] or 0) for row in rows}
    first = min(volumes)
    weeks = (monday - first).days // 7 + 1
    days = [first + timedelta(weeks=number) for number in range(weeks)]
    return [(day, volumes.get(day, 0.0)) for day in days]


def _mix(rows: Sequence[Row], pair: Pair, unit: str, monday: date) -> list[MixShare]:
    totals: dict[int, float] = {}
    by_customer: dict[str, float] = {}
    for row in rows:
        volume = float(row[unit] or 0)
        totals[row["bars_ago"]] = totals.get(row["bars_ago"], 0.0) + volume
        by_customer[row["customer"]] = by_customer.get(row["customer"], 0.0) + volume
    own = {pair.consignee_id, "unnamed"}
    others = sorted((item for item in by_customer if item not in own), key=lambda item: (-by_customer[item], item))
    if pair.rival_id in others:
        others = [pair.rival_id, *(item for item in others if item != pair.rival_id)]
    shown = {*own, *others[:MIX_NAMED]}
    parts: dict[tuple[int, str], float] = {}
    for row in rows:
        key = (row["bars_ago"], row["customer"] if row["customer"] in shown else "named")
        parts[key] = parts.get(key, 0.0) + float(row[unit] or 0)
    return [
        MixShare(_bar_start(monday, ago), customer, round(volume / totals[ago], 6), volume)
        for (ago, customer), volume in sorted(parts.items(), key=lambda item: (-item[0][0], item[0][1]))
        if totals[ago] > 0 and volume > 0
    ]


def _bar_start(monday: date, ago: int) -> date:
    return monday - timedelta(weeks=BUCKET_WEEKS * (ago + 1) - 1)


def _pair_bars(rows: Sequence[Row], pair: Pair, unit: str) -> list[float]:
    bars = [0.0] * SPARK_BUCKETS
    for row in rows:
        if row["customer"] == pair.consignee_id and row["bars_ago"] < SPARK_BUCKETS:
            bars[SPARK_BUCKETS - 1 - row["bars_ago"]] += float(row[unit] or 0)
    return bars
