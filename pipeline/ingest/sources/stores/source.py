"""The `file://`, `s3://` and `sftp://` sources: one release below a base that can be listed."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.ingest.errors import SourceError
from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.landing.folder import LandingFolder
from pipeline.ingest.sources.locations import FileLocation, matching_names, trusted_name, wildcard
from pipeline.ingest.sources.part import Part, PartRecord
from pipeline.ingest.sources.release_manifest import Declared, limited
from pipeline.ingest.sources.remote import RemoteSource, below
from pipeline.ingest.sources.source import Fetched, Unchanged, now
from pipeline.ingest.sources.stores.store import Listing, Store
from pipeline.net.retry import Pace
from pipeline.settings import Settings


class StoredSource(RemoteSource):
    """One release in a store."""

    def __init__(self, settings: Settings, folder: LandingFolder, store: Store, pace: Pace) -> None:
        """Take the store, which the source closes."""
        super().__init__(settings, folder, pace)
        self._store = store
        self._listings: dict[str, Listing] = {}
        self._release_folders: dict[str, str | None] = {}
        self._is_checked = False

    def describe(self) -> str:
        """Return where the release is expected."""
        return self._address(next(iter(self._locations.values())).folder)

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
        answer = self._fetch_from(location, folder, landed)
        if answer is None:
            self._check_base()
        return answer

    def _address(self, path: str) -> str:
        return self._store.address(path)

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
                found = [below(parent, name) for parent in found for name in self._folders_like(parent, step)]
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
        where = self._address(parent)
        return [trusted_name(name, where) for name in self._list(parent).folders if pattern.fullmatch(name)]

    def _names(self, location: FileLocation, folder: str) -> Sequence[str]:
        """Return the names under which the table's file may be in `folder`; a known name needs no right to list."""
        if location.are_names_known:
            return location.names
        return self._newest(location, self._listed_names(location, folder))

    def _listed_names(self, location: FileLocation, folder: str) -> list[str]:
        names = matching_names(location, self._list(folder).files, self._locations.values())
        return [trusted_name(name, self._address(folder)) for name in names]

    def _list(self, folder: str) -> Listing:
        if folder not in self._listings:
            self._listings[folder] = self._retried(lambda: self._store.list(folder))
        return self._listings[folder]

    def _read_manifest(self, path: str) -> bytes | None:
        file = self._store.stat(path)
        if file is None:
            return None
        with self._store.read(path, file, 0) as chunks:
            return limited(chunks)

    def _download(
        self, location: FileLocation, path: str, name: str, landed: LandedFile | None, declared: Declared | None
    ) -> Fetched | Unchanged | None:
        where = self._address(path)
        part = Part(self._settings, self._folder, location.landing_prefix + name, where, declared)
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
            elif landed and (landed.etag, landed.last_modified, landed.bytes) == said:
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
