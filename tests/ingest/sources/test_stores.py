"""What every source that can be listed does: corrections, time stamps in names, resuming, files that vanish."""

from __future__ import annotations

import itertools
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.land import land_release
from pipeline.ingest.sources.stores.local import LocalStore
from pipeline.ingest.sources.stores.s3 import S3Store
from pipeline.ingest.sources.stores.sftp import SftpStore
from pipeline.ingest.sources.stores.store import Store
from pipeline.settings import Settings

from .conftest import DAY, Folder, Waits, file_name, landed_bytes, leftovers, release, table_bytes
from .store_servers import s3_settings, sftp_settings
from .stores import BASE, FileStore, arrived, failure, publish

HEADER = file_name("header")
STAMPED = "%Y/%Y%m%d/ams__{table}_*.csv.gz"


@dataclass(frozen=True)
class Case:
    """A store with the files of a publisher, its class, and settings of a source on it."""

    files: FileStore
    store: type[Store]
    settings: Callable[..., Settings]


@pytest.fixture(params=["file", "s3", "sftp"])
def case(request: pytest.FixtureRequest, tmp_path: Any) -> Case:
    if request.param == "file":
        folder: Folder = request.getfixturevalue("folder")
        given: Settings = request.getfixturevalue("settings")
        return Case(folder, LocalStore, lambda **more: given.model_copy(update={"retries": 0, **more}))
    if request.param == "s3":
        bucket = request.getfixturevalue("bucket")
        return Case(bucket, S3Store, lambda **more: s3_settings(bucket, tmp_path, **more))
    server = request.getfixturevalue("server")
    return Case(server, SftpStore, lambda **more: sftp_settings(server, tmp_path, **more))


def test_unchanged_release_is_not_downloaded_again(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(case.files, release())
    arrived(case.settings(), release())
    monkeypatch.setattr(case.store, "read", None)
    assert land_release(case.settings(), DAY).outcome == "unchanged"


def test_corrected_file_replaces_the_landed_one(case: Case) -> None:
    publish(case.files, release())
    arrived(case.settings(), release())
    corrected = {HEADER: table_bytes("header", mark="longer")}  # SFTP has whole seconds: the size differs
    publish(case.files, corrected)
    arrived(case.settings(), {**release(), **corrected})


def test_release_that_is_not_there_is_not_published(case: Case) -> None:
    assert land_release(case.settings(), DAY).outcome == "not_published"


def test_names_with_a_time_stamp_are_listed_and_the_newest_taken(case: Case) -> None:
    settings = case.settings(source_template="%Y/*-%Y%m%d/ams__{table}_*.csv.gz")
    for table in ("header", "shipper"):
        case.files.put(f"2026/drop-{DAY:%Y%m%d}/ams__{table}_0600.csv.gz", table_bytes(table, mark="old"))
    files = {f"ams__{table}_0900.csv.gz": table_bytes(table) for table in TABLES}
    for name, content in files.items():
        case.files.put(f"2026/drop-{DAY:%Y%m%d}/{name}", content)
    arrived(settings, files)


def test_night_killed_in_the_middle_is_resumed_by_the_next(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    files = release()
    publish(case.files, files)
    child = os.fork()
    if child == 0:  # killed in the middle of the third file
        reads = itertools.count()
        original = case.store._chunks  # type: ignore[attr-defined]

        def chunks(self: Any, *args: Any) -> Iterator[bytes]:
            for chunk in original(self, *args):
                yield chunk[: len(chunk) // 2]
                if next(reads) == 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield chunk[len(chunk) // 2 :]

        case.store._chunks = chunks  # type: ignore[attr-defined]
        land_release(case.settings(), DAY)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert landed_bytes(case.settings()) == {}
    asked: list[int] = []
    read = case.store.read

    def counted(self: Any, path: str, file: Any, offset: int) -> Any:
        asked.append(offset)
        return read(self, path, file, offset)

    monkeypatch.setattr(case.store, "read", counted)
    arrived(case.settings(), files)
    assert len([offset for offset in asked if offset]) == 1  # the file that was cut; whole ones are not asked for again
    assert len(asked) == len(files) - 2
    assert leftovers(case.settings()) == []


def test_file_that_vanishes_between_listing_and_download_is_named(
    case: Case, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(case.files, release())
    original = case.store.list

    def listed(self: Any, folder: str) -> Any:
        found = original(self, folder)
        case.files.remove(f"{BASE}/{HEADER}")
        return found

    monkeypatch.setattr(case.store, "list", listed)
    reason = failure(case.settings(retries=2, source_template=STAMPED), pace=waits.pace)
    assert HEADER in reason
    assert "is gone: run again" in reason
