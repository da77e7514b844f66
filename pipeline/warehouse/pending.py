"""Accepted releases and batches of decisions on parties that are not in the warehouse yet."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any, Final

import duckdb

from pipeline.settings import Settings
from pipeline.state.party_batches import batch_numbers
from pipeline.state.release_outcomes import accepted_versions
from pipeline.warehouse.connection import warehouse

APPLIED_TABLE: Final = "int_release_applied"
APPLIED_BATCHES: Final = "int_batch_applied"


def pending_days(settings: Settings) -> list[date]:
    """Release days whose accepted version is not the one in the warehouse, in order.

    Raises:
        WarehouseError: the warehouse is damaged or in use by another process.
    """
    accepted = accepted_versions(settings)
    applied = applied_versions(settings) if settings.warehouse_path.exists() else {}
    return sorted(day for day, version in accepted.items() if applied.get(day) != version)


def applied_versions(settings: Settings) -> dict[date, str]:
    """The raw version of each release day in the warehouse; empty before its first whole build."""
    return dict(_rows(settings, f"select release_date, raw_version from {APPLIED_TABLE}"))


def pending_batches(settings: Settings) -> list[int]:
    """Numbers of the batches of decisions that are not in the warehouse, in order.

    Raises:
        WarehouseError: the warehouse is damaged or in use by another process.
    """
    applied = applied_batches(settings) if settings.warehouse_path.exists() else set()
    return [number for number in batch_numbers(settings) if number not in applied]


def applied_batches(settings: Settings) -> set[int]:
    """Numbers of the batches of decisions in the warehouse; empty before its first whole build."""
    return {number for (number,) in _rows(settings, f"select batch from {APPLIED_BATCHES}")}


def _rows(settings: Settings, query: str) -> list[tuple[Any, ...]]:
    with warehouse(settings) as connection, suppress(duckdb.CatalogException):
        return connection.execute(query).fetchall()
    return []
