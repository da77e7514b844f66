"""Refused files of optional tables: their table is left out, or the landed file stays."""

from __future__ import annotations

import gzip
import json

import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.land import land_release, landed
from pipeline.ingest.reader_version import raw_version
from pipeline.ingest.stage import stage_releases
from pipeline.settings import Settings

from .conftest import DAY, Folder, leftovers, manifest, release


def refused_marks(folder: Folder, kind: str) -> dict[str, bytes]:
    """A release whose file of marks and numbers, an optional table, cannot be landed."""
    files = release()
    name = folder.name("marksnumbers")
    if kind == "cut":
        files[name] = files[name][:-9]
    elif kind == "wrong bit":
        files[name] = files[name][:-6] + bytes([files[name][-6] ^ 1]) + files[name][-5:]
    elif kind == "no gzip":
        files[name] = b"identifier,container_number\n"
    elif kind == "error page":
        files[name] = gzip.compress(b"<html>503</html>")
    elif kind == "empty":
        files[name] = gzip.compress(b"")
    elif kind == "no bytes":
        files[name] = b""
    elif kind == "checksum":
        wrong = json.loads(manifest({name: files[name]}, sha256="0" * 64))["files"]
    elif kind == "length":
        wrong = json.loads(manifest({name: files[name]}, bytes=1))["files"]
    if kind in ("checksum", "length"):
        files["manifest.json"] = json.dumps({"files": wrong}).encode()
    return files


@pytest.mark.parametrize(
    "kind", ["cut", "wrong bit", "no gzip", "error page", "empty", "no bytes", "checksum", "length", "folder"]
)
def test_refused_file_of_an_optional_table_leaves_out_its_table(settings: Settings, folder: Folder, kind: str) -> None:
    folder.write(refused_marks(folder, kind))
    if kind == "folder":
        (folder.release / folder.name("marksnumbers")).unlink()
        (folder.release / folder.name("marksnumbers")).mkdir()
    first = land_release(settings, DAY)
    assert first.outcome == "landed"
    assert {file.table: bool(file.refused) for file in first.files} == {name: name == "marksnumbers" for name in TABLES}
    assert landed(settings, DAY) == first
    assert land_release(settings, DAY).outcome == "unchanged"
    assert leftovers(settings) == []
    (staged,) = stage_releases(settings, [first])
    faults = {file.table: file.fault for file in staged.files if file.fault}
    assert faults == {"marksnumbers": next(file.refused for file in first.files if file.refused)}


def test_repaired_file_of_an_optional_table_is_landed(settings: Settings, folder: Folder) -> None:
    folder.write(refused_marks(folder, "cut"))
    first = land_release(settings, DAY)
    folder.write(release())
    second = land_release(settings, DAY)
    assert second.outcome == "landed"
    assert not any(file.refused for file in second.files)
    assert raw_version(first.files) != raw_version(second.files), "so that it is loaded again"


def test_refused_correction_of_an_optional_table_leaves_the_landed_file(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    first = land_release(settings, DAY)
    folder.write(refused_marks(folder, "cut"))
    again = land_release(settings, DAY)
    assert again.outcome == "unchanged"
    assert [file.identity for file in again.files] == [file.identity for file in first.files]
