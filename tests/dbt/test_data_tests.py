"""Each data test of the project passes on good tables (the reference is built with them) and fails on broken ones."""

from __future__ import annotations

import shutil
from datetime import date
from typing import Any

import pytest

from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.dbt_arguments import audit_arguments, dbt_paths
from pipeline.warehouse.dbt_manifest import load_manifest
from pipeline.warehouse.dbt_runner import DbtError, run_dbt
from tests.dbt.story import numbered
from tests.dbt.world import Bill, build, write_release

HIDDEN_SUPPLIER = "supplier_visibility = 'redacted', supplier_id = 'sup_shown'"
HIDDEN_CONSIGNEE = "consignee_visibility = 'redacted', consignee_id = 'con_shown'"
SHIPMENT_FAULTS = (
    "identifier = null",
    "week_start_date = date '2026-03-03', arrival_date = date '2026-03-03'",
    "week_start_date = date '2026-03-02', arrival_date = date '2026-03-02', arrival_is_suspect = true",
    HIDDEN_SUPPLIER,
    HIDDEN_CONSIGNEE,
    "supplier_visibility = 'named', supplier_id = null",
    "consignee_visibility = 'named', consignee_id = null",
    "consignee_visibility = 'forwarder', consignee_is_notify_party = true",
    "supplier_visibility = 'seen'",
    "sized_weight_kg = weight_kg + 1",
    "teu = 1, containers = 0",
    "record_status = 'Deleted'",
    "versions = 0",
)
WEEKLY_FAULTS = (
    "redacted_share = 1.5",
    "hhi = 0.00001",
    "top_share = 0.5, top_{other}_id = null",
    "named_{other}s = 99",
)
SUPPLIER_FAULTS = ("new_consignees = 99", "silent_consignees = -1")
ENTITY_FAULTS = ("first_seen_date = date '2100-01-01'", "role = 'friend'", "spellings = 0", "confidence = 2")
SPELLING_FAULTS = ("method = null", "role = 'none', entity_id = 'con_shown'")
RELEASE_FAULTS = ("rows_loaded = 999", "outcome = 'lost'", "outcome = 'loaded', rows_in = null")
EXPORT_FAULTS = (
    "insert into meta_scope (export_id, scope_kind, rows_in, rows_loaded, rows_quarantined) "
    "values ('a', 'all', 2, 1, 0), ('b', 'a shoe', 0, 0, 0)",
    "insert into meta_conflict (bill_number, kept_value, other_value) values ('A', 'x', 'x')",
)
"""The tables are empty in a home with a feed."""
SINGULAR = (
    "delete from int_record where identifier = (select min(identifier) from int_record)",
    "update int_shipment_container set containers = containers / 2",
    "update fct_shipment set containers = containers + 1",
    "update fct_supplier_weekly set bills = bills + 1",
    "update fct_consignee_weekly set hhi = hhi / 2",
    "update fct_shipment_product set fraction = 0.9",
)


def each_on_its_own_row(table: str, faults: tuple[str, ...]) -> list[str]:
    """One fault in each of the table's first rows that have a weight where there is one."""
    return [f"update {table} set {fault} where rowid = {n}" for n, fault in enumerate(faults)]


@pytest.fixture
def broken(reference: Settings, settings: Settings) -> Settings:
    """The reference with every kind of fault in it."""
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)
    weekly = {
        side: tuple(fault.format(other=other) for fault in WEEKLY_FAULTS)
        for side, other in (("supplier", "consignee"), ("consignee", "supplier"))
    }
    with warehouse(settings, read_only=False) as connection:
        for statement in (
            *SINGULAR,
            "update fct_shipment set weight_kg = 1, sized_weight_kg = 0",
            *each_on_its_own_row("fct_shipment", SHIPMENT_FAULTS),
            *each_on_its_own_row("fct_supplier_weekly", weekly["supplier"] + SUPPLIER_FAULTS),
            *each_on_its_own_row("fct_consignee_weekly", weekly["consignee"]),
            *each_on_its_own_row("dim_supplier", ENTITY_FAULTS),
            *each_on_its_own_row("dim_consignee", ENTITY_FAULTS),
            *each_on_its_own_row("int_party_name_variant", SPELLING_FAULTS),
            *each_on_its_own_row("meta_release", RELEASE_FAULTS),
            *EXPORT_FAULTS,
            *(f"insert into {table} select * from {table} limit 1" for table in tables_with_a_unique_key(settings)),
        ):
            connection.execute(statement)
    return settings


def data_tests_of(settings: Settings) -> dict[str, dict[str, Any]]:
    """The data tests of marts and intermediate models, and the singular ones; those of weeks are in
    test_weekly_data_tests."""
    return {
        node["name"]: node
        for node in load_manifest(settings)["nodes"].values()
        if node["resource_type"] == "test"
        and not str(node.get("attached_node")).startswith("seed.")
        and not {"snapshot", "published"} & set(node["fqn"])
    }


def tables_with_a_unique_key(settings: Settings) -> list[str]:
    return [
        name.removesuffix("_has_one_row_each") for name in data_tests_of(settings) if name.endswith("_has_one_row_each")
    ]


def test_every_data_test_fails_on_what_it_is_for(broken: Settings) -> None:
    with pytest.raises(DbtError) as error:
        run_dbt(broken, audit_arguments(dbt_paths(broken)))
    results = {result.node.name: result for result in error.value.results}
    expected = data_tests_of(broken)
    assert len(expected) > 30
    assert [name for name in expected if str(results[name].status) != "fail"] == []


def test_every_condition_of_a_table_can_break(broken: Settings) -> None:
    with pytest.raises(DbtError) as error:
        run_dbt(broken, [*audit_arguments(dbt_paths(broken)), "--select", "test_name:expression_is_true"])
    found = {result.node.name: result.failures for result in error.value.results}
    expected = {
        name: len(node["test_metadata"]["kwargs"]["expressions"])
        for name, node in data_tests_of(broken).items()
        if name.endswith("_rows_are_valid")
    }
    assert found == expected


@pytest.mark.full
def test_a_night_leaves_old_rows_to_the_audit(reference: Settings, settings: Settings) -> None:
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)
    old = "(select min(identifier) from fct_shipment where master_bol_number = 'SUSPECT')"
    with warehouse(settings, read_only=False) as connection:
        connection.execute(f"update fct_shipment set versions = 0 where identifier = {old}")
    night = date(2026, 3, 20)
    write_release(settings, night, numbered(night, [Bill(1, master="NEW")]))
    build(settings)
    with pytest.raises(DbtError, match="fct_shipment_rows_are_valid"):
        run_dbt(settings, audit_arguments(dbt_paths(settings)))
