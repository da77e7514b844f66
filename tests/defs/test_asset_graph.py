"""All asset keys, what each depends on, and the checks: a rename shows in review, as a line of asset_graph.txt."""

import os
from pathlib import Path

from pipeline.definitions import build_defs
from pipeline.settings import load_settings

SNAPSHOT = Path(__file__).with_name("asset_graph.txt")


def test_the_assets_their_dependencies_and_checks_are_those_of_the_snapshot(tmp_path: Path) -> None:
    made = _drawn(tmp_path)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(made, encoding="utf-8")
    assert SNAPSHOT.read_text(encoding="utf-8") == made, "UPDATE_SNAPSHOTS=1 makes it anew; say in CHANGELOG what moved"


def _drawn(home: Path) -> str:
    graph = build_defs(load_settings(home=home)).resolve_asset_graph()
    lines = []
    for key in sorted(graph.get_all_asset_keys(), key=lambda key: key.to_user_string()):
        node = graph.get(key)
        above = ", ".join(sorted(parent.to_user_string() for parent in node.parent_keys))
        lines.append(f"{key.to_user_string()} [{node.group_name}]" + (f" <- {above}" if above else ""))
    for check in sorted(graph.asset_check_keys, key=lambda check: check.to_user_string()):
        lines.append(f"check {check.to_user_string()}")
    return "\n".join(lines) + "\n"
