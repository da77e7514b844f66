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
    told = leverage.invoke(cli.main, [*ASK, "--rival", "muwimbif"])
    assert told.exit_code == DONE, told.output
    assert told.output.startswith("Before you call KELORVAX CASTINGS")
    assert "MUWIMBIF CORP takes 8.7 containers" in told.output


def test_a_brief_by_ids_as_json_with_evidence(leverage: CliRunner) -> None:
    asked = ["brief", "--buyer", made_pair.OURS, "--supplier", made_pair.MILL, "--evidence", "--json"]
    document = json.loads(leverage.invoke(cli.main, asked).output)
    assert document["buyer"]["entity_id"] == made_pair.OURS
    assert document["bill_sets"][0]["bills"]


def test_html_goes_to_a_file(leverage: CliRunner, tmp_path: Path) -> None:
    told = leverage.invoke(cli.main, [*ASK, "--format", "html", "--out", str(tmp_path / "brief.html")])
    assert told.exit_code == DONE, told.output
    assert (tmp_path / "brief.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_mirror_by_name(leverage: CliRunner) -> None:
    told = leverage.invoke(cli.main, ["mirror", "--company", "wonirdeb"])
    assert told.exit_code == DONE, told.output
    assert told.output.startswith("What a supplier can see about WONIRDEB BRANDS INC")


def test_a_name_of_several_companies_lists_them_and_takes_none(leverage: CliRunner) -> None:
    told = leverage.invoke(cli.main, ["brief", "--buyer", "wonirdeb", "--supplier", "global trading"])
    assert told.exit_code == BAD_USAGE
    assert "may be 2 suppliers; give the id of one" in told.output
    assert told.output.count("sup_") == 2


def test_a_name_that_is_near_is_offered_and_not_taken(leverage: CliRunner) -> None:
    told = leverage.invoke(cli.main, ["brief", "--buyer", "wonirdeb", "--supplier", "kelorvix plastics"])
    assert told.exit_code == BAD_USAGE
    assert "Did you mean:" in told.output
    assert "KELORVAX CASTINGS" in told.output


def test_a_name_that_nobody_bears_says_how_to_look(leverage: CliRunner) -> None:
    told = leverage.invoke(cli.main, ["brief", "--buyer", "wonirdeb", "--supplier", "zzqqx"])
    assert told.exit_code == BAD_USAGE
    assert "leverage search" in told.output


def test_a_buyers_name_given_for_a_supplier_is_noticed(leverage: CliRunner) -> None:
    told = leverage.invoke(cli.main, ["brief", "--buyer", "wonirdeb", "--supplier", "muwimbif"])
    assert told.exit_code == BAD_USAGE
    assert "There is a buyer of that name" in told.output


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--as-of", "2026-W01"], NOT_YET, "leverage publish --as-of 2026-W01"),
        (["--as-of", "lately"], BAD_USAGE, "2026-W46"),
        (["--rival", "wonirdeb"], BAD_USAGE, "--rival is the buyer itself"),
    ],
)
def test_what_cannot_be_told_says_why(leverage: CliRunner, more: list[str], code: int, words: str) -> None:
    told = leverage.invoke(cli.main, [*ASK, *more])
    assert told.exit_code == code
    assert words in told.output


def test_before_any_week_is_published_it_says_what_to_run(
    leverage: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEVERAGE_HOME", str(tmp_path / "empty"))
    told = leverage.invoke(cli.main, ASK)
    assert told.exit_code == NOT_YET
    assert "leverage publish" in told.output
