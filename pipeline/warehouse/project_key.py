"""What a parsed dbt project was made of, to see when it is stale."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path


def project_key(project_dir: Path) -> str:
    """Hash of the project's file names, sizes and times, and of dbt's version; the same for all homes."""
    seen = hashlib.sha256(f"{version('dbt-core')} {version('dbt-duckdb')}".encode())
    for path in sorted(project_dir.rglob("*")):
        if path.is_file() and path.suffix in (".sql", ".yml", ".csv", ".md", ".py"):
            stat = path.stat()
            seen.update(f"{path.relative_to(project_dir)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()
