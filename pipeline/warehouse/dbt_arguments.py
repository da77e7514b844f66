"""Where dbt finds and writes its files, and the arguments of each call, as pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipeline.project_files import DBT_PROJECT
from pipeline.settings import Settings

AUDIT_TAG: Final = "tag:audit"
WEEKLY_TAG: Final = "tag:weekly"
PUBLISHED_TAG: Final = "tag:published"
UNIT_TESTS: Final = "resource_type:unit_test"
WEEKLY: Final = (WEEKLY_TAG, PUBLISHED_TAG)
"""The models of a closed week and the tables that read frozen ones: built by the weekly job only."""
NIGHTLY_EXCLUDE: Final = (AUDIT_TAG, UNIT_TESTS, *WEEKLY)
"""Audit tests scan all history, unit tests need no data, weekly models need a closed week: not for a night."""


@dataclass(frozen=True)
class DbtPaths:
    """Where one home's dbt reads and writes.

    Attributes:
        project_dir: the dbt project; only read.
        target_dir: manifest, compiled SQL, partial parse; below `LEVERAGE_HOME`, so the project may be read-only.
        log_dir: dbt's own log file.
    """

    project_dir: Path
    target_dir: Path
    log_dir: Path

    @property
    def manifest_path(self) -> Path:
        """What `dbt parse` writes."""
        return self.target_dir / "manifest.json"

    @property
    def manifest_key_path(self) -> Path:
        """What the manifest was made of, to see when it is stale."""
        return self.target_dir / "manifest.key"


def dbt_paths(settings: Settings) -> DbtPaths:
    """The paths below the home of `settings`."""
    return DbtPaths(DBT_PROJECT, settings.home / "dbt" / "target", settings.home / "dbt" / "logs")


def common_arguments(paths: DbtPaths) -> list[str]:
    """Options that every call carries: quiet, private, all output below the home."""
    return [
        *("--project-dir", str(paths.project_dir)),
        *("--profiles-dir", str(paths.project_dir)),
        *("--target-path", str(paths.target_dir)),
        *("--log-path", str(paths.log_dir)),
        *("--log-level", "none"),
        "--no-send-anonymous-usage-stats",
        "--no-use-colors",
        "--partial-parse",
    ]


def parse_arguments(paths: DbtPaths) -> list[str]:
    """Read the project and write its manifest."""
    return ["parse", *common_arguments(paths)]


def build_arguments(
    paths: DbtPaths, *, full_refresh: bool = False, select: Sequence[str] = (), exclude: Sequence[str] = NIGHTLY_EXCLUDE
) -> list[str]:
    """Seeds, models and their tests; without the audit and unit tests unless `exclude` says otherwise."""
    return [
        "build",
        *common_arguments(paths),
        *(("--select", *select) if select else ()),
        *(("--exclude", *exclude) if exclude else ()),
        *(("--full-refresh",) if full_refresh else ()),
    ]


def week_arguments(paths: DbtPaths) -> list[str]:
    """The candidate of a closed week with its tests; the week is passed to `run_dbt`."""
    return build_arguments(paths, select=(WEEKLY_TAG,), exclude=(UNIT_TESTS,))


def published_arguments(paths: DbtPaths) -> list[str]:
    """The tables that read frozen weeks, with their tests."""
    return build_arguments(paths, select=(PUBLISHED_TAG,), exclude=(UNIT_TESTS,))


def audit_arguments(paths: DbtPaths) -> list[str]:
    """All data tests over all history; without the weekly tables, which may not exist yet."""
    return ["test", *common_arguments(paths), "--exclude", UNIT_TESTS, *WEEKLY]
