from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from pipeline.definitions import build_defs
from pipeline.defs import schedules
from pipeline.ingest.land import Landing
from pipeline.settings import Settings, load_settings
from pipeline.snapshots.calendar import parse_week
from pipeline.snapshots.tasks import Task
from pipeline.state.release_outcomes import Outcome, append_outcomes, read_outcomes

TODAY = date(2026, 3, 20)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(schedules, "today", lambda _: TODAY)
    return load_settings(home=tmp_path, source_url=tmp_path.as_uri(), first_release_date="2026-03-15")


def _journal(settings: Settings, day: date, outcome: str) -> None:
    append_outcomes(settings, [Outcome(day, "header", "h", outcome, 1, 1, 0, 1, None, None, None, "v1")])


def _requests(settings: Settings, name: str) -> list[dg.RunRequest]:
    told = _told(settings, name)
    return [told] if isinstance(told, dg.RunRequest) else list(told)


def _told(settings: Settings, name: str) -> Any:
    schedule = next(item for item in schedules.definitions(settings).schedules or () if item.name == name)
    assert isinstance(schedule, dg.ScheduleDefinition)
    context = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 3, 20, 9, 30, tzinfo=UTC))
    return schedule(context) if name in ("catch_up", "weekly") else schedule()


def test_the_nightly_run_is_for_yesterday(settings: Settings) -> None:
    (request,) = _requests(settings, "nightly")
    assert request.partition_key == "2026-03-19"


def test_catch_up_runs_days_that_failed_or_are_landed_and_not_loaded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in (15, 16):
        _journal(settings, date(2026, 3, day), "loaded")
    _journal(settings, date(2026, 3, 17), "failed")
    _journal(settings, date(2026, 3, 18), "not_published")
    corrected = Landing(date(2026, 3, 16), "landed", (), None)
    monkeypatch.setattr(schedules.steps, "waiting_to_load", lambda *_: [corrected])
    assert [request.partition_key for request in _requests(settings, "catch_up")] == ["2026-03-16", "2026-03-17"]


def test_a_day_that_the_checks_refused_is_not_run_again_until_it_is_corrected(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    _journal(settings, date(2026, 3, 17), "failed")
    monkeypatch.setattr(schedules.steps, "refused_days", lambda *_: [date(2026, 3, 17)])
    assert _requests(settings, "catch_up") == []


def test_the_look_goes_back_as_far_as_weeks_stay_open_and_not_before_the_first_release(settings: Settings) -> None:
    assert schedules.recent_days(settings) == [date(2026, 3, day) for day in range(15, 20)]
    older = settings.model_copy(update={"first_release_date": date(2020, 1, 1)})
    assert schedules.recent_days(older)[0] == TODAY - timedelta(days=schedules.CATCH_UP_DAYS)
    assert settings.lateness_days < schedules.CATCH_UP_DAYS


def test_a_late_day_is_landed_by_the_look_and_loaded_by_the_catch_up(settings: Settings) -> None:
    job = next(item for item in schedules.definitions(settings).jobs or () if item.name == "look_again")
    assert isinstance(job, dg.JobDefinition)
    result = job.execute_in_process(resources={"writer": None})
    assert result.success
    outcomes = {item.release_date.day: item.outcome for item in read_outcomes(settings)}
    assert outcomes == dict.fromkeys(range(15, 20), "not_published")


def test_the_weekly_schedule_starts_the_oldest_week_that_is_due(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    week = parse_week("2026-W10")
    monkeypatch.setattr(schedules, "next_task", lambda _: Task(week, 1, True, "first publication"))
    (request,) = _requests(settings, "weekly")
    assert (request.partition_key, request.asset_selection) == ("2026-03-02", None)
    monkeypatch.setattr(schedules, "next_task", lambda _: Task(week, 1, False, "broken off"))
    (rest,) = _requests(settings, "weekly")
    assert request.run_key == "weekly-2026-W10-r1-all-2026-03-20", "a week is tried once a day"
    assert rest.run_key != request.run_key
    assert {key.to_user_string() for key in rest.asset_selection or ()} >= {"fct_tier", "meta_publish", "report", "bi"}
    assert "snapshot" not in {key.to_user_string() for key in rest.asset_selection or ()}
    monkeypatch.setattr(schedules, "next_task", lambda _: None)
    assert isinstance(_told(settings, "weekly"), dg.SkipReason)


def test_a_night_builds_no_week_and_a_rebuild_reads_frozen_ones_only(settings: Settings) -> None:
    defs = build_defs(settings)
    graph = defs.resolve_asset_graph()
    groups = {key: graph.get(key).group_name for key in graph.materializable_asset_keys}
    of_job = {
        name: {groups[key] for key in defs.resolve_job_def(name).asset_layer.executable_asset_keys}
        for name in ("nightly", "rebuild", "weekly")
    }
    assert of_job["weekly"] == {"weekly", "published", "publish"}
    assert not of_job["nightly"] & {"weekly", "published"}
    assert "published" in of_job["rebuild"]
    assert "weekly" not in of_job["rebuild"]
    selected = defs.resolve_job_def("rebuild").asset_layer.executable_asset_keys
    assert not selected & {dg.AssetKey("snapshot"), dg.AssetKey("report")}
