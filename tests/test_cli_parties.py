"""The commands about who is who, over a small registry."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main as cli
from pipeline.cli.command import DONE, FAILED, NOT_YET
from pipeline.settings import load_settings
from tests.entities.test_matching import WORLD, night, spellings


@pytest.fixture
def leverage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEVERAGE_HOME", str(tmp_path / "home"))
    return CliRunner()


@pytest.fixture
def resolved(leverage: CliRunner, tmp_path: Path) -> CliRunner:
    """A home whose registry has the name variants of `WORLD`."""
    night(load_settings(home=tmp_path / "home"), spellings(*WORLD))
    return leverage


def test_search_finds_a_mistyped_name(resolved: CliRunner) -> None:
    result = resolved.invoke(cli.main, ["search", "perdovnati tyres", "--json"])
    assert result.exit_code == DONE
    assert json.loads(result.output)[0]["entity_name"].startswith("PERDOVANTI TYRES")
    drawn = resolved.invoke(cli.main, ["search", "perdovanti"])
    assert "PERDOVANTI TYRES" in drawn.output


def test_nothing_found_ends_with_3_and_a_hint(resolved: CliRunner) -> None:
    result = resolved.invoke(cli.main, ["search", "quxolundra"])
    assert result.exit_code == NOT_YET
    assert "try fewer words" in result.output


def test_explain_shows_the_entity_and_the_reasons(resolved: CliRunner) -> None:
    result = resolved.invoke(cli.main, ["explain", "ningbo kelrovax imp & exp co ltd"])
    assert result.exit_code == DONE, result.output
    assert "because: " in result.output
    assert "NINGBO KELORVAX IMP & EXP CO.,LTD" in result.output
    document = json.loads(resolved.invoke(cli.main, ["explain", "KELORVAX (THAILAND) CO., LTD.", "--json"]).output)
    assert document["member_count"] == 0


def test_an_unknown_spelling_ends_with_3(resolved: CliRunner) -> None:
    result = resolved.invoke(cli.main, ["explain", "NEVER SEEN LTD"])
    assert result.exit_code == NOT_YET
    assert "NEVER SEEN LTD" in result.output


def test_review_writes_a_sheet_in_the_columns_of_the_overrides(resolved: CliRunner, tmp_path: Path) -> None:
    result = resolved.invoke(cli.main, ["review", "--out", str(tmp_path / "doubtful.csv")])
    assert result.exit_code == DONE, result.output
    assert "doubtful decisions" in result.output
    with (tmp_path / "doubtful.csv").open(encoding="utf-8-sig", newline="") as file:
        heads = next(csv.reader(file))
    assert {"action", "party_kind", "spelling", "who", "why"} <= set(heads)


def test_each_command_asks_for_releases_before_any_is_loaded(leverage: CliRunner) -> None:
    for arguments in (["search", "acme"], ["explain", "ACME LTD"], ["review"]):
        result = leverage.invoke(cli.main, arguments)
        assert result.exit_code in (NOT_YET, FAILED)
        assert "load releases first" in result.output or "leverage run" in result.output
