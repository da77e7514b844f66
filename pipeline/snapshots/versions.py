"""The versions that compute a week: decisions on parties, rules, code, engine."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import duckdb

from pipeline.entities.registry import read_batches
from pipeline.project_files import DBT_PROJECT
from pipeline.settings import Settings
from pipeline.snapshots.manifest import SnapshotError, Versions
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.pending import APPLIED_BATCHES

PACKAGE: Final = "import-leverage"
CODE: Final = (
    (DBT_PROJECT, ("models/**/*.sql", "models/**/*.py", "macros/**/*.sql", "seeds/**/*.csv")),
    (Path(__file__).parent, ("compute.py", "incomplete_days.py", "freeze.py")),
    (Path(__file__).parents[1] / "entities" / "products", ("*.py",)),
    (Path(__file__).parents[1] / "detection", ("*.py",)),
)
"""What computes a week: models, macros and seeds, and the modules that prepare, detect and freeze."""
RULES: Final = "week_rule"
"""One row: the constants under which the weekly tables were computed, and their version."""
DIGITS: Final = 12


def current_versions(er_version: str, ruleset_version: str) -> Versions:
    """Return the versions of a computation that used these decisions and rules."""
    return Versions(er_version, ruleset_version, code_version(), f"duckdb {duckdb.__version__}")


def applied_er_version(connection: duckdb.DuckDBPyConnection, er_versions: dict[int, str]) -> str:
    """Return the er_version of the newest batch in the tables.

    Args:
        connection: the warehouse.
        er_versions: of each batch, see `known_er_versions`.

    Raises:
        SnapshotError: there is none.
    """
    (batch,) = connection.execute(f"select max(batch) from {APPLIED_BATCHES}").fetchone() or (None,)
    if batch not in er_versions:
        raise SnapshotError("the warehouse has no decisions on parties: run `leverage run` or `leverage rebuild`")
    return er_versions[batch]


def current_er_version(settings: Settings) -> str:
    """Return the er_version of the warehouse.

    Raises:
        SnapshotError: there is none.
    """
    er_versions = {batch.number: batch.er_version for batch in read_batches(settings)}
    with warehouse(settings) as connection:
        return applied_er_version(connection, er_versions)


def ruleset_version(connection: duckdb.DuckDBPyConnection) -> str:
    """The version of the rules that the weekly tables were computed under."""
    (version_of_rules,) = connection.execute(f"select ruleset_version from {RULES}").fetchone() or (None,)
    return str(version_of_rules)


@lru_cache(maxsize=1)
def code_version() -> str:
    """The package's version and a digest of the code that computes a week, such as `0.1.0+3f9c0a7be412`."""
    seen = hashlib.sha256()
    for folder, patterns in CODE:
        for path in sorted(path for pattern in patterns for path in folder.glob(pattern)):
            seen.update(f"{path.relative_to(folder)}\n".encode() + path.read_bytes())
    return f"{version(PACKAGE)}+{seen.hexdigest()[:DIGITS]}"
