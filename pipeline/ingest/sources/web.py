"""The `http(s)://` source: one release below a web address."""

from __future__ import annotations

import logging
from urllib.parse import quote, urlsplit, urlunsplit

from pipeline.ingest.errors import DeniedError, SourceError
from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.landing.folder import LandingFolder
from pipeline.ingest.sources.client import ABSENT, Client
from pipeline.ingest.sources.download import Download
from pipeline.ingest.sources.locations import MANIFEST_NAME, FileLocation, file_locations, matching_names
from pipeline.ingest.sources.release_manifest import MAX_MANIFEST_BYTES, Manifest, parse_manifest
from pipeline.ingest.sources.source import Fetched, Source, Unchanged
from pipeline.net.addresses import public_url
from pipeline.net.retry import Pace, with_retries
from pipeline.settings import Settings

log = logging.getLogger(__name__)


class WebSource(Source):
    """One release below an HTTP base."""

    keeps_parts = True

    def __init__(self, settings: Settings, folder: LandingFolder, pace: Pace) -> None:
        """Open the client; no request is sent yet."""
        super().__init__()
        self._settings, self._folder, self._pace = settings, folder, pace
        self._client = Client(settings, pace)
        self._locations = file_locations(settings.source_template, folder.release_date)
        self._manifests: dict[str, Manifest] = {}

    def describe(self) -> str:
        """Return where the release is expected."""
        location = next(iter(self._locations.values()))
        where = public_url(self._file_url(location.folder))
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
        manifest = self._manifest(location.folder)
        for name in location.names if location.are_names_known else self._names_in(manifest, location):
            answer = self._download(location, name, landed, manifest)
            if answer is not None:
                return answer
            if name in manifest:
                raise SourceError(f"{name} is named by the manifest in {self.describe()} and not there")
        return None

    def _names_in(self, manifest: Manifest, location: FileLocation) -> list[str]:
        matches = matching_names(location, manifest, self._locations.values())
        self._choose(matches, location.names[0])
        return matches[:1]

    def _file_url(self, path: str) -> str:
        base = urlsplit(self._settings.source_url)
        whole = "/".join(step for step in (base.path.rstrip("/"), quote(path, safe="/:@!$&'()*+,;=~")) if step)
        return urlunsplit((base.scheme, base.netloc, whole, base.query, ""))

    def _manifest(self, folder: str) -> Manifest:
        if folder not in self._manifests:
            url = self._file_url(f"{folder}/{MANIFEST_NAME}".lstrip("/"))
            try:
                content = with_retries(lambda: self._read_manifest(url), self._settings.retries, self._pace)
            except DeniedError as denial:
                # Object stores that do not list a folder answer 403 for a file that is not there; a wrong token fails
                # with the tables' own files.
                log.info("%s; going on without a manifest", denial)
                content = None
            self._manifests[folder] = {} if content is None else parse_manifest(content, public_url(url))
        return self._manifests[folder]

    def _read_manifest(self, url: str) -> bytes | None:
        with self._client.get(url, {}) as response:
            if response.status_code in ABSENT:
                return None
            content = b""
            for chunk in self._client.body(response, url):
                content += chunk
                if len(content) > MAX_MANIFEST_BYTES:
                    break
            return content

    def _download(
        self, location: FileLocation, name: str, landed: LandedFile | None, manifest: Manifest
    ) -> Fetched | Unchanged | None:
        url = self._file_url(f"{location.folder}/{name}".lstrip("/"))
        declared = manifest.get(name)
        # A manifest that declares other bytes than those landed outweighs a server's (or a cache's) "not modified".
        is_outdated = landed and declared and declared.sha256 not in (None, landed.sha256)
        known = landed if landed and landed.url == public_url(url) and not is_outdated else None
        landing_name = location.landing_prefix + name
        download = Download(self._settings, self._folder, self._client, url, landing_name, known, declared)
        return with_retries(download.attempt, self._settings.retries, self._pace)
