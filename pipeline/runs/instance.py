"""The Dagster instance of a home."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Final

import dagster as dg

from pipeline.project_files import DAGSTER_INSTANCE
from pipeline.settings import Settings

IN_PROCESS_TAG: Final = "leverage/in_process"


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """The Dagster instance below the home, where `make dev` shows its runs; made when it is not there."""
    folder = settings.dagster_home
    folder.mkdir(parents=True, exist_ok=True)
    copy = folder / DAGSTER_INSTANCE.name
    if not copy.exists() or copy.read_bytes() != DAGSTER_INSTANCE.read_bytes():
        shutil.copyfile(DAGSTER_INSTANCE, copy)
    os.environ["DAGSTER_HOME"] = str(folder)
    return dg.DagsterInstance.get()


@contextmanager
def history_held_open(settings: Settings, instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Keep a reader on the SQLite files of the run history while a run writes its events.

    Dagster opens and closes them for every event, and the last one to close such a file makes SQLite fold its log back
    into it. With a reader on them that is left to the end: measured, half the time for the events of a run.
    """
    instance.event_log_storage.get_logs_for_run(run_id)  # makes the run's own file
    history = settings.dagster_home / "history"
    with ExitStack() as readers:
        for path in (history / "runs.db", history / "runs" / "index.db", history / "runs" / f"{run_id}.db"):
            if path.exists():
                reader = readers.enter_context(closing(sqlite3.connect(path)))
                reader.execute("select count(*) from sqlite_master").fetchone()
        yield


def end_killed_runs(instance: dg.DagsterInstance) -> None:
    """End the records of in-process runs that were killed: this process holds the lock, so none of them can live."""
    alive = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED], tags={IN_PROCESS_TAG: "true"})
    for run in instance.get_runs(filters=alive):
        instance.report_run_failed(run, "Its process was killed. Run the same days again: nothing is lost or doubled.")
