"""One run of the resolver over everything that was accepted since the last one.

Every step reads what is on disk, so a run that was killed is simply run again: a batch is whole or absent, and the
record of the processed releases comes after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.name_variants import new_variants, unprocessed_days
from pipeline.entities.processed_releases import ProcessedReleases, append_processed, read_processed
from pipeline.entities.registry import Batch, read_batches, write_batch
from pipeline.settings import Settings


@dataclass(frozen=True)
class Resolution:
    """What a resolver decided: only rows that are new or changed.

    Attributes:
        decisions: in the columns of `registry.DECISION_SCHEMA`.
        entities: in the columns of `registry.ENTITY_SCHEMA`.
        counts: what changed: `decided`, `minted` (new entities), `merged`, `split`.
        others: further tables to be stored with the batch, by name.
        overridden: name variants that the overrides in force concern.
        warnings: lines of the overrides that change nothing, as sentences.
    """

    decisions: pa.Table
    entities: pa.Table
    counts: Mapping[str, int]
    others: Mapping[str, pa.Table] = field(default_factory=dict)
    overridden: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()


class Resolver(Protocol):
    """Decides on new name variants; also called without any, when the overrides or the model have changed."""

    model: str

    def __call__(self, settings: Settings, new: pa.Table) -> Resolution:
        """Decide; reads the registry, and the overrides of the settings, by itself."""


@dataclass(frozen=True)
class Decided:
    """The result of a run.

    Attributes:
        release_days: release days that were processed.
        new_variants: name variants that no batch had decided.
        batch: what was written; None when nothing changed.
        er_version: of the newest batch, None before the first.
        warnings: of the resolver.
    """

    release_days: int
    new_variants: int
    batch: Batch | None
    er_version: str | None
    warnings: tuple[str, ...] = ()


def is_waiting(settings: Settings, model: str) -> bool:
    """Return whether there is anything to process: accepted releases, other overrides, another model."""
    processed = read_processed(settings)
    if unprocessed_days(settings):
        return True
    return bool(processed) and (
        (processed[-1].model, processed[-1].overrides_sha256) != (model, overrides_sha256(settings))
    )


def decide_night(settings: Settings, resolver: Resolver) -> Decided:
    """Resolve all accepted releases that were not processed, and add the decisions to the registry.

    Raises:
        RegistryError: the registry is damaged, or a decision breaks a rule; then nothing was written.
        OverridesError: the overrides cannot be used; likewise.
    """
    batches = read_batches(settings)
    if not is_waiting(settings, resolver.model):
        return Decided(0, 0, None, batches[-1].er_version if batches else None)
    read_batches(settings, checksums=True)  # the resolver reads all of them; the engine's own errors name no remedy
    days, overrides = unprocessed_days(settings), overrides_sha256(settings)
    new = new_variants(settings, days)
    resolved = resolver(settings, new)
    batch = write_batch(
        settings,
        resolved.decisions,
        resolved.entities,
        model=resolver.model,
        release_days=days,
        overrides_sha256=overrides,
        counts={"new_spellings": new.num_rows, **resolved.counts},
        others=resolved.others,
    )
    newest = batch or (batches[-1] if batches else None)
    number = newest.number if newest else 0
    append_processed(settings, ProcessedReleases(days, resolver.model, overrides, number, resolved.overridden))
    return Decided(len(days), new.num_rows, batch, newest.er_version if newest else None, resolved.warnings)


def overrides_sha256(settings: Settings) -> str | None:
    """Return the checksum of the overrides file; None without one."""
    return hashlib.sha256(settings.overrides.read_bytes()).hexdigest() if settings.overrides else None
