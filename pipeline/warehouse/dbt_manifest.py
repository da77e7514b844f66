"""The dbt manifest of a home, parsed again when the project or dbt has changed."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipeline.settings import Settings
from pipeline.warehouse.dbt_arguments import DbtPaths, dbt_paths, parse_arguments
from pipeline.warehouse.dbt_runner import run_dbt


def load_manifest(settings: Settings) -> dict[str, Any]:
    """The manifest of the project, parsed again when it is absent or older than the project.

    Raises:
        DbtError: the project does not parse.
    """
    paths = dbt_paths(settings)
    key = project_key(paths, settings.home)
    if _read(paths.manifest_key_path) != key or not paths.manifest_path.exists():
        paths.target_dir.mkdir(parents=True, exist_ok=True)
        run_dbt(settings, parse_arguments(paths))
        paths.manifest_key_path.write_text(key, encoding="utf-8")
    return _loaded(paths.manifest_path, key)


def project_key(paths: DbtPaths, home: Path) -> str:
    """Hash of the project's file names, sizes and times, dbt's version and the home (which stands in sources)."""
    seen = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')} {home}".encode())
    for path in sorted(paths.project_dir.rglob("*")):
        if path.is_file() and path.suffix in (".sql", ".yml", ".csv", ".md", ".py"):
            stat = path.stat()
            seen.update(f"{path.relative_to(paths.project_dir)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


@lru_cache(maxsize=4)
def _loaded(path: Path, _key: str) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(path.read_bytes())
    return manifest


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
