"""Which store a source is in."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from pipeline.ingest.sources.stores.local import LocalStore
from pipeline.ingest.sources.stores.store import Store
from pipeline.settings import Settings

STORES: Final = ("file", "imports", "s3", "sftp")
"""Schemes of sources that are stores."""


def open_store(settings: Settings) -> Store:
    """Return the store of a source.

    Raises:
        SourceError: its configuration cannot be used.
    """
    if settings.source_folder:
        return LocalStore(settings.source_folder)
    # Each takes some tenths of a second to import, and a home has one source.
    if urlsplit(settings.source_url).scheme == "s3":
        from pipeline.ingest.sources.stores.s3 import S3Store

        return S3Store(settings)
    from pipeline.ingest.sources.stores.sftp import SftpStore

    return SftpStore(settings)
