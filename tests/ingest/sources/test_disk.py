"""Disks that are full, too small or read-only: nothing half-written stays, and the reason names what to do."""

from __future__ import annotations

import errno
import itertools
import os
import random
import resource
import shutil
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.ingest.land import land_release, landed
from pipeline.ingest.landing import folder as folder_module
from pipeline.ingest.sources import part as part_module
from pipeline.settings import Settings
from pipeline.state.files import write_all

from .conftest import DAY, Folder, Waits, Web, file_name, landed_bytes, leftovers, release, settings_for, table_bytes
from .server import without_length

Usage = namedtuple("Usage", "total used free")
NOISE = random.Random(7).randbytes(200_000)


@pytest.fixture(params=["file", "http"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Settings, Callable[[dict[str, bytes]], None]]:
    """Settings of a source that has a release, and what publishes files there."""
    if request.param == "file":
        folder: Folder = request.getfixturevalue("folder")
        folder.write(release())
        return request.getfixturevalue("settings"), folder.write
    web: Web = request.getfixturevalue("web")
    return settings_for(web, tmp_path), web.publish


def failed(settings: Settings) -> str:
    landing = land_release(settings, DAY, pace=Waits().pace)
    assert landing.outcome == "failed"
    assert landing.reason
    return landing.reason


def test_space_is_checked_first(
    target: tuple[Settings, Callable[[dict[str, bytes]], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = target
    monkeypatch.setattr(folder_module.shutil, "disk_usage", lambda _path: Usage(1000, 990, 10))
    words = failed(settings)
    assert "not enough disk for ams__header" in words
    assert "10 bytes are free" in words
    assert "LEVERAGE_MIN_FREE_BYTES" in words
    assert landed_bytes(settings) == {}
    assert leftovers(settings) == []


def test_space_to_be_left_free_counts(
    target: tuple[Settings, Callable[[dict[str, bytes]], None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, _ = target
    limited = settings.model_copy(update={"min_free_bytes": 10_000})
    size = len(table_bytes("header"))
    monkeypatch.setattr(folder_module.shutil, "disk_usage", lambda _path: Usage(0, 0, 10_000 + size - 1))
    assert f"it needs {size:,}" in failed(limited)
    monkeypatch.setattr(folder_module.shutil, "disk_usage", lambda _path: Usage(0, 0, 20_000))
    assert land_release(limited, DAY).outcome == "landed"


def test_space_is_checked_on_the_way(web_settings: Settings, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.publish({file_name("header"): NOISE})
    web.script[web.table("header")] = [without_length]
    frees = itertools.chain([10, 10, 10], itertools.repeat(-1))
    monkeypatch.setattr(part_module, "SPACE_EVERY_BYTES", 20_000)
    monkeypatch.setattr(folder_module.shutil, "disk_usage", lambda _path: Usage(0, 0, next(frees)))
    written: list[int] = []

    def write(descriptor: int, data: bytes) -> None:
        written.append(len(data))
        write_all(descriptor, data)

    monkeypatch.setattr(part_module, "write_all", write)
    landing = land_release(web_settings, DAY)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "not enough disk" in landing.reason
    assert 20_000 < sum(written) < len(NOISE)
    assert leftovers(web_settings) == []


@pytest.mark.parametrize(
    ("number", "good_writes"), [(errno.EDQUOT, 0), *((errno.ENOSPC, good_writes) for good_writes in range(0, 40, 3))]
)
def test_disk_that_fills_at_any_write_leaves_nothing_and_the_release_before(
    target: tuple[Settings, Callable[[dict[str, bytes]], None]],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    good_writes: int,
) -> None:
    settings, publish = target
    first = land_release(settings, DAY)
    before = landed_bytes(settings)
    changed = release(mark="b")
    publish(changed)
    writes = iter(range(1000))
    write = os.write

    def filling(descriptor: int, data: bytes | memoryview) -> int:
        if next(writes) < good_writes:
            return write(descriptor, data)
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(folder_module.os, "write", filling)
        landing = land_release(settings, DAY, pace=Waits().pace)
    if landing.outcome == "failed":
        assert landing.reason
        assert "the disk is full" in landing.reason
        now = landed(settings, DAY)
        assert now is not None
        assert now.files == first.files
        assert landed_bytes(settings) == before
        assert leftovers(settings) == []
    assert land_release(settings, DAY).outcome == ("landed" if landing.outcome == "failed" else "unchanged")
    assert {name: content for name, content in landed_bytes(settings).items() if name in changed} == changed
    assert leftovers(settings) == []


@pytest.fixture
def small_files_only() -> Iterator[None]:
    """No file of this process grows past 100 kB, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.usefixtures("small_files_only")
def test_file_that_cannot_grow_leaves_nothing(web_settings: Settings, web: Web, waits: Waits) -> None:
    web.publish({file_name("header"): NOISE})
    words = failed(web_settings)
    assert "the disk is full: ams__header" in words
    assert "Free some space and run again" in words
    assert landed_bytes(web_settings) == {}
    assert leftovers(web_settings) == []


def test_move_that_fails_on_its_way_is_carried_out_by_the_next_run(
    settings: Settings, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(release())
    land_release(settings, DAY)
    folder.write(release(mark="b"))
    replace = Path.replace
    moves = itertools.count()

    def failing(path: Path, target: Path) -> Path:
        if path.suffix == ".part" and next(moves) == 4:
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(folder_module.Path, "replace", failing)
        assert "Input/output error" in failed(settings)
    assert land_release(settings, DAY).outcome == "unchanged"
    assert {name: content for name, content in landed_bytes(settings).items() if name != "provenance.json"} == release(
        mark="b"
    )
    assert leftovers(settings) == []


def test_home_that_cannot_be_written_is_a_failure_with_a_reason(
    settings: Settings, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(release())

    def read_only(path: Path, *_args: object, **_more: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(folder_module.Path, "mkdir", read_only)
    words = failed(settings)
    assert f"Read-only file system: {settings.landing_dir}" in words
    assert "Check that LEVERAGE_HOME" in words


def test_home_below_a_file_is_a_failure_with_a_reason(settings: Settings, folder: Folder, tmp_path: Path) -> None:
    folder.write(release())
    (tmp_path / "home").write_text("not a folder")
    assert "Not a directory" in failed(settings)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_home_without_permission_is_a_failure_with_a_reason(settings: Settings, folder: Folder) -> None:
    folder.write(release())
    settings.home.mkdir()
    settings.home.chmod(0o500)
    try:
        assert "Permission denied" in failed(settings)
    finally:
        settings.home.chmod(0o700)


def test_source_file_that_cannot_be_read_is_a_failure_with_a_reason(
    settings: Settings, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write(release())
    shutil.rmtree(settings.home, ignore_errors=True)

    def broken(_source: object, name: str, *_args: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), name)

    monkeypatch.setattr("pipeline.ingest.sources.stores.local.LocalStore.stat", broken)
    assert "Input/output error" in failed(settings)
    assert leftovers(settings) == []
