"""What can go wrong between a source and `landing/`, each with words that say what to do."""

from __future__ import annotations


class SourceError(Exception):
    """A release cannot be fetched; the message says what was expected, what came and where."""


class RefusedError(SourceError):
    """What came must not be used: damaged, not the file, too large, or a name that is a trick."""


class DeniedError(SourceError):
    """The server knows who asks and does not hand out the file (401, 403)."""


class DiskFullError(SourceError):
    """There is not the space to land a file; nothing half-written is left."""
