"""Releases to fetch: small AMS files written into a folder, as bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from pipeline.records.layout import REQUIRED, TABLES
from pipeline.settings import Settings, load_settings
from pipeline.source.releases import places

DAY = date(2026, 11, 2)


def packed(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


def table_bytes(table: str, *, mark: str = "a", rows: int = 3) -> bytes:
    columns = TABLES[table].columns
    lines = [",".join(columns)]
    lines += [",".join([f"20261102{row}", *(mark for _ in columns[1:])]) for row in range(1, rows + 1)]
    return packed("\n".join(lines) + "\n")


def release(tables: tuple[str, ...] = tuple(TABLES), day: date = DAY, mark: str = "a") -> dict[str, bytes]:
    """File names of the default template and their bytes."""
    found = places(load_settings(_env_file=None).source_template, day)
    return {found[table].names[0]: table_bytes(table, mark=mark) for table in tables}


def manifest(files: dict[str, bytes], **wrong: object) -> bytes:
    entries = [
        {
            "name": name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "bytes": len(content),
            "rows": 3,
            **wrong,
        }
        for name, content in files.items()
    ]
    return json.dumps({"files": entries}).encode()


class Folder:
    """A `file://` base with one release in it."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.release = base / f"{DAY:%Y}" / f"{DAY:%Y%m%d}"
        self.release.mkdir(parents=True)

    def write(self, files: dict[str, bytes]) -> None:
        for name, content in files.items():
            (self.release / name).write_bytes(content)

    def name(self, table: str) -> str:
        return next(iter(release((table,))))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "feed")


@pytest.fixture
def settings(tmp_path: Path, folder: Folder) -> Settings:
    return load_settings(home=tmp_path / "home", source_url=folder.base.as_uri(), min_free_bytes=0)


__all__ = ["DAY", "REQUIRED", "Folder", "manifest", "packed", "release", "table_bytes"]
