"""Rows as they are delivered: the real ten-row sample, and a month of the embedded one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.ingest.land import land_release
from pipeline.ingest.stage import stage_releases
from pipeline.quality.gate import CheckResult, validate_releases
from pipeline.settings import Settings, load_settings
from simulator import LAST_RELEASE

REAL_ROWS = Path(__file__).parents[3] / "shared" / "data" / "ams_sample"


@pytest.mark.skipif(not REAL_ROWS.is_dir(), reason="the real sample does not lie beside the project")
def test_real_rows_are_not_stopped(tmp_path: Path) -> None:
    settings = load_settings(
        _env_file=None,
        home=tmp_path / "home",
        source_url=REAL_ROWS.as_uri(),
        source_template="ams__{table}_%Y__%Y%m%d*.csv",
        min_free_bytes=0,
    )
    results = _checked(settings, [date(2020, 1, 20)])
    assert {result.table for result in results} >= {"header", "hazmatclass"}
    assert [result for result in results if result.blocking and not result.passed] == []


def test_embedded_sample_raises_no_noise(tmp_path: Path) -> None:
    settings = load_settings(_env_file=None, home=tmp_path / "home", min_free_bytes=0)
    days = [LAST_RELEASE - timedelta(number) for number in range(21)]
    results = _checked(settings, days)
    assert {result.release_date for result in results} == set(days)
    assert [result for result in results if not result.passed] == []


def _checked(settings: Settings, days: Sequence[date]) -> list[CheckResult]:
    landings = [land_release(settings, day) for day in days]
    assert [landing.reason for landing in landings if landing.outcome != "landed"] == []
    assert [release.fault for release in stage_releases(settings, landings) if release.fault] == []
    return validate_releases(settings, days)
