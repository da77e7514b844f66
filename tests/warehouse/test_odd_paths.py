"""Any path that the system allows is a path, and no pattern, text of SQL or template."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.settings import load_settings
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.source_views import refresh_source_views
from tests.dbt.world import Bill, write_release

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "[home]",
            "a[0-9]b",
            "*",
            "**",
            "o'brien's",
            '"quoted"',
            "{2026}",
            "{{ x }}",
            "{% raw %}",
            "$1",
            "a;b",
            "a--b",
        ),
        *("100%", "~", "été 東", "a b", " a", "week=2020-W01", "a&b|c", "-x", "."),
    ],
)
def test_a_home_of_any_name_reads_its_own_raw_rows_and_no_others(tmp_path: Path, name: str) -> None:
    beside = load_settings(home=tmp_path / "0" / "home", threads=1, _env_file=None)
    write_release(beside, DAY, [Bill(202603020), Bill(202603021)])
    own = load_settings(home=tmp_path / name / "home", threads=1, _env_file=None)
    write_release(own, DAY, [Bill(202603022)])
    refresh_source_views(own)
    with warehouse(own) as connection:
        found = connection.execute("select identifier, release_date from raw.header").fetchall()
    assert [(identifier, str(day)) for identifier, day in found] == [(202603022, "2026-03-02")]
