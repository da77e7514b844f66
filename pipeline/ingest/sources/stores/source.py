"""The `file://`, `s3://` and `sftp://` sources: one release below a base that can be listed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from pipeline.ingest.errors import DeniedError, SourceError
from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.landing.folder import LandingFolder
from pipeline.ingest.sources.locations import (
    MANIFEST_NAME,
    FileLocation,
    file_locations,
    matching_names,
    trusted_name,
    wildcard,
)
from pipeline.ingest.sources.part import Part, PartRecord
from pipeline.ingest.sources.release_manifest import MAX_MANIFEST_BYTES, Declared, Manifest, parse_manifest
from pipeline.ingest.sources.source import Fetched, Source, Unchanged, now
from pipeline.ingest.sources.stores.store import Listing, Store
from pipeline.net.retry import Pace, with_retries
from pipeline.settings import Settings

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class StoredSource(Source):
    """One release in a store."""

    keeps_parts = True

    def __init__(self, settings: Settings, folder: LandingFolder, store: Store, pace: Pace) -> None:
        """Take the store, which the source closes."""
        super().__init__()
        self._settings, self._folder, self._store, self._pace = settings, folder, store, pace
        self._locations = file_locations(settings.source_template, folder.release_date)
        self._listings: dict[str, Listing] = {}
        self._release_folders: dict[str, str | None] = {}
        self._manifests: dict[str, Manifest] = {}
        self._is_checked = False

    def describe(self) -> str:
        """Return where the release is expected."""
        return self._store.address(next(iter(self._locations.values())).folder)

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def fetch(self, table: str, landed: LandedFile | None) -> Fetched | Unchanged | None:
        """Download one table's file into its part, unless the store says that the landed one is still right."""
        location = self._locations[table]
        folder = self._release_folder(location)
        if folder is None:
            self._check_base()
            return None
        manifest = self._manifest(folder)
        for name in self._names(location, folder):
            answer = self._download(location, folder, name, landed, manifest.get(name))
            if answer is not None:
                return answer
            if name in manifest:
                raise SourceError(f"{name} is named by the manifest in {self._store.address(folder)} and not there")
        self._check_base()
        return None

    def _check_base(self) -> None:
        """Make sure, once, that a release that is not there is not a base that cannot be reached."""
        if not self._is_checked:
            self._retried(self._store.check)
            self._is_checked = True

    def _release_folder(self, location: FileLocation) -> str | None:
        """Return the release's folder; where the template leaves it open, the newest that has any of its files."""
        if location.is_folder_known:
            return location.folder
        if location.folder not in self._release_folders:
            found = [""]
            for step in location.folder.split("/"):
                found = [_below(parent, name) for parent in found for name in self._folders_like(parent, step)]
            sharing = [other for other in self._locations.values() if other.folder == location.folder]
            found = [folder for folder in found if any(self._listed_names(other, folder) for other in sharing)]
            found.sort(reverse=True)
            self._choose([folder.rpartition("/")[2] for folder in found], location.folder)
            self._release_folders[location.folder] = found[0] if found else None
        return self._release_folders[location.folder]

    def _folders_like(self, parent: str, step: str) -> list[str]:
        if "*" not in step:
            return [step]
        pattern = wildcard(step)
        where = self._store.address(parent)
        return [trusted_name(name, where) for name in self._list(parent).folders if pattern.fullmatch(name)]

    def _names(self, location: FileLocation, folder: str) -> list[str]:
        """Return the names under which the table's file may be in `folder`; a known name needs no right to list."""
        if location.are_names_known:
            return list(location.names)
        matches = self._listed_names(location, folder)
        self._choose(matches, location.names[0])
        return matches[:1]

    def _listed_names(self, location: FileLocation, folder: str) -> list[str]:
        names = matching_names(location, self._list(folder).files, self._locations.values())
        return [trusted_name(name, self._store.address(folder)) for name in names]

    def _list(self, folder: str) -> Listing:
        if folder not in self._listings:
            self._listings[folder] = self._retried(lambda: self._store.list(folder))
        return self._listings[folder]

    def _manifest(self, folder: str) -> Manifest:
        if folder not in self._manifests:
            path = _below(folder, MANIFEST_NAME)
            try:
                content = self._retried(lambda: self._read_manifest(path))
            except DeniedError as denial:
                # Without the right to list, S3 answers so for a file that is not there; missing rights to the tables'
                # own files fail the release.
                log.info("%s; going on without a manifest", denial)
                content = None
            self._manifests[folder] = {} if content is None else parse_manifest(content, self._store.address(path))
        return self._manifests[folder]

    def _read_manifest(self, path: str) -> bytes | None:
        file = self._store.stat(path)
        if file is None:
            return None
        content = b""
        with self._store.read(path, file, 0) as chunks:
            for chunk in chunks:
                content += chunk
                if len(content) > MAX_MANIFEST_BYTES:
                    break
        return content

    def _download(
        self, location: FileLocation, folder: str, name: str, landed: LandedFile | None, declared: Declared | None
    ) -> Fetched | Unchanged | None:
        path = _below(folder, name)
        where = self._store.address(path)
        part = Part(self._settings, self._folder, location.landing_prefix + name, where, declared)
        # A manifest that declares other bytes than those landed outweighs equal dates.
        is_outdated = landed and declared and declared.sha256 not in (None, landed.sha256)
        known = landed if landed and landed.url == where and not is_outdated else None
        # A name from a listing exists; another one once its file was seen.
        is_seen = not location.are_names_known

        def attempt() -> Fetched | Unchanged | None:
            nonlocal is_seen
            file = self._store.stat(path)
            if file is None and is_seen:
                part.drop()
                raise SourceError(f"{where} was there a moment ago and is gone: run again when its publisher is done")
            if file is None:
                part.drop()
                return None
            is_seen = True
            said = (file.etag, file.last_modified, file.size)
            if not (file.etag or file.last_modified):
                part.drop()  # nothing vouches for bytes of an earlier try
            elif known and (known.etag, known.last_modified, known.bytes) == said:
                return Unchanged(declared)
            begun = part.begun()
            if begun and (begun.etag, begun.last_modified, begun.length) == said and part.size() <= file.size:
                if part.size() == file.size:
                    return part.receive((), begun, file.size)
            else:
                part.drop()
                begun = PartRecord(where, file.etag, file.last_modified, file.size, now())
            size = part.size()
            with self._store.read(path, file, size) as chunks:
                return part.receive(chunks, begun, size)

        return self._retried(attempt)

    def _retried(self, attempt: Callable[[], Result]) -> Result:
        return with_retries(attempt, self._settings.retries, self._pace)


def _below(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
