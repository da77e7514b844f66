"""One file's way from a URL into its part: begun, continued where it broke off, or started over."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import requests

from pipeline.ingest.sources.client import ABSENT, Client
from pipeline.ingest.sources.content import too_large
from pipeline.ingest.sources.faults import RefusedError
from pipeline.ingest.sources.parts import Answer, Part, conditions, content_length, content_range
from pipeline.ingest.sources.provenance import LandedFile
from pipeline.ingest.sources.release_manifest import Declared
from pipeline.ingest.sources.releases import GZIP_SUFFIX
from pipeline.ingest.sources.source import Fetched, Kept, Progress, now
from pipeline.ingest.sources.store import Store, private_file
from pipeline.net.addresses import public_url
from pipeline.net.retry import TransientError
from pipeline.settings import Settings
from pipeline.state.files import write_all

SPACE_EVERY_BYTES: Final = 64 * 1024 * 1024
"""After so many bytes free disk is looked at again: not every server says how long a file is."""

log = logging.getLogger(__name__)


class _StartOverError(TransientError):
    """What is there of the file cannot be continued with what the server sent."""


@dataclass(frozen=True)
class Wanted:
    """A file to be downloaded.

    Attributes:
        url: where it is, with whatever secret its query holds.
        name: its name in `landing/`.
        known: the landed file that came from there, if its bytes may be kept when the server's are equal.
        declared: what a manifest says of it.
    """

    url: str
    name: str
    known: LandedFile | None
    declared: Declared | None

    @property
    def proves_itself(self) -> bool:
        """Whether bytes joined from two answers would be found out: by the checksum in a gzip file or a manifest."""
        return self.name.endswith(GZIP_SUFFIX) or bool(self.declared and self.declared.sha256)


class Download:
    """The download of one file, over as many tries as the caller allows."""

    def __init__(self, settings: Settings, store: Store, client: Client, progress: Progress, wanted: Wanted) -> None:
        """Nothing is asked yet; bytes of an earlier run may lie in the part."""
        self._settings, self._store, self._client, self._progress = settings, store, client, progress
        self._wanted = wanted
        self._where = public_url(wanted.url)
        self._part = Part(store.part(wanted.name))

    @property
    def size(self) -> int:
        """Bytes that are there."""
        return self._part.size

    def attempt(self) -> Fetched | Kept | None:
        """Ask once, and once more without what is there if that cannot be continued.

        Returns:
            None when the server does not have the file; `Kept` when it says that the known one is still right.

        Raises:
            TransientError: it broke off; what came stays in the part.
            RefusedError: it must not be used; nothing of it stays.
            SourceError: it cannot be had.
        """
        try:
            return self._ask(self._part.answer(self._where))
        except _StartOverError as fault:
            log.info("%s; starting over", fault)
            self._part.discard()
            return self._ask(None)

    def _ask(self, begun: Answer | None) -> Fetched | Kept | None:
        with self._client.get(self._wanted.url, self._headers(begun)) as response:
            code = response.status_code
            if code in ABSENT:
                self._part.discard()
                return None
            if code == 304:
                return self._fetched(begun, in_doubt=True) if begun else Kept(self._wanted.declared)
            if code == 416:
                raise _StartOverError(f"{self._where} does not have the rest of {self._part.size:,} bytes")
            if code == 206 and begun:
                return self._receive(response, self._continued(begun, response.headers), self._part.size)
            self._part.discard()
            return self._receive(response, self._begun(response.headers), 0)

    def _headers(self, begun: Answer | None) -> dict[str, str]:
        if begun is None:
            known = self._wanted.known
            return conditions(known.etag, known.last_modified) if known else {}
        if begun.complete:
            return conditions(begun.etag, begun.last_modified)
        validator = begun.range_validator
        if not self._part.size or not (validator or self._wanted.proves_itself):
            return {}
        span = {"Range": f"bytes={self._part.size}-"}
        return {**span, "If-Range": validator} if validator else span

    def _begun(self, headers: Mapping[str, str]) -> Answer:
        return Answer(
            url=self._where,
            etag=headers.get("ETag"),
            last_modified=headers.get("Last-Modified"),
            length=content_length(headers),
            fetched_at=now(),
        )

    def _continued(self, begun: Answer, headers: Mapping[str, str]) -> Answer:
        """`begun`, when a 206 answer continues exactly what is there of it."""
        span = content_range(headers)
        if span is None:
            raise _StartOverError(f"{self._where} answered 206 without saying which bytes")
        first, whole = span
        coming = content_length(headers)
        other_place = first != self._part.size or (coming is not None and whole not in (None, first + coming))
        other_file = (
            begun.length not in (None, whole)
            or headers.get("ETag", begun.etag) != begun.etag
            or headers.get("Last-Modified", begun.last_modified) != begun.last_modified
        )
        if other_place or other_file:
            raise _StartOverError(
                f"{self._where} answered 206 with {headers.get('Content-Range')!r}, which does not continue "
                f"the {self._part.size:,} bytes that are there"
            )
        return replace(begun, length=whole)

    def _receive(self, response: requests.Response, answer: Answer, have: int) -> Fetched:
        if answer.length is not None:
            self._demand_size(answer.length, whole=True)
        self._demand_space(answer, have)
        self._part.remember(answer)
        in_doubt = have > 0 or answer.length is None
        space_seen = have
        with private_file(self._part.path, append=have > 0) as file:
            for chunk in self._client.body(response, self._wanted.url):
                have += len(chunk)
                self._demand_size(have, whole=False)
                if have - space_seen >= SPACE_EVERY_BYTES:
                    self._demand_space(answer, have)
                    space_seen = have
                write_all(file, chunk)
                self._progress(self._wanted.name, len(chunk))
        if answer.length is not None and have != answer.length:
            raise TransientError(f"{self._where} ended after {have:,} of {answer.length:,} bytes")
        whole = replace(answer, length=have, complete=True)
        self._part.remember(whole)
        return self._fetched(whole, in_doubt=in_doubt)

    def _demand_space(self, answer: Answer, have: int) -> None:
        self._store.demand_space(max((answer.length or 0) - have, 0), self._wanted.name)

    def _demand_size(self, size: int, *, whole: bool) -> None:
        """Refuse a file as soon as its size, `whole` or so far, is known to be wrong."""
        declared = self._wanted.declared.bytes if self._wanted.declared else None
        words = None
        if size > self._settings.max_file_bytes:
            words = too_large(self._wanted.name, self._settings)
        elif declared is not None and (size > declared or (whole and size != declared)):
            words = f"{self._where} sends {size:,} bytes, its manifest says {declared:,}: refused"
        if words:
            self._part.discard()
            raise RefusedError(words)

    def _fetched(self, answer: Answer, *, in_doubt: bool) -> Fetched:
        return Fetched(
            name=self._wanted.name,
            url=self._where,
            fetched_at=answer.fetched_at,
            etag=answer.etag,
            last_modified=answer.last_modified,
            declared=self._wanted.declared,
            in_doubt=in_doubt,
        )
