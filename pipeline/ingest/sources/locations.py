"""Where a release's files are expected below the source's base, and which file names are trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipeline.ingest.errors import RefusedError
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.parquet_text import SUFFIX

MANIFEST_NAME: Final = "manifest.json"
CSV_SUFFIX: Final = ".csv"
GZIP_SUFFIX: Final = ".gz"
PACKED: Final = 8
"""How much larger a gzip or Parquet file of these tables is as text, roughly: sizes of runs and chunks depend on it."""


def unpacked_bytes(name: str, size: int) -> int:
    """Return the size of a file unpacked: estimated where its name says that it is packed."""
    return size * (PACKED if name.endswith((GZIP_SUFFIX, SUFFIX)) else 1)


@dataclass(frozen=True)
class FileLocation:
    """Where one table's file of one release is expected.

    Attributes:
        table: the AMS table.
        folder: folder below the base, parts joined by `/`, empty for the base itself; can have `*`.
        names: file names that fit, best first: the template's own, the one without `.gz`, Parquet instead of CSV; can
            have `*`.
        landing_prefix: put before the name in `landing/` where the name alone does not identify the table.
    """

    table: str
    folder: str
    names: tuple[str, ...]
    landing_prefix: str

    @property
    def is_folder_known(self) -> bool:
        """Whether the folder is known without listing."""
        return "*" not in self.folder

    @property
    def are_names_known(self) -> bool:
        """Whether the file's name is known without listing or a manifest."""
        return "*" not in self.names[0]

    def fits(self, name: str) -> bool:
        """Whether `name` is one of `names`."""
        return any(wildcard(pattern).fullmatch(name) for pattern in self.names)


def file_locations(template: str, release_date: date) -> dict[str, FileLocation]:
    """Return the location of each table's file in one release, in the order of the layout; of a flat file one."""
    dated = release_date.strftime(template)
    is_table_in_name = "{table}" in template.rpartition("/")[2] or "{table}" not in template
    found = {}
    for table in TABLES if "{table}" in template else ("header",):
        folder, _, name = dated.replace("{table}", table).rpartition("/")
        found[table] = FileLocation(table, folder, _names(name), "" if is_table_in_name else f"{table}-")
    return found


def _names(name: str) -> tuple[str, ...]:
    plain = name.removesuffix(GZIP_SUFFIX)
    parquet = [plain.removesuffix(CSV_SUFFIX) + SUFFIX] if plain.endswith(CSV_SUFFIX) else []
    return tuple(dict.fromkeys([name, plain, *parquet]))


def wildcard(pattern: str) -> re.Pattern[str]:
    """Return a pattern in which `*` stands for any text within one name."""
    return re.compile("[^/]*".join(re.escape(part) for part in pattern.split("*")))


def matching_names(location: FileLocation, names: Iterable[str], all_locations: Iterable[FileLocation]) -> list[str]:
    """Return those of `names` that fit `location`, best first: newest by name, then `.gz`, CSV, Parquet.

    A name that fits a longer table name too (`hazmat*` also fits `hazmatclass`) belongs to the longer one.
    """
    longer = [
        other for other in all_locations if location.table in other.table and len(other.table) > len(location.table)
    ]
    own = [name for name in names if location.fits(name) and not any(other.fits(name) for other in longer)]
    return sorted(own, key=lambda name: (_stem(name), not name.endswith(SUFFIX), name), reverse=True)


def _stem(name: str) -> str:
    return name.removesuffix(GZIP_SUFFIX).removesuffix(CSV_SUFFIX).removesuffix(SUFFIX)


def trusted_name(name: str, given_by: str) -> str:
    """Return `name` when it is a plain file name.

    Args:
        name: a file name from outside.
        given_by: where it comes from, for the message.

    Raises:
        RefusedError: it is empty, absolute, has a separator, `..` or a control character.
    """
    is_path = not name or name in (".", "..") or "/" in name or "\\" in name or re.match(r"[A-Za-z]:", name)
    if is_path or any(ord(letter) < 32 or ord(letter) == 127 for letter in name) or len(name) > 200:
        raise RefusedError(f"{given_by} names the file {name[:80]!r}, which is not a plain file name: refused")
    return name
