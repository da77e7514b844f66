from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline.definitions import build_defs
from pipeline.defs import automation
from pipeline.defs.dbt import Models
from pipeline.ingest.land import Landing
from pipeline.ingest.reader_version import raw_version
from pipeline.settings import Settings, load_settings
from pipeline.snapshots.calendar import parse_week
from pipeline.snapshots.tasks import Task
from pipeline.state.release_outcomes import Outcome, append_outcomes, read_outcomes
from pipeline.state.writer_lock import writer

TODAY = date(2026, 3, 20)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    return Models.load(load_settings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(automation, "today", lambda _: TODAY)
    return load_settings(home=tmp_path, source_url=tmp_path.as_uri(), first_release_date="2026-03-15")


@pytest.fixture
def defs(settings: Settings, models: Models) -> dg.Definitions:
    return automation.definitions(settings, models)


def _journal(settings: Settings, day: date, outcome: str) -> None:
    append_outcomes(settings, [Outcome(day, "header", "h", outcome, 1, 1, 0, 1, None, None, None, "v1")])


def _requests(defs: dg.Definitions, name: str) -> list[dg.RunRequest]:
    answer = _answer(defs, name)
    return list(answer) if isinstance(answer, Iterator) else [answer]


def _answer(defs: dg.Definitions, name: str) -> Any:
    start = next(item for item in [*(defs.schedules or ()), *(defs.sensors or ())] if item.name == name)
    assert isinstance(start, dg.ScheduleDefinition | dg.SensorDefinition)
    return start()


def test_the_nightly_run_is_for_yesterday(defs: dg.Definitions) -> None:
    (request,) = _requests(defs, "nightly")
    assert request.partition_key == "2026-03-19"


def test_schedules_and_sensors_run_for_a_real_source_and_are_stopped_for_the_sample(
    defs: dg.Definitions, tmp_path: Path, models: Models
) -> None:
    def status(made: dg.Definitions) -> set[str]:
        return {item.default_status.value for item in [*(made.schedules or ()), *(made.sensors or ())]}  # type: ignore[union-attr]

    assert status(defs) == {"RUNNING"}
    assert status(automation.definitions(load_settings(home=tmp_path, source_url="sample:"), models)) == {"STOPPED"}


def test_days_that_failed_or_are_landed_and_not_loaded_are_run(
    settings: Settings, defs: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (15, 16):
        _journal(settings, date(2026, 3, day), "loaded")
    _journal(settings, date(2026, 3, 17), "failed")
    _journal(settings, date(2026, 3, 18), "not_published")
    corrected = Landing(date(2026, 3, 16), "landed", (), None)
    monkeypatch.setattr(automation, "waiting_to_load", lambda *_: [corrected])
    late, failed = _requests(defs, "late_releases")
    assert (late.partition_key, failed.partition_key) == ("2026-03-16", "2026-03-17")
    assert late.run_key == f"late-2026-03-16-{raw_version(())}-2026-03-20", "one run a day and version"
    assert failed.run_key == "late-2026-03-17-failed-2026-03-20"


def test_a_day_that_the_checks_refused_is_not_run_again_until_it_is_corrected(
    settings: Settings, defs: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    _journal(settings, date(2026, 3, 17), "failed")
    monkeypatch.setattr(automation, "refused_days", lambda *_: [date(2026, 3, 17)])
    assert _requests(defs, "late_releases") == []


def test_late_releases_are_looked_for_while_weeks_stay_open_and_not_before_the_first_release(
    settings: Settings,
) -> None:
    assert automation.recent_days(settings) == [date(2026, 3, day) for day in range(15, 20)]
    older = settings.model_copy(update={"first_release_date": date(2020, 1, 1)})
    assert automation.recent_days(older)[0] == TODAY - timedelta(days=automation.CATCH_UP_DAYS)
    assert settings.lateness_days < automation.CATCH_UP_DAYS


def test_look_again_asks_the_source_for_each_recent_day(settings: Settings, defs: dg.Definitions) -> None:
    job = next(item for item in defs.jobs or () if item.name == "look_again")
    assert isinstance(job, dg.JobDefinition)
    assert job.execute_in_process(resources={"writer": None, "notifier": None}).success
    outcomes = {item.release_date.day: item.outcome for item in read_outcomes(settings)}
    assert outcomes == dict.fromkeys(range(15, 20), "not_published")


def test_the_oldest_closed_week_that_is_due_is_published(defs: dg.Definitions, monkeypatch: pytest.MonkeyPatch) -> None:
    week = parse_week("2026-W10")
    monkeypatch.setattr(automation, "next_task", lambda _: Task(week, 1, True, "first publication"))
    (request,) = _requests(defs, "closed_weeks")
    assert (request.partition_key, request.asset_selection) == ("2026-03-02", None)
    monkeypatch.setattr(automation, "next_task", lambda _: Task(week, 1, False, "broken off"))
    (rest,) = _requests(defs, "closed_weeks")
    assert request.run_key == "weekly-2026-W10-r1-all-2026-03-20", "a week is tried once a day"
    assert rest.run_key != request.run_key
    assert {key.to_user_string() for key in rest.asset_selection or ()} >= {"fct_tier", "meta_publish", "report", "bi"}
    assert "snapshot" not in {key.to_user_string() for key in rest.asset_selection or ()}
    monkeypatch.setattr(automation, "next_task", lambda _: None)
    assert isinstance(_answer(defs, "closed_weeks"), dg.SkipReason)


def test_a_copy_that_is_behind_is_refreshed_and_a_message_that_is_due_is_sent(
    defs: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, question in (("bi_behind", "is_behind"), ("outbox", "is_due")):
        monkeypatch.setattr(automation, question, lambda _: False)
        assert isinstance(_answer(defs, name), dg.SkipReason)
        monkeypatch.setattr(automation, question, lambda _: True)
        assert isinstance(_answer(defs, name), dg.RunRequest)


def test_a_sensor_does_not_read_the_warehouse_while_another_process_writes(
    settings: Settings, defs: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    other = FileLock(settings.home / ".writer.lock", is_singleton=False)
    with other:
        answer = _answer(defs, "closed_weeks")
    assert isinstance(answer, dg.SkipReason)
    assert "is writing" in str(answer.skip_message)
    with writer(settings.home, "this process"):
        monkeypatch.setattr(automation, "next_task", lambda _: None)
        assert "published" in str(_answer(defs, "closed_weeks").skip_message)


def test_a_night_builds_no_week_and_a_rebuild_reads_frozen_ones_only(settings: Settings) -> None:
    defs = build_defs(settings)
    graph = defs.resolve_asset_graph()
    groups = {key: graph.get(key).group_name for key in graph.materializable_asset_keys}
    of_job = {
        name: {groups[key] for key in defs.resolve_job_def(name).asset_layer.executable_asset_keys}
        for name in ("nightly", "rebuild", "weekly")
    }
    assert of_job["weekly"] == {"weekly", "published", "outputs"}
    assert not of_job["nightly"] & {"weekly", "published"}
    assert "published" in of_job["rebuild"]
    assert "weekly" not in of_job["rebuild"]
    selected = defs.resolve_job_def("rebuild").asset_layer.executable_asset_keys
    assert not set(selected) & {dg.AssetKey("snapshot"), dg.AssetKey("report")}
