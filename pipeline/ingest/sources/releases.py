"""Where a release's files lie below the source's base, and which names are trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.sources.faults import RefusedError

MANIFEST_NAME: Final = "manifest.json"
GZIP_SUFFIX: Final = ".gz"


@dataclass(frozen=True)
class Place:
    """Where one table's file of one release is expected.

    Attributes:
        table: the AMS table.
        folder: folder below the base, parts joined by `/`, empty for the base itself; can hold `*`.
        names: file names to look for, best first: the template's own, then the one without `.gz`; can hold
            `*`.
        landing_prefix: put before the name in `landing/` where the name alone does not tell the table.
    """

    table: str
    folder: str
    names: tuple[str, ...]
    landing_prefix: str

    @property
    def known_folder(self) -> bool:
        """Whether the folder is known without listing."""
        return "*" not in self.folder

    @property
    def known_names(self) -> bool:
        """Whether the file's name is known without listing or a manifest."""
        return "*" not in self.names[0]

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], ...]:
        return tuple(wildcard(name) for name in self.names)

    def rank(self, name: str) -> int | None:
        """Which of `names` fits `name` (0 is best), or None."""
        for rank, pattern in enumerate(self._patterns):
            if pattern.fullmatch(name):
                return rank
        return None

    def landed_name(self, name: str) -> str:
        """The name under which `name` is kept in `landing/`."""
        return self.landing_prefix + name


def places(template: str, release_date: date) -> dict[str, Place]:
    """The place of each table's file in one release, in the order of the layout."""
    dated = release_date.strftime(template)
    found = {}
    for table in TABLES:
        folder, _, name = dated.replace("{table}", table).rpartition("/")
        tells_table = "{table}" in template.rpartition("/")[2]
        names = (name, name.removesuffix(GZIP_SUFFIX)) if name.endswith(GZIP_SUFFIX) else (name,)
        found[table] = Place(table, folder, names, "" if tells_table else f"{table}-")
    return found


def wildcard(pattern: str) -> re.Pattern[str]:
    """A pattern in which `*` stands for any text within one name."""
    return re.compile("[^/]*".join(re.escape(part) for part in pattern.split("*")))


def pick(place: Place, names: Iterable[str], all_places: Iterable[Place]) -> list[str]:
    """Those of `names` that fit `place`, best first: newest by name, `.gz` before the name without.

    A name that fits a longer table name too (`hazmat*` also fits `hazmatclass`) belongs to the longer one.
    """
    rivals = [other for other in all_places if len(other.table) > len(place.table) and place.table in other.table]
    own = [
        name
        for name in names
        if place.rank(name) is not None and not any(rival.rank(name) is not None for rival in rivals)
    ]
    return sorted(own, key=lambda name: (name.removesuffix(GZIP_SUFFIX), name), reverse=True)


def trusted_name(name: str, told_by: str) -> str:
    """Return `name` when it is a plain file name.

    Args:
        name: a file name from outside.
        told_by: who said it, for the message.

    Raises:
        RefusedError: it is empty, absolute, has a separator, `..` or a control character.
    """
    tricks = not name or name in (".", "..") or "/" in name or "\\" in name or re.match(r"[A-Za-z]:", name)
    if tricks or any(ord(letter) < 32 or ord(letter) == 127 for letter in name) or len(name) > 200:
        raise RefusedError(f"{told_by} names the file {name[:80]!r}, which is not a plain file name: refused")
    return name
