"""Landed files and their provenance record, `provenance.json`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
        path: where it is stored.
        url: where it came from, without user name, password or query.
        sha256: of its bytes, hexadecimal; of `refused` where there are none.
        bytes: its size.
        fetched_at: ISO time in UTC.
        etag: the server's validator, if it gave one.
        last_modified: the server's (or the file's) time of change as an HTTP date, if known.
        rows_declared: rows that the manifest promises, to be compared with those read.
        refused: why the file of an optional table was not landed; the release has no such table then.
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
    refused: str | None = None

    @property
    def identity(self) -> tuple[str, str, str]:
        """Table, name and bytes: what makes two files the same, whenever and from wherever they were fetched."""
        return self.table, self.file_name, self.sha256


@dataclass(frozen=True)
class Landing:
    """The result of landing one release day.

    Attributes:
        release_date: the release day.
        outcome: `landed`, `unchanged` (bytes equal those landed before, be these still there or fetched once more
            because they were pruned or lost), `not_published`, `incomplete` or `failed`.
        files: the landed files in the order of the layout; empty unless `landed` or `unchanged`.
        reason: why it is not landed, or what was decided on the way.
    """

    release_date: date
    outcome: str
    files: tuple[LandedFile, ...]
    reason: str | None


def provenance_of(release_date: date, files: Sequence[LandedFile]) -> dict[str, Any]:
    """Return the JSON form of a release's files."""
    entries = [{name: value for name, value in asdict(file).items() if name != "path"} for file in files]
    return {"release_date": release_date.isoformat(), "files": entries}


def read_provenance(folder: Path) -> tuple[LandedFile, ...] | None:
    """Return the files recorded in `folder/provenance.json`; None when it is absent or torn."""
    try:
        entries = json.loads((folder / PROVENANCE_NAME).read_bytes())["files"]
        return tuple(LandedFile(path=folder / entry["file_name"], **entry) for entry in entries)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
