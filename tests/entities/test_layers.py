"""Modules of `entities` import only downwards, and none of them in a circle."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("names", "registry", "overrides", "matching", "search")
"""From below to above; the modules beside the folders are the registry."""


def imports() -> dict[str, set[str]]:
    """Return the modules of `entities` that each of them imports, also inside of functions."""
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): ast.parse(path.read_text(encoding="utf-8"))
        for path in (ROOT / "pipeline" / "entities").rglob("*.py")
    }
    found = {}
    for name, tree in modules.items():
        named = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
        wanted = {f"{node.module}.{alias.name}" for node in named for alias in node.names}
        found[name] = ({node.module for node in named if node.module} | wanted) & modules.keys()
    return found


def layer(module: str) -> int:
    folder = module.split(".")[2] if module.count(".") >= 3 else "registry"
    return LAYERS.index(folder) if folder in LAYERS else len(LAYERS)


def test_no_module_imports_from_a_higher_layer() -> None:
    upward = [
        f"{module} imports {other}"
        for module, others in imports().items()
        for other in others
        if layer(other) > layer(module)
    ]
    assert upward == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    TopologicalSorter(imports()).prepare()
