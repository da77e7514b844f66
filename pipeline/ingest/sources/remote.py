"""What sources share whose files are at a place that is asked with retries, under names of a template or a manifest."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from pipeline.ingest.errors import DeniedError, IncompleteError
from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.landing.folder import LandingFolder
from pipeline.ingest.sources.locations import MANIFEST_NAME, FileLocation, file_locations, matching_names
from pipeline.ingest.sources.release_manifest import Declared, Manifest, parse_manifest
from pipeline.ingest.sources.source import Fetched, Source, Unchanged
from pipeline.net.retry import Pace, with_retries
from pipeline.settings import Settings

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class RemoteSource(Source):
    """One release whose files are downloaded."""

    keeps_parts = True

    def __init__(self, settings: Settings, folder: LandingFolder, pace: Pace) -> None:
        """Nothing is asked for yet."""
        super().__init__()
        self._settings, self._folder, self._pace = settings, folder, pace
        self._locations = file_locations(settings.source_template, folder.release_date)
        self._manifests: dict[str, Manifest] = {}

    @abstractmethod
    def _address(self, path: str) -> str:
        """Return where a file or folder is, without secrets."""

    @abstractmethod
    def _names(self, location: FileLocation, folder: str) -> Sequence[str]:
        """Return the names under which the table's file may be in `folder`."""

    @abstractmethod
    def _read_manifest(self, path: str) -> bytes | None:
        """Return the bytes of a manifest; None where there is none."""

    @abstractmethod
    def _download(
        self, location: FileLocation, path: str, name: str, landed: LandedFile | None, declared: Declared | None
    ) -> Fetched | Unchanged | None:
        """Write the bytes of one file into its part, unless it equals the landed one; None where it is not there."""

    def _fetch_from(self, location: FileLocation, folder: str, landed: LandedFile | None) -> Fetched | Unchanged | None:
        """Return the first of the table's files that is there; one that the manifest names must be."""
        manifest = self._manifest(folder)
        for name in self._names(location, folder):
            path = below(folder, name)
            declared = manifest.get(name)
            # A manifest that declares other bytes than those landed outweighs equal dates and "not modified".
            is_outdated = landed and declared and declared.sha256 not in (None, landed.sha256)
            known = landed if landed and landed.url == self._address(path) and not is_outdated else None
            answer = self._download(location, path, name, known, declared)
            if answer is not None:
                return answer
            if declared:
                raise IncompleteError(f"{name} is named by the manifest in {self._address(folder)} and not there")
        return None

    def _newest(self, location: FileLocation, names: Iterable[str]) -> list[str]:
        """Return the newest by name of those of `names` that the template stands for."""
        matches = matching_names(location, names, self._locations.values())
        self._choose(matches, location.names[0])
        return matches[:1]

    def _manifest(self, folder: str) -> Manifest:
        if folder not in self._manifests:
            path = below(folder, MANIFEST_NAME)
            try:
                content = self._retried(lambda: self._read_manifest(path))
            except DeniedError as denial:
                # Without the right to list, object stores answer so for a file that is not there; missing rights to
                # the tables' own files fail the release.
                log.info("%s; going on without a manifest", denial)
                content = None
            self._manifests[folder] = {} if content is None else parse_manifest(content, self._address(path))
        return self._manifests[folder]

    def _retried(self, attempt: Callable[[], Result]) -> Result:
        return with_retries(attempt, self._settings.retries, self._pace)


def below(folder: str, name: str) -> str:
    """Return the path of a name in a folder; the base has none."""
    return f"{folder}/{name}" if folder else name
