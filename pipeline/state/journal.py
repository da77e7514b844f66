"""Append-only journals of JSON lines, one typed record a line: what cannot be rebuilt from raw."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final, Generic, TypeVar

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from pipeline.errors import PipelineError
from pipeline.state.files import force, write_all

Record = TypeVar("Record")


class JournalError(PipelineError):
    """A line of a journal is damaged; the message names it and the way back."""


TAIL_BYTES: Final = 64 * 1024
"""How much of a journal's end is read to find its newest sequence number; a line has some 500 bytes."""
_LOG: Final = logging.getLogger(__name__)


class Journal(Generic[Record]):
    """A file of JSON lines that is only appended to.

    Each append is under a lock, whole, and forced to disk. A kill during an append leaves at most one torn line at the
    end; the next append closes it with a newline, and readers skip it with a warning.

    Attributes:
        lock: reentrant; acquire it around a read and the append that depends on it.
    """

    def __init__(self, path: Path, records: TypeAdapter[Record], mode: int = 0o666) -> None:
        """Describe the journal at `path`, which the first append creates.

        Args:
            path: of the file.
            records: reads and writes a record: the adapter of a dataclass, or of a union with a discriminating field.
            mode: permissions of a new file, less the umask.
        """
        self.path = path
        self.lock = FileLock(f"{path}.lock")
        self._records = records
        self._mode = mode

    def read(self) -> list[Record]:
        """Return all records in the order in which they were appended.

        Raises:
            JournalError: a whole line is no record of this journal.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return []
        found = (self._record(number, line) for number, line in enumerate(content.split(b"\n"), 1) if line.strip())
        return [record for record in found if record is not None]

    def append(self, records: Sequence[Record], *, numbered: bool = False) -> None:
        """Append all records or none.

        Args:
            records: in order.
            numbered: fill each record's `seq` with the number after the newest one in the journal.

        Raises:
            OSError: the journal cannot be written (disk full, no permission); it is then as it was.
        """
        if not records:
            return
        entries = [self._records.dump_python(record, mode="json", by_alias=True) for record in records]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.lock:
            descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, self._mode)
            try:
                end = os.fstat(descriptor).st_size
                if numbered:
                    first = _newest_seq(descriptor, end) + 1
                    entries = [{**entry, "seq": first + n} for n, entry in enumerate(entries)]
                lines = b"".join(json.dumps(entry, sort_keys=True).encode() + b"\n" for entry in entries)
                is_torn = end > 0 and os.pread(descriptor, 1, end - 1) != b"\n"
                try:
                    write_all(descriptor, b"\n" + lines if is_torn else lines)
                    os.fsync(descriptor)
                    if end == 0:
                        force(self.path.parent)  # a new file's name outlasts a loss of power too
                except OSError:
                    with suppress(OSError):
                        os.ftruncate(descriptor, end)
                    raise
            finally:
                os.close(descriptor)

    def _record(self, number: int, line: bytes) -> Record | None:
        try:
            return self._records.validate_json(line)
        except ValidationError as error:
            fault = error.errors()[0]
            if fault["type"] != "json_invalid":
                where = ".".join(str(part) for part in fault["loc"]) or "record"
                raise JournalError(
                    f"{self.path}, line {number}: {where} is damaged ({fault['msg']}). Restore the file from a backup; "
                    "without one, move this line to another file: what it recorded is then done again"
                ) from None
            _warn_torn(self.path, number)
            return None


@cache  # once a process: a journal is read many times in a run
def _warn_torn(path: Path, number: int) -> None:
    _LOG.warning("%s: line %d was torn by a kill and is skipped; the run repeats what it recorded", path, number)


def _newest_seq(descriptor: int, end: int) -> int:
    """Return the greatest sequence number, 0 without any; reads the whole file only where its end has none."""
    for start in (max(0, end - TAIL_BYTES), 0):
        seqs = []
        for line in os.pread(descriptor, end - start, start).split(b"\n"):
            with suppress(ValueError, TypeError, KeyError):
                seqs.append(int(json.loads(line)["seq"]))
        if seqs:
            return max(seqs)
    return 0
