"""One night of the registry: look at what was accepted and not seen, let the resolver decide, keep what it decided.

Every step reads what lies on disk, so a run that was killed is simply run again: a batch is whole or absent, and the
look that tells of it comes after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.name_variants import new_spellings, unseen_days
from pipeline.entities.processed_releases import ProcessedReleases, append_processed, read_processed
from pipeline.entities.registry import Batch, read_batches, write_batch
from pipeline.settings import Settings


class Resolved(Protocol):
    """What a resolver answers: only rows that are new or changed."""

    @property
    def decisions(self) -> pa.Table:
        """In the columns of `registry.DECISION_SCHEMA`."""

    @property
    def entities(self) -> pa.Table:
        """In the columns of `registry.ENTITY_SCHEMA`."""

    @property
    def counts(self) -> Mapping[str, int]:
        """What changed, in numbers: `minted`, `merged`, `split`."""

    @property
    def others(self) -> Mapping[str, pa.Table]:
        """Further tables to be kept with the batch, by name."""

    @property
    def overridden(self) -> tuple[int, ...]:
        """Spellings that the overrides in force are about."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Lines of the overrides that change nothing, in words."""


class Resolver(Protocol):
    """Decides on new spellings; also called without any, when the overrides or the model are others than before."""

    model: str

    def __call__(self, settings: Settings, new: pa.Table) -> Resolved:
        """Decide; reads the registry, and the overrides of the settings, by itself."""


@dataclass(frozen=True)
class Decided:
    """What came of a night.

    Attributes:
        release_days: release days that were looked at.
        new_spellings: spellings that no batch had decided.
        batch: what was written; None when nothing changed.
        er_version: of the newest batch, None before the first.
        warnings: of the resolver.
    """

    release_days: int
    new_spellings: int
    batch: Batch | None
    er_version: str | None
    warnings: tuple[str, ...] = ()


def is_waiting(settings: Settings, model: str) -> bool:
    """Whether there is anything to look at: unseen releases, other overrides, another model."""
    looks = read_processed(settings)
    if unseen_days(settings):
        return True
    return bool(looks) and (looks[-1].model, looks[-1].overrides_sha256) != (model, overrides_sha256(settings))


def decide_night(settings: Settings, resolver: Resolver) -> Decided:
    """Look at all accepted releases that were not seen, and add what the resolver decides to the registry.

    Raises:
        RegistryError: the registry is damaged, or a decision breaks a rule; then nothing was written.
        OverridesError: the overrides cannot be used; likewise.
    """
    batches = read_batches(settings)
    if not is_waiting(settings, resolver.model):
        return Decided(0, 0, None, batches[-1].er_version if batches else None)
    days, overrides = unseen_days(settings), overrides_sha256(settings)
    new = new_spellings(settings, days)
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
    append_processed(
        settings,
        ProcessedReleases(days, resolver.model, overrides, newest.number if newest else 0, resolved.overridden),
    )
    return Decided(len(days), new.num_rows, batch, newest.er_version if newest else None, resolved.warnings)


def overrides_sha256(settings: Settings) -> str | None:
    """Checksum of the people's decisions in force; None where there are none."""
    return hashlib.sha256(settings.overrides.read_bytes()).hexdigest() if settings.overrides else None
