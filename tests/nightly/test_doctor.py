"""`leverage doctor` finds what is damaged or lost in a loaded home, and says what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import main
from pipeline.settings import Settings
from tests.nightly.conftest import DAYS, FIRST


def only(home: Path, pattern: str) -> Path:
    return next(iter(sorted(home.glob(pattern))))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path: Path) -> None:
    path.write_bytes(b"\0" * path.stat().st_size)


DAMAGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a cut warehouse": (lambda home: cut(home / "warehouse.duckdb"), "leverage rebuild"),
    "an overwritten warehouse": (lambda home: overwritten(home / "warehouse.duckdb"), "leverage rebuild"),
    "a warehouse of text": (lambda home: (home / "warehouse.duckdb").write_text("no database") and None, "rebuild"),
    "no warehouse": (lambda home: (home / "warehouse.duckdb").unlink(), "leverage"),
    "a cut raw file": (lambda home: cut(only(home, "raw/header/*/*.parquet")), "leverage run --release-date"),
    "an overwritten raw file": (lambda home: overwritten(only(home, "raw/shipper/*/*.parquet")), "leverage run"),
    "a raw folder that is gone": (lambda home: shutil.rmtree(only(home, "raw/billgen/release_date=*")), "leverage run"),
    "no journal": (lambda home: (home / "state" / "release_outcomes.jsonl").unlink(), "release_outcomes.jsonl"),
    "a journal line of another form": (
        lambda home: (home / "state" / "release_outcomes.jsonl").write_text("{}\n") and None,
        "line 1",
    ),
    "no decisions on parties": (lambda home: shutil.rmtree(home / "state" / "parties"), "state/parties"),
    "cut decisions": (lambda home: cut(only(home, "state/parties/batch=*/*.parquet")), "leverage rebuild"),
    "overwritten decisions": (lambda home: overwritten(only(home, "state/parties/batch=*/*.parquet")), "rebuild"),
    "a BI copy cut short": (lambda home: cut((home / "bi" / "leverage.duckdb").resolve()), "leverage bi publish"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_doctor_finds_it_and_names_the_remedy(
    loaded_home: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    settings = loaded_home(FIRST + timedelta(days=DAYS - 1))
    damage, remedy = DAMAGES[name]
    damage(settings.home)
    monkeypatch.setenv("LEVERAGE_HOME", str(settings.home))
    monkeypatch.setenv("LEVERAGE_SOURCE_URL", settings.source_url)
    monkeypatch.setenv("LEVERAGE_MIN_FREE_BYTES", "0")
    result = CliRunner().invoke(main, ["doctor"])
    faults = [line for line in result.output.splitlines() if line.startswith("fix")]
    assert result.exit_code == 1, result.output
    assert any(remedy in fault for fault in faults), result.output
    assert "Traceback" not in result.output
