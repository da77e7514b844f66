"""Which files below a folder a template stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.land import land_release
from pipeline.settings import Settings, load_settings

from .conftest import DAY, Folder, release


def test_gz_name_also_fits_the_name_without_it(settings: Settings, folder: Folder) -> None:
    files = release()
    name = folder.name("billgen")
    files[name.removesuffix(".gz")] = b"identifier\n202611021\n"
    del files[name]
    folder.write(files)
    landing = land_release(settings, DAY)
    assert landing.outcome == "landed"
    assert landing.files[1].file_name == name.removesuffix(".gz")


def test_wildcard_picks_the_newest_by_name_and_notes_it(tmp_path: Path) -> None:
    base = tmp_path / "feed"
    for stamp in ("202611020800", "202611021500"):
        found = base / "2026" / stamp
        found.mkdir(parents=True)
        for table in TABLES:
            (found / f"ams__{table}_2026__{stamp}.csv").write_text(f"identifier\n{stamp}\n")
    template = "%Y/%Y%m%d*/ams__{table}_%Y__%Y%m%d*.csv"
    settings = load_settings(home=tmp_path / "home", source_url=base.as_uri(), source_template=template)
    landing = land_release(settings, DAY)
    assert landing.outcome == "landed"
    assert {file.file_name for file in landing.files} == {f"ams__{t}_2026__202611021500.csv" for t in TABLES}
    assert landing.reason
    assert "202611021500 for 2026/20261102* (not 202611020800)" in landing.reason


def test_wildcard_does_not_mix_hazmat_with_hazmatclass(tmp_path: Path) -> None:
    base = tmp_path / "feed"
    base.mkdir()
    for table in TABLES:
        (base / f"{table}20261102.csv").write_text(table)
    settings = load_settings(home=tmp_path / "home", source_url=base.as_uri(), source_template="{table}*%Y%m%d.csv")
    landing = land_release(settings, DAY)
    assert {file.table: file.path.read_text() for file in landing.files} == {table: table for table in TABLES}
    assert landing.reason is None


def test_table_identified_by_its_folder_only_gets_its_own_name(tmp_path: Path) -> None:
    base = tmp_path / "feed"
    for table in TABLES:
        (base / table).mkdir(parents=True)
        (base / table / "20261102.csv").write_text(table)
    settings = load_settings(home=tmp_path / "home", source_url=base.as_uri(), source_template="{table}/%Y%m%d.csv")
    landing = land_release(settings, DAY)
    assert {file.file_name: file.path.read_text() for file in landing.files} == {
        f"{table}-20261102.csv": table for table in TABLES
    }


@pytest.mark.parametrize(
    "template",
    [
        "{table}.csv",
        "%Y/{table}.csv",
        "%Y%m/{table}.csv",
        "%m%d/{table}.csv",
        "%j/{table}.csv",
        "%G-W%V/{table}.csv",
        "%%Y%%m%%d/{table}.csv",
        "Y-m-d/{table}.csv",
        "%d/{table}.csv",
        "%a/{table}.csv",
    ],
)
def test_template_that_names_one_file_for_several_days_is_refused(template: str) -> None:
    with pytest.raises(UsageError, match="another file for each day"):
        load_settings(source_template=template, _env_file=None)


@pytest.mark.parametrize(
    "template", ["%Y%j/{table}.csv", "%y%m%d/{table}.csv", "%F/{table}.csv", "%G-W%V-%u/{table}.csv"]
)
def test_template_with_any_whole_date_is_accepted(template: str) -> None:
    assert load_settings(source_template=template, _env_file=None).source_template == template
