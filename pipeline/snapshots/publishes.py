"""The journal of published weeks, `state/publishes.jsonl`: what a snapshot must not contain because it needs a clock.

Events of a snapshot: `published` (read by `meta_publish`), `reported` (its report is written), `digested` (its digests
are in the outbox), `same_figures` (these inputs were computed and changed no figure).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pydantic import TypeAdapter

from pipeline.settings import Settings
from pipeline.snapshots.inputs import Inputs
from pipeline.snapshots.manifest import Manifest
from pipeline.state.journal import Journal

PUBLISHED: Final = "published"
REPORTED: Final = "reported"
DIGESTED: Final = "digested"
SAME_FIGURES: Final = "same_figures"
STEPS: Final = (PUBLISHED, REPORTED, DIGESTED)
"""What follows a freeze, in order; the BI copy records its own state."""


@dataclass(frozen=True)
class PublishEvent:
    """One event of a snapshot.

    Attributes:
        event: one of `STEPS`, or `SAME_FIGURES`.
        as_of_week: of the snapshot.
        revision: of the snapshot.
        inputs: of `same_figures`: digest of the inputs.
        published_at: ISO time in UTC; like the following, of `published` only.
        newest_release_date: newest release day that the snapshot has read.
        closed_through_date: its Sunday.
        er_version: of its entities.
        ruleset_version: of its rules.
        code_version: of the code that computed it.
        reason: why it was published.
    """

    event: str
    as_of_week: str
    revision: int
    inputs: str | None = None
    published_at: str | None = None
    newest_release_date: str | None = None
    closed_through_date: str | None = None
    er_version: str | None = None
    ruleset_version: str | None = None
    code_version: str | None = None
    reason: str | None = None


_RECORDS: Final = TypeAdapter(PublishEvent)


def note_published(settings: Settings, manifest: Manifest) -> None:
    """Record that a snapshot is published now, once."""
    if PUBLISHED in steps_done(settings, manifest):
        return
    event = PublishEvent(
        PUBLISHED,
        manifest.week.text,
        manifest.revision,
        published_at=datetime.now(UTC).isoformat(timespec="seconds"),
        newest_release_date=manifest.newest_release.isoformat(),
        closed_through_date=manifest.week.sunday.isoformat(),
        er_version=manifest.versions.er_version,
        ruleset_version=manifest.versions.ruleset_version,
        code_version=manifest.versions.code_version,
        reason=manifest.reason,
    )
    _journal(settings).append([event])


def note_step(settings: Settings, manifest: Manifest, step: str) -> None:
    """Record that a step after the freeze is complete."""
    _journal(settings).append([PublishEvent(step, manifest.week.text, manifest.revision)])


def note_same_figures(settings: Settings, manifest: Manifest, inputs: Inputs) -> None:
    """Record that `inputs` give the figures that are frozen, so that they are not computed again."""
    event = PublishEvent(SAME_FIGURES, manifest.week.text, manifest.revision, inputs=inputs_key(inputs))
    _journal(settings).append([event])


def steps_done(settings: Settings, manifest: Manifest) -> set[str]:
    """Return the steps after its freeze that a snapshot has completed."""
    return {item.event for item in _events_of(settings, manifest)}


def known_same_figures(settings: Settings, manifest: Manifest, inputs: Inputs) -> bool:
    """Return whether `inputs` were found to give the figures of this snapshot."""
    key = inputs_key(inputs)
    return any(item.event == SAME_FIGURES and item.inputs == key for item in _events_of(settings, manifest))


def inputs_key(inputs: Inputs) -> str:
    """Return a digest of releases and later records."""
    days = [
        sorted((day.isoformat(), text) for day, text in days.items())
        for days in (inputs.releases, inputs.later_records)
    ]
    return hashlib.sha256(json.dumps(days).encode()).hexdigest()[:32]


def _events_of(settings: Settings, manifest: Manifest) -> list[PublishEvent]:
    snapshot = (manifest.week.text, manifest.revision)
    return [item for item in _journal(settings).read() if (item.as_of_week, item.revision) == snapshot]


def _journal(settings: Settings) -> Journal[PublishEvent]:
    return Journal(settings.publishes_path, _RECORDS)
