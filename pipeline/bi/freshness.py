"""As of when the published tables are: what `meta_publish` of the BI copy says of the nightly tables."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import Any, Final

import duckdb

from pipeline.bi.tables import Described
from pipeline.entities.registry import read_batches
from pipeline.settings import Settings
from pipeline.snapshots.calendar import newest_closed
from pipeline.snapshots.knowledge import read_knowledge
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.pending import applied_batches, applied_versions

PACKAGE: Final = "import-leverage"
META_PUBLISH: Final = Described(
    "meta_publish",
    "As of when the tables are: one row for each published week, and one without a week for the tables that every "
    "night renews.",
    {
        "as_of_week": "ISO week that was published, such as 2026-W46; null in the row of the nightly tables.",
        "published_at": "When it was published; in the row of the nightly tables, when this copy was made.",
        "newest_release_date": "Newest release day that the tables hold.",
        "closed_through_date": "Sunday of the newest closed week: its late records are in, no release is missing.",
        "er_version": "Which decisions on who is who the tables hold.",
        "ruleset_version": "Version of the rules and thresholds; null in the row of the nightly tables.",
        "code_version": "Version of the pipeline.",
    },
)
META_TYPES: Final = {
    "as_of_week": "varchar",
    "published_at": "timestamp with time zone",
    "newest_release_date": "date",
    "closed_through_date": "date",
    "er_version": "varchar",
    "ruleset_version": "varchar",
    "code_version": "varchar",
}


@dataclass(frozen=True)
class AsOf:
    """What the nightly tables hold.

    Attributes:
        newest_release_date: newest release day in them; None before the first.
        closed_through_date: Sunday of the newest closed week; None before the first.
        er_version: newest batch of decisions on parties in them.
        code_version: of this package.
        applied: digest of the releases, batches and published weeks in them; tells whether a copy is behind.
    """

    newest_release_date: date | None
    closed_through_date: date | None
    er_version: str | None
    code_version: str
    applied: str


def as_of_now(settings: Settings) -> AsOf:
    """What the warehouse holds now.

    Raises:
        WarehouseError: it is damaged or in use by another process.
        RegistryError: the registry of parties is damaged.
    """
    releases = applied_versions(settings)
    batches = applied_batches(settings)
    names = {batch.number: batch.er_version for batch in read_batches(settings)}
    content: list[list[Any]] = [
        sorted((str(day), raw_version) for day, raw_version in releases.items()),
        sorted(batches),
    ]
    content.append(_published_weeks(settings))
    closed = newest_closed(read_knowledge(settings), settings.lateness_days)
    return AsOf(
        newest_release_date=max(releases, default=None),
        closed_through_date=closed.week.sunday if closed else None,
        er_version=names.get(max(batches)) if batches else None,
        code_version=version(PACKAGE),
        applied=hashlib.sha256(json.dumps(content).encode()).hexdigest(),
    )


def _published_weeks(settings: Settings) -> list[Any]:
    """The weeks that the warehouse shows, with when each revision was published; none before the first."""
    with warehouse(settings) as connection:
        try:
            return connection.execute(
                f"select as_of_week, epoch_us(published_at) from {META_PUBLISH.name} order by all"
            ).fetchall()
        except duckdb.CatalogException:
            return []
