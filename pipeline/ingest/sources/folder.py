"""The `file://` source: a folder on this machine or a mounted share."""

from __future__ import annotations

import stat
from email.utils import formatdate
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pipeline.ingest.sources.content import CHUNK_BYTES, too_large
from pipeline.ingest.sources.faults import RefusedError, SourceError
from pipeline.ingest.sources.provenance import LandedFile
from pipeline.ingest.sources.release_manifest import MAX_MANIFEST_BYTES, Declared, Manifest, parse_manifest
from pipeline.ingest.sources.releases import MANIFEST_NAME, Place, pick, places, trusted_name, wildcard
from pipeline.ingest.sources.source import Choices, Fetched, Kept, Progress, now
from pipeline.ingest.sources.store import Store, private_file
from pipeline.settings import Settings
from pipeline.state.files import sha256_of, write_all


class FolderSource:
    """One release below a folder."""

    resumable = False

    def __init__(self, settings: Settings, store: Store, progress: Progress) -> None:
        """Find the base.

        Raises:
            SourceError: it is not there: a share that is not mounted is no release that is not published.
        """
        self._settings, self._store, self._progress = settings, store, progress
        self._base = Path(url2pathname(urlsplit(settings.source_url).path))
        if not self._base.is_dir():
            raise SourceError(f"the source folder {self._base} is not there: mount it or correct LEVERAGE_SOURCE_URL")
        self._real_base = self._base.resolve()
        self._places = places(settings.source_template, store.release_date)
        self._choices = Choices()
        self._folders: dict[str, Path | None] = {}
        self._manifests: dict[Path, Manifest] = {}

    def notes(self) -> str | None:
        """Which of several matches were taken."""
        return self._choices.note()

    def describe(self) -> str:
        """Where the release is looked for."""
        return f"{self._base / next(iter(self._places.values())).folder}"

    def fetch(self, table: str, landed: LandedFile | None) -> Fetched | Kept | None:
        """Copy one table's file into its part, if it differs from the landed one."""
        place = self._places[table]
        folder = self._folder(place)
        matches = self._matches(place, folder) if folder else []
        if folder is None or not matches:
            return None
        self._choices.chosen(matches, place.names[0])
        path = self._inside(folder / matches[0])
        declared = self._manifest(folder).get(matches[0])
        name = place.landed_name(matches[0])
        known = landed if landed and landed.file_name == name else None
        return self._copy(path, name, (folder / matches[0]).as_uri(), known, declared)

    def close(self) -> None:
        """Nothing is held."""

    def _folder(self, place: Place) -> Path | None:
        """The release's folder; where the template leaves it open, the newest that has any of its files."""
        if place.folder not in self._folders:
            found = [self._base]
            for step in place.folder.split("/"):
                found = [parent / name for parent in found for name in _fitting(parent, step)]
            sharing = [other for other in self._places.values() if other.folder == place.folder]
            found = [folder for folder in found if any(self._matches(other, folder) for other in sharing)]
            found.sort(reverse=True)
            self._choices.chosen([folder.name for folder in found], place.folder)
            self._folders[place.folder] = found[0] if found else None
        return self._folders[place.folder]

    def _matches(self, place: Place, folder: Path) -> list[str]:
        """Names of `place`'s file in `folder`, the one to take first."""
        if place.known_names:
            return [name for name in place.names if _is_there(folder / name)][:1]
        return [trusted_name(name, str(folder)) for name in pick(place, _names(folder), self._places.values())]

    def _manifest(self, folder: Path) -> Manifest:
        if folder not in self._manifests:
            path = folder / MANIFEST_NAME
            self._manifests[folder] = {}
            if _is_there(path):
                with self._inside(path).open("rb") as file:
                    self._manifests[folder] = parse_manifest(file.read(MAX_MANIFEST_BYTES + 1), str(path))
        return self._manifests[folder]

    def _inside(self, path: Path) -> Path:
        """The real path of a regular file below the base.

        Raises:
            RefusedError: it leads outside of the base, or is no file.
        """
        real = path.resolve()
        if not real.is_relative_to(self._real_base):
            raise RefusedError(f"{path} is a link that leads outside of {self._base}: refused")
        if not real.exists() or not stat.S_ISREG(real.stat().st_mode):
            raise RefusedError(f"{path} is not a regular file: refused")
        return real

    def _copy(
        self, path: Path, name: str, url: str, known: LandedFile | None, declared: Declared | None
    ) -> Fetched | Kept:
        before = path.stat()
        if before.st_size > self._settings.max_file_bytes:
            raise RefusedError(too_large(name, self._settings))
        if known and known.bytes == before.st_size and known.sha256 == sha256_of(path):
            return Kept(declared)
        self._store.demand_space(before.st_size, name)
        with path.open("rb", buffering=0) as original, private_file(self._store.part(name)) as part:
            copied = 0
            while copied <= before.st_size and (chunk := original.read(CHUNK_BYTES)):
                write_all(part, chunk)
                copied += len(chunk)
                self._progress(name, len(chunk))
        after = path.stat()
        if (copied, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise SourceError(f"{path} changed while it was read: run again when it is complete")
        changed_at = formatdate(after.st_mtime, usegmt=True)
        return Fetched(name, url, now(), last_modified=changed_at, declared=declared)


def _fitting(parent: Path, step: str) -> list[str]:
    """Names of folders in `parent` that one step of the template stands for."""
    names = _names(parent) if "*" in step else [step]
    pattern = wildcard(step)
    return [name for name in names if pattern.fullmatch(name) and (parent / name).is_dir()]


def _names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_there(path: Path) -> bool:
    """Whether the name exists, be it a link that leads nowhere."""
    return path.exists() or path.is_symlink()
