"""The BI copy at the end of a night: refreshed, result, and caught up after a failure."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.bi.publish import BiReport
from pipeline.bi.versions import BiError, current, versions
from pipeline.defs import bi
from pipeline.progress import Progress
from pipeline.runs.nightly import backfill_days, refresh_bi
from pipeline.settings import Settings
from pipeline.warehouse.connection import engine, warehouse
from tests.marts import MARTS
from tests.nightly.conftest import FIRST, LAST, run_days


def _assert_same_as_warehouse(settings: Settings) -> None:
    with warehouse(settings) as own, closing(engine(settings, settings.bi_path, read_only=True)) as copy:
        for name in (*MARTS, "meta_release"):
            rows = own.execute(f"select * from {name} order by all").fetchall()
            assert rows
            assert copy.execute(f"select * from {name} order by all").fetchall() == rows


def test_a_night_refreshes_the_copy_and_the_next_one_repairs_a_failure(
    loaded_home: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = loaded_home(FIRST)
    assert refresh_bi(settings, Progress()).success  # files of a copied home have lost their hard links
    _assert_same_as_warehouse(settings)
    with closing(engine(settings, settings.bi_path, read_only=True)) as copy:
        (as_of,) = copy.execute("select newest_release_date, er_version, as_of_week from meta_publish").fetchall()
        (decided,) = copy.execute("select max(er_version) from dim_party_spelling").fetchall()
    assert as_of == (FIRST, decided[0], None)

    def full(_: Settings) -> BiReport:
        raise BiError("not enough disk")

    whole = bi.publish_bi
    monkeypatch.setattr(bi, "publish_bi", full)
    report = run_days(settings, LAST)
    assert not report.success
    assert "not enough disk" in report.faults[0]
    assert "`leverage bi publish`" in report.faults[0]
    with warehouse(settings) as connection:
        assert connection.execute("select max(release_date) from int_release_applied").fetchone() == (LAST,)
    seen = current(settings)
    assert seen is not None
    assert seen.newest_release_date == str(FIRST)

    monkeypatch.setattr(bi, "publish_bi", whole)
    report = run_days(settings, LAST)  # brings no new bytes
    assert report.success, report.faults
    assert report.bi is not None
    assert f"as of release {LAST}" in report.bi
    _assert_same_as_warehouse(settings)


@pytest.mark.full
def test_a_backfill_in_chunks_refreshes_the_copy_once(world: Path, home_of: Callable[..., Settings]) -> None:
    settings = home_of(world)
    report = backfill_days(settings, FIRST, LAST, recheck=False, chunk_days=4, progress=Progress())
    assert report.success, report.faults
    assert report.bi is not None
    assert [version.number for version in versions(settings)] == [1]
    _assert_same_as_warehouse(settings)
