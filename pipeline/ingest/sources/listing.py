"""Which release days a source holds, where it can be listed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.ingest.parquet_text import SUFFIX
from pipeline.ingest.sources.locations import CSV_SUFFIX, GZIP_SUFFIX, unpacked_bytes
from pipeline.settings import Settings

_FIELDS: Final = {"%Y": r"(?P<y>\d{4})", "%m": r"(?P<m>\d{2})", "%d": r"(?P<d>\d{2})", "%H": r"\d{2}", "%M": r"\d{2}"}


def listed_days(settings: Settings) -> dict[date, int] | None:
    """Return the release days of the source with the bytes of each, unpacked; None where it cannot be listed."""
    base = settings.source_folder
    if base is None:
        return None
    files = (
        (Path(folder, name).relative_to(base).as_posix(), Path(folder, name))
        for folder, _, names in os.walk(base)
        for name in names
    )
    return days_of_files(settings.source_template, ((name, _size(path)) for name, path in files))


def days_of_files(template: str, files: Iterable[tuple[str, int]]) -> dict[date, int] | None:
    """Return the days of files with one of the required tables, and the bytes of all their tables, unpacked.

    Args:
        template: where a table's file of a release is; None is returned if it does not have the whole date.
        files: path below the base, parts joined by `/`, and size in bytes.
    """
    pattern = _pattern(template)
    if pattern is None:
        return None
    found: dict[date, int] = {}
    required: set[date] = set()
    for name, size in files:
        match = pattern.fullmatch(name)
        if match is None:
            continue
        try:
            day = date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            continue
        found[day] = found.get(day, 0) + unpacked_bytes(name, size)
        if match["table"] in REQUIRED:
            required.add(day)
    return {day: found[day] for day in sorted(required)}


def _pattern(template: str) -> re.Pattern[str] | None:
    """Return the pattern of a file's path; None where the template has other fields, or not the whole date."""
    parts = []
    seen: set[str] = set()
    tables = "|".join(sorted(TABLES, key=len, reverse=True))
    for part in re.split(r"(%.|\{table\}|\*)", template):
        if part in seen and part in _FIELDS:
            parts.append(rf"(?P={_FIELDS[part][4]})" if "(?P<" in _FIELDS[part] else _FIELDS[part])
        elif part in _FIELDS:
            parts.append(_FIELDS[part])
        elif part == "{table}":
            parts.append("(?P=table)" if part in seen else f"(?P<table>{tables})")
        elif part == "*":
            parts.append("[^/]*")
        elif re.fullmatch(r"%.", part):
            return None
        else:
            parts.append(re.escape(part))
        seen.add(part)
    pattern = "".join(parts)
    gzip = re.escape(GZIP_SUFFIX)
    pattern = pattern.removesuffix(gzip) + f"(?:{gzip})?" if pattern.endswith(gzip) else pattern
    csv, parquet = re.escape(CSV_SUFFIX), re.escape(SUFFIX)
    for end in (csv, rf"{csv}(?:{gzip})?"):
        if pattern.endswith(end):
            pattern = pattern.removesuffix(end) + f"(?:{end}|{parquet})"
            break
    return re.compile(pattern) if {"%Y", "%m", "%d", "{table}"} <= seen else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
