"""A home with candidate tables of a few rows, beside the journal and the registry that a freeze reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipeline.entities.registry import write_batch
from pipeline.settings import Settings, load_settings
from pipeline.snapshots.calendar import Week, week_of
from pipeline.snapshots.freeze import TABLES
from tests.entities.decided import decision, decisions, entities, entity

WEEK = week_of(date(2026, 3, 4))
LATENESS = 14
CUT_OFF = WEEK.cut_off(LATENESS)
FIRST = date(2026, 2, 23)
Row = dict[str, Any]


def home(path: Path) -> Settings:
    """Settings of a home with a loaded and built feed up to the cut-off of `WEEK`."""
    settings = load_settings(home=path, threads=2, memory_limit="1GB")
    write_batch(
        settings,
        decisions(decision(1, "ALPHA MILLS")),
        entities(entity("ALPHA MILLS")),
        model="m1",
        release_days={FIRST: "v1"},
    )
    load(settings, days(FIRST, CUT_OFF))
    return settings


def days(first: date, last: date) -> list[date]:
    """The days between, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def journal_line(
    settings: Settings, day: date, outcome: str, *, version: str | None = "v1", at: date | None = None
) -> None:
    """A line of the release journal, written on `at` (or the day after `day`)."""
    path = settings.outcomes_path
    path.parent.mkdir(parents=True, exist_ok=True)
    seq = sum(1 for _ in path.open()) + 1 if path.exists() else 1
    moment = datetime.combine(at or day + timedelta(days=1), datetime.min.time(), UTC)
    line = {
        **dict.fromkeys(("rows_in", "rows_loaded", "rows_quarantined", "bytes", "sha256", "url", "raw_version")),
        **{"seq": seq, "release_date": str(day), "table_name": "header", "file_name": "h", "outcome": outcome},
        **{"reason": None if outcome == "loaded" else "disk full", "finished_at": moment.isoformat()},
        "raw_version": version if outcome == "loaded" else None,
    }
    with path.open("a") as file:
        file.write(json.dumps(line) + "\n")


def load(settings: Settings, some: Sequence[date], version: str = "v1") -> None:
    """Journal and build releases, one record a day."""
    for day in some:
        journal_line(settings, day, "loaded", version=version)
    with connected(settings) as connection:
        for table, columns in (
            ("int_record", "identifier bigint, release_date date, run_date date, weight_kg integer"),
            ("int_record_container", "identifier bigint, release_date date, container_number varchar"),
            ("int_record_hs", "identifier bigint, release_date date, hs_code varchar"),
            ("int_record_notify", "identifier bigint, release_date date, run_date date"),
            ("int_release_applied", "release_date date, raw_version varchar"),
            ("int_batch_applied", "batch bigint"),
        ):
            connection.execute(f"create table if not exists {table} ({columns})")
        connection.execute("delete from int_batch_applied")
        connection.execute("insert into int_batch_applied values (1)")
        for day in some:
            connection.execute("delete from int_release_applied where release_date = ?", [day])
            connection.execute("insert into int_release_applied values (?, ?)", [day, version])
            record(connection, day, day)


def record(connection: duckdb.DuckDBPyConnection, run_date: date, release_date: date, weight_kg: int = 1) -> None:
    """The one record of a run date, as a release has it."""
    key = int(f"{run_date:%Y%m%d}1")
    connection.execute("delete from int_record where identifier = ?", [key])
    connection.execute("insert into int_record values (?, ?, ?, ?)", [key, release_date, run_date, weight_kg])


def leverage_row(week: Week, **changes: Any) -> Row:
    """A row of one customer with a tenth of its supplier, who has no other source: bounds, interval and all."""
    measures: Row = {
        "supplier_id": "sup_a",
        "consignee_id": "con_a",
        "hs4": "all",
        "volume_52w": 100.0,
        "volume_unit": "kg",
        "supplier_volume_52w": 1000.0,
        "unnamed_volume_52w": 50.0,
        "bills_52w": 20,
        "share_of_supplier": 0.1,
        "share_of_supplier_low": 0.1,
        "share_of_supplier_high": 0.15,
        "share_of_buyer": 1.0,
        "share_of_buyer_low": 1.0,
        "share_of_buyer_high": 1.0,
        "alternatives": 4,
        "supplier_substitutability": 4 / 6,
        "customer_substitutability": 0.5,
        "interval_low": 0.05,
        "interval_high": 0.2,
        "no_alt_suppliers_visible": False,
        "no_second_source": True,
        "posture": "compare",
        "coverage": 0.9,
        "both_hidden_share": 0.1,
        "reason_code": None,
    } | changes
    x, customer_substitutability, s, supplier_substitutability = (
        measures[name]
        for name in ("share_of_supplier", "customer_substitutability", "share_of_buyer", "supplier_substitutability")
    )
    depends_supplier, depends_buyer = x * (1 - customer_substitutability), s * (1 - supplier_substitutability)
    figures: Row = {
        "depends_supplier": depends_supplier,
        "depends_buyer": depends_buyer,
        "power": depends_supplier - depends_buyer,
        "mutual": depends_supplier + depends_buyer,
        "contribution_supplier_share": x - x * customer_substitutability / 2,
        "contribution_customer_substitutability": -x * customer_substitutability / 2,
        "contribution_buyer_share": -(s - s * supplier_substitutability / 2),
        "contribution_supplier_substitutability": s * supplier_substitutability / 2,
    }
    stamps = {"as_of_week": week.text, "er_version": "m1-000001", "ruleset_version": "1.0"}
    return measures | figures | stamps | changes


def tier_row(week: Week, **changes: Any) -> Row:
    """The tier of the same customer."""
    return {
        "as_of_week": week.text,
        "supplier_id": "sup_a",
        "consignee_id": "con_a",
        "volume_52w": 100.0,
        "volume_unit": "kg",
        "share_of_supplier": 0.1,
        "share_of_supplier_low": 0.1,
        "share_of_supplier_high": 0.15,
        "customer_rank": 1,
        "customers": 2,
        "tier": "B",
        "volume_band": 100,
        "gap_to_next_tier": 200.0,
        "reason_code": None,
    } | changes


def alternative_row(week: Week, **changes: Any) -> Row:
    """One alternative of the same customer."""
    return {
        "as_of_week": week.text,
        "consignee_id": "con_a",
        "hs4": "6910",
        "alternative_supplier_id": "sup_b",
        "rank": 1,
        "reason": "same city",
        "already_supplies": False,
        "spare_capacity": 10.0,
        "similarity": 0.8,
        "evidence": "7 bills",
    } | changes


def consolidation_row(week: Week, **changes: Any) -> Row:
    """What moving one supplier's volume to another would do."""
    return {
        "as_of_week": week.text,
        "consignee_id": "con_a",
        "hs4": "6910",
        "from_supplier_id": "sup_b",
        "to_supplier_id": "sup_a",
        "moved_volume": 5.0,
        "volume_unit": "kg",
        "share_after": 0.12,
        "tier_now": "B",
        "tier_after": "B",
    } | changes


def alert_row(week: Week, **changes: Any) -> Row:
    """A customer that was lost."""
    return {
        "as_of_week": week.text,
        "alert_id": "0" * 64,
        "alert_type": "customer_lost",
        "severity": "warning",
        "supplier_id": "sup_a",
        "consignee_id": "con_a",
        "threshold": "",
        "window_before_start_date": week.before(60).monday,
        "window_before_end_date": week.before(9).sunday,
        "window_start_date": week.before(8).monday,
        "window_end_date": week.sunday,
        "from_value": 0.3,
        "to_value": 0.0,
        "value_unit": "share",
        "effect": -30.0,
        "effect_low": -40.0,
        "effect_high": -20.0,
        "p_value": 0.01,
        "q_value": 0.02,
        "certainty": "rule",
        "coverage": 0.9,
        "alternative_explanation_code": "pause",
        "evidence": '{"query":"select 1"}',
        "supersedes_alert_id": None,
    } | changes


def episode_row(week: Week, **changes: Any) -> Row:
    """Its episode."""
    return {"as_of_week": week.text, "alert_id": "0" * 64, "phase": "open"} | changes


def capacity_row(week: Week, **changes: Any) -> Row:
    """A supplier at two fifths of its best quarter."""
    return {
        "as_of_week": week.text,
        "supplier_id": "sup_a",
        "hs4": "all",
        "window_weeks": 13,
        "volume_unit": "kg",
        "weeks_seen": 156,
        "last_window": 40.0,
        "best_window_52w": 80.0,
        "best_window_156w": 100.0,
        "best_window_156w_end": week.before(80).sunday,
        "slack_ratio_52w": 0.5,
        "slack_156w": 60.0,
    } | changes


def event_row(week: Week, **changes: Any) -> Row:
    """A lost customer."""
    return {
        "as_of_week": week.text,
        "supplier_id": "sup_a",
        "consignee_id": "con_a",
        "event": "lost",
        "since_week": week.before(8).text,
        "until_week": None,
        "share_before": 0.3,
        "share_after": 0.0,
        "certainty": "rule",
    } | changes


MAKERS = {
    "fct_tier": tier_row,
    "fct_alternative": alternative_row,
    "fct_leverage_snapshot": leverage_row,
    "fct_consolidation": consolidation_row,
    "fct_supplier_capacity": capacity_row,
    "fct_customer_event": event_row,
    "fct_alert": alert_row,
    "alert_episode": episode_row,
}


def candidate(settings: Settings, week: Week = WEEK, **rows: Sequence[Mapping[str, Any]]) -> None:
    """Make the candidate tables: for each table the changes of each row, or one plain row."""
    with connected(settings) as connection:
        connection.execute("create or replace table week_rule as select '1.0' as ruleset_version")
        connection.execute("create or replace table asof_week as select ?::date as cut_off", [week.cut_off(LATENESS)])
        for name, table in TABLES.items():
            make = MAKERS[name]
            _write(connection, table.model, [make(week, **changes) for changes in rows.get(name, [{}])], make(week))


def connected(settings: Settings) -> closing[duckdb.DuckDBPyConnection]:
    """The warehouse, to write to."""
    return closing(duckdb.connect(str(settings.warehouse_path)))


def _write(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row], plain: Row) -> None:
    types = {str: "varchar", bool: "boolean", int: "bigint", float: "double", date: "date", type(None): "varchar"}
    columns = ", ".join(f'"{column}" {types[type(value)]}' for column, value in plain.items())
    connection.execute(f'create or replace table "{name}" ({columns})')
    for row in rows:
        connection.execute(f'insert into "{name}" values ({", ".join("?" * len(plain))})', [row[c] for c in plain])
