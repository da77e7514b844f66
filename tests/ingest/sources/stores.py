"""What the tests of stores share: a settled release in a store, and what arrives of it."""

from __future__ import annotations

from typing import Protocol

from pipeline.ingest.land import land_release
from pipeline.settings import Settings

from .conftest import DAY, landed_bytes

BASE = f"{DAY:%Y}/{DAY:%Y%m%d}"


class FileStore(Protocol):
    """A server process with files below its base."""

    def put(self, path: str, content: bytes) -> None: ...

    def remove(self, path: str) -> None: ...


def publish(store: FileStore, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        store.put(f"{BASE}/{name}", content)


def arrived(settings: Settings, files: dict[str, bytes], **more: object) -> None:
    """The release is landed, each file byte for byte."""
    landing = land_release(settings, DAY, **more)  # type: ignore[arg-type]
    assert landing.outcome == "landed", landing.reason
    found = landed_bytes(settings)
    assert {name: found[name] for name in files} == files


def failure(settings: Settings, **more: object) -> str:
    """The reason of a release that fails."""
    landing = land_release(settings, DAY, **more)  # type: ignore[arg-type]
    assert landing.outcome == "failed", landing
    assert landing.reason
    return landing.reason
