"""The download of one file into its part: from the start, or resumed where it broke off."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Final

import requests

from pipeline.ingest.errors import RefusedError
from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.landing.folder import LandingFolder, private_file, write_json
from pipeline.ingest.landing.verify import check_size
from pipeline.ingest.sources.client import ABSENT, Client
from pipeline.ingest.sources.release_manifest import Declared
from pipeline.ingest.sources.source import Fetched, Unchanged, now
from pipeline.net.addresses import public_url
from pipeline.net.retry import TransientError
from pipeline.settings import Settings
from pipeline.state.files import write_all

SPACE_EVERY_BYTES: Final = 64 * 1024 * 1024
"""After so many bytes free disk is checked again: not every server sends the length of a file."""


@dataclass(frozen=True)
class PartRecord:
    """What the server said of the bytes in a part; stored beside them.

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


class Download:
    """The download of one file, over as many tries as the caller allows."""

    def __init__(
        self,
        settings: Settings,
        folder: LandingFolder,
        client: Client,
        url: str,
        name: str,
        landed: LandedFile | None,
        declared: Declared | None,
    ) -> None:
        """Take what to download.

        Args:
            settings: limits.
            folder: where parts are gathered; bytes of an earlier run may be there.
            client: sends the requests.
            url: with any secret in its query.
            name: its name in `landing/`.
            landed: the landed file that came from there, if its bytes may stay when the server's are equal.
            declared: what a manifest says of it.
        """
        self._settings, self._folder, self._client = settings, folder, client
        self._url, self._where, self._name = url, public_url(url), name
        self._landed, self._declared = landed, declared
        self._part = folder.part(name)
        self._record_path = folder.part_record(name)

    def attempt(self) -> Fetched | Unchanged | None:
        """Ask once, and once more without what is there where that cannot be continued.

        Returns:
            None when the server does not have the file.

        Raises:
            TransientError: it broke off; what came stays in the part if it can be resumed.
            RefusedError: it must not be used; nothing of it stays.
            SourceError: it cannot be fetched.
        """
        begun = self._begun()
        with self._client.get(self._url, self._headers(begun)) as response:
            code = response.status_code
            if code == 304:
                return self._fetched(begun, in_doubt=True) if begun else Unchanged(self._declared)
            if code == 206 and begun and self._continues(begun, response.headers):
                return self._receive(response, begun, self._size())
            self._folder.drop_part(self._name)
            if code in ABSENT:
                return None
            if code in (206, 416):
                return self.attempt()
            length = response.headers.get("Content-Length", "")
            record = PartRecord(
                url=self._where,
                etag=response.headers.get("ETag"),
                last_modified=response.headers.get("Last-Modified"),
                length=int(length) if length.isascii() and length.isdigit() else None,
                fetched_at=now(),
            )
            return self._receive(response, record, 0)

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.exists() else 0

    def _begun(self) -> PartRecord | None:
        """Return the record of the part; None when its bytes are not of this URL or cannot be trusted."""
        try:
            record = PartRecord(**json.loads(self._record_path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        is_cut = record.is_complete and record.length != self._size()
        return record if record.url == self._where and self._size() and not is_cut else None

    def _headers(self, begun: PartRecord | None) -> dict[str, str]:
        if begun and not begun.is_complete:
            # Only a strong ETag vouches for single bytes, and a date where there is no ETag.
            is_weak = begun.etag is not None and begun.etag.startswith("W/")
            validator = None if is_weak else begun.etag or begun.last_modified
            is_resumable = validator and begun.length is not None
            return {"Range": f"bytes={self._size()}-", "If-Range": str(validator)} if is_resumable else {}
        known = begun or self._landed
        headers = {"If-None-Match": known and known.etag, "If-Modified-Since": known and known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def _continues(self, begun: PartRecord, headers: Mapping[str, str]) -> bool:
        """Whether a 206 answer continues exactly the bytes that are there."""
        return (
            headers.get("Content-Range", "") == f"bytes {self._size()}-{(begun.length or 0) - 1}/{begun.length}"
            and begun.etag in (None, headers.get("ETag", begun.etag))
            and begun.last_modified in (None, headers.get("Last-Modified", begun.last_modified))
        )

    def _receive(self, response: requests.Response, record: PartRecord, size: int) -> Fetched:
        if record.length is not None:
            self._check_size(record.length, is_whole=True)
        self._require_space(record, size)
        self._write_record(record)
        in_doubt = size > 0 or record.length is None
        checked_at = size
        with private_file(self._part, append=size > 0) as file:
            for chunk in self._client.body(response, self._url):
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
        return self._fetched(whole, in_doubt=in_doubt)

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
            self._folder.drop_part(self._name)
            raise

    def _write_record(self, record: PartRecord) -> None:
        write_json(self._record_path, asdict(record), durable=False)

    def _fetched(self, record: PartRecord, *, in_doubt: bool) -> Fetched:
        return Fetched(
            name=self._name,
            url=self._where,
            fetched_at=record.fetched_at,
            etag=record.etag,
            last_modified=record.last_modified,
            declared=self._declared,
            in_doubt=in_doubt,
        )
