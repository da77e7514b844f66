"""Data flows one way: what may import what, who reads the environment, who opens DuckDB."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PIPELINE = ROOT / "pipeline"
ORDER = [
    "errors",
    "progress",
    "settings",
    "project_files",
    "formatting",
    "net",
    "state",
    "sheet",
    "warehouse",
    "ingest",
    "quality",
    "entities",
    "detection",
    "snapshots",
    "alerts",
    "reporting",
    "bi",
    "delivery",
    "defs",
    "definitions",
    "runs",
    "cli",
]
"""From below to above: a stage imports only from those before it."""
WIRING = {"defs", "definitions", "runs", "cli"}
UPWARD: set[str] = set()
"""Arrows that are still to be turned."""


def _modules() -> Iterator[tuple[str, Path, ast.Module]]:
    for path in sorted(PIPELINE.rglob("*.py")):
        stage = path.relative_to(PIPELINE).parts[0].removesuffix(".py")
        yield stage, path, ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_no_stage_imports_from_above() -> None:
    upward = set()
    for stage, _, tree in _modules():
        for name in _imports(tree):
            if stage in ORDER and name.startswith("pipeline."):
                other = name.split(".")[1]
                if other in ORDER and ORDER.index(other) > ORDER.index(stage):
                    upward.add(f"{stage} imports {other}")
    assert upward == UPWARD


def test_only_the_wiring_imports_dagster() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for stage, path, tree in _modules()
        if stage not in WIRING and any(name.split(".")[0] == "dagster" for name in _imports(tree))
    ]
    assert wrong == []


def test_only_the_settings_read_the_environment_and_only_the_warehouse_opens_duckdb() -> None:
    readers, openers = set(), set()
    for path in sorted(PIPELINE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if re.search(r"os\.getenv|os\.environ(\.get\(|\[[^\]]+\](?! =))", text):
            readers.add(path.relative_to(PIPELINE).as_posix())
        if re.search(r"duckdb\.connect\(", text):
            openers.add(path.relative_to(PIPELINE).as_posix())
    assert openers == {"warehouse/connection.py"}
    # The dbt runner sets the variable that the profile reads, and puts back what it was.
    assert readers <= {"settings.py", "warehouse/dbt_runner.py"}


def test_workspace_and_launcher_name_the_same_module() -> None:
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))
    (location,) = workspace["load_from"]
    module = location["python_module"]["module_name"]
    assert (ROOT / (module.replace(".", "/") + ".py")).exists()
    assert "workspace.yaml" in (PIPELINE / "project_files.py").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # Either table would make a bare `dagster dev` pass over workspace.yaml.
    assert not {"dagster", "dg"} & set(project["tool"])


def test_the_example_environment_names_every_setting_and_no_other() -> None:
    from pipeline.settings import PREFIX, Settings

    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(rf"^#?({PREFIX}[A-Z_]+)=", text, flags=re.MULTILINE))
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert named - known == set()
    later = {f"{PREFIX}WATCHLIST", f"{PREFIX}OVERRIDES"}
    assert known - named - later == set()
