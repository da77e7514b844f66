"""A small published week with alerts, in a warehouse and a BI copy that hold the same tables."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

import duckdb

from pipeline.entities.search.find import Hit
from pipeline.settings import Settings
from pipeline.snapshots.calendar import parse_week

WEEK: Final = parse_week("2026-W45")
MONDAY: Final = WEEK.monday
CUT_OFF: Final = date(2026, 11, 22)
HOSTILE: Final = "<b>BIG</b> & \N{RIGHT-TO-LEFT OVERRIDE}=CO\n*LTD*"
"""Markup of several channels and marks that turn or break a line."""
BILLS: Final = """
-- supplier, customer (null: unnamed), bills a week, first and last week before the as-of week, product
select * from (values
    ('sup_a', 'con_us', 2, 59, 0, '9403'), ('sup_a', 'con_big', 3, 59, 8, '9403'), ('sup_a', null, 1, 59, 0, '9403'),
    ('sup_b', 'con_other', 1, 59, 0, '4016'), ('sup_b', 'con_us', 1, 59, 55, '4016'),
    ('sup_c', 'con_c', 1, 9, 0, '8481')
) as bill(supplier, customer, weekly, first_ago, last_ago, hs4)
"""
SHIPMENTS: Final = """
create table fct_shipment as
select
    md5(supplier || coalesce(customer, '') || ago || number) as shipment_id,
    upper(left(md5(supplier || ago || number || coalesce(customer, '')), 12)) as master_bol_number,
    '' as house_bol_number,
    (date '2026-11-02' - to_days(7 * ago::integer) + to_days(number::integer))::date as arrival_date,
    (date '2026-11-02' - to_days(7 * ago::integer))::date as week_start_date,
    supplier as supplier_id,
    customer as consignee_id,
    if(customer is null, 'redacted', 'named') as consignee_visibility,
    1.0::decimal(18, 6) as containers,
    9000.0::decimal(18, 3) as weight_kg,
    false as is_in_transit,
    (date '2026-11-02' - to_days(7 * ago::integer) + to_days(10))::date as first_release_date,
    hs4
from bill, generate_series(last_ago, first_ago) as weeks(ago), generate_series(1, weekly) as numbers(number)
"""
NAMES: Final = {
    "sup_a": "ALPHA WORKS LTD",
    "sup_b": "BETA RUBBER CO",
    "sup_c": "GAMMA VALVES",
    "con_us": "OUR COMPANY INC",
    "con_big": "BIG CO",
    "con_other": "OTHER LLC",
    "con_c": "CEE LLC",
}
ALERT: Final[Mapping[str, Any]] = {
    "alert_type": "customer_lost",
    "severity": "critical",
    "supplier_id": "sup_a",
    "consignee_id": None,
    "driver_consignee_id": None,
    "threshold": "",
    "as_of_week": WEEK.text,
    "window_before_start_date": MONDAY - timedelta(weeks=51),
    "window_before_end_date": MONDAY - timedelta(weeks=8) + timedelta(days=6),
    "window_start_date": MONDAY - timedelta(weeks=7),
    "window_end_date": WEEK.sunday,
    "from_value": 0.5,
    "to_value": 0.0,
    "value_unit": "share",
    "effect": -50.0,
    "effect_low": -56.5,
    "effect_high": -43.0,
    "p_value": None,
    "q_value": None,
    "certainty": "rule",
    "coverage": 0.75,
    "cause_group": None,
    "group_size": 1,
    "alternative_explanation_code": "pause",
    "status": "open",
    "snoozed_until": None,
    "evidence": None,
    "supersedes_alert_id": None,
    "revision": 1,
}
TYPES: Final = {
    **dict.fromkeys(("from_value", "to_value", "effect", "effect_low", "effect_high"), "double"),
    **dict.fromkeys(("p_value", "q_value", "coverage"), "double"),
    **dict.fromkeys([name for name in ALERT if name.endswith("_date") or name == "snoozed_until"], "date"),
    "group_size": "bigint",
    "revision": "integer",
}


class Names:
    """Stands in for the search by name: one company by its whole name or id, else all whose name holds the text."""

    def find(self, text: str, kind: str | None = None, limit: int = 10) -> list[Hit]:
        prefix = {"supplier": "sup_", "consignee": "con_", None: ""}[kind]
        known = {key: name for key, name in NAMES.items() if key.startswith(prefix)}
        exact = [key for key, name in known.items() if text.upper() in (name, key.upper())]
        near = [key for key, name in known.items() if text.upper() in name and key not in exact]
        scored = [(key, 1.0) for key in exact] + [(key, 0.9) for key in near]
        return [
            Hit(
                key,
                "supplier" if key.startswith("sup") else "consignee",
                known[key],
                "trader",
                None,
                known[key],
                "",
                1,
                s,
            )
            for key, s in scored[:limit]
        ]


def alert(alert_id: str, **given: Any) -> dict[str, Any]:
    """A row of `fct_alert`: a lost customer unless said otherwise."""
    unknown = set(given) - set(ALERT)
    assert not unknown, unknown
    return {"alert_id": alert_id, **ALERT, **given}


def freeze(settings: Settings) -> None:
    """Make the week's snapshot, as far as states look at it: its alerts, their running episodes."""
    folder = settings.snapshots_dir / WEEK.text / "r1"
    folder.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        for table, columns in (("fct_alert", "* exclude (status, snoozed_until)"), ("alert_episode", "alert_id")):
            path = folder / f"{table}.parquet"
            connection.execute(f"copy (select {columns} from fct_alert) to '{path}' (format parquet)")
    (folder / "manifest.json").write_text("{}")


def publish(settings: Settings, *alerts: Mapping[str, Any], names: Mapping[str, str] = NAMES) -> None:
    """Make the warehouse and its BI copy."""
    settings.bi_dir.mkdir(parents=True, exist_ok=True)
    settings.warehouse_path.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(f"create temp table bill as {BILLS}")
        connection.execute(SHIPMENTS)
        connection.execute(
            "create table fct_shipment_product as select shipment_id, hs4, 1.0 as fraction from fct_shipment"
        )
        connection.execute(
            "create table fct_pair_weekly as select supplier_id, consignee_id, week_start_date, count(*) as bills "
            "from fct_shipment where consignee_id is not null group by all"
        )
        for kind, column in (("supplier", "sup_"), ("consignee", "con_")):
            connection.execute(f"create table dim_{kind} ({kind}_id varchar, {kind}_name varchar)")
            rows = [[key, name] for key, name in names.items() if key.startswith(column)]
            connection.executemany(f"insert into dim_{kind} values (?, ?)", rows)
        connection.execute(TIERS)
        connection.execute(
            "create table meta_publish as select * from (values (null, null, date '2026-11-24', date '2026-11-08'), "
            "('2026-W40', 1, date '2026-10-18', date '2026-10-04'), "
            "('2026-W44', 1, date '2026-11-15', date '2026-11-01'),"
            f"('2026-W45', 1, date '{CUT_OFF}', date '2026-11-08')"
            ") as meta(as_of_week, revision, newest_release_date, closed_through_date)"
        )
        connection.execute("create table asof_week as select '2026-W45' as as_of_week, 2900 as week_number")
        connection.execute("create table week_past as select 2841 as first_week")
        columns = ", ".join(f"{name} {TYPES.get(name, 'varchar')}" for name in ("alert_id", *ALERT))
        connection.execute(f"create table fct_alert ({columns})")
        if alerts:
            marks = ", ".join("?" * (len(ALERT) + 1))
            connection.executemany(f"insert into fct_alert values ({marks})", [list(row.values()) for row in alerts])
            connection.execute(EVIDENCE)
    shutil.copy(settings.warehouse_path, settings.bi_path)


EVIDENCE: Final = """
update fct_alert as alert
set evidence = made.evidence
from (
    select
        alert.alert_id,
        to_json({
            bills_in_all: count(bill.shipment_id),
            bills: coalesce(list(bill.shipment_id order by bill.arrival_date desc, bill.shipment_id)[:20], []),
            query: concat($$select * from fct_shipment where supplier_id = '$$, alert.supplier_id, $$'$$)
        })::varchar as evidence
    from fct_alert as alert
    left join fct_shipment as bill
        on bill.supplier_id = alert.supplier_id
        and (alert.consignee_id is null or bill.consignee_id = alert.consignee_id)
        and bill.week_start_date between alert.window_before_start_date and alert.window_end_date
    group by alert.alert_id, alert.supplier_id
) as made
where alert.alert_id = made.alert_id
"""
TIERS: Final = """
create table fct_tier as
select * from (values
    ('2026-W40', 'sup_a', 'con_us', 0.30::double, 2, 'A'), ('2026-W45', 'sup_a', 'con_us', 0.36, 1, 'A'),
    ('2026-W40', 'sup_a', 'con_big', 0.50, 1, 'A'), ('2026-W45', 'sup_a', 'con_big', 0.41, 2, 'A')
) as tier(as_of_week, supplier_id, consignee_id, share_of_supplier, customer_rank, tier);
create table fct_leverage_snapshot as
select as_of_week, supplier_id, consignee_id, 'all' as hs4, customer_rank * -0.1::double as power from fct_tier
"""
