"""Releases to fetch: small AMS files written into a folder, as bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.sources.locations import file_locations
from pipeline.net.retry import Pace
from pipeline.settings import Settings, load_settings

from .server import Feed, Request
from .store_servers import bucket, endpoint, owner, process, server, ssh  # noqa: F401  # fixtures of the stores' tests

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
    found = file_locations(load_settings(_env_file=None).source_template, day)
    return {found[table].names[0]: table_bytes(table, mark=mark) for table in tables}


def file_name(table: str) -> str:
    """Name of a table's file by the default template."""
    return next(iter(release((table,))))


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

    def put(self, path: str, content: bytes) -> None:
        file = self.base / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def remove(self, path: str) -> None:
        (self.base / path).unlink()

    def name(self, table: str) -> str:
        return file_name(table)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "feed")


@pytest.fixture
def settings(tmp_path: Path, folder: Folder) -> Settings:
    return load_settings(_env_file=None, home=tmp_path / "home", source_url=folder.base.as_uri(), min_free_bytes=0)


class Waits:
    """A pace that does not wait: it keeps what it was asked to sleep."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self.clock = 0.0
        self.tick = 0.0

    def monotonic(self) -> float:
        self.clock += self.tick
        return self.clock

    @property
    def pace(self) -> Pace:
        return Pace(self.slept.append, self.monotonic, lambda: 1.0, lambda: datetime(2026, 11, 3, 12, tzinfo=UTC))


@pytest.fixture
def waits() -> Waits:
    return Waits()


class Web(Feed):
    """A feed of one release below `/feed`, by the default template."""

    def path(self, name: str) -> str:
        return f"/feed/{DAY:%Y}/{DAY:%Y%m%d}/{name}"

    def table(self, table: str) -> str:
        return self.path(file_name(table))

    def publish(self, files: dict[str, bytes]) -> None:
        self.files.update({self.path(name): content for name, content in files.items()})

    def asked_for(self, table: str) -> list[Request]:
        return self.asked(self.table(table))


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A server that has a whole release, without a manifest."""
    monkeypatch.setenv("NO_PROXY", "*")
    feed = Web()
    feed.publish(release())
    stop = feed.start()
    yield feed
    stop()


@pytest.fixture
def web_settings(tmp_path: Path, web: Web) -> Settings:
    return settings_for(web, tmp_path)


def settings_for(web: Web, tmp_path: Path, **more: object) -> Settings:
    return load_settings(
        **{"_env_file": None, "home": tmp_path / "home", "source_url": web.url, "min_free_bytes": 0, **more}
    )


def landed_bytes(settings: Settings) -> dict[str, bytes]:
    """Files in the landing folder of the day, and their bytes."""
    found = settings.landing_dir / DAY.isoformat()
    return {path.name: path.read_bytes() for path in found.iterdir() if path.is_file()} if found.exists() else {}


def leftovers(settings: Settings) -> list[str]:
    """What lies in the landing tree outside of release folders, lock files aside."""
    partial = settings.landing_dir / ".partial"
    return sorted(path.name for path in partial.rglob("*") if path.is_file() and path.suffix != ".lock")
