"""What makes the rows of a release other rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.ingest import reader_version as version
from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.reader_version import raw_version

from .conftest import Land


@pytest.fixture
def files(land: Land) -> tuple[LandedFile, ...]:
    return land().files


def test_same_bytes_are_the_same_rows_whatever_they_are_called(files: tuple[LandedFile, ...]) -> None:
    renamed = [replace(file, file_name="x.csv", path=Path("/x.csv"), url="http://x", etag="x") for file in files]
    assert raw_version(renamed[::-1]) == raw_version(files)


def test_other_bytes_tables_or_readers_are_other_rows(
    files: tuple[LandedFile, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *others = files
    versions = {
        raw_version(files),
        raw_version([replace(first, sha256="0" * 64), second, *others]),
        raw_version([second, *others]),
        raw_version([replace(first, sha256=second.sha256), replace(second, sha256=first.sha256), *others]),
    }
    monkeypatch.setattr(version, "READER_VERSION", "next")
    versions.add(raw_version(files))
    assert len(versions) == 5
