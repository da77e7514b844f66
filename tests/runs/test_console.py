"""What a run prints for people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pipeline.cli.console import SHOWN_DAYS, print_report
from pipeline.runs.report import DayReport, RunReport


def test_reason_of_a_failed_day_is_shown_however_long_ago(capsys: pytest.CaptureFixture[str]) -> None:
    first = date(2026, 1, 1)
    days = [DayReport(first + timedelta(days=number), "loaded") for number in range(2 * SHOWN_DAYS)]
    days[3] = DayReport(days[3].release_date, "failed", "no weight column")
    print_report(RunReport(success=True, run_id="run", days=tuple(days), step_seconds={}, faults=(), seconds=1.0))
    printed = capsys.readouterr().out
    assert "no weight column" in printed
    assert printed.count(" 2026-") == SHOWN_DAYS + 1
