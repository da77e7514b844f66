"""Maintain the warehouse: build it again, test all of its history."""

from __future__ import annotations

from pathlib import Path

from pipeline.defs.automation import REBUILD_JOB
from pipeline.defs.dbt import BUILD, BuildConfig
from pipeline.entities.registry import batch_number
from pipeline.progress import Progress
from pipeline.runs.nightly import run_job
from pipeline.runs.report import RunReport
from pipeline.settings import Settings
from pipeline.state.writer_lock import writer
from pipeline.warehouse.connection import WarehouseBusyError, WarehouseError, warehouse
from pipeline.warehouse.dbt_arguments import audit_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import DbtError, run_dbt


def rebuild_warehouse(settings: Settings, *, progress: Progress, er_version: str | None = None) -> RunReport:
    """Build every table again from raw and state; a file that does not open is moved aside, not removed.

    Args:
        settings: whose home.
        progress: receives each step.
        er_version: version of the decisions on parties to build with; None for the newest.

    Raises:
        RegistryError: there is no such `er_version`; then nothing was touched.
    """
    if er_version is not None:
        batch_number(settings, er_version)
    with writer(settings.home, "`leverage rebuild`", progress.waiting):
        moved = _set_aside_damaged(settings)
        if moved:
            progress.warned(f"the damaged warehouse was moved to {moved}")
        config = {BUILD: BuildConfig(full_refresh=True, er_version=er_version or "")}
        return run_job(settings, REBUILD_JOB, progress, config=config)


def audit_warehouse(settings: Settings) -> dict[str, str | None]:
    """Run the dbt tests that scan all history; return what each found, None where it passed."""
    with writer(settings.home, "`leverage audit`"):
        try:
            results = run_dbt(settings, audit_arguments(dbt_paths(settings))).results
        except DbtError as error:
            if not error.results:
                raise
            results = error.results
    return {item.node.name: None if str(item.status) == "pass" else str(item.message or "") for item in results}


def _set_aside_damaged(settings: Settings) -> Path | None:
    path = settings.warehouse_path
    if not path.exists():
        return None
    try:
        with warehouse(settings) as connection:
            connection.execute("select count(*) from information_schema.tables").fetchone()
    except WarehouseBusyError:
        raise
    except WarehouseError:
        number = next(n for n in range(1, 1000) if not path.with_name(f"{path.name}.damaged-{n}").exists())
        aside = path.with_name(f"{path.name}.damaged-{number}")
        path.rename(aside)
        log = path.with_name(f"{path.name}.wal")
        if log.exists():
            log.rename(aside.with_name(f"{aside.name}.wal"))
        return aside
    return None
