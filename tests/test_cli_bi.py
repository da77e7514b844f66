"""`leverage bi ...` and what the doctor says of the copy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main as cli
from pipeline.cli.command import DONE, FAILED, NOT_YET
from pipeline.cli.doctor.examine import examine
from pipeline.cli.doctor.finding import Finding
from pipeline.settings import Settings
from tests.bi.toy import publish, stamp_of_file, stamp_warehouse, toy_home


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEVERAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LEVERAGE_MIN_FREE_BYTES", "0")
    return toy_home(tmp_path / "home")


def _call(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli.main, list(arguments))
    return result.exit_code, result.output


def _finding() -> Finding:
    (finding,) = [item for item in examine() if item.subject == "BI copy"]
    return finding


def test_versions_are_listed_and_rolled_back(settings: Settings) -> None:
    code, output = _call("bi", "list")
    assert (code, "no BI copy yet" in output) == (NOT_YET, True)
    publish(settings)
    code, output = _call("bi", "rollback")
    assert (code, "no older version" in output) == (FAILED, True)
    stamp_warehouse(settings, 2)
    publish(settings)
    code, output = _call("bi", "list", "--json")
    assert code == DONE
    assert [(item["version"], item["shown"]) for item in json.loads(output)] == [(1, False), (2, True)]
    code, output = _call("bi", "rollback")
    assert (code, "readers see version 1 now" in output) == (DONE, True)
    assert stamp_of_file(settings.bi_path) == 1
    code, output = _call("bi", "rollback", "--to", "7", "--json")
    assert (code, "no version 7; kept are: 1, 2" in output) == (FAILED, True)


def test_doctor_checks_that_the_copy_exists_and_opens(settings: Settings) -> None:
    assert _finding() == Finding("BI copy", True, "none yet")
    publish(settings)
    found = _finding()
    assert found.ok
    assert "version 1, as of release" in found.text
    assert "made 0 hours ago, is readable" in found.text
    copied = settings.bi_path.read_bytes()
    settings.bi_path.unlink()
    settings.bi_path.write_bytes(copied)
    found = _finding()
    assert not found.ok
    assert "none of the kept versions: `leverage bi publish` copies it again" in found.text


def test_doctor_reports_a_copy_that_is_behind_or_broken(settings: Settings) -> None:
    import duckdb

    publish(settings)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(
            "create table int_release_applied as select date '2026-12-02' as release_date, 'v' as raw_version"
        )
    found = _finding()
    assert not found.ok
    assert "behind the warehouse: `leverage bi publish`" in found.text
    settings.bi_path.chmod(0o600)
    with settings.bi_path.open("r+b") as file:
        file.write(b"\0" * 4096)
    found = _finding()
    assert not found.ok
    assert "does not open" in found.text
