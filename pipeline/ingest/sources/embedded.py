"""The `sample:` source: files of the embedded small world, made in memory."""

from __future__ import annotations

import hashlib

from pipeline.ingest.sources.provenance import LandedFile
from pipeline.ingest.sources.release_manifest import parse_manifest
from pipeline.ingest.sources.releases import MANIFEST_NAME, places
from pipeline.ingest.sources.source import Fetched, Kept, Progress, now
from pipeline.ingest.sources.store import Store, private_file
from pipeline.settings import DEFAULT_TEMPLATE
from pipeline.state.files import write_all


class SampleSource:
    """One release of the embedded sample; its names follow the default template always."""

    resumable = False

    def __init__(self, store: Store, progress: Progress) -> None:
        """Make the release's files."""
        # Builds a world of 160 weeks: only when it is asked for.
        from simulator.feed.source import release_files

        self._store, self._progress = store, progress
        self._places = places(DEFAULT_TEMPLATE, store.release_date)
        self._files = release_files(store.release_date) or {}
        content = self._files.get(MANIFEST_NAME)
        self._manifest = parse_manifest(content, f"sample:{MANIFEST_NAME}") if content is not None else {}

    def notes(self) -> str | None:
        """Nothing is left open to decide."""
        return None

    def describe(self) -> str:
        """Where the release is looked for."""
        return f"the embedded sample for {self._store.release_date}"

    def fetch(self, table: str, landed: LandedFile | None) -> Fetched | Kept | None:
        """Write one table's bytes into its part."""
        name = self._places[table].names[0]
        content = self._files.get(name)
        if content is None:
            return None
        declared = self._manifest.get(name)
        if landed and landed.bytes == len(content) and landed.sha256 == hashlib.sha256(content).hexdigest():
            return Kept(declared)
        self._store.demand_space(len(content), name)
        with private_file(self._store.part(name)) as part:
            write_all(part, content)
        self._progress(name, len(content))
        return Fetched(name, f"sample:{name}", now(), declared=declared)

    def close(self) -> None:
        """Nothing is held."""
