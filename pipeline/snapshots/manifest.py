"""The manifest of a snapshot: what it was made from, by which versions, and the hash of each of its files.

    snapshots/2026-W46/r1/fct_tier.parquet ...
    snapshots/2026-W46/r1/manifest.json

No clock is read: the same inputs and versions give the same manifest. When a week was published is recorded in the
journal `state/publishes.jsonl`.
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
from pipeline.snapshots.inputs import Inputs
from pipeline.state.files import sha256_of

MANIFEST_NAME: Final = "manifest.json"
FIRST_REASON: Final = "first publication"


class SnapshotError(PipelineError):
    """A snapshot is damaged, missing or cannot be made; the message names the file and the remedy."""


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
        """All versions but those of entity decisions and engine: what `leverage diff` calls rules."""
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
    """The content of a manifest.

    Attributes:
        week: the week.
        revision: 1, 2, ...
        cut_off: the last run date known to it.
        reason: why this revision was made, in words.
        versions: what computed it.
        inputs: what it was computed from.
        previous: the snapshot that its tier hysteresis starts from, such as `2026-W45/r1`; None where there is none.
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
    """Return the folder of a snapshot."""
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
    """Return one sentence for each file that is missing or differs from the manifest."""
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
    """Return the manifest as JSON with sorted keys."""
    content = {
        "as_of_week": manifest.week.text,
        "revision": manifest.revision,
        "cut_off": manifest.cut_off.isoformat(),
        "reason": manifest.reason,
        "versions": vars(manifest.versions),
        "previous": manifest.previous,
        "inputs": {name: _by_day(days) for name, days in vars(manifest.inputs).items()},
        "tables": {name: vars(frozen) for name, frozen in manifest.tables.items()},
    }
    return json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def moved(before: Inputs, now: Inputs) -> str | None:
    """Return in words which release days changed between two readings of one week's inputs; None if none did."""
    changed = {day for day in before.releases.keys() & now.releases.keys() if before.releases[day] != now.releases[day]}
    added = now.releases.keys() - before.releases.keys()
    late = added & before.waived.keys()
    parts = [
        _change("corrected release", changed),
        _change("release that came after it had been waived", late),
        _change("release loaded since", added - late),
        _change("release withdrawn", before.releases.keys() - now.releases.keys()),
    ]
    if before.releases == now.releases:
        days = before.later_records.keys() | now.later_records.keys()
        other = {day for day in days if before.later_records.get(day) != now.later_records.get(day)}
        parts.append(_change("records changed by a later file, of run date", other))
    return "; ".join(part for part in parts if part) or None


def _change(what: str, days: Iterable[date]) -> str:
    ordered = sorted(days)
    more = f" and {len(ordered) - SHOWN_DAYS} more" if len(ordered) > SHOWN_DAYS else ""
    return f"{what} {', '.join(map(str, ordered[:SHOWN_DAYS]))}{more}" if ordered else ""


def _by_day(days: Mapping[date, str]) -> dict[str, str]:
    return {day.isoformat(): text for day, text in days.items()}


def _parsed(content: Mapping[str, Any]) -> Manifest:
    inputs = {
        name: {date.fromisoformat(day): text for day, text in days.items()} for name, days in content["inputs"].items()
    }
    return Manifest(
        week=parse_week(content["as_of_week"]),
        revision=content["revision"],
        cut_off=date.fromisoformat(content["cut_off"]),
        reason=content["reason"],
        versions=Versions(**content["versions"]),
        inputs=Inputs(**inputs),
        previous=content["previous"],
        tables={name: FrozenFile(**frozen) for name, frozen in content["tables"].items()},
    )
