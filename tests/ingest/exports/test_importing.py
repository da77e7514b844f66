from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.cli.demo import run_demo
from pipeline.cli.imports import brief_command
from pipeline.errors import UsageError
from pipeline.ingest.exports.importing import Options, keep_files, write_imports
from pipeline.ingest.exports.store import export_dir, read_exports, releases_dir
from pipeline.ingest.land import land_release
from pipeline.runs.imports import require_own_home
from pipeline.settings import Settings, with_imports
from pipeline.state.release_outcomes import Outcome, append_outcomes

TODAY = date(2026, 11, 30)


def test_command_of_the_largest_pair_runs_where_the_import_ran(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.chdir(tmp_path)
    program = Path(".venv/bin/leverage")
    plain = brief_command(tmp_path / "data", program, "sup_1", "con_2")
    assert plain.startswith("  .venv/bin/leverage brief --supplier sup_1 --buyer con_2 ")
    assert brief_command(tmp_path / "a b", program, "sup_1", "con_2").startswith(
        f"  LEVERAGE_HOME='{tmp_path}/a b' .venv"
    )


def test_demo_names_the_home_that_holds_imports(panjiva, settings, capsys):
    keep_files(settings, panjiva({}), Options())
    write_imports(settings, TODAY)
    assert not run_demo(with_imports(settings))
    assert "a home of its own" in " ".join(capsys.readouterr().err.split())


def test_an_export_is_kept_once_by_its_bytes(panjiva, settings):
    first, again = panjiva({}, name="a.csv"), panjiva({}, name="same bytes.csv")
    assert [
        item.is_known for item in (*keep_files(settings, first, Options()), *keep_files(settings, again, Options()))
    ] == [
        False,
        True,
    ]
    assert [item.file_name for item in read_exports(settings)] == ["a.csv"]


def test_kept_bytes_are_private(panjiva, settings):
    [item] = keep_files(settings, panjiva({}), Options())
    kept = export_dir(settings, item.export.sha256) / "original.csv"
    assert (kept.stat().st_mode & 0o777, settings.imports_dir.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_second_write_changes_no_file(panjiva, settings):
    keep_files(settings, panjiva({}), Options())
    assert write_imports(settings, TODAY) == (date(2025, 6, 22), date(2025, 6, 22))
    before = {path: path.stat().st_mtime_ns for path in releases_dir(settings).rglob("*.gz")}
    write_imports(settings, TODAY)
    assert before == {path: path.stat().st_mtime_ns for path in releases_dir(settings).rglob("*.gz")}


def test_scopes_account_for_each_row(panjiva, settings):
    keep_files(settings, panjiva({}, {"Arrival Date": ""}), Options())
    write_imports(settings, TODAY)
    [row] = pq.read_table(settings.imports_dir / "scope.parquet").to_pylist()
    assert (row["rows_in"], row["rows_loaded"], row["rows_quarantined"], row["known_by"]) == (2, 1, 1, "assumed")


def test_a_home_with_imports_reads_them_as_its_source(panjiva, settings):
    assert with_imports(settings).source_url == "sample:"
    keep_files(settings, panjiva({}), Options())
    write_imports(settings, TODAY)
    found = with_imports(settings)
    assert (found.source_url, found.release_days, found.first_release_date) == (
        "imports:",
        "irregular",
        date(2025, 6, 22),
    )
    assert with_imports(Settings(home=settings.home, source_url="https://x.example")).source_url == "https://x.example"


def test_a_home_with_a_feed_takes_no_imports(settings):
    values = dict.fromkeys(("rows_in", "rows_loaded", "rows_quarantined", "bytes", "sha256", "reason", "raw_version"))
    loaded = Outcome(
        **values, release_date=TODAY, table_name="header", file_name="h", outcome="loaded", url="sample:header.csv.gz"
    )
    append_outcomes(settings, [loaded])
    with pytest.raises(UsageError, match="home of their own"):
        require_own_home(settings)


@pytest.mark.parametrize("url", ["sample:", "https://feed.example/x"])
def test_a_home_of_imports_lands_no_feed(url, settings):
    releases_dir(settings).mkdir(parents=True)
    landing = land_release(settings.model_copy(update={"source_url": url}), date(2026, 11, 2))
    assert landing.outcome == "failed"
    assert "unset LEVERAGE_SOURCE_URL" in landing.reason


def test_an_older_export_that_comes_later_does_not_win(panjiva, settings):
    new = panjiva({"Vessel": "NEWER"}, name="new.csv")
    old = panjiva({"Vessel": "OLDER"}, {"Bill of Lading Number": "ABCD2"}, name="old.csv")
    keep_files(settings, new, Options(exported_on=date(2026, 11, 2)))
    keep_files(settings, old, Options(exported_on=date(2026, 10, 1)))
    write_imports(settings, date(2026, 11, 30))
    [row] = pq.read_table(settings.imports_dir / "conflict.parquet").to_pylist()
    assert (row["kept_value"], row["other_value"]) == ("NEWER", "OLDER")
