"""`manifest.json` of a release folder: what the publisher declares of each file.

Two forms are read: `{"files": [{"name": ..., "sha256": ..., "bytes": ..., "rows": ...}]}` and
`{"files": {"<name>": {"sha256": ..., "bytes": ..., "rows": ...}}}`; each of the three facts may be absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pipeline.ingest.errors import RefusedError
from pipeline.ingest.sources.locations import trusted_name

MAX_MANIFEST_BYTES: Final = 4 * 1024 * 1024
"""A manifest of 11 files has some 2 KB; a folder shared by many releases stays far below this."""


@dataclass(frozen=True)
class Declared:
    """What a manifest declares of one file; None where it declares nothing.

    Attributes:
        sha256: of the file as delivered, hexadecimal, lower case.
        bytes: size of the file as delivered.
        rows: rows of the table in it, the header line not counted.
    """

    sha256: str | None
    bytes: int | None
    rows: int | None


Manifest = dict[str, Declared]


def limited(chunks: Iterable[bytes]) -> bytes:
    """Return a manifest's bytes; of a larger one than is read its beginning, which `parse_manifest` refuses."""
    content = b""
    for chunk in chunks:
        content += chunk
        if len(content) > MAX_MANIFEST_BYTES:
            break
    return content


def parse_manifest(content: bytes, where: str) -> Manifest:
    """Read a manifest.

    Args:
        content: the file's bytes.
        where: its public address, for messages.

    Raises:
        RefusedError: it is not JSON of a known form, or a name or a fact in it cannot be true.
    """
    if len(content) > MAX_MANIFEST_BYTES:
        raise RefusedError(f"{where} is larger than {MAX_MANIFEST_BYTES} bytes: refused")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        start = content[:40].decode("utf-8", "replace")
        raise RefusedError(f"{where} is not JSON; it begins with {start!r}") from None
    manifest: Manifest = {}
    for name, facts in _entries(document, where):
        if trusted_name(name, where) in manifest:
            raise RefusedError(f"{where} names {name!r} twice")
        manifest[name] = Declared(
            _sha256(facts.get("sha256"), name, where),
            _count(facts.get("bytes"), "bytes", name, where),
            _count(facts.get("rows"), "rows", name, where),
        )
    return manifest


def _entries(document: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    files = document.get("files") if isinstance(document, dict) else None
    if isinstance(files, dict):
        pairs = list(files.items())
    elif isinstance(files, list) and all(isinstance(entry, dict) for entry in files):
        pairs = [(entry.get("name", entry.get("file_name")), entry) for entry in files]
    else:
        raise RefusedError(f"{where} has no list or object 'files'")
    for name, facts in pairs:
        if not isinstance(name, str) or not isinstance(facts, dict):
            raise RefusedError(f"{where}: each entry of 'files' needs a name and facts, got {str(name)[:80]!r}")
        yield name, facts


def _sha256(value: Any, name: str, where: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[0-9a-fA-F]{64}", value):
        raise RefusedError(f"{where}: sha256 of {name!r} is not 64 hexadecimal digits")
    return value.lower()


def _count(value: Any, fact: str, name: str, where: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise RefusedError(f"{where}: {fact} of {name!r} is not a whole number of 0 or more")
    return int(value)
