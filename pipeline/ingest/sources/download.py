"""The download of one file over HTTP into its part: from the start, or resumed where it broke off."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.landing.folder import LandingFolder
from pipeline.ingest.sources.client import ABSENT, Client
from pipeline.ingest.sources.part import Part, PartRecord
from pipeline.ingest.sources.release_manifest import Declared
from pipeline.ingest.sources.source import Fetched, Unchanged, now
from pipeline.net.addresses import public_url
from pipeline.settings import Settings


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
        self._client, self._url, self._where = client, url, public_url(url)
        self._landed, self._declared = landed, declared
        self._part = Part(settings, folder, name, self._where, declared)

    def attempt(self) -> Fetched | Unchanged | None:
        """Ask once, and once more without what is there where that cannot be continued.

        Returns:
            None when the server does not have the file.

        Raises:
            TransientError: it broke off; what came stays in the part if it can be resumed.
            RefusedError: it must not be used; nothing of it stays.
            SourceError: it cannot be fetched.
        """
        begun = self._part.begun()
        with self._client.get(self._url, self._headers(begun)) as response:
            code = response.status_code
            if code == 304:
                return self._part.fetched(begun, in_doubt=True) if begun else Unchanged(self._declared)
            if code == 206 and begun and self._continues(begun, response.headers):
                return self._part.receive(self._client.body(response, self._url), begun, self._part.size())
            self._part.drop()
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
            return self._part.receive(self._client.body(response, self._url), record, 0)

    def _headers(self, begun: PartRecord | None) -> dict[str, str]:
        if begun and not begun.is_complete:
            # Only a strong ETag vouches for single bytes, and a date where there is no ETag.
            is_weak = begun.etag is not None and begun.etag.startswith("W/")
            validator = None if is_weak else begun.etag or begun.last_modified
            is_resumable = validator and begun.length is not None
            return {"Range": f"bytes={self._part.size()}-", "If-Range": str(validator)} if is_resumable else {}
        known = begun or self._landed
        headers = {"If-None-Match": known and known.etag, "If-Modified-Since": known and known.last_modified}
        return {name: value for name, value in headers.items() if value}

    def _continues(self, begun: PartRecord, headers: Mapping[str, str]) -> bool:
        """Whether a 206 answer continues exactly the bytes that are there."""
        expected = f"bytes {self._part.size()}-{(begun.length or 0) - 1}/{begun.length}"
        return (
            headers.get("Content-Range", "") == expected
            and begun.etag in (None, headers.get("ETag", begun.etag))
            and begun.last_modified in (None, headers.get("Last-Modified", begun.last_modified))
        )
