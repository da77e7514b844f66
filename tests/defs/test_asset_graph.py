"""All asset keys, what each depends on, and the checks: a rename shows in review, as a line of asset_graph.txt."""

import os
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pytest

from pipeline.definitions import OWNERS, build_defs
from pipeline.settings import load_settings

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_defs(load_settings(home=tmp_path_factory.mktemp("home")))


def test_assets_dependencies_and_checks_equal_the_snapshot(defs: dg.Definitions) -> None:
    made = _drawn(defs)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(made, encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == made, "UPDATE_SNAPSHOTS=1 rewrites it; list the change in CHANGELOG"


def test_every_asset_has_a_group_a_description_and_an_owner(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.group_name != "default", key
        assert node.description, key
        assert list(node.owners) == OWNERS, key


def test_the_lineage_is_connected_from_download_to_digest(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    for chain in (
        ["landing", "staged", "raw/header", "stg_header", "int_record", "fct_shipment", "bi"],
        ["raw/shipper", "parties", "int_party_decision"],
        ["snapshot", "fct_tier", "report", "digests"],
        ["fct_tier", "bi", "digests"],
    ):
        for above, below in pairwise(chain):
            key = dg.AssetKey(below.split("/"))
            assert dg.AssetKey(above.split("/")) in graph.get(key).parent_keys, f"{above} -> {below}"
    above = _ancestors(graph, dg.AssetKey("digests"))
    assert {dg.AssetKey("landing"), dg.AssetKey("parties"), dg.AssetKey("snapshot")} <= above


def test_raw_tables_and_models_show_their_columns(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    for name in ("raw/header", "fct_shipment", "fct_tier"):
        schema = graph.get(dg.AssetKey(name.split("/"))).metadata["dagster/column_schema"]
        assert len(getattr(schema, "value", schema).columns) > 5, name


def _ancestors(graph: object, key: dg.AssetKey) -> set[dg.AssetKey]:
    found: set[dg.AssetKey] = set()
    todo = [key]
    while todo:
        for parent in graph.get(todo.pop()).parent_keys:  # type: ignore[attr-defined]
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return found


def _drawn(defs: dg.Definitions) -> str:
    graph = defs.resolve_asset_graph()
    lines = []
    for key in sorted(graph.get_all_asset_keys(), key=lambda key: key.to_user_string()):
        node = graph.get(key)
        above = ", ".join(sorted(parent.to_user_string() for parent in node.parent_keys))
        lines.append(f"{key.to_user_string()} [{node.group_name}]" + (f" <- {above}" if above else ""))
    for check in sorted(graph.asset_check_keys, key=lambda check: check.to_user_string()):
        lines.append(f"check {check.to_user_string()}")
    return "\n".join(lines) + "\n"
