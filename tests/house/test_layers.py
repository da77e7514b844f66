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
    "settings",
    "durable",
    "sheet",
    "warehouse",
    "sample",
    "source",
    "records",
    "quality",
    "parties",
    "transform",
    "leverage",
    "alerts",
    "publish",
    "delivery",
]
ORDER += ["defs", "definitions", "runs", "cli"]
"""From below to above: a stage imports only from those before it."""
FRONT = {
    "cli",
    "cli_alerts",
    "cli_bi",
    "cli_brief",
    "cli_deliver",
    "cli_parties",
    "cli_weekly",
    "command",
    "console",
    "demo",
    "develop",
    "doctor",
}
"""What stands before the stages may import them all."""
WIRING = {"defs", "definitions", "runs"}
LAYOUT = "pipeline.records.layout"
"""The layout of the files is known to every stage."""


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
    wrong = []
    for stage, path, tree in _modules():
        if stage in FRONT or stage == "__init__":
            continue
        for name in _imports(tree):
            if not name.startswith("pipeline.") or name == LAYOUT:
                continue
            other = name.split(".")[1]
            if other in FRONT:
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
            elif other in ORDER and ORDER.index(other) > ORDER.index(stage):
                # The embedded source makes its files with the sample world; the world knows nothing of sources.
                wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    assert wrong == []


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
    assert openers == {"warehouse.py"}
    # The dbt runner sets the variable that the profile reads, and puts back what it was.
    assert readers <= {"settings.py", "transform/runner.py"}


def test_every_module_says_what_belongs_in_it() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for _, path, tree in _modules()
        if tree.body and "Belongs here" not in (ast.get_docstring(tree) or "") and path.name != "__init__.py"
    ]
    assert silent == []


def test_workspace_and_launcher_name_the_same_module() -> None:
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))
    (location,) = workspace["load_from"]
    module = location["python_module"]["module_name"]
    assert (ROOT / (module.replace(".", "/") + ".py")).exists()
    assert "workspace.yaml" in (PIPELINE / "develop.py").read_text(encoding="utf-8")
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
