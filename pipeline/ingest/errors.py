"""Faults between a source and `landing/`; each message says what was expected, what came, where, and what to do."""

from __future__ import annotations


class SourceError(Exception):
    """A release cannot be fetched."""


class IncompleteError(SourceError):
    """The release's own manifest names a file that is not there, or not there yet."""


class RefusedError(SourceError):
    """The file must not be used: it is damaged, not the table, too large, or its name is not a plain file name."""


class DeniedError(SourceError):
    """The server does not hand out the file (401, 403)."""


class NoRightError(DeniedError):
    """The account is known and may not do this."""


class DiskFullError(SourceError):
    """There is no space to land a file."""
