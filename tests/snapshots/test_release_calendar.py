"""What `meta_release` says of a release day: expected, and waived by whom."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.ingest.paths import raw_folder
from pipeline.settings import Settings
from pipeline.snapshots.release_calendar import release_days_path, write_release_days
from pipeline.state.waivers import waive
from tests.snapshots.test_calendar import lose
from tests.snapshots.toy import CUT_OFF, WEEK, home, journal_line

HOLE = WEEK.monday + timedelta(days=2)


def rows(settings: Settings) -> dict[str, tuple[bool, str | None]]:
    write_release_days(settings)
    table = pq.read_table(release_days_path(settings)).to_pylist()
    return {row["release_date"]: (row["expected"], row["waived_by"]) for row in table}


def test_release_that_lacks_is_waived_by_rule_or_by_an_operator(tmp_path: Path) -> None:
    settings = home(tmp_path)
    assert set(rows(settings).values()) == {(True, None)}
    lose(settings, HOLE)
    journal_line(settings, HOLE, "not_published", at=HOLE + timedelta(days=100))
    assert rows(settings)[HOLE] == (True, "rule")
    waive(settings, HOLE, "will not come")
    assert rows(settings)[HOLE] == (True, "operator")


def test_release_is_waived_by_the_build_that_brings_the_cut_off(tmp_path: Path) -> None:
    late = CUT_OFF - timedelta(days=3)  # no older week reaches it
    settings = home(tmp_path)
    lose(settings, late)
    journal_line(settings, late, "not_published", at=late + timedelta(days=100))
    lose(settings, CUT_OFF)
    assert rows(settings)[late] == (True, None), "the records do not reach the week"
    journal_line(settings, CUT_OFF, "loaded")
    folder = raw_folder(settings, CUT_OFF, "billgen")
    folder.mkdir(parents=True)
    pq.write_table(pa.table({"run_date": [CUT_OFF]}), folder / "data_0.parquet")
    assert rows(settings)[late] == (True, "rule")
    (folder / "data_0.parquet").write_bytes(b"cut")
    assert rows(settings)[late] == (True, None), "a damaged file is named by the build"
