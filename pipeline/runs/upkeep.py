"""Maintain the warehouse: build it again, test all of its history."""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.defs.automation import REBUILD_JOB
from pipeline.defs.dbt import BUILD, BuildConfig
from pipeline.entities.matching.resolve import working_path
from pipeline.entities.registry import RegistryError, batch_number, read_batches
from pipeline.progress import Progress
from pipeline.runs.nightly import run_job
from pipeline.runs.report import RunReport
from pipeline.settings import Settings
from pipeline.state.party_batches import batches_dir
from pipeline.state.writer_lock import writer
from pipeline.warehouse.connection import WarehouseBusyError, WarehouseError, warehouse
from pipeline.warehouse.dbt_arguments import audit_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import DbtError, run_dbt


def rebuild_warehouse(settings: Settings, *, progress: Progress, er_version: str | None = None) -> RunReport:
    """Build every table again from raw and state; damaged files of the warehouse or of parties are moved aside.

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
        _set_aside_damaged_parties(settings, progress)
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
        aside = _free_name(path)
        path.rename(aside)
        log = path.with_name(f"{path.name}.wal")
        if log.exists():
            log.rename(aside.with_name(f"{aside.name}.wal"))
        return aside
    return None


def _set_aside_damaged_parties(settings: Settings, progress: Progress) -> None:
    """Move a damaged registry aside, with the index made of it, so that every name variant is decided again."""
    try:
        read_batches(settings, checksums=True)
    except RegistryError as error:
        folder = batches_dir(settings)
        aside = _free_name(folder)
        folder.rename(aside)
        shutil.rmtree(working_path(settings).parent, ignore_errors=True)
        progress.warned(f"{error} It was moved to {aside}: every name variant is decided again, ids may differ.")


def _free_name(path: Path) -> Path:
    names = (path.with_name(f"{path.name}.damaged-{number}") for number in range(1, 1000))
    return next(name for name in names if not name.exists())
