"""The journal of release outcomes, `state/release_outcomes.jsonl`: the result of each file of each release day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final

from pydantic import TypeAdapter

from pipeline.net.addresses import public_url
from pipeline.settings import Settings
from pipeline.state.journal import Journal

OUTCOMES: Final = ("loaded", "partial", "unchanged", "not_published", "incomplete", "failed")


@dataclass(frozen=True)
class Outcome:
    """The result of one file of one release day.

    Attributes:
        release_date: the release day.
        table_name: the AMS table.
        file_name: the landed (or expected) file's name.
        outcome: one of `OUTCOMES`.
        rows_in: rows in the file, its header line not counted.
        rows_loaded: rows that reached raw.
        rows_quarantined: rows set aside; `rows_in = rows_loaded + rows_quarantined`.
        bytes: size of the file as delivered.
        sha256: of the file as delivered, hexadecimal.
        url: where it came from; user name, password and query are removed when it is recorded.
        reason: why the outcome is not `loaded`, as a sentence; `partial` is an optional table that lacks rows.
        raw_version: what the release's rows in raw were made of; equal for all files of a release.
        seq: sequence number in the journal; 0 before it is recorded.
        finished_at: ISO time in UTC at which it was recorded; empty before.
    """

    release_date: date
    table_name: str
    file_name: str
    outcome: str
    rows_in: int | None
    rows_loaded: int | None
    rows_quarantined: int | None
    bytes: int | None
    sha256: str | None
    url: str | None
    reason: str | None
    raw_version: str | None
    seq: int = 0
    finished_at: str = ""


_RECORDS: Final = TypeAdapter(Outcome)


def append_outcomes(settings: Settings, outcomes: Sequence[Outcome]) -> None:
    """Record `outcomes`, all or none.

    Raises:
        ValueError: an outcome's name is unknown.
        OSError: the journal cannot be written (disk full, no permission); then nothing was added.
    """
    unknown = sorted({item.outcome for item in outcomes} - set(OUTCOMES))
    if unknown:
        raise ValueError(f"outcome {', '.join(unknown)} is unknown; give one of {', '.join(OUTCOMES)}")
    finished_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    records = [
        replace(item, url=public_url(item.url) if item.url else None, finished_at=finished_at) for item in outcomes
    ]
    Journal(settings.outcomes_path, _RECORDS).append(records, numbered=True)


def read_outcomes(settings: Settings) -> list[Outcome]:
    """Return all outcomes in the order in which they were recorded."""
    return Journal(settings.outcomes_path, _RECORDS).read()


def accepted_versions(settings: Settings, outcomes: Sequence[Outcome] | None = None) -> dict[date, str]:
    """Return the raw version in force of each release day: that of its newest `loaded` record.

    `outcomes` are the journal's, where the caller has read it.
    """
    return {
        item.release_date: item.raw_version
        for item in (read_outcomes(settings) if outcomes is None else outcomes)
        if item.outcome == "loaded" and item.raw_version is not None
    }
