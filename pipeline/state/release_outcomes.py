"""The journal of release outcomes: what came of each file of each release day, in JSON lines only added to."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from filelock import FileLock

from pipeline.net.addresses import public_url
from pipeline.settings import Settings
from pipeline.state.files import closing_off, write_all

OUTCOMES: Final = ("loaded", "unchanged", "not_published", "incomplete", "failed")
TAIL_BYTES: Final = 64 * 1024
"""How much of the journal's end is read to find the newest ordinal; a line has some 500 bytes."""


@dataclass(frozen=True)
class Outcome:
    """What came of one file of one release day.

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
        url: where it came from; a user name, password or query is taken out when written.
        reason: in words, why it is not `loaded`.
        raw_version: what the release's rows in raw were made of; equal for all files of a release.
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


@dataclass(frozen=True)
class RecordedOutcome(Outcome):
    """An outcome as it stands in the journal.

    Attributes:
        seq: ordinal in the journal; a newer line has a greater one.
        finished_at: ISO time in UTC at which it was appended.
    """

    seq: int
    finished_at: str


def append_outcomes(settings: Settings, outcomes: Sequence[Outcome]) -> None:
    """Add `outcomes` to the journal, all or none, and force them to disk.

    Raises:
        ValueError: an outcome's name is unknown.
        OSError: the journal cannot be written (disk full, no permission); then nothing was added.
    """
    unknown = sorted({item.outcome for item in outcomes} - set(OUTCOMES))
    if unknown:
        raise ValueError(f"outcome {', '.join(unknown)} is unknown; give one of {', '.join(OUTCOMES)}")
    if not outcomes:
        return
    path = settings.outcomes_path
    path.parent.mkdir(parents=True, exist_ok=True)
    finished_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    with FileLock(f"{path}.lock"), path.open("a+b") as journal:
        end = journal.seek(0, os.SEEK_END)
        first_seq = _newest_seq(journal.fileno(), end) + 1
        lines = [_line(item, first_seq + n, finished_at) for n, item in enumerate(outcomes)]
        try:
            # Past the buffer: what a full disk did not take must not be written later, when the file is closed.
            write_all(journal.fileno(), closing_off(journal.fileno(), end) + b"".join(lines))
            os.fsync(journal.fileno())
        except OSError:
            with suppress(OSError):
                os.ftruncate(journal.fileno(), end)
            raise


def read_outcomes(settings: Settings) -> list[RecordedOutcome]:
    """All outcomes in the order in which they were written; a torn line is passed over."""
    try:
        content = settings.outcomes_path.read_bytes()
    except FileNotFoundError:
        return []
    return [_recorded(entry) for entry in _entries(content.split(b"\n"))]


def accepted_versions(settings: Settings) -> dict[date, str]:
    """The raw version in force of each release day: that of its newest `loaded` line."""
    versions: dict[date, str] = {}
    for item in read_outcomes(settings):
        if item.outcome == "loaded" and item.raw_version is not None:
            versions[item.release_date] = item.raw_version
    return versions


def _line(item: Outcome, seq: int, finished_at: str) -> bytes:
    entry = {"seq": seq, **asdict(item), "finished_at": finished_at}
    entry["release_date"] = item.release_date.isoformat()
    entry["url"] = public_url(item.url) if item.url else None
    return json.dumps(entry, ensure_ascii=True).encode("ascii") + b"\n"


def _entries(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue  # torn by a kill in the middle of a write; its run is simply run again
        if isinstance(entry, dict) and "seq" in entry and "finished_at" in entry:
            yield entry


def _recorded(entry: dict[str, Any]) -> RecordedOutcome:
    return RecordedOutcome(**{**entry, "release_date": date.fromisoformat(entry["release_date"])})


def _newest_seq(descriptor: int, end: int) -> int:
    """Greatest ordinal in the journal, 0 when it has none; reads all of it only when its end has none."""
    for start in (max(0, end - TAIL_BYTES), 0):
        tail = os.pread(descriptor, end - start, start)
        seqs = [int(entry["seq"]) for entry in _entries(tail.split(b"\n"))]
        if seqs:
            return max(seqs)
    return 0
