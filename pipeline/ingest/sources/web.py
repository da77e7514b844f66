"""The `http(s)://` source: one release below a web address."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit, urlunsplit

from pipeline.ingest.errors import SourceError
from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.landing.folder import LandingFolder
from pipeline.ingest.sources.client import ABSENT, Client
from pipeline.ingest.sources.download import Download
from pipeline.ingest.sources.locations import MANIFEST_NAME, FileLocation
from pipeline.ingest.sources.release_manifest import Declared, limited
from pipeline.ingest.sources.remote import RemoteSource
from pipeline.ingest.sources.source import Fetched, Unchanged
from pipeline.net.addresses import public_url
from pipeline.net.retry import Pace
from pipeline.settings import Settings


class WebSource(RemoteSource):
    """One release below an HTTP base."""

    def __init__(self, settings: Settings, folder: LandingFolder, pace: Pace) -> None:
        """Open the client; no request is sent yet."""
        super().__init__(settings, folder, pace)
        self._client = Client(settings, pace)

    def describe(self) -> str:
        """Return where the release is expected."""
        location = next(iter(self._locations.values()))
        where = self._address(location.folder)
        if location.are_names_known or self._manifests.get(location.folder):
            return where
        return f"{where}, where no {MANIFEST_NAME} names the files that * in LEVERAGE_SOURCE_TEMPLATE stands for"

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def fetch(self, table: str, landed: LandedFile | None) -> Fetched | Unchanged | None:
        """Download one table's file into its part, unless the server says that the landed one is still right."""
        location = self._locations[table]
        if not location.is_folder_known:
            raise SourceError(
                f"LEVERAGE_SOURCE_TEMPLATE has * in a folder ({location.folder}), which cannot be listed over http"
            )
        return self._fetch_from(location, location.folder, landed)

    def _names(self, location: FileLocation, folder: str) -> Sequence[str]:
        return location.names if location.are_names_known else self._newest(location, self._manifest(folder))

    def _address(self, path: str) -> str:
        return public_url(self._file_url(path))

    def _file_url(self, path: str) -> str:
        base = urlsplit(self._settings.source_url)
        whole = "/".join(step for step in (base.path.rstrip("/"), quote(path, safe="/:@!$&'()*+,;=~")) if step)
        return urlunsplit((base.scheme, base.netloc, whole, base.query, ""))

    def _read_manifest(self, path: str) -> bytes | None:
        url = self._file_url(path)
        with self._client.get(url, {}) as response:
            return None if response.status_code in ABSENT else limited(self._client.body(response, url))

    def _download(
        self, location: FileLocation, path: str, name: str, landed: LandedFile | None, declared: Declared | None
    ) -> Fetched | Unchanged | None:
        landing = location.landing_prefix + name
        download = Download(self._settings, self._folder, self._client, self._file_url(path), landing, landed, declared)
        return self._retried(download.attempt)
