"""The journal of published weeks, `state/publishes.jsonl`: what a snapshot must not hold, because it needs a clock.

{"event": "published", "as_of_week": "2026-W46", "revision": 1, "published_at": ..., ...}   read by meta_publish
{"event": "reported", "as_of_week": ..., "revision": ...}                                   its report is written
{"event": "digested", "as_of_week": ..., "revision": ...}                                   its digests can go out
{"event": "same_figures", "as_of_week": ..., "revision": ..., "inputs": ...}                computed anew, no change
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Final

from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.knowledge import Inputs
from pipeline.snapshots.manifest import Manifest
from pipeline.state.files import append_line, read_lines

PUBLISHED: Final = "published"
REPORTED: Final = "reported"
DIGESTED: Final = "digested"
SAME_FIGURES: Final = "same_figures"
STEPS: Final = (PUBLISHED, REPORTED, DIGESTED)
"""What follows a freeze, in order; whether the BI copy is behind, it knows itself."""


def note_published(settings: Settings, manifest: Manifest) -> None:
    """Write down that a snapshot is published now, once."""
    if PUBLISHED in steps_done(settings, manifest):
        return
    told = {
        "published_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "newest_release_date": manifest.newest_release.isoformat(),
        "closed_through_date": manifest.week.sunday.isoformat(),
        "er_version": manifest.versions.er_version,
        "ruleset_version": manifest.versions.ruleset_version,
        "code_version": manifest.versions.code_version,
        "reason": manifest.reason,
    }
    _append(settings, PUBLISHED, manifest.week, manifest.revision, told)


def note_step(settings: Settings, manifest: Manifest, step: str) -> None:
    """Write down that a step after the freeze is through."""
    _append(settings, step, manifest.week, manifest.revision, {})


def note_same_figures(settings: Settings, manifest: Manifest, inputs: Inputs) -> None:
    """Write down that `inputs` give the figures that are frozen, so that they are not computed again."""
    _append(settings, SAME_FIGURES, manifest.week, manifest.revision, {"inputs": inputs_key(inputs)})


def steps_done(settings: Settings, manifest: Manifest) -> set[str]:
    """The steps after its freeze that a snapshot has been through."""
    return {
        line["event"]
        for line in read_lines(settings.publishes_path)
        if (line["as_of_week"], line["revision"]) == (manifest.week.text, manifest.revision)
    }


def known_same_figures(settings: Settings, manifest: Manifest, inputs: Inputs) -> bool:
    """Whether `inputs` were found to give the figures of this snapshot."""
    key = inputs_key(inputs)
    return any(
        (line["event"], line["as_of_week"], line["revision"]) == (SAME_FIGURES, manifest.week.text, manifest.revision)
        and line["inputs"] == key
        for line in read_lines(settings.publishes_path)
    )


def inputs_key(inputs: Inputs) -> str:
    """A digest of releases and later records."""
    told = [
        sorted((day.isoformat(), text) for day, text in days.items())
        for days in (inputs.releases, inputs.later_records)
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def _append(settings: Settings, event: str, week: Week, revision: int, told: dict[str, str]) -> None:
    line = {"event": event, "as_of_week": week.text, "revision": revision, **told}
    append_line(settings.publishes_path, line)
