"""The part of one file: the bytes that came so far, and what the source said of the whole file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Final

from pipeline.ingest.errors import RefusedError
from pipeline.ingest.landing.folder import LandingFolder, private_file, write_json
from pipeline.ingest.landing.verify import check_size
from pipeline.ingest.sources.release_manifest import Declared
from pipeline.ingest.sources.source import Fetched
from pipeline.net.retry import TransientError
from pipeline.settings import Settings
from pipeline.state.files import write_all

SPACE_EVERY_BYTES: Final = 64 * 1024 * 1024
"""After so many bytes free disk is checked again: not every server sends the length of a file."""


@dataclass(frozen=True)
class PartRecord:
    """What the source said of the bytes in a part; stored beside them.

    Attributes:
        url: public address that was asked for.
        etag: its validator, if any.
        last_modified: HTTP date, if any.
        length: size of the whole file in bytes, if known.
        fetched_at: when it was asked for, ISO, UTC.
        is_complete: whether all of it came.
    """

    url: str
    etag: str | None
    last_modified: str | None
    length: int | None
    fetched_at: str
    is_complete: bool = False


class Part:
    """The part of one file, filled over as many tries and runs as it takes."""

    def __init__(
        self, settings: Settings, folder: LandingFolder, name: str, where: str, declared: Declared | None
    ) -> None:
        """Take what is gathered.

        Args:
            settings: limits.
            folder: where parts are; bytes of an earlier run may be there.
            name: its name in `landing/`.
            where: its public address.
            declared: what a manifest says of it.
        """
        self._settings, self._folder, self._name = settings, folder, name
        self._where, self._declared = where, declared
        self._path, self._record_path = folder.part(name), folder.part_record(name)

    def size(self) -> int:
        """Return the bytes that are there."""
        return self._path.stat().st_size if self._path.exists() else 0

    def begun(self) -> PartRecord | None:
        """Return the record of the part; None when its bytes are not of this address or cannot be trusted."""
        try:
            record = PartRecord(**json.loads(self._record_path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        is_cut = record.is_complete and record.length != self.size()
        return record if record.url == self._where and self.size() and not is_cut else None

    def drop(self) -> None:
        """Remove what is there."""
        self._folder.drop_part(self._name)

    def receive(self, chunks: Iterable[bytes], record: PartRecord, size: int) -> Fetched:
        """Write `chunks` behind the first `size` bytes.

        Raises:
            TransientError: they ended early; they stay in the part.
            RefusedError: the file has not the size that it may have; nothing of it stays.
        """
        if record.length is not None:
            self._check_size(record.length, is_whole=True)
        self._require_space(record, size)
        self._write_record(record)
        in_doubt = size > 0 or record.length is None
        checked_at = size
        with private_file(self._path, append=size > 0) as file:
            for chunk in chunks:
                size += len(chunk)
                self._check_size(size, is_whole=False)
                if size - checked_at >= SPACE_EVERY_BYTES:
                    self._require_space(record, size)
                    checked_at = size
                write_all(file, chunk)
        if record.length is not None and size != record.length:
            raise TransientError(f"{self._where} ended after {size:,} of {record.length:,} bytes")
        whole = replace(record, length=size, is_complete=True)
        self._write_record(whole)
        return self.fetched(whole, in_doubt=in_doubt)

    def fetched(self, record: PartRecord, *, in_doubt: bool) -> Fetched:
        """Return the file that is in the part."""
        return Fetched(
            name=self._name,
            url=self._where,
            fetched_at=record.fetched_at,
            etag=record.etag,
            last_modified=record.last_modified,
            declared=self._declared,
            in_doubt=in_doubt,
        )

    def _require_space(self, record: PartRecord, size: int) -> None:
        self._folder.require_space(max((record.length or 0) - size, 0), self._name)

    def _check_size(self, size: int, *, is_whole: bool) -> None:
        """Refuse a file as soon as its size, whole or so far, is known to be wrong."""
        declared = self._declared.bytes if self._declared else None
        try:
            check_size(size, self._name, self._settings)
            if declared is not None and (size > declared or (is_whole and size != declared)):
                raise RefusedError(f"{self._where} sends {size:,} bytes, its manifest says {declared:,}: refused")
        except RefusedError:
            self.drop()
            raise

    def _write_record(self, record: PartRecord) -> None:
        write_json(self._record_path, asdict(record), durable=False)
