"""The `sample:` source: files of the embedded small world, made in memory."""

from __future__ import annotations

import hashlib

from pipeline.ingest.landing.files import LandedFile
from pipeline.ingest.landing.folder import LandingFolder, private_file
from pipeline.ingest.sources.locations import MANIFEST_NAME, file_locations
from pipeline.ingest.sources.release_manifest import parse_manifest
from pipeline.ingest.sources.source import Fetched, Source, Unchanged, now
from pipeline.settings import DEFAULT_TEMPLATE
from pipeline.state.files import write_all


class SampleSource(Source):
    """One release of the embedded sample; its names always follow the default template."""

    def __init__(self, folder: LandingFolder) -> None:
        """Make the release's files."""
        super().__init__()
        # Builds a world of 160 weeks: only when it is asked for.
        from simulator.feed.source import release_files

        self._folder = folder
        self._locations = file_locations(DEFAULT_TEMPLATE, folder.release_date)
        self._files = release_files(folder.release_date) or {}
        content = self._files.get(MANIFEST_NAME)
        self._manifest = parse_manifest(content, f"sample:{MANIFEST_NAME}") if content is not None else {}

    def describe(self) -> str:
        """Return where the release is expected."""
        return f"the embedded sample for {self._folder.release_date}"

    def fetch(self, table: str, landed: LandedFile | None) -> Fetched | Unchanged | None:
        """Write one table's bytes into its part."""
        name = self._locations[table].names[0]
        content = self._files.get(name)
        if content is None:
            return None
        declared = self._manifest.get(name)
        if landed and landed.bytes == len(content) and landed.sha256 == hashlib.sha256(content).hexdigest():
            return Unchanged(declared)
        self._folder.require_space(len(content), name)
        with private_file(self._folder.part(name)) as part:
            write_all(part, content)
        return Fetched(name, f"sample:{name}", now(), declared=declared)
