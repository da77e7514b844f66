"""The closed week that weekly models are built for."""

from __future__ import annotations

import os
from datetime import date

import pytest

from pipeline.settings import load_settings
from pipeline.warehouse import dbt_runner as runner
from pipeline.warehouse.cutoff import AsOf, iso_week, week_variables


def test_a_week_is_named_as_iso_does() -> None:
    assert AsOf.of(date(2026, 11, 9), date(2026, 11, 29)).week == "2026-W46"
    assert iso_week(date(2027, 1, 3)) == "2026-W53"
    assert iso_week(date(2024, 12, 30)) == "2025-W01"


@pytest.mark.parametrize(
    ("week", "week_start", "cut_off"),
    [
        ("2026-W45", date(2026, 11, 9), date(2026, 11, 29)),
        ("2026-W46", date(2026, 11, 10), date(2026, 11, 29)),
        ("2026-W46", date(2026, 11, 9), date(2026, 11, 14)),
    ],
)
def test_what_does_not_fit_together_is_refused(week: str, week_start: date, cut_off: date) -> None:
    with pytest.raises(ValueError, match="2026-"):
        AsOf(week, week_start, cut_off)


def test_no_week_is_left_over_from_elsewhere(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVERAGE_CUT_OFF", "2020-01-01")
    settings = load_settings(home=tmp_path)
    names = list(week_variables(None))
    with runner._variables(settings, None, None):
        assert [os.environ[name] for name in names] == ["", "", ""]
    with runner._variables(settings, None, AsOf.of(date(2026, 11, 9), date(2026, 11, 29))):
        assert [os.environ[name] for name in names] == ["2026-W46", "2026-11-09", "2026-11-29"]
    assert os.environ["LEVERAGE_CUT_OFF"] == "2020-01-01"
