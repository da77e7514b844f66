"""The commands: names that are clear, unclear or unknown, forms, exit codes."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main as cli
from pipeline.cli.command import BAD_USAGE, DONE, NOT_YET
from pipeline.entities.registry import write_batch
from pipeline.settings import Settings
from tests.entities.decided import decision, decisions, entities, entity
from tests.reporting import made_pair

ASK = ["brief", "--buyer", "wonirdeb brands", "--supplier", "kelorvax castings"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = made_pair.home(tmp_path_factory.mktemp("home"))
    more = ["GLOBAL TRADING CO LTD", "GLOBAL TRADING CO. LTD."]
    write_batch(
        settings,
        decisions(*(decision(50 + number, name, raw_address=f"{number} MAIN ST") for number, name in enumerate(more))),
        entities(*(entity(name) for name in more)),
        model="m1",
        release_days={},
    )
    return settings


@pytest.fixture
def leverage(home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEVERAGE_HOME", str(home.home))
    return CliRunner()


def test_a_brief_by_names(leverage: CliRunner) -> None:
    result = leverage.invoke(cli.main, [*ASK, "--rival", "muwimbif"])
    assert result.exit_code == DONE, result.output
    assert result.output.startswith("Before you call KELORVAX CASTINGS")
    assert "MUWIMBIF CORP takes 8.7 containers" in result.output


def test_a_brief_by_ids_as_json_with_evidence(leverage: CliRunner) -> None:
    asked = ["brief", "--buyer", made_pair.OURS, "--supplier", made_pair.MILL, "--evidence", "--json"]
    document = json.loads(leverage.invoke(cli.main, asked).output)
    assert document["buyer"]["entity_id"] == made_pair.OURS
    assert document["bill_sets"][0]["bills"]


def test_html_goes_to_a_file(leverage: CliRunner, tmp_path: Path) -> None:
    result = leverage.invoke(cli.main, [*ASK, "--format", "html", "--out", str(tmp_path / "brief.html")])
    assert result.exit_code == DONE, result.output
    assert (tmp_path / "brief.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_mirror_by_name(leverage: CliRunner) -> None:
    result = leverage.invoke(cli.main, ["mirror", "--company", "wonirdeb"])
    assert result.exit_code == DONE, result.output
    assert result.output.startswith("What a supplier can see about WONIRDEB BRANDS INC")


def test_a_name_of_several_companies_lists_them_and_takes_none(leverage: CliRunner) -> None:
    result = leverage.invoke(cli.main, ["brief", "--buyer", "wonirdeb", "--supplier", "global trading"])
    assert result.exit_code == BAD_USAGE
    assert "may be 2 suppliers; give the id of one" in result.output
    assert result.output.count("sup_") == 2


def test_a_name_that_is_near_is_offered_and_not_taken(leverage: CliRunner) -> None:
    result = leverage.invoke(cli.main, ["brief", "--buyer", "wonirdeb", "--supplier", "kelorvix plastics"])
    assert result.exit_code == BAD_USAGE
    assert "Did you mean:" in result.output
    assert "KELORVAX CASTINGS" in result.output


def test_an_unknown_name_points_to_the_search_command(leverage: CliRunner) -> None:
    result = leverage.invoke(cli.main, ["brief", "--buyer", "wonirdeb", "--supplier", "zzqqx"])
    assert result.exit_code == BAD_USAGE
    assert "leverage search" in result.output


def test_a_buyers_name_given_for_a_supplier_is_noticed(leverage: CliRunner) -> None:
    result = leverage.invoke(cli.main, ["brief", "--buyer", "wonirdeb", "--supplier", "muwimbif"])
    assert result.exit_code == BAD_USAGE
    assert "There is a buyer of that name" in result.output


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--as-of", "2026-W01"], NOT_YET, "leverage publish --as-of 2026-W01"),
        (["--as-of", "lately"], BAD_USAGE, "2026-W46"),
        (["--rival", "wonirdeb"], BAD_USAGE, "--rival is the buyer itself"),
    ],
)
def test_an_impossible_request_says_why(leverage: CliRunner, more: list[str], code: int, words: str) -> None:
    result = leverage.invoke(cli.main, [*ASK, *more])
    assert result.exit_code == code
    assert words in result.output


def test_before_any_week_is_published_it_says_what_to_run(
    leverage: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEVERAGE_HOME", str(tmp_path / "empty"))
    result = leverage.invoke(cli.main, ASK)
    assert result.exit_code == NOT_YET
    assert "leverage publish" in result.output


def test_a_folder_that_is_not_there_is_named(leverage: CliRunner, tmp_path: Path) -> None:
    asked = ["mirror", "--company", "wonirdeb", "--out", str(tmp_path / "none" / "m.html")]
    result = leverage.invoke(cli.main, asked)
    assert result.exit_code == BAD_USAGE
    assert f"the folder {tmp_path / 'none'} is not there" in " ".join(result.output.split())
