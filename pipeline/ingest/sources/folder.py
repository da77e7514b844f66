"""The `file://` source: a folder on this machine or a mounted share."""

from __future__ import annotations

import stat
from email.utils import formatdate
from pathlib import Path

from pipeline.ingest.errors import RefusedError, SourceError
from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.landing.folder import LandingFolder, private_file
from pipeline.ingest.landing.verify import CHUNK_BYTES, check_size
from pipeline.ingest.sources.locations import (
    MANIFEST_NAME,
    FileLocation,
    file_locations,
    matching_names,
    trusted_name,
    wildcard,
)
from pipeline.ingest.sources.release_manifest import MAX_MANIFEST_BYTES, Manifest, parse_manifest
from pipeline.ingest.sources.source import Fetched, Source, Unchanged, now
from pipeline.settings import Settings
from pipeline.state.files import sha256_of, write_all


class FolderSource(Source):
    """One release below a folder."""

    def __init__(self, settings: Settings, folder: LandingFolder) -> None:
        """Find the base.

        Raises:
            SourceError: it is not there: a share that is not mounted is no release that is not published.
        """
        super().__init__()
        self._settings, self._landing = settings, folder
        self._base = settings.source_folder or Path()
        if not self._base.is_dir():
            raise SourceError(f"the source folder {self._base} is not there: mount it or correct LEVERAGE_SOURCE_URL")
        self._locations = file_locations(settings.source_template, folder.release_date)
        self._folders: dict[str, Path | None] = {}
        self._manifests: dict[Path, Manifest] = {}

    def describe(self) -> str:
        """Return where the release is expected."""
        return f"{self._base / next(iter(self._locations.values())).folder}"

    def fetch(self, table: str, landed: LandedFile | None) -> Fetched | Unchanged | None:
        """Copy one table's file into its part, if it differs from the landed one."""
        location = self._locations[table]
        folder = self._release_folder(location)
        matches = self._matches(location, folder) if folder else []
        if folder is None or not matches:
            return None
        self._choose(matches, location.names[0])
        path = self._inside_base(folder / matches[0])
        name = location.landing_prefix + matches[0]
        declared = self._manifest(folder).get(matches[0])
        size = path.stat().st_size
        check_size(size, name, self._settings)
        if landed and (landed.file_name, landed.bytes) == (name, size) and landed.sha256 == sha256_of(path):
            return Unchanged(declared)
        changed_at = self._copy(path, name)
        url = (folder / matches[0]).as_uri()
        return Fetched(name, url, now(), last_modified=formatdate(changed_at, usegmt=True), declared=declared)

    def _release_folder(self, location: FileLocation) -> Path | None:
        """Return the release's folder; where the template leaves it open, the newest that has any of its files."""
        if location.folder not in self._folders:
            found = [self._base]
            for step in location.folder.split("/"):
                found = [parent / name for parent in found for name in _folders_like(parent, step)]
            sharing = [other for other in self._locations.values() if other.folder == location.folder]
            found = [folder for folder in found if any(self._matches(other, folder) for other in sharing)]
            found.sort(reverse=True)
            self._choose([folder.name for folder in found], location.folder)
            self._folders[location.folder] = found[0] if found else None
        return self._folders[location.folder]

    def _matches(self, location: FileLocation, folder: Path) -> list[str]:
        """Return the names of the table's file in `folder`, best first."""
        if location.are_names_known:
            return [name for name in location.names if _is_there(folder / name)][:1]
        names = matching_names(location, _names(folder), self._locations.values())
        return [trusted_name(name, str(folder)) for name in names]

    def _manifest(self, folder: Path) -> Manifest:
        if folder not in self._manifests:
            path = folder / MANIFEST_NAME
            self._manifests[folder] = {}
            if _is_there(path):
                with self._inside_base(path).open("rb") as file:
                    self._manifests[folder] = parse_manifest(file.read(MAX_MANIFEST_BYTES + 1), str(path))
        return self._manifests[folder]

    def _inside_base(self, path: Path) -> Path:
        """Return the real path of a regular file below the base.

        Raises:
            RefusedError: it leads outside of the base, or is no file.
        """
        real = path.resolve()
        if not real.is_relative_to(self._base.resolve()):
            raise RefusedError(f"{path} is a link that leads outside of {self._base}: refused")
        if not real.exists() or not stat.S_ISREG(real.stat().st_mode):
            raise RefusedError(f"{path} is not a regular file: refused")
        return real

    def _copy(self, path: Path, name: str) -> float:
        """Copy `path` into the part of `name`; return the time at which it was changed."""
        before = path.stat()
        self._landing.require_space(before.st_size, name)
        with path.open("rb", buffering=0) as original, private_file(self._landing.part(name)) as part:
            copied = 0
            while copied <= before.st_size and (chunk := original.read(CHUNK_BYTES)):
                write_all(part, chunk)
                copied += len(chunk)
        after = path.stat()
        if (copied, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise SourceError(f"{path} changed while it was read: run again when it is complete")
        return after.st_mtime


def _folders_like(parent: Path, step: str) -> list[str]:
    """Return the folders in `parent` that fit one step of the template."""
    names = _names(parent) if "*" in step else [step]
    pattern = wildcard(step)
    return [name for name in names if pattern.fullmatch(name) and (parent / name).is_dir()]


def _names(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []


def _is_there(path: Path) -> bool:
    """Whether the name exists, be it a link to nothing."""
    return path.exists() or path.is_symlink()
