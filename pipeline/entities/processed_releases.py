"""The journal of processed releases, `state/parties/looks.jsonl`: days, model and overrides of each resolver run.

A record follows its batch, if there is one. A kill between the two costs one more run, which finds nothing new.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from pydantic import Field, TypeAdapter

from pipeline.entities.registry import RESTORE, RegistryError
from pipeline.settings import Settings
from pipeline.state.journal import Journal
from pipeline.state.party_batches import batch_numbers, batches_dir


@dataclass(frozen=True)
class ProcessedReleases:
    """One run of the resolver.

    Attributes:
        release_days: raw version of each release day that it processed.
        model: the rules that decided.
        overrides_sha256: of the overrides in force, None where there were none.
        batch: number of the newest batch after the run; 0 before the first.
        overridden: name variants that the overrides in force refer to; resolved again when the overrides change.
    """

    release_days: dict[date, str]
    model: str
    overrides_sha256: str | None
    batch: int
    overridden: Annotated[tuple[int, ...], Field(alias="decreed")] = ()


_RECORDS: Final = TypeAdapter(ProcessedReleases)


def read_processed(settings: Settings) -> list[ProcessedReleases]:
    """Return all records in order.

    Raises:
        RegistryError: a record names a batch that is no longer there.
    """
    records = _journal(settings).read()
    newest = max((record.batch for record in records), default=0)
    if newest > len(batch_numbers(settings)):
        raise RegistryError(f"{batches_dir(settings)} lacks batch {newest}, which was written before. {RESTORE}.")
    return records


def append_processed(settings: Settings, record: ProcessedReleases) -> None:
    """Append a record and force it to disk."""
    _journal(settings).append([record])


def processed_versions(records: Sequence[ProcessedReleases]) -> dict[date, str]:
    """Return the raw version of each release day as it was last processed."""
    return {day: version for record in records for day, version in record.release_days.items()}


def _journal(settings: Settings) -> Journal[ProcessedReleases]:
    return Journal(batches_dir(settings) / "looks.jsonl", _RECORDS)
