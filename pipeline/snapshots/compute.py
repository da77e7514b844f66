"""Compute the tables of a closed week in a warehouse, to freeze them or to explain a difference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from pipeline.entities.products.choices import learn_choices
from pipeline.settings import Settings
from pipeline.snapshots.incomplete_days import write_incomplete
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import build_arguments, dbt_paths, week_arguments
from pipeline.warehouse.dbt_runner import Event, run_dbt

BILLS: Final = ("+asof_code,tag:weekly",)
"""What the text model learns from."""
WITHOUT_TESTS: Final = ("--exclude-resource-type", "test", "unit_test")


def compute_week(
    settings: Settings, as_of: AsOf, on_event: Callable[[Event], None] | None = None, *, tests: bool = True
) -> Sequence[Any]:
    """Build the weekly models as of a week and its cut-off.

    Returns:
        dbt's results, one for each node.

    Raises:
        DbtError: a model or a test failed.
    """
    bills = build_arguments(dbt_paths(settings), select=BILLS, exclude=())
    run_dbt(settings, [*bills, *WITHOUT_TESTS], as_of=as_of)
    learn_choices(settings)
    write_incomplete(settings, as_of)
    arguments = [*week_arguments(dbt_paths(settings)), *(() if tests else WITHOUT_TESTS)]
    results: Sequence[Any] = run_dbt(settings, arguments, on_event, as_of=as_of).results
    return results
