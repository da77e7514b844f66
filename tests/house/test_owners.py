"""What one module owns: the environment, DuckDB files, the name of the code location."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
PIPELINE = ROOT / "pipeline"


def files_with(pattern: str) -> set[str]:
    paths = sorted(PIPELINE.rglob("*.py"))
    return {
        path.relative_to(PIPELINE).as_posix() for path in paths if re.search(pattern, path.read_text(encoding="utf-8"))
    }


def test_only_the_settings_read_the_environment() -> None:
    # The dbt runner sets the variables that the profile reads, and restores them.
    readers = files_with(r"os\.getenv|os\.environ(\.get\(|\[[^\]]+\](?! =))")
    assert readers <= {"settings.py", "warehouse/dbt_runner.py"}


def test_only_the_warehouse_opens_duckdb_files() -> None:
    assert files_with(r"duckdb\.connect\(") == {"warehouse/connection.py"}


def test_workspace_and_launcher_name_the_same_module() -> None:
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text(encoding="utf-8"))
    (location,) = workspace["load_from"]
    module = location["python_module"]["module_name"]
    assert (ROOT / (module.replace(".", "/") + ".py")).exists()
    assert "workspace.yaml" in (PIPELINE / "project_files.py").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    # Either table would make a bare `dagster dev` ignore workspace.yaml.
    assert not {"dagster", "dg"} & set(project["tool"])


def test_the_example_environment_names_every_setting_and_no_other() -> None:
    from pipeline.settings import PREFIX, Settings

    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(rf"^#?({PREFIX}[A-Z0-9_]+)=", text, flags=re.MULTILINE))
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    assert named == known
