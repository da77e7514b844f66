"""Execute a job in this process, on the Dagster instance of the home."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Collection, Mapping
from typing import Final

import dagster as dg

from pipeline.definitions import build_defs
from pipeline.progress import Progress
from pipeline.project_files import DAGSTER_INSTANCE
from pipeline.settings import Settings

IN_PROCESS_TAG: Final = "leverage/in_process"
QUIET: Final = {"console": {"config": {"log_level": "CRITICAL"}}}
# of a day that brings nothing new, it warns of each check that had nothing to check
logging.getLogger("dagster._core.execution.plan.active").setLevel(logging.ERROR)


def execute_job(
    settings: Settings,
    name: str,
    progress: Progress,
    *,
    partition: str | None = None,
    config: Mapping[str, dg.Config] | None = None,
    only: Collection[dg.AssetKey] = (),
    without: Collection[dg.AssetKey] = (),
) -> dg.ExecuteInProcessResult:
    """Execute a job; the caller holds the writer lock.

    Args:
        settings: source, home and limits.
        name: of the job.
        progress: receives each step.
        partition: the day or week of the run.
        config: configuration of its steps.
        only: assets of the job to make; empty for all.
        without: assets of the job to leave as they are.
    """
    job = build_defs(settings, {"progress": progress}).resolve_job_def(name)
    selected = list(only or set(job.asset_layer.executable_asset_keys) - set(without))
    with open_instance(settings) as instance:
        end_killed_runs(instance)
        return job.execute_in_process(
            instance=instance,
            run_config=dg.RunConfig(ops=dict(config), loggers=QUIET) if config else {"loggers": QUIET},
            partition_key=partition,
            tags={IN_PROCESS_TAG: "true"},
            asset_selection=selected if only or without else None,
            raise_on_error=False,
        )


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The Dagster instance below the home, where `make dev` shows its runs; made when it is absent."""
    folder = settings.dagster_home
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / DAGSTER_INSTANCE.name
    if not copy.exists() or copy.read_bytes() != DAGSTER_INSTANCE.read_bytes():
        shutil.copyfile(DAGSTER_INSTANCE, copy)
    os.environ["DAGSTER_HOME"] = str(folder)
    return dg.DagsterInstance.get()


def end_killed_runs(instance: dg.DagsterInstance) -> None:
    """Mark in-process runs that were killed as failed: this process holds the lock, so none of them can be alive."""
    started = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED], tags={IN_PROCESS_TAG: "true"})
    for run in instance.get_runs(filters=started):
        instance.report_run_failed(run, "Its process was killed. Run the same days again: nothing is lost or doubled.")
