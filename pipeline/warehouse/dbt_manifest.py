"""The dbt manifest of a home, parsed again when the project or dbt has changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pipeline.settings import Settings
from pipeline.warehouse.dbt_arguments import dbt_paths, parse_arguments
from pipeline.warehouse.dbt_runner import run_dbt
from pipeline.warehouse.project_key import project_key

_LOADED: Final[dict[str, dict[str, Any]]] = {}
"""Manifests by key: the same for all homes of this process."""


def load_manifest(settings: Settings) -> dict[str, Any]:
    """The manifest of the project, parsed again when it is absent or older than the project.

    Raises:
        DbtError: the project does not parse.
    """
    paths = dbt_paths(settings)
    key = project_key(paths.project_dir)
    if key not in _LOADED:
        if _read(paths.manifest_key_path) != key or not paths.manifest_path.exists():
            paths.target_dir.mkdir(parents=True, exist_ok=True)
            run_dbt(settings, parse_arguments(paths))
            paths.manifest_key_path.write_text(key, encoding="utf-8")
        _LOADED[key] = json.loads(paths.manifest_path.read_bytes())
    return _LOADED[key]


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
