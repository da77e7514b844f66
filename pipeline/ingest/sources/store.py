"""The landing folder: private, whole releases only, nothing lost when a run is killed.

A release is gathered in `landing/.partial/<D>/` (one `.part` a file, at last its `provenance.json`) and moved to
`landing/<D>/` when it is whole. The plan of the move is written down first (`commit.json`), so that a move cut short by
a kill is carried out to its end before anything else happens to that release. `provenance.json` is moved last.
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

from pipeline.ingest.sources.faults import DiskFullError
from pipeline.ingest.sources.provenance import (
    PROVENANCE_NAME,
    LandedFile,
    files_from_json,
    files_to_json,
    read_provenance,
)
from pipeline.settings import Settings
from pipeline.state.files import write_all

PARTIAL_NAME: Final = ".partial"
COMMIT_NAME: Final = "commit.json"
SUPERSEDED_NAME: Final = "superseded"
FSYNC_FROM_BYTES: Final = 1024 * 1024
"""Smaller files are not forced to disk one by one: 12,000 of them would cost a minute, and a lost one is seen
by its size and fetched again."""
PRIVATE_FOLDER: Final = 0o700
PRIVATE_FILE: Final = 0o600
DISK_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Store:
    """The landing folder of one release day."""

    def __init__(self, settings: Settings, release_date: date) -> None:
        """Name the folders; nothing is made yet."""
        self.settings = settings
        self.release_date = release_date
        self.folder = settings.landing_dir / release_date.isoformat()
        self.partial = settings.landing_dir / PARTIAL_NAME / release_date.isoformat()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Make the folders, keep other runs off this release, finish a move that was cut short."""
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
                    self.partial.rmdir()  # stays when it holds parts to be continued

    def finish_cut_move(self) -> None:
        """Carry out a move that a kill cut short, if there is one."""
        if (self.partial / COMMIT_NAME).exists():
            with self.open():
                pass

    def known(self) -> tuple[LandedFile, ...] | None:
        """The files that were landed, be their bytes still there or not; None when there never was a release."""
        return read_provenance(self.folder)

    def holds(self, files: Iterable[LandedFile]) -> bool:
        """Whether the bytes of all `files` are there."""
        return all(_has_size(file.path, file.bytes) for file in files)

    def landed(self) -> tuple[LandedFile, ...] | None:
        """The files of the release that is landed; None when there is none or its bytes are not all there."""
        files = self.known()
        return files if files is not None and self.holds(files) else None

    def has_bytes(self) -> bool:
        """Whether anything but provenance lies in the landing folder."""
        return any(path.name != PROVENANCE_NAME for path in self.folder.iterdir())

    def prune(self) -> None:
        """Remove the release's bytes, also the superseded ones; its provenance stays."""
        shutil.rmtree(self.folder / SUPERSEDED_NAME, ignore_errors=True)
        for file in self.known() or ():
            file.path.unlink(missing_ok=True)

    def part(self, name: str) -> Path:
        """Where the bytes of the file `name` are gathered."""
        return self.partial / f"{name}.part"

    def drop_parts(self) -> None:
        """Remove what was gathered, unless it is on its way into the landing folder."""
        if not (self.partial / COMMIT_NAME).exists():
            shutil.rmtree(self.partial, ignore_errors=True)

    def demand_space(self, wanted_bytes: int, name: str) -> None:
        """Check that `wanted_bytes` fit beside the space to be left free.

        Raises:
            DiskFullError: they do not.
        """
        free = shutil.disk_usage(self.partial).free
        if free < wanted_bytes + self.settings.min_free_bytes:
            raise DiskFullError(
                f"not enough disk for {name}: {free:,} bytes are free in {self.settings.landing_dir}, it "
                f"needs {wanted_bytes:,}, and {self.settings.min_free_bytes:,} are to stay free "
                "(LEVERAGE_MIN_FREE_BYTES)"
            )

    def commit(self, files: Sequence[LandedFile], fresh: Sequence[str]) -> tuple[LandedFile, ...]:
        """Make `files` the landed release; bytes that they replace are kept in `superseded/`.

        Args:
            files: the whole set, in the order of the layout.
            fresh: names of those whose bytes lie in their part; the others are landed already.
        """
        before = self.known() or ()
        same = {(file.file_name, file.sha256) for file in files}
        provenance = files_to_json(self.release_date, tuple(files))
        plan = {
            "move": list(fresh),
            "supersede": {
                file.file_name: f"{file.sha256[:12]}-{file.file_name}"
                for file in before
                if (file.file_name, file.sha256) not in same and _has_size(file.path, file.bytes)
            },
        }
        # All that is written is written before the plan, so that a disk that fills up cannot cut the move short. Forced
        # to disk only where an older release is at stake: a first one that a power cut takes is fetched again.
        write_whole(self.partial / PROVENANCE_NAME, provenance, durable=bool(before))
        write_whole(self.partial / COMMIT_NAME, plan, durable=bool(before))
        self._finish_move()
        return files_from_json(provenance, self.folder)

    def _finish_move(self) -> None:
        try:
            plan = json.loads((self.partial / COMMIT_NAME).read_bytes())
        except (FileNotFoundError, ValueError):
            return
        self.folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        move = set(plan["move"])
        for name, old_name in plan["supersede"].items():
            current = self.folder / name
            # A part that is gone was moved already: what lies there is the new file.
            if current.exists() and (name not in move or self.part(name).exists()):
                (self.folder / SUPERSEDED_NAME).mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
                current.replace(self.folder / SUPERSEDED_NAME / old_name)
        for name in plan["move"]:
            with suppress(FileNotFoundError):
                self.part(name).replace(self.folder / name)
        with suppress(FileNotFoundError):
            (self.partial / PROVENANCE_NAME).replace(self.folder / PROVENANCE_NAME)
        shutil.rmtree(self.partial)


def abandoned_parts(settings: Settings) -> list[tuple[Store, date]]:
    """Releases of which parts lie waiting to be continued, and the day (UTC) on which they were last added to."""
    gathered = settings.landing_dir / PARTIAL_NAME
    folders = [path for path in gathered.iterdir() if path.is_dir()] if gathered.exists() else []
    return [
        (Store(settings, date.fromisoformat(path.name)), datetime.fromtimestamp(path.stat().st_mtime, UTC).date())
        for path in folders
    ]


def write_whole(path: Path, document: dict[str, Any], *, durable: bool) -> None:
    """Write a JSON file so that it is there whole or not at all; `durable` forces it to disk first."""
    draft = path.with_name(path.name + ".draft")
    with private_file(draft) as file:
        write_all(file, json.dumps(document, indent=1).encode())
        if durable:
            os.fsync(file)
    draft.replace(path)


@contextmanager
def private_file(path: Path, *, append: bool = False) -> Iterator[int]:
    """A descriptor to write `path`, readable by its owner only.

    Raises:
        DiskFullError: the disk is full, or a quota or the largest file size is reached; then the release's parts are
            to be dropped (`Store.drop_parts`).
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
