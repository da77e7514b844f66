"""The `http(s)://` source: one release below a web address."""

from __future__ import annotations

import logging
from urllib.parse import quote, urlsplit, urlunsplit

from pipeline.ingest.sources.client import ABSENT, Client
from pipeline.ingest.sources.download import Download, Wanted
from pipeline.ingest.sources.faults import DeniedError, SourceError
from pipeline.ingest.sources.provenance import LandedFile
from pipeline.ingest.sources.release_manifest import MAX_MANIFEST_BYTES, Declared, Manifest, parse_manifest
from pipeline.ingest.sources.releases import MANIFEST_NAME, Place, pick, places
from pipeline.ingest.sources.source import Choices, Fetched, Kept, Progress
from pipeline.ingest.sources.store import Store
from pipeline.net.addresses import public_url
from pipeline.net.retry import Pace, with_retries
from pipeline.settings import Settings

log = logging.getLogger(__name__)


class WebSource:
    """One release below an HTTP base."""

    resumable = True

    def __init__(self, settings: Settings, store: Store, progress: Progress, pace: Pace) -> None:
        """Nothing is asked yet."""
        self._settings, self._store, self._progress, self._pace = settings, store, progress, pace
        self._client = Client(settings, pace)
        self._places = places(settings.source_template, store.release_date)
        self._manifests: dict[str, Manifest] = {}
        self._choices = Choices()

    def notes(self) -> str | None:
        """Which of several matches were taken."""
        return self._choices.note()

    def describe(self) -> str:
        """Where the release is looked for."""
        place = next(iter(self._places.values()))
        where = public_url(self._url(place.folder))
        if place.known_names or self._manifests.get(place.folder):
            return where
        return f"{where}, where no {MANIFEST_NAME} names the files that * in LEVERAGE_SOURCE_TEMPLATE stands for"

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def fetch(self, table: str, landed: LandedFile | None) -> Fetched | Kept | None:
        """Download one table's file into its part, unless the server says that the landed one is still right."""
        place = self._places[table]
        if not place.known_folder:
            raise SourceError(
                f"LEVERAGE_SOURCE_TEMPLATE has * in a folder ({place.folder}), which can be listed by file:// only"
            )
        manifest = self._manifest(place)
        names = place.names if place.known_names else self._named(place, manifest)
        for name in names:
            answer = self._download(place, name, landed, manifest.get(name))
            if answer is not None:
                return answer
            if name in manifest:
                raise SourceError(f"{name} is named by the manifest in {self.describe()} and not there")
        return None

    def _named(self, place: Place, manifest: Manifest) -> list[str]:
        matches = pick(place, manifest, self._places.values())
        self._choices.chosen(matches, place.names[0])
        return matches[:1]

    def _url(self, path: str) -> str:
        base = urlsplit(self._settings.source_url)
        whole = "/".join(step for step in (base.path.rstrip("/"), quote(path, safe="/:@!$&'()*+,;=~")) if step)
        return urlunsplit((base.scheme, base.netloc, whole, base.query, ""))

    def _manifest(self, place: Place) -> Manifest:
        folder = place.folder
        if folder not in self._manifests:
            url = self._url(f"{folder}/{MANIFEST_NAME}".lstrip("/"))
            try:
                content = with_retries(lambda: self._read_small(url), self._settings.retries, self._pace)
            except DeniedError as denial:
                # Object stores that do not list a folder answer 403 for a file that is not there; a token that is
                # wrong is found out by the tables' own files.
                log.info("%s; going on without a manifest", denial)
                content = None
            self._manifests[folder] = {} if content is None else parse_manifest(content, public_url(url))
        return self._manifests[folder]

    def _read_small(self, url: str) -> bytes | None:
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
        self, place: Place, name: str, landed: LandedFile | None, declared: Declared | None
    ) -> Fetched | Kept | None:
        url = self._url(f"{place.folder}/{name}".lstrip("/"))
        # A manifest that tells other bytes than those landed outweighs a server's (or a cache's) "not modified".
        outdated = landed and declared and declared.sha256 not in (None, landed.sha256)
        known = landed if landed and landed.url == public_url(url) and not outdated else None
        wanted = Wanted(url, place.landed_name(name), known, declared)
        download = Download(self._settings, self._store, self._client, self._progress, wanted)
        return with_retries(download.attempt, self._settings.retries, self._pace)
