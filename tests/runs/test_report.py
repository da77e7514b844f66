from datetime import date

import pytest

from pipeline.cli.command import DONE, FAILED, NOT_YET
from pipeline.cli.runs import exit_code
from pipeline.runs.report import report_days
from pipeline.state.release_outcomes import Outcome

DAY = date(2026, 3, 2)


def _line(seq: int, outcome: str, rows: int | None = None, day: date = DAY) -> Outcome:
    return Outcome(
        day, "header", "h.csv", outcome, rows, rows, 0, 10, None, None, "why", None, seq, "2026-03-03T05:00:00+00:00"
    )


def test_lines_of_one_day_are_summed() -> None:
    (day,) = report_days([DAY], [_line(1, "failed"), _line(4, "loaded", 5), _line(5, "loaded", 7)], before=3)
    assert (day.outcome, day.rows_in, day.rows_loaded, day.bytes) == ("loaded", 12, 12, 20)


def test_a_day_without_a_line_was_loaded_before_or_never_come_to() -> None:
    skipped, missed = report_days([DAY, date(2026, 3, 3)], [_line(1, "loaded", 5)], before=3)
    assert skipped.outcome == "skipped"
    assert (missed.outcome, missed.reason) == ("failed", "was not reached")


@pytest.mark.parametrize(
    ("success", "outcomes", "code"),
    [
        (True, ["loaded", "unchanged"], DONE),
        (True, ["loaded", "not_published"], DONE),
        (True, ["not_published"], NOT_YET),
        (True, ["incomplete", "not_published"], NOT_YET),
        (True, ["loaded", "failed"], FAILED),
        (False, ["loaded"], FAILED),
        (True, [], DONE),
    ],
)
def test_exit_codes(success: bool, outcomes: list[str], code: int) -> None:
    assert exit_code(success, outcomes) == code
