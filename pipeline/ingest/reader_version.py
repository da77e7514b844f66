"""The version of a release's rows: a hash of its files and of the reader that types them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from pipeline.ingest.landing.files import LandedFile

READER_VERSION: Final = "4"
"""Incremented whenever the same bytes would give other rows in raw; every release is then loaded again."""


def raw_version(files: Sequence[LandedFile]) -> str:
    """Return 32 hexadecimal digits that stand for the rows of a release.

    Equal for equal bytes of equal tables, whatever the files are called, wherever they came from and in whichever
    order they are given.
    """
    parts = [f"reader {READER_VERSION}", *sorted(f"{file.table} {file.sha256}" for file in files)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
