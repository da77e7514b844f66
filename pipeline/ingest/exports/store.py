"""The imported exports below `imports/`: private bytes and provenance of each, their bills, and the releases made of them."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from pipeline.settings import Settings
from pipeline.state.files import PRIVATE_FILE, PRIVATE_FOLDER, write_whole

PROVENANCE: Final = "export.json"
BILLS: Final = "bills.parquet"


@dataclass(frozen=True)
class Export:
    """The provenance of an imported export.

    Attributes:
        sha256: of the file's bytes; an export is imported once by them.
        file_name: as it was given.
        vendor: name of the mapping.
        title: of the vendor, for people.
        bytes: size.
        imported_at: ISO time, UTC.
        exported_on: day of the query: given, of the workbook, or of the file; orders the versions of a bill.
        exported_by: whence it is: `given`, `workbook`, `file name` or `file time`.
        lag_days: assumed days from arrival to publication.
        rows: below the header.
        loaded: rows in bills.
        bills: in it.
        repeats: rows exactly like an earlier one.
        quarantined: rows not loaded, by reason.
        notes: on its values.
        missing: what it costs that columns lack.
        unused: headers that fill nothing.
        dropped: headers of personal data.
        filled: fields.
        without_bill_numbers: whether rows have keys of their own.
        first_arrival: of its bills.
        last_arrival: of its bills.
        scope: as `Scope` has it.
    """

    sha256: str
    file_name: str
    vendor: str
    title: str
    bytes: int
    imported_at: str
    exported_on: date
    exported_by: str
    lag_days: int
    rows: int
    loaded: int
    bills: int
    repeats: int
    quarantined: dict[str, int]
    notes: list[str]
    missing: list[str]
    unused: list[str]
    dropped: list[str]
    filled: list[str]
    without_bill_numbers: bool
    first_arrival: date | None
    last_arrival: date | None
    scope: dict[str, Any] = field(default_factory=dict)


def imports_dir(settings: Settings) -> Path:
    """The folder of imports (private)."""
    return settings.imports_dir


def releases_dir(settings: Settings) -> Path:
    """The releases made of all imports: what the source `imports:` reads."""
    return settings.imports_dir / "releases"


def export_dir(settings: Settings, sha256: str) -> Path:
    """The folder of one export."""
    return settings.imports_dir / "exports" / sha256[:16]


def read_exports(settings: Settings) -> list[Export]:
    """Return the imported exports, oldest query first."""
    found = []
    for path in sorted((settings.imports_dir / "exports").glob(f"*/{PROVENANCE}")):
        document = json.loads(path.read_bytes())
        known = {item.name for item in fields(Export)}
        values = {name: value for name, value in document.items() if name in known}
        for name in ("exported_on", "first_arrival", "last_arrival"):
            values[name] = date.fromisoformat(values[name]) if values.get(name) else None
        found.append(Export(**values))
    return sorted(found, key=lambda item: (item.exported_on, str(item.last_arrival), item.imported_at, item.sha256))


def keep_export(settings: Settings, export: Export, original: Path, work: Path) -> None:
    """Keep an export: its bytes, bills and quarantine, its provenance last, so that a kill leaves none by halves."""
    folder = export_dir(settings, export.sha256)
    for private in (settings.imports_dir, folder.parent, folder):
        private.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    kept = folder / f"original{original.suffix.lower()}"
    shutil.copyfile(original, kept)
    kept.chmod(PRIVATE_FILE)
    for name in (BILLS, "quarantine.parquet"):
        shutil.move(work / name, folder / name)
    write_export(settings, export)


def write_export(settings: Settings, export: Export) -> None:
    """Write the provenance of a kept export."""
    content = json.dumps(asdict(export), default=str, indent=1).encode()
    write_whole(export_dir(settings, export.sha256) / PROVENANCE, content, PRIVATE_FILE)
