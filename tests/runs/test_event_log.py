"""The run history: files that stay open, in Dagster's own format."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage

from pipeline.runs.event_log import OPEN_FILES, OpenEventLog
from pipeline.runs.execute import QUIET, open_instance
from pipeline.settings import load_settings


@dg.asset
def made() -> None:
    """Nothing."""


def test_events_are_stored_where_dagsters_own_class_reads_them(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path)
    runs = []
    with open_instance(settings) as instance:
        for _ in range(OPEN_FILES + 1):
            runs.append(dg.materialize([made], instance=instance, run_config={"loggers": QUIET}).run_id)
        log = instance.event_log_storage
        assert isinstance(log, OpenEventLog)
        assert len(log._open) == OPEN_FILES
        written = [len(log.get_logs_for_run(run)) for run in runs]
    plain = SqliteEventLogStorage(str(settings.dagster_home / "history" / "runs"))
    assert [len(plain.get_logs_for_run(run)) for run in runs] == written
    assert all(written)
    assert not list(settings.dagster_home.glob("history/runs/*-wal")), "closed files hold all of it"
