"""The manifest of a snapshot: what it was made from, by which versions, and the hash of each of its files.

    snapshots/2026-W46/r1/fct_tier.parquet ...
    snapshots/2026-W46/r1/manifest.json

No clock is read: the same inputs and versions give the same manifest. When a week was published stands in the journal
`state/publishes.jsonl`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.snapshots.calendar import SHOWN_DAYS, Week, parse_week
from pipeline.snapshots.knowledge import Inputs
from pipeline.state.files import sha256_of

MANIFEST_NAME: Final = "manifest.json"
FIRST_REASON: Final = "first publication"


class SnapshotError(PipelineError):
    """A snapshot is damaged, missing or cannot be made; the message says where and what to do."""


@dataclass(frozen=True)
class Versions:
    """What computed the figures.

    Attributes:
        er_version: decisions on parties.
        ruleset_version: thresholds and words.
        code_version: models and code (see `versions`).
        engine: DuckDB, which also writes the files.
    """

    er_version: str
    ruleset_version: str
    code_version: str
    engine: str

    @property
    def rules(self) -> tuple[str, str]:
        """All that is no decision on parties: what `leverage diff` calls rules."""
        return self.ruleset_version, self.code_version


@dataclass(frozen=True)
class FrozenFile:
    """One file of a snapshot.

    Attributes:
        rows: rows in it.
        bytes: its size.
        sha256: of its bytes, hexadecimal.
    """

    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A snapshot as its manifest tells it.

    Attributes:
        week: the week.
        revision: 1, 2, ...
        cut_off: the last run date known to it.
        reason: why this revision was made, in words.
        versions: what computed it.
        inputs: what it was computed from.
        previous: the snapshot whose tiers it goes on from, such as `2026-W45/r1`; None where there is none.
        tables: file of each table.
    """

    week: Week
    revision: int
    cut_off: date
    reason: str
    versions: Versions
    inputs: Inputs
    previous: str | None
    tables: dict[str, FrozenFile]

    @property
    def name(self) -> str:
        """Such as `2026-W46/r1`."""
        return f"{self.week}/r{self.revision}"

    @property
    def newest_release(self) -> date:
        """The newest release day that it was made from; its cut-off where a later, cumulative file brought them all."""
        return max(self.inputs.releases, default=self.cut_off)


def snapshot_dir(settings: Settings, week: Week, revision: int) -> Path:
    """Where a snapshot lies."""
    return settings.snapshots_dir / week.text / f"r{revision}"


def revisions(settings: Settings, week: Week) -> list[int]:
    """The revisions of a week, in order."""
    folders = (settings.snapshots_dir / week.text).glob("r*")
    return sorted(int(path.name[1:]) for path in folders if path.name[1:].isdigit())


def frozen_weeks(settings: Settings) -> list[Week]:
    """The weeks that have a snapshot, in order."""
    weeks = (parse_week(path.name) for path in settings.snapshots_dir.glob("*-W*"))
    return sorted(week for week in weeks if revisions(settings, week))


def newest_manifest(settings: Settings, week: Week) -> Manifest | None:
    """The manifest of the newest revision of a week; None where it has none."""
    numbers = revisions(settings, week)
    return read_manifest(settings, week, numbers[-1]) if numbers else None


def last_frozen(settings: Settings, week: Week) -> Manifest | None:
    """The newest revision of the newest frozen week before `week`."""
    earlier = [other for other in frozen_weeks(settings) if other < week]
    return newest_manifest(settings, earlier[-1]) if earlier else None


def read_manifest(settings: Settings, week: Week, revision: int) -> Manifest:
    """The manifest of one snapshot.

    Raises:
        SnapshotError: there is none, or it cannot be read.
    """
    path = snapshot_dir(settings, week, revision) / MANIFEST_NAME
    try:
        return _parsed(json.loads(path.read_bytes()))
    except FileNotFoundError:
        raise SnapshotError(f"{path} is not there. Restore snapshots/ from a backup") from None
    except (ValueError, KeyError, TypeError) as error:
        raise SnapshotError(f"{path} cannot be read ({error}). Restore it from a backup") from None


def damage(settings: Settings, manifest: Manifest) -> list[str]:
    """What lies in the folder otherwise than the manifest says: one sentence for each file; none when all is well."""
    folder = snapshot_dir(settings, manifest.week, manifest.revision)
    found = []
    for table, frozen in manifest.tables.items():
        path = folder / f"{table}.parquet"
        if not path.exists():
            found.append(f"{path} is missing")
        elif sha256_of(path) != frozen.sha256:
            found.append(f"{path} is not as it was frozen: its SHA-256 differs from the manifest's")
    return found


def document(manifest: Manifest) -> str:
    """The manifest as it is written: JSON, its keys in one order."""
    told = {
        "as_of_week": manifest.week.text,
        "revision": manifest.revision,
        "cut_off": manifest.cut_off.isoformat(),
        "reason": manifest.reason,
        "versions": vars(manifest.versions),
        "previous": manifest.previous,
        "inputs": {name: _by_day(days) for name, days in vars(manifest.inputs).items()},
        "tables": {name: vars(frozen) for name, frozen in manifest.tables.items()},
    }
    return json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def moved(before: Inputs, now: Inputs) -> str | None:
    """In words which release days changed between two readings of the inputs of one week; None where none did."""
    changed = {day for day in before.releases.keys() & now.releases.keys() if before.releases[day] != now.releases[day]}
    added = now.releases.keys() - before.releases.keys()
    late = added & before.waived.keys()
    parts = [
        _told("corrected release", changed),
        _told("release that came after it had been waived", late),
        _told("release loaded since", added - late),
        _told("release withdrawn", before.releases.keys() - now.releases.keys()),
    ]
    if before.releases == now.releases:
        days = before.later_records.keys() | now.later_records.keys()
        other = {day for day in days if before.later_records.get(day) != now.later_records.get(day)}
        parts.append(_told("records changed by a later file, of run date", other))
    told = "; ".join(part for part in parts if part)
    return told or None


def _told(what: str, days: Iterable[date]) -> str:
    ordered = sorted(days)
    more = f" and {len(ordered) - SHOWN_DAYS} more" if len(ordered) > SHOWN_DAYS else ""
    return f"{what} {', '.join(map(str, ordered[:SHOWN_DAYS]))}{more}" if ordered else ""


def _by_day(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): text for day, text in days.items()}


def _parsed(told: Mapping[str, Any]) -> Manifest:
    inputs = {
        name: {date.fromisoformat(day): text for day, text in days.items()} for name, days in told["inputs"].items()
    }
    return Manifest(
        week=parse_week(told["as_of_week"]),
        revision=told["revision"],
        cut_off=date.fromisoformat(told["cut_off"]),
        reason=told["reason"],
        versions=Versions(**told["versions"]),
        inputs=Inputs(**inputs),
        previous=told["previous"],
        tables={name: FrozenFile(**frozen) for name, frozen in told["tables"].items()},
    )
