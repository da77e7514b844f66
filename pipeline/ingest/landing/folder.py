"""The landing folder: private, whole releases only, nothing lost when a run is killed.

A release is gathered in `landing/.partial/<D>/` (one `.part` a file, at last its `provenance.json`) and moved to
`landing/<D>/` when it is whole. The plan of the move is written first (`commit.json`), so that the next run finishes a
move that a kill cut short. `provenance.json` is moved last.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock

from pipeline.ingest.errors import DiskFullError
from pipeline.ingest.landing.files import PROVENANCE_NAME, LandedFile, provenance_of, read_provenance
from pipeline.settings import Settings
from pipeline.state.files import PRIVATE_FILE, PRIVATE_FOLDER, write_all

PARTIAL_NAME: Final = ".partial"
COMMIT_NAME: Final = "commit.json"
SUPERSEDED_NAME: Final = "superseded"
FSYNC_FROM_BYTES: Final = 1024 * 1024
"""Smaller files are not forced to disk one by one: 12,000 of them would cost a minute, and a lost one is seen
by its size and fetched again."""
DISK_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class LandingFolder:
    """The landing folder of one release day."""

    def __init__(self, settings: Settings, release_date: date) -> None:
        """Name the folders; nothing is made yet."""
        self.settings = settings
        self.release_date = release_date
        self.folder = settings.landing_dir / release_date.isoformat()
        self.partial = settings.landing_dir / PARTIAL_NAME / release_date.isoformat()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Make the folders, lock the release against other runs, finish a move that was cut short."""
        for folder in (self.settings.landing_dir, self.partial.parent):
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            folder.chmod(PRIVATE_FOLDER)
        with FileLock(f"{self.partial}.lock"):
            self._finish_move()
            self.partial.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            try:
                yield
            finally:
                with suppress(OSError):
                    self.partial.rmdir()  # stays when it has parts to be resumed

    def finish_cut_move(self) -> None:
        """Finish a move that a kill cut short, if there is one."""
        if (self.partial / COMMIT_NAME).exists():
            with self.open():
                pass

    def recorded(self) -> tuple[LandedFile, ...] | None:
        """Return the files that were landed, be their bytes still there or not; None when there never was a release."""
        return read_provenance(self.folder)

    def has_all(self, files: Iterable[LandedFile]) -> bool:
        """Whether the bytes of all `files` that were not refused are there."""
        return all(file.refused or _has_size(file.path, file.bytes) for file in files)

    def landed(self) -> tuple[LandedFile, ...] | None:
        """Return the files of the landed release; None when there is none or its bytes are not all there."""
        files = self.recorded()
        return files if files is not None and self.has_all(files) else None

    def has_bytes(self) -> bool:
        """Whether anything but provenance is in the landing folder."""
        return any(path.name != PROVENANCE_NAME for path in self.folder.iterdir())

    def prune(self) -> None:
        """Remove the release's bytes, also the superseded ones; its provenance stays."""
        shutil.rmtree(self.folder / SUPERSEDED_NAME, ignore_errors=True)
        for file in self.recorded() or ():
            file.path.unlink(missing_ok=True)

    def part(self, name: str) -> Path:
        """Return the path where the bytes of the file `name` are gathered."""
        return self.partial / f"{name}.part"

    def part_record(self, name: str) -> Path:
        """Return the path of what is known of a part."""
        return self.partial / f"{name}.part.json"

    def drop_part(self, name: str) -> None:
        """Remove one part; its record first, so that bytes are never beside a wrong one."""
        self.part_record(name).unlink(missing_ok=True)
        self.part(name).unlink(missing_ok=True)

    def drop_parts(self) -> None:
        """Remove what was gathered, unless it is on its way into the landing folder."""
        if not (self.partial / COMMIT_NAME).exists():
            shutil.rmtree(self.partial, ignore_errors=True)

    def require_space(self, wanted_bytes: int, name: str) -> None:
        """Raise DiskFullError unless `wanted_bytes` fit beside the space to be left free."""
        free = shutil.disk_usage(self.partial).free
        if free < wanted_bytes + self.settings.min_free_bytes:
            raise DiskFullError(
                f"not enough disk for {name}: {free:,} bytes are free in {self.settings.landing_dir}, it "
                f"needs {wanted_bytes:,}, and {self.settings.min_free_bytes:,} are to stay free "
                "(LEVERAGE_MIN_FREE_BYTES)"
            )

    def commit(self, files: Sequence[LandedFile], new_names: Sequence[str]) -> tuple[LandedFile, ...]:
        """Make `files` the landed release; bytes that they replace move to `superseded/`.

        Args:
            files: the whole set, in the order of the layout.
            new_names: those whose bytes are in their part; the others are landed already.
        """
        before = self.recorded() or ()
        same = {(file.file_name, file.sha256) for file in files}
        plan = {
            "move": list(new_names),
            "supersede": {
                file.file_name: f"{file.sha256[:12]}-{file.file_name}"
                for file in before
                if (file.file_name, file.sha256) not in same and _has_size(file.path, file.bytes)
            },
        }
        # All that is written is written before the plan, so that a disk that fills up cannot cut the move short. Forced
        # to disk only where an older release is at stake: a first one that a power cut takes is fetched again.
        write_json(self.partial / PROVENANCE_NAME, provenance_of(self.release_date, files), durable=bool(before))
        write_json(self.partial / COMMIT_NAME, plan, durable=bool(before))
        self._finish_move()
        return read_provenance(self.folder) or ()

    def _finish_move(self) -> None:
        try:
            plan = json.loads((self.partial / COMMIT_NAME).read_bytes())
        except (FileNotFoundError, ValueError):
            return
        self.folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        for name, old_name in plan["supersede"].items():
            current = self.folder / name
            # A part that is gone was moved already: the file there is the new one.
            if current.exists() and (name not in plan["move"] or self.part(name).exists()):
                (self.folder / SUPERSEDED_NAME).mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
                current.replace(self.folder / SUPERSEDED_NAME / old_name)
        for name in plan["move"]:
            with suppress(FileNotFoundError):
                self.part(name).replace(self.folder / name)
        with suppress(FileNotFoundError):
            (self.partial / PROVENANCE_NAME).replace(self.folder / PROVENANCE_NAME)
        shutil.rmtree(self.partial)


def abandoned_parts(settings: Settings) -> list[tuple[LandingFolder, date]]:
    """Return the releases with parts to be resumed, and the day (UTC) on which these were last added to."""
    gathered = settings.landing_dir / PARTIAL_NAME
    folders = [path for path in gathered.iterdir() if path.is_dir()] if gathered.exists() else []
    return [
        (
            LandingFolder(settings, date.fromisoformat(path.name)),
            datetime.fromtimestamp(path.stat().st_mtime, UTC).date(),
        )
        for path in folders
    ]


def write_json(path: Path, document: dict[str, Any], *, durable: bool) -> None:
    """Write a JSON file whole or not at all; a `durable` one is forced to disk first, and laid out for people."""
    draft = path.with_name(path.name + ".draft")
    with private_file(draft) as file:
        write_all(file, json.dumps(document, indent=1 if durable else None).encode())
        if durable:
            os.fsync(file)
    draft.replace(path)


@contextmanager
def private_file(path: Path, *, append: bool = False) -> Iterator[int]:
    """Yield a descriptor to write `path`, readable by its owner only.

    Raises:
        DiskFullError: the disk is full, or a quota or the largest file size is reached; then the caller drops the
            release's parts.
        OSError: another fault of the file system.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | (os.O_APPEND if append else os.O_TRUNC)
    try:
        descriptor = os.open(path, flags, PRIVATE_FILE)
        try:
            yield descriptor
            if os.fstat(descriptor).st_size >= FSYNC_FROM_BYTES:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in DISK_FULL:
            raise
        raise DiskFullError(
            f"the disk is full: {path.name} could not be written below {path.parent}; what was written of "
            "the release is removed. Free some space and run again"
        ) from None


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False
