"""The versions of the BI copy: which one readers see, how it is swapped, kept and rolled back.

    bi/leverage.duckdb              what BI tools open: a second name (hard link) of the file of one version
    bi/parquet                      link to the Parquet folder of the same version
    bi/versions/000012/             one version, never changed: leverage.duckdb, parquet/<table>/, manifest.json
    bi/.building/                   the next version; removed by the next publication if this one is killed

Both names are swapped by a rename: readers see the old version or the new one. Folders have mode 750 and files 440.
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
from pipeline.state.files import PRIVATE_FOLDER, force

FILE_NAME: Final = "leverage.duckdb"
PARQUET_NAME: Final = "parquet"
MANIFEST_NAME: Final = "manifest.json"
VERSIONS_NAME: Final = "versions"
BUILDING_NAME: Final = ".building"
ROLLED_BACK_NAME: Final = ".rolled-back"
"""Present from a rollback to the next publication: the newest version is hidden on purpose."""
GRACE_S: Final = 60.0
"""A version that readers saw so recently is not removed: between resolving the link and opening the file behind it the
folder must stay. Measured: removed right after the swap, it fails a reader of a glob within some hundred reads."""
FOLDER_MODE: Final = 0o750
FILE_MODE: Final = 0o440


class BiError(PipelineError):
    """The BI copy could not be made or rolled back; what readers see is unchanged."""


@dataclass(frozen=True)
class Content:
    """The content of one table: its rows, the sum of their hashes, and a digest of columns, comments and order."""

    rows: int
    digest: str
    shape: str


@dataclass(frozen=True)
class Version:
    """One whole version.

    Attributes:
        number: 1, 2, ...; a newer one has a greater number.
        folder: where it is.
        made_at: ISO time in UTC.
        applied: digest of the releases, decisions and weeks in it.
        newest_release_date: ISO date; None before the first release.
        tables: content of each table.
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
    """The Parquet file of `table` in a version's folder: one file a table, so that no reader mixes two versions."""
    return folder / PARQUET_NAME / table / f"{table}.parquet"


def versions(settings: Settings) -> list[Version]:
    """The whole versions, oldest first; one whose file was truncated or removed is left out."""
    folders = sorted((settings.bi_dir / VERSIONS_NAME).glob("[0-9]*"))
    return [version for folder in folders if (version := _read(folder)) is not None]


def current(settings: Settings) -> Version | None:
    """The version that readers see; None where there is none, or where a kill left the two names on different ones."""
    parquet = (settings.bi_dir / PARQUET_NAME).resolve()
    for version in versions(settings):
        if _is_shown(settings, version) and parquet == (version.folder / PARQUET_NAME).resolve():
            return version
    return None


def is_rolled_back(settings: Settings) -> bool:
    """Whether an older version is shown on purpose."""
    return (settings.bi_dir / ROLLED_BACK_NAME).exists()


def begin(settings: Settings) -> Path:
    """Return an empty folder for the next version; call `sweep` before."""
    for folder in (settings.bi_dir, settings.bi_dir / VERSIONS_NAME):
        if not folder.exists():
            folder.mkdir(parents=True)
            _set_mode(folder)
    building = settings.bi_dir / BUILDING_NAME
    building.mkdir(mode=PRIVATE_FOLDER)
    return building


def sweep(settings: Settings) -> None:
    """Remove what a killed publication left; never what readers see."""
    for folder in (settings.bi_dir, settings.bi_dir / VERSIONS_NAME):
        for path in folder.glob(".*"):
            if path.name.endswith(".next"):
                path.unlink()
            elif path.name == BUILDING_NAME or path.name.startswith(".gone-"):
                shutil.rmtree(path)


def commit(settings: Settings, building: Path, tables: Mapping[str, Content], **fields: Any) -> Version:
    """Make the built folder the newest version, forced to disk; readers do not see it yet.

    Args:
        settings: whose copy.
        building: from `begin`, with the DuckDB file and the Parquet folder, closed.
        tables: content of each table.
        fields: `made_at`, `applied` and `newest_release_date` of the version.
    """
    parquet_bytes = sum(path.stat().st_size for path in (building / PARQUET_NAME).rglob("*.parquet"))
    manifest = {
        **fields,
        "file_bytes": (building / FILE_NAME).stat().st_size,
        "parquet_bytes": parquet_bytes,
        "tables": {name: asdict(content) for name, content in tables.items()},
    }
    (building / MANIFEST_NAME).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    for path in (*sorted(building.rglob("*"), reverse=True), building):
        path.chmod(FILE_MODE) if path.is_file() else _set_mode(path)
        force(path)
    number = 1 + max((int(path.name) for path in (settings.bi_dir / VERSIONS_NAME).glob("[0-9]*")), default=0)
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
        BiError: the file system has no links, or something else has one of the names.
    """
    bi = settings.bi_dir
    seen = current(settings)
    if seen is not None:
        os.utime(seen.folder)  # when it was last seen, for `keep`
    try:
        if not _is_shown(settings, version):
            following = _free(bi / f".{FILE_NAME}.next")
            os.link(version.file, following)
            # A log beside the old file, left by a program that opened it for writing, does not belong to the new one.
            Path(f"{settings.bi_path}.wal").unlink(missing_ok=True)
            following.replace(settings.bi_path)
        shown = bi / PARQUET_NAME
        following = _free(bi / f".{PARQUET_NAME}.next")
        following.symlink_to(Path(VERSIONS_NAME) / version.folder.name / PARQUET_NAME, target_is_directory=True)
        if shown.is_dir() and not shown.is_symlink():  # a home that was copied or restored with its links followed
            _remove(shown)
        following.replace(shown)
    except OSError as error:
        raise BiError(
            f"the BI copy was made but not shown: {error.filename or bi}: {error.strerror}. {bi} must be on a file "
            "system with hard and symbolic links, and have nothing else by these names"
        ) from error
    force(bi)


def keep(settings: Settings) -> None:
    """Remove the versions beyond the newest `LEVERAGE_BI_KEEP`; never one that readers see or saw a moment ago."""
    seen = current(settings)
    for version in versions(settings)[: -settings.bi_keep]:
        recent = time.time() - version.folder.stat().st_mtime < GRACE_S
        if seen is not None and version.number != seen.number and not recent:
            _remove(version.folder)


def roll_back(settings: Settings, number: int | None = None) -> Version:
    """Let readers see an older version again, until the next publication.

    Args:
        settings: whose copy.
        number: of the version; None is the newest one before the shown one.

    Raises:
        BiError: there is no such version.
    """
    stored = versions(settings)
    seen = current(settings)
    if number is None:
        found = [version for version in stored if seen is not None and version.number < seen.number]
        missing = "there is no older version to go back to"
    else:
        found = [version for version in stored if version.number == number]
        missing = f"there is no version {number}"
    if not found:
        numbers = ", ".join(str(version.number) for version in stored) or "none"
        raise BiError(f"{missing}; kept are: {numbers}")
    end_rollback(settings)
    if found[-1].number != stored[-1].number:
        (settings.bi_dir / ROLLED_BACK_NAME).touch()
    show(settings, found[-1])
    return found[-1]


def end_rollback(settings: Settings) -> None:
    """Forget a rollback: the newest version is to be shown again."""
    (settings.bi_dir / ROLLED_BACK_NAME).unlink(missing_ok=True)


def _is_shown(settings: Settings, version: Version) -> bool:
    return settings.bi_path.exists() and settings.bi_path.samefile(version.file)


def _read(folder: Path) -> Version | None:
    try:
        entry = json.loads((folder / MANIFEST_NAME).read_bytes())
        whole = (folder / FILE_NAME).stat().st_size == entry["file_bytes"]
    except (FileNotFoundError, ValueError):
        return None
    tables = {name: Content(**content) for name, content in entry.pop("tables").items()}
    return Version(number=int(folder.name), folder=folder, tables=tables, **entry) if whole else None


def _free(path: Path) -> Path:
    path.unlink(missing_ok=True)
    return path


def _remove(folder: Path) -> None:
    """Remove a folder, under a hidden name first: killed in between, what remains is not mistaken for a whole one."""
    gone = folder.with_name(f".gone-{folder.name}")
    folder.rename(gone)
    shutil.rmtree(gone)


def _set_mode(folder: Path) -> None:
    """Set the mode, keeping a set-group bit: with it new files take the group of the folder."""
    folder.chmod(FOLDER_MODE | (folder.stat().st_mode & stat.S_ISGID))
