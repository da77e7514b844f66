"""Each data test of the weekly models passes on a good week and fails on a broken one; contracts match the tables."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import UNIT_TESTS, WEEKLY_TAG, common_arguments, dbt_paths
from pipeline.warehouse.dbt_manifest import load_manifest
from pipeline.warehouse.dbt_runner import DbtError, run_dbt
from tests.dbt.story import DAYS
from tests.dbt.world import build_week, rows

WEEK = AsOf.of(date(2026, 3, 2), DAYS[-2])
COMPUTED = (
    "reason_code = null, power = 0.1, mutual = 0.5, depends_supplier = 0.3, depends_buyer = 0.2, "
    "contribution_supplier_share = 0.1, contribution_customer_substitutability = 0, contribution_buyer_share = 0, "
    "contribution_supplier_substitutability = 0, posture = 'compare', "
    "question_id = 'compare_other', share_of_supplier = 0.3, share_of_supplier_low = 0.3, "
    "share_of_supplier_high = 0.4, share_of_buyer = 0.3, share_of_buyer_low = 0.3, share_of_buyer_high = 0.4, "
    "power_low = 0, power_high = 0.2, mutual_low = 0.4, mutual_high = 0.6, posture_first = 'compare', "
    "posture_second = null"
)
LOST = (
    "event = 'lost', certainty = 'rule', share_before = 0.5, share_after = 0, since_week = '2026-W08', "
    "until_week = null, as_of_week = '2026-W10'"
)
LONG_SEEN = (
    "last_window = 2, best_window_52w = 5, best_window_156w = 5, slack_156w = 3, slack_ratio_52w = 0.4, "
    "best_window_156w_end = date '2025-03-09'"
)
TIERED = (
    "reason_code = null, tier = 'B', next_tier = 'A', gap_to_next_tier = 1, share_of_supplier = 0.2, "
    "share_of_supplier_low = 0.2, share_of_supplier_high = 0.3, tier_low = 'C', tier_high = 'A'"
)
ALERTED = (
    "alert_type = 'customer_lost', severity = 'info', certainty = 'rule', supersedes_alert_id = null, "
    "window_before_start_date = date '2025-03-03', window_before_end_date = date '2025-03-09', "
    "window_start_date = date '2025-03-10', window_end_date = date '2025-03-16', effect = 1, effect_low = 1, "
    "effect_high = 1, value_unit = 'share', from_value = 1, to_value = 1, group_size = 1, cause_group = null, "
    "alternative_explanation_code = 'pause', evidence = '{\"query\":\"select 1\"}'"
)
FAULTS = {
    "asof_week": ("week_start_date = week_start_date + 1", "cut_off = week_start_date", "as_of_week = '2026-W01'"),
    "week_supplier": (
        "volume = volume + 1",
        "forwarded_volume = unnamed_volume + 1",
        "top_consignee_key = case when customers = 0 then 1 end",
        "effective_shipments = 0.5",
    ),
    "week_pair_share": ("growth_ratio = 1.5",),
    "snap_supplier_capacity": (
        f"{LONG_SEEN}, best_window_156w = 4",
        f"{LONG_SEEN}, slack_156w = 4",
        f"{LONG_SEEN}, slack_ratio_52w = 2",
    ),
    "snap_tier": (
        f"{TIERED}, share_of_supplier_high = 0.1",
        f"{TIERED}, reason_code = 'no_volume'",
        f"{TIERED}, tier_low = 'A', tier_high = 'A'",
        f"{TIERED}, tier = 'E'",
        f"{TIERED}, next_tier = null, gap_to_next_tier = null",
        f"{TIERED}, gap_to_next_tier = null",
        f"{TIERED}, customer_rank = 0",
        f"{TIERED}, bills_52w = 0",
        f"{TIERED}, ratio_to_top = 2",
        f"{TIERED}, first_bill_date = last_bill_date + 1",
        f"{TIERED}, volume_52w = -1",
        f"{TIERED}, tier = null, next_tier = null, gap_to_next_tier = null, reason_code = 'unheard_of'",
    ),
    "snap_leverage_snapshot": (
        f"{COMPUTED}, share_of_supplier_low = 0.35",
        f"{COMPUTED}, share_of_buyer_high = 0.1",
        f"{COMPUTED}, interval_low = interval_high",
        f"{COMPUTED}, share_basis = null",
        f"{COMPUTED}, share_basis = 'product', volume_52w = 0",
        f"{COMPUTED}, depends_buyer = null",
        f"{COMPUTED}, posture = null",
        f"{COMPUTED}, contribution_supplier_share = 0.2",
        f"{COMPUTED}, depends_supplier = 0.6",
        f"{COMPUTED}, interval_low = -0.1",
        f"{COMPUTED}, alternatives = -1",
        f"{COMPUTED}, reason_code = 'unheard_of', power = null, mutual = null, depends_supplier = null, "
        "depends_buyer = null, posture = null, question_id = null",
        f"{COMPUTED}, depends_supplier = 1, depends_buyer = -1, power = 2, mutual = 0",
        f"{COMPUTED}, growth_ratio = 1.5",
        f"{COMPUTED}, power_low = 0.9",
        f"{COMPUTED}, posture = 'undetermined', posture_second = null",
        f"{COMPUTED}, alternatives_seen = 0, alternatives = 3",
        f"{COMPUTED}, no_alt_suppliers_visible = true, alternatives_seen = 1, alternatives = 1, "
        "alternatives_grade_b = 0, alternatives_grade_c = 0",
    ),
    "week_candidate": (
        "spare_quarter = 0, customers_52w = 2, only_customer_id = null",
        "text_draw = 0",
        "customers_52w = 1, only_customer_id = null",
    ),
    "week_alternative_count": ("grade_a = -1",),
    "snap_alternative": (
        "grade = 'A', spare_capacity = 1, need = 2",
        "grade = 'D'",
        "rank = 0",
        "similarity = 2",
    ),
    "week_activity": ("bills = 0", "market_index = 101"),
    "snap_alert_episode": ("phase = 'over'", "phase = 'open', notified_week = null"),
    "snap_alert": (
        f"{ALERTED}, alert_type = 'unheard_of'",
        f"{ALERTED}, p_value = 2",
        f"{ALERTED}, severity = 'grave'",
        f"{ALERTED}, certainty = 'maybe'",
        f"{ALERTED}, supersedes_alert_id = 'x'",
        f"{ALERTED}, window_end_date = date '2025-03-09'",
        f"{ALERTED}, effect_low = 2",
        f"{ALERTED}, to_value = 2",
        f"{ALERTED}, group_size = 2",
        f"{ALERTED}, alternative_explanation_code = ''",
    ),
    "snap_customer_event": (
        f"{LOST}, event = 'unheard_of'",
        f"{LOST}, certainty = 'maybe'",
        f"{LOST}, share_before = 2",
        f"{LOST}, since_week = '2026-W12'",
        f"{LOST}, share_after = 0.5",
    ),
    "snap_consolidation": (
        "from_supplier_id = to_supplier_id",
        "share_after = 1.5",
        "tier_now = 'A', tier_after = 'B'",
        "tier_now = 'E', tier_after = 'E'",
        "moved_volume = -1",
    ),
}
DOUBLED = (
    "late_shipment",
    "late_identifier",
    "late_bill",
    "week_volume",
    "week_supplier_entity",
    "week_consignee_entity",
)
DOUBLED += ("week_buyer", "week_pair_share", "week_product_share", "week_ladder", "week_product")
DOUBLED += ("week_supplier", "week_range", "week_supplier_product", "week_uncertain_bill", "week_refill_event")
DOUBLED += ("snap_tier", "snap_consolidation", "snap_leverage_snapshot")
DOUBLED += (
    "week_product_unit",
    "snap_supplier_capacity",
    "week_candidate",
    "week_need",
    "week_experience",
    "week_word",
)
DOUBLED += ("week_firm_word", "week_likeness", "week_alternative_own")
DOUBLED += ("week_alternative", "week_alternative_count", "snap_alternative")
DOUBLED += ("week_activity", "week_likely_same", "week_open_episode")
DOUBLED += ("week_silent", "week_finding", "week_news", "snap_customer_event", "snap_alert_episode", "snap_alert")
ONE_EACH = "_has_one_row_each"
SINGULAR = ("alerts_are_raised_once", "rows_do_not_drop", "shares_do_not_exceed_the_whole")
"""Tests over several tables, in dbt_project/tests/snapshot."""


@pytest.fixture
def week(reference: Settings, settings: Settings) -> Settings:
    """The story with the candidate of a week, its tests passed."""
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)
    results = build_week(settings, WEEK.week_start, WEEK.cut_off).results
    assert {str(result.status) for result in results} == {"success", "pass"}
    return settings


def data_tests_of(settings: Settings) -> dict[str, dict[str, Any]]:
    return {
        node["name"]: node
        for node in load_manifest(settings)["nodes"].values()
        if node["resource_type"] == "test" and "snapshot" in node["fqn"] and node["fqn"][1] != "seeds"
        if str(node.get("attached_node")).startswith("model.")
    }


def filled(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """A row in a table that has none in so small a world."""
    made = {"VARCHAR": "'x'", "BOOLEAN": "true", "DATE": "date '2026-03-02'"}
    columns = connection.execute(f"describe {table}").fetchall()
    values = ", ".join(made.get(kind, "1") for _, kind, *_ in columns)
    connection.execute(f"insert into {table} select {values} where not exists (from {table})")


def broken(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """As many rows as there are faults, each with one of them, beside the good ones."""
    rows_there = connection.execute(f"select count(*) from {table}").fetchone()
    assert rows_there is not None
    assert rows_there[0], f"{table} is empty"
    while rows_there[0] < len(FAULTS[table]):
        connection.execute(f"insert into {table} select * from {table}")
        rows_there = connection.execute(f"select count(*) from {table}").fetchone()
        assert rows_there is not None
    places = [place for (place,) in connection.execute(f"select rowid from {table} order by 1").fetchall()]
    for place, fault in zip(places, FAULTS[table], strict=False):
        assigned = dict(part.split(" = ", 1) for part in fault.split(", "))
        changes = ", ".join(f"{name} = {value}" for name, value in assigned.items())
        connection.execute(f"update {table} set {changes} where rowid = {place}")


def freeze_many_rows(week: Settings) -> None:
    """A frozen week with many more rows than the computed one."""
    folder = week.snapshots_dir / "2026-W09" / "r1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").touch()
    with duckdb.connect() as connection:
        many = connection.execute("select 's' as supplier_id from range(1000)").to_arrow_table()
    pq.write_table(many, folder / "fct_tier.parquet")


def test_every_weekly_data_test_fails_on_what_it_is_for(week: Settings) -> None:
    with warehouse(week, read_only=False) as connection:
        for table in FAULTS:
            filled(connection, table)
            broken(connection, table)
        for table in DOUBLED:
            filled(connection, table)
            connection.execute(f"insert into {table} select * from {table} limit 1")
        connection.execute("update late_shipment_container set containers = containers * 2")
        connection.execute("update asof_product set fraction = 0.9")
        connection.execute("update snap_tier set share_of_supplier = 2, share_of_supplier_high = 2")
        filled(connection, "week_earlier_alert")
        connection.execute("update snap_alert set alert_id = 'x'")
        connection.execute(
            "update week_earlier_alert set alert_id = 'x', is_of_this_week = false, is_taken_back = false"
        )
    freeze_many_rows(week)
    arguments = ["test", *common_arguments(dbt_paths(week)), "--select", WEEKLY_TAG, "--exclude", UNIT_TESTS]
    with pytest.raises(DbtError) as error:
        run_dbt(week, arguments, as_of=WEEK)
    results = {result.node.name: result for result in error.value.results}
    assert {name: str(results[name].status) for name in SINGULAR} == dict.fromkeys(SINGULAR, "fail")
    expected = data_tests_of(week)
    assert len(expected) > 25
    assert [name for name in expected if str(results[name].status) != "fail"] == []
    for name, node in expected.items():
        if name.endswith("_rows_are_valid"):
            conditions = node["test_metadata"]["kwargs"]["expressions"]
            assert results[name].failures == len(conditions), name
            assert len(FAULTS[name.removesuffix("_rows_are_valid")]) == len(conditions)


def test_every_weekly_table_with_a_grain_is_doubled(shared_home: Settings) -> None:
    grains = {name.removesuffix(ONE_EACH) for name in data_tests_of(shared_home) if name.endswith(ONE_EACH)}
    assert grains == set(DOUBLED)


def test_what_the_contracts_say_is_what_is_built(week: Settings) -> None:
    nodes = load_manifest(week)["nodes"].values()
    agreed = [
        node for node in nodes if node["resource_type"] == "model" and "weekly" in node["tags"] and node["columns"]
    ]
    assert len(agreed) >= 8
    for node in agreed:
        documented = [(name, column["data_type"].lower()) for name, column in node["columns"].items()]
        built = [(row["column_name"], row["column_type"].lower()) for row in rows(week, f"describe {node['name']}")]
        assert documented == built, node["name"]
        assert all(column["description"] for column in node["columns"].values())


def test_the_last_tier_is_that_of_the_newest_revision_before(week: Settings) -> None:
    frozen = {
        ("2026-W08", 1): "A",
        ("2026-W09", 1): "B",
        ("2026-W09", 10): "C",
        ("2026-W09", 2): "D",
        ("2026-W10", 1): "A",
    }
    with duckdb.connect() as connection:
        for (name, revision), tier in frozen.items():
            folder = Path(week.home / "snapshots" / name / f"r{revision}")
            folder.mkdir(parents=True)
            row = f"select 's' as supplier_id, '{tier}' as tier, 'b' as consignee_id, 'm1' as er_version"
            pq.write_table(connection.execute(row).to_arrow_table(), folder / "fct_tier.parquet")
    assert WEEK.week == "2026-W10"
    build_week(week, WEEK.week_start, WEEK.cut_off, tests=False)
    assert rows(week, "from week_last_tier") == [{"supplier_id": "s", "consignee_id": "b", "tier": "C"}]


def test_choices_give_bills_without_a_code_their_product(week: Settings) -> None:
    unknown = "select count(*) as n from asof_product where hs_source = 'none'"
    before = rows(week, unknown)[0]["n"]
    assert before
    folder = week.home / "weekly"
    folder.mkdir()
    with warehouse(week) as connection:
        choices = connection.execute(
            "select distinct text_key, coalesce(supplier_id, '') as supplier_id, 'none' as recorded_source, "
            "'' as recorded_hs4, '6913' as hs4, 0.9 as probability from asof_shipment where description = 'VASES'"
        ).to_arrow_table()
    pq.write_table(choices, folder / "product_choices.parquet")
    build_week(week, WEEK.week_start, WEEK.cut_off, tests=False)
    found = "select hs4, count(*) as n from asof_product where hs_source = 'text_model' group by all"
    (chosen,) = rows(week, found)
    assert chosen["hs4"] == "6913"
    assert rows(week, unknown)[0]["n"] == before - chosen["n"]
    assert rows(week, "select count(*) as n from snap_leverage_snapshot where hs4 = '6913'")[0]["n"]


def test_a_week_must_be_named(reference: Settings, settings: Settings) -> None:
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)
    arguments = ["run", *common_arguments(dbt_paths(settings)), "--select", "asof_week"]
    with pytest.raises(DbtError, match="LEVERAGE_WEEK_START is not set"):
        run_dbt(settings, arguments)
