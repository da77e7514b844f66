"""What is known of landed files, and `provenance.json`, where it is kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

PROVENANCE_NAME: Final = "provenance.json"


@dataclass(frozen=True)
class LandedFile:
    """One file in `landing/<release_date>/`, bytes as delivered.

    Attributes:
        table: the AMS table.
        file_name: its name in the landing folder.
        path: where it lies.
        url: where it came from, without user name, password or query.
        sha256: of its bytes, hexadecimal.
        bytes: its size.
        fetched_at: ISO time in UTC.
        etag: the server's validator, if it gave one.
        last_modified: the server's (or the file's) time of change as an HTTP date, if known.
        rows_declared: rows that the manifest promises, to be compared with those read.
    """

    table: str
    file_name: str
    path: Path
    url: str
    sha256: str
    bytes: int
    fetched_at: str
    etag: str | None
    last_modified: str | None
    rows_declared: int | None

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes it the same delivery: table, name and bytes; not when, from where or under which validator."""
        return self.table, self.file_name, self.sha256


@dataclass(frozen=True)
class Landing:
    """What came of landing one release day.

    Attributes:
        release_date: the release day.
        outcome: `landed`, `unchanged` (bytes equal those landed before, be these still there or fetched once more
            because they were pruned or lost), `not_published`, `incomplete` or `failed`.
        files: the landed files in the order of the layout; empty unless `landed` or `unchanged`.
        reason: in words, why it is not landed, or what was decided on the way.
    """

    release_date: date
    outcome: str
    files: tuple[LandedFile, ...]
    reason: str | None


def files_to_json(release_date: date, files: tuple[LandedFile, ...]) -> dict[str, Any]:
    """The JSON form of a release's provenance, one entry a file."""
    entries = [
        {
            "table": file.table,
            "file_name": file.file_name,
            "url": file.url,
            "sha256": file.sha256,
            "bytes": file.bytes,
            "fetched_at": file.fetched_at,
            "etag": file.etag,
            "last_modified": file.last_modified,
            "rows_declared": file.rows_declared,
        }
        for file in files
    ]
    return {"release_date": release_date.isoformat(), "files": entries}


def files_from_json(document: dict[str, Any], folder: Path) -> tuple[LandedFile, ...]:
    """The files of a release's provenance, as lying in `folder`."""
    return tuple(LandedFile(path=folder / entry["file_name"], **entry) for entry in document["files"])


def read_provenance(folder: Path) -> tuple[LandedFile, ...] | None:
    """The files that `folder/provenance.json` tells of; None when it is absent or torn."""
    try:
        return files_from_json(json.loads((folder / PROVENANCE_NAME).read_bytes()), folder)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
