"""Paths of the dbt project, `dagster.yaml` and `workspace.yaml`.

In a checkout they are beside the package, in an installed wheel in its folder `bundled` (`hatch_build.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PACKAGE: Final = Path(__file__).resolve().parent
_BUNDLED: Final = _PACKAGE / "bundled"
ROOT: Final = _BUNDLED if _BUNDLED.is_dir() else _PACKAGE.parent

DBT_PROJECT: Final = ROOT / "dbt_project"
SEEDS: Final = DBT_PROJECT / "seeds"
WEEKLY_SEEDS: Final = SEEDS / "weekly"
DAGSTER_INSTANCE: Final = ROOT / "dagster.yaml"
WORKSPACE: Final = ROOT / "workspace.yaml"
