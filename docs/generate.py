"""Make the generated documents anew: `make docs`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

DOCS: Final = Path(__file__).resolve().parent
DICTIONARY: Final = DOCS / "data-dictionary.md"
ARCHITECTURE: Final = DOCS / "architecture.md"
BEGIN: Final = "<!-- made by `make docs`: begin -->"
END: Final = "<!-- made by `make docs`: end -->"
HEAD: Final = """# Data dictionary

Made by `make docs` from the descriptions beside the models; a stale copy fails the tests. Keys are text, dates are
DATE, weeks begin on Monday, shares are 0..1, weight is kilograms, a box shared by several bills counts once, split
between them.
"""
GROUP_ORDER: Final = (
    "releases",
    "raw",
    "parties",
    "staging",
    "intermediate",
    "marts",
    "weekly",
    "published",
    "publish",
)
READ: Final = ("marts", "published")
"""Folders of models that others read."""
HISTORY: Final = "_history"


def dictionary(manifest: Mapping[str, Any]) -> str:
    """The data dictionary as Markdown: what others read first, then what stands behind it."""
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    read = sorted((node for node in models if node["fqn"][1] in READ), key=lambda node: node["name"])
    behind = sorted((node for node in models if node["fqn"][1] not in READ), key=lambda node: node["name"])
    parts = [HEAD]
    for node in read:
        if node["name"].endswith(HISTORY):
            parts.append(f"## {node['name']}\n\n{_line(node['description'])} Same columns.\n")
            continue
        parts.append(f"## {node['name']}\n\n{_line(node['description'])}\n\n| column | type | meaning |\n|---|---|---|")
        parts += [
            f"| `{column['name']}` | {column['data_type'] or ''} | {_line(column['description'])} |"
            for column in node["columns"].values()
        ]
        parts.append("")
    parts.append("## Behind them\n\n| model | what a row is |\n|---|---|")
    parts += [f"| `{node['name']}` | {_line(node['description'])} |" for node in behind]
    return "\n".join(parts) + "\n"


def picture(edges: Mapping[str, set[str]], groups: Mapping[str, str]) -> str:
    """The asset graph by groups as a Mermaid chart.

    Args:
        edges: the assets that each asset depends on, by name.
        groups: the group of each asset.
    """
    sizes = {name: sum(group == name for group in groups.values()) for name in set(groups.values())}
    shown = [name for name in GROUP_ORDER if name in sizes] + sorted(set(sizes) - set(GROUP_ORDER))
    arrows = {
        (groups[upstream], groups[asset])
        for asset, depends in edges.items()
        for upstream in depends
        if upstream in groups and groups[upstream] != groups[asset]
    }
    lines = ["```mermaid", "flowchart LR", '    source(["source: sample, file, http"]) --> releases']
    for name in shown:
        members = sorted(asset for asset, group in groups.items() if group == name)
        told = "<br/>".join(members) if len(members) <= 12 else f"{len(members)} models"
        lines.append(f'    {name}["<b>{name}</b><br/>{told}"]')
    lines += [f"    {one} --> {other}" for one, other in sorted(arrows)]
    return "\n".join([*lines, "```"])


def asset_graph() -> tuple[dict[str, set[str]], dict[str, str]]:
    """Dependencies and group of every asset, as Dagster sees them."""
    from pipeline.definitions import build_defs

    graph = build_defs(_settings()).resolve_asset_graph()
    nodes = [graph.get(key) for key in graph.materializable_asset_keys]
    edges = {node.key.to_user_string(): {key.to_user_string() for key in node.parent_keys} for node in nodes}
    return edges, {node.key.to_user_string(): node.group_name for node in nodes}


def with_picture(text: str, chart: str) -> str:
    """`text` with what stands between the marks replaced by `chart`."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{chart}\n{END}{after}"


def _settings() -> Any:
    from pipeline.settings import load_settings

    return load_settings(home=Path(tempfile.gettempdir()) / "import-leverage-docs", source_url="sample:")


def _line(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main() -> None:
    """Write both documents."""
    from pipeline.warehouse.dbt_manifest import load_manifest

    DICTIONARY.write_text(dictionary(load_manifest(_settings())), encoding="utf-8")
    text = ARCHITECTURE.read_text(encoding="utf-8")
    ARCHITECTURE.write_text(with_picture(text, picture(*asset_graph())), encoding="utf-8")
    print(f"{DICTIONARY.name} and the picture in {ARCHITECTURE.name} are made anew")


if __name__ == "__main__":
    main()
