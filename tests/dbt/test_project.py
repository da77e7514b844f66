"""Conventions of the dbt project, read from its manifest and from the tables that it makes."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest

from pipeline.settings import Settings
from pipeline.snapshots.freeze import TABLES
from pipeline.warehouse.dbt_manifest import load_manifest
from tests.dbt.world import rows

Nodes = dict[str, dict[str, Any]]
STATE = ["status", "snoozed_until"]
"""Columns of fct_alert that people move, beside those that are frozen."""


@pytest.fixture(scope="module")
def nodes(shared_home: Settings) -> Nodes:
    return load_manifest(shared_home)["nodes"]


@pytest.fixture(scope="module")
def models(nodes: Nodes) -> Nodes:
    return {key: node for key, node in nodes.items() if node["resource_type"] == "model"}


def layer(node: dict[str, Any]) -> str:
    return str(node["fqn"][1])


def test_marts_never_read_staging_or_sources(models: Nodes) -> None:
    marts = [node for node in models.values() if layer(node) == "marts"]
    assert marts
    wrong = [
        f"{node['name']} reads {key}"
        for node in marts
        for key in node["depends_on"]["nodes"]
        if key.startswith("source.") or (key in models and layer(models[key]) == "staging")
    ]
    assert not wrong


def test_models_read_the_sources_of_their_layer(models: Nodes) -> None:
    read = defaultdict(set)
    for node in models.values():
        read[layer(node)] |= {key.split(".")[2] for key in node["depends_on"]["nodes"] if key.startswith("source.")}
    assert read["staging"] == {"raw", "state"}
    assert read["intermediate"] == {"imports", "parties", "weekly"}
    assert read["published"] == {"snapshots", "state"}
    assert read["snapshot"] == {"earlier_snapshots", "imports", "parties", "weekly"}
    assert not read["marts"]
    assert not [
        node["name"]
        for node in models.values()
        if layer(node) == "published" and not all(key.startswith("source.") for key in node["depends_on"]["nodes"])
    ]


def test_published_tables_and_their_history_have_one_contract(models: Nodes) -> None:
    published = {node["name"]: node for node in models.values() if layer(node) == "published"}
    assert published
    for name, node in published.items():
        assert node["contract"]["enforced"], name
        assert not [name_ for name_, column in node["columns"].items() if not column["description"]], name
        if f"{name}_history" in published:
            beside = STATE if name == "fct_alert" else []
            assert list(node["columns"]) == [*published[f"{name}_history"]["columns"], *beside]


def test_every_model_is_described_and_begins_with_its_grain(models: Nodes) -> None:
    described = {node["name"]: node["description"] for node in models.values()}
    assert not [name for name, description in described.items() if not description.startswith("One row")]


def test_the_tables_that_others_read_are_public(models: Nodes) -> None:
    public = {layer(node) for node in models.values() if node["access"] == "public"}
    assert public == {"marts", "published"}
    assert all((node["access"] == "public") == (layer(node) in public) for node in models.values())


def test_documented_columns_are_the_columns_of_the_table(models: Nodes, reference: Settings) -> None:
    for node in models.values():
        if layer(node) != "marts":
            continue
        documented = [(name, column["data_type"].lower()) for name, column in node["columns"].items()]
        built = [
            (row["column_name"], row["column_type"].lower()) for row in rows(reference, f"describe {node['name']}")
        ]
        assert documented == built
        assert node["contract"]["enforced"]
        assert not [name for name, column in node["columns"].items() if not column["description"]]


def test_descriptions_are_comments_in_the_warehouse(models: Nodes, reference: Settings) -> None:
    comments = rows(
        reference, "select table_name, column_name, comment from duckdb_columns() where table_name = 'fct_shipment'"
    )
    described = next(node for node in models.values() if node["name"] == "fct_shipment")["columns"]
    assert {row["column_name"]: row["comment"] for row in comments} == {
        name: column["description"] for name, column in described.items()
    }


def test_models_show_their_last_columns(models: Nodes) -> None:
    for node in models.values():
        if node["language"] != "sql" or layer(node) == "published" or "changed" in node["fqn"]:
            continue
        code = node["raw_code"].rstrip()
        assert "\nselect" in f"\n{code}", f"{node['name']} has no select of its own"
        if layer(node) == "marts" or node["name"].startswith("snap_"):
            last = code[code.rindex("\nselect") :]
            assert not re.search(r"(select\s+|\.)\*", last), node["name"]


def test_every_table_of_marts_and_intermediate_has_a_test(models: Nodes, nodes: Nodes) -> None:
    tested = {node.get("attached_node") for node in nodes.values() if node["resource_type"] == "test"}
    untested = [
        node["name"]
        for key, node in models.items()
        if layer(node) in ("marts", "intermediate") and "changed" not in node["fqn"] and key not in tested
        if node["config"]["materialized"] != "view"  # of a published table, which is tested when it is made
    ]
    assert not untested


def test_published_columns_are_those_of_the_candidate_and_the_revision(models: Nodes) -> None:
    by_name = {node["name"]: _types(node) for node in models.values()}
    for name, table in TABLES.items():
        if name == "alert_episode":
            continue  # read by the next week only
        published = by_name[f"{name}_history"]
        assert published.pop("revision") == "integer"
        assert published == by_name[table.model], name


def _types(node: dict[str, Any]) -> dict[str, str]:
    return {
        name: column["data_type"].lower()
        for name, column in node["columns"].items()
        if not column["config"]["meta"].get("filled_when_published")
    }
