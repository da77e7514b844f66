"""Which accepted releases the warehouse does not hold yet.

Belongs here: comparing the journal with what was applied. Does not belong here: applying (dbt does).
"""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb

from pipeline.settings import Settings
from pipeline.source.outcomes import accepted_versions
from pipeline.warehouse import warehouse

APPLIED_TABLE: Final = "int_release_applied"


def pending_days(settings: Settings) -> list[date]:
    """Release days whose accepted version is not the one in the warehouse, in order.

    Raises:
        WarehouseError: the warehouse is damaged or in use by another process.
    """
    accepted = accepted_versions(settings)
    applied = applied_versions(settings) if settings.warehouse_path.exists() else {}
    return sorted(day for day, version in accepted.items() if applied.get(day) != version)


def applied_versions(settings: Settings) -> dict[date, str]:
    """The raw version of each release day that the warehouse holds; empty before its first whole build."""
    with warehouse(settings) as connection:
        try:
            rows = connection.execute(f"select release_date, raw_version from {APPLIED_TABLE}").fetchall()
        except duckdb.CatalogException:
            return {}
    return dict(rows)
