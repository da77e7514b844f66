"""The versions of the BI copy: where each lies, which one readers see, how it is swapped, kept and taken back.

    bi/leverage.duckdb              what BI tools open: a second name (hard link) of the file of one version
    bi/parquet                      link to the Parquet folder of the same version
    bi/versions/000012/             one version, never changed: leverage.duckdb, parquet/<table>/, manifest.json
    bi/.building/                   a version that is being made; swept when its making was cut short

A version is there whole or not at all, and both names are swapped by a rename, so a reader sees the old one or the new
one. Folders have mode 750 and files 440: the owner and the group read, nobody else; only the pipeline writes.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.state.files import force

FILE_NAME: Final = "leverage.duckdb"
PARQUET_NAME: Final = "parquet"
MANIFEST_NAME: Final = "manifest.json"
VERSIONS_NAME: Final = "versions"
BUILDING_NAME: Final = ".building"
ROLLED_BACK_NAME: Final = ".rolled-back"
"""There from a rollback to the next publication: the newest version is hidden on purpose."""
GRACE_S: Final = 60.0
"""A version that readers saw so short a time ago is not removed, however many there are: between a look at the link and
the opening of the file behind it the folder must not go. Measured: removed right after the swap, it fails a reader of a
glob within some hundred reads."""
FOLDER_MODE: Final = 0o750
FILE_MODE: Final = 0o440


class BiError(PipelineError):
    """The BI copy could not be made or taken back; the message says why. What readers see is as it was."""


@dataclass(frozen=True)
class Content:
    """What one table of a version holds.

    Attributes:
        rows: number of rows.
        digest: sum of the rows' hashes, as text: the same for the same rows in any order.
        shape: digest of its columns, types, comments and order of rows.
    """

    rows: int
    digest: str
    shape: str


@dataclass(frozen=True)
class Version:
    """One version that lies whole.

    Attributes:
        number: 1, 2, ...; a newer one has a greater number.
        folder: where it lies.
        made_at: ISO time in UTC.
        applied: digest of the releases and decisions in it (`AsOf.applied`).
        newest_release_date: ISO date; None before the first release.
        tables: what each table holds.
        file_bytes: size of its DuckDB file.
        parquet_bytes: size of its Parquet files together.
    """

    number: int
    folder: Path
    made_at: str
    applied: str
    newest_release_date: str | None
    tables: Mapping[str, Content]
    file_bytes: int
    parquet_bytes: int

    @property
    def file(self) -> Path:
        """Its DuckDB file."""
        return self.folder / FILE_NAME

    def parquet(self, table: str) -> Path:
        """Its Parquet file of one table."""
        return parquet_file(self.folder, table)


def parquet_file(folder: Path, table: str) -> Path:
    """Where the Parquet file of `table` lies in a version's folder: one file a table, so that no reader mixes two."""
    return folder / PARQUET_NAME / table / f"{table}.parquet"


def versions(settings: Settings) -> list[Version]:
    """The versions that lie whole, oldest first; one whose file was cut or taken away is left out."""
    folders = sorted((settings.bi_dir / VERSIONS_NAME).glob("[0-9]*"))
    return [version for folder in folders if (version := _read(folder)) is not None]


def current(settings: Settings) -> Version | None:
    """The version that readers see; None where there is none, or where a kill left the two names on different ones."""
    for version in versions(settings):
        same_file = settings.bi_path.exists() and settings.bi_path.samefile(version.file)
        if same_file and (settings.bi_dir / PARQUET_NAME).resolve() == (version.folder / PARQUET_NAME).resolve():
            return version
    return None


def is_rolled_back(settings: Settings) -> bool:
    """Whether somebody took the newest version back."""
    return (settings.bi_dir / ROLLED_BACK_NAME).exists()


def begin(settings: Settings) -> Path:
    """An empty folder in which the next version is made; call `sweep` before."""
    for folder in (settings.bi_dir, settings.bi_dir / VERSIONS_NAME):
        if not folder.exists():
            folder.mkdir(parents=True)
            _chmod(folder, FOLDER_MODE)
    building = settings.bi_dir / BUILDING_NAME
    building.mkdir(mode=0o700)
    return building


def sweep(settings: Settings) -> None:
    """Remove what a killed publication or removal left; never what readers see."""
    if not settings.bi_dir.exists():
        return
    for folder in (settings.bi_dir, settings.bi_dir / VERSIONS_NAME):
        for path in folder.glob(".*"):
            if path.name.endswith(".next"):
                path.unlink(missing_ok=True)
            elif path.name == BUILDING_NAME or path.name.startswith(".gone-"):
                shutil.rmtree(path)


def commit(settings: Settings, building: Path, document: Mapping[str, Any], tables: Mapping[str, Content]) -> Version:
    """Make the built folder the newest version, forced to disk; readers do not see it yet.

    Args:
        settings: whose copy.
        building: from `begin`; holds the DuckDB file and the Parquet folder, closed.
        document: the other fields of the manifest: `made_at`, `applied`, `newest_release_date`.
        tables: what each table holds.
    """
    number = 1 + max((int(path.name) for path in (settings.bi_dir / VERSIONS_NAME).glob("[0-9]*")), default=0)
    sizes = {
        "file_bytes": (building / FILE_NAME).stat().st_size,
        "parquet_bytes": sum(path.stat().st_size for path in (building / PARQUET_NAME).rglob("*.parquet")),
    }
    manifest = {**document, **sizes, "tables": {name: asdict(content) for name, content in tables.items()}}
    (building / MANIFEST_NAME).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    for path in sorted(building.rglob("*")):
        if path.is_file():
            path.chmod(FILE_MODE)
            force(path)
    for folder in (*(path for path in building.rglob("*") if path.is_dir()), building):
        _chmod(folder, FOLDER_MODE)
        force(folder)
    folder = settings.bi_dir / VERSIONS_NAME / f"{number:06d}"
    building.rename(folder)
    force(folder.parent)
    version = _read(folder)
    if version is None:
        raise BiError(f"{folder} is not as it was written: the disk or its file system is faulty")
    return version


def show(settings: Settings, version: Version) -> None:
    """Let readers see `version`: the DuckDB file first, then the Parquet folder, each by one rename.

    Raises:
        BiError: the file system knows no links.
    """
    bi = settings.bi_dir
    seen = current(settings)
    if seen is not None:
        os.utime(seen.folder)  # when it was last seen, for `keep`
    try:
        if not (settings.bi_path.exists() and settings.bi_path.samefile(version.file)):
            following = _fresh(bi / f".{FILE_NAME}.next")
            os.link(version.file, following)
            # A log that some program left beside the old file (opened for writing against its mode) is none of the new.
            Path(f"{settings.bi_path}.wal").unlink(missing_ok=True)
            following.replace(settings.bi_path)
        target = Path(VERSIONS_NAME) / version.folder.name / PARQUET_NAME
        following = _fresh(bi / f".{PARQUET_NAME}.next")
        following.symlink_to(target, target_is_directory=True)
        shown = bi / PARQUET_NAME
        if shown.is_dir() and not shown.is_symlink():
            # a home that was copied or restored with its links followed
            gone = bi / f".gone-{PARQUET_NAME}"
            shown.rename(gone)
            shutil.rmtree(gone)
        following.replace(shown)
    except OSError as error:
        raise BiError(
            f"the BI copy was made but not shown: {error.filename or bi}: {error.strerror}. {bi} must be on a file "
            "system with hard and symbolic links, and hold nothing else by these names"
        ) from error
    force(bi)


def keep(settings: Settings) -> None:
    """Remove the versions beyond the newest `LEVERAGE_BI_KEEP`; never one that readers see or saw a moment ago."""
    seen = current(settings)
    for version in versions(settings)[: -settings.bi_keep]:
        saw = time.time() - version.folder.stat().st_mtime < GRACE_S
        if saw or seen is None or version.number == seen.number:
            continue
        gone = version.folder.with_name(f".gone-{version.folder.name}")
        version.folder.rename(gone)
        shutil.rmtree(gone)


def roll_back(settings: Settings, number: int | None = None) -> Version:
    """Let readers see an older version again, until the next publication.

    Args:
        settings: whose copy.
        number: of the version; None is the newest one before that which readers see.

    Raises:
        BiError: there is no such version.
    """
    kept = versions(settings)
    seen = current(settings)
    known = ", ".join(str(version.number) for version in kept) or "none"
    if number is None:
        older = [version for version in kept if seen is not None and version.number < seen.number]
        if not older:
            raise BiError(f"there is no older version to go back to; kept are: {known}")
        target = older[-1]
    else:
        found = [version for version in kept if version.number == number]
        if not found:
            raise BiError(f"there is no version {number}; kept are: {known}")
        target = found[0]
    mark = settings.bi_dir / ROLLED_BACK_NAME
    if target.number == kept[-1].number:
        mark.unlink(missing_ok=True)
    else:
        mark.write_text(f"{target.number}\n", encoding="utf-8")
    show(settings, target)
    return target


def end_rollback(settings: Settings) -> None:
    """A publication shows the newest version again."""
    (settings.bi_dir / ROLLED_BACK_NAME).unlink(missing_ok=True)


def _read(folder: Path) -> Version | None:
    try:
        entry = json.loads((folder / MANIFEST_NAME).read_bytes())
        whole = (folder / FILE_NAME).stat().st_size == entry["file_bytes"]
    except (FileNotFoundError, ValueError):
        return None
    tables = {name: Content(**content) for name, content in entry.pop("tables").items()}
    return Version(number=int(folder.name), folder=folder, tables=tables, **entry) if whole else None


def _fresh(path: Path) -> Path:
    path.unlink(missing_ok=True)
    return path


def _chmod(folder: Path, mode: int) -> None:
    """Set the mode, keeping a set-group bit: with it new files take the group of the folder."""
    folder.chmod(mode | (folder.stat().st_mode & stat.S_ISGID))
