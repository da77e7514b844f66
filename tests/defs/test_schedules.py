from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipeline.defs import schedules
from pipeline.settings import Settings, load_settings
from pipeline.source.outcomes import Outcome, append_outcomes

TODAY = date(2026, 3, 20)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(schedules, "today", lambda _: TODAY)
    return load_settings(home=tmp_path, source_url=tmp_path.as_uri(), first_release_date="2026-03-15")


def _journal(settings: Settings, day: date, outcome: str) -> None:
    append_outcomes(settings, [Outcome(day, "header", "h", outcome, 1, 1, 0, 1, None, None, None, "v1")])


def _requests(settings: Settings, name: str) -> list[dg.RunRequest]:
    schedule = next(item for item in schedules.definitions(settings).schedules or () if item.name == name)
    assert isinstance(schedule, dg.ScheduleDefinition)
    context = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 3, 20, 9, 30, tzinfo=UTC))
    return list(schedule.evaluate_tick(context).run_requests or ())


def test_the_nightly_run_is_for_yesterday(settings: Settings) -> None:
    (request,) = _requests(settings, "nightly")
    assert request.partition_key == "2026-03-19"


def test_catch_up_asks_for_days_that_are_missing_and_once_for_corrections(settings: Settings) -> None:
    for day in (15, 16, 18):
        _journal(settings, date(2026, 3, day), "loaded")
    _journal(settings, date(2026, 3, 17), "incomplete")
    requests = _requests(settings, "catch_up")
    assert [request.partition_key for request in requests if request.partition_key] == ["2026-03-17", "2026-03-19"]
    (corrected,) = [request for request in requests if not request.partition_key]
    assert corrected.tags["dagster/asset_partition_range_start"] == "2026-03-15"
    assert corrected.tags["dagster/asset_partition_range_end"] == "2026-03-19"


def test_days_before_the_window_are_not_asked_for_again(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, source_url=tmp_path.as_uri(), first_release_date="2020-01-01")
    missing = schedules.missing_days(settings, TODAY)
    assert missing[0] == TODAY - timedelta(days=schedules.CATCH_UP_DAYS - 1)
