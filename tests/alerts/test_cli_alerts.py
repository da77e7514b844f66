"""`leverage alerts`: what it prints, how it fails, what it notes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from pipeline.alerts import watchlist
from pipeline.alerts.states import read_moves
from pipeline.alerts.watchlist_rows import COLUMNS
from pipeline.cli.main import main
from pipeline.runs import alert_states
from pipeline.runs.report import RunReport
from pipeline.settings import Settings, load_settings
from tests.alerts.made_alerts import NAMES, Names, alert, freeze, publish

LOST, WON, DONE = "aa11" * 16, "bb22" * 16, "bb22" + "cc33" * 15
COPIED = RunReport(success=True, run_id="", days=(), step_seconds={}, faults=(), bi=None, seconds=0.0)
LISTED = ("alert_id", "as_of_week", "severity", "status", "alert_type", "supplier_name", "headline")


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    home, watch = tmp_path / "home", tmp_path / "watch.csv"
    watch.write_text("\n".join([",".join(COLUMNS), "Anna,OUR COMPANY INC,*,,info,,german,,,customer_lost,"]))
    for name, value in (("HOME", home), ("WATCHLIST", watch), ("SOURCE_URL", "file:///nowhere")):
        monkeypatch.setenv(f"LEVERAGE_{name}", str(value))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(watchlist, "open_search", lambda _: Names())
    return load_settings()


@pytest.fixture
def home(settings: Settings) -> Settings:
    publish(
        settings,
        alert(LOST, consignee_id="con_big", driver_consignee_id="con_big"),
        alert(WON, alert_type="customer_won", supplier_id="sup_b", severity="info", from_value=0.0, to_value=0.2),
        alert(DONE, as_of_week="2026-W44", status="resolved", severity="warning", certainty="watch"),
        names={**NAMES, "sup_a": "=ALPHA [red]WORKS"},
    )
    freeze(settings)
    return settings


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["alerts", *arguments])


def listed(*arguments: str) -> list[dict[str, Any]]:
    result = call("list", *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_the_list_has_open_alerts_newest_and_most_severe_first(home: Settings) -> None:
    assert [line["alert_id"] for line in listed()] == [LOST, WON]
    assert [line["alert_id"] for line in listed("--status", "all")] == [LOST, WON, DONE]
    assert [line["alert_id"] for line in listed("--status", "resolved")] == [DONE]
    assert [line["alert_id"] for line in listed("--severity", "info")] == [WON]
    assert [line["alert_id"] for line in listed("--week", "2026-W44", "--status", "all")] == [DONE]
    result = call("list")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    assert "aa11aa11aa 2026-W45 critical open BIG CO has received nothing from" in text
    assert "[red]WORKS" in text, "a name is never read as markup"


def test_the_list_can_be_one_supplier_s_or_one_watcher_s(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.entities.search.find.open_search", lambda _: Names())
    assert [line["alert_id"] for line in listed("--supplier", "sup_b")] == [WON]
    result = call("list", "--supplier", "nobody")
    assert (result.exit_code, "no supplier is called 'nobody'" in result.output) == (2, True)
    assert [(line["alert_id"], line["severity"]) for line in listed("--watcher", "anna")] == [(LOST, "warning")]
    assert listed("--watcher", "anna", "--severity", "critical") == []
    result = call("list", "--watcher", "otto")
    assert (result.exit_code, "it has Anna" in result.output) == (2, True)


def test_csv_cells_are_no_formulas(home: Settings) -> None:
    result = call("list", "--csv", "--status", "all")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert {row["supplier_name"] for row in rows} == {"'=ALPHA [red]WORKS", "BETA RUBBER CO"}
    assert rows[0]["to_value"] == "0.0"
    assert {*LISTED} <= set(rows[0])


def test_all_of_one_alert_is_shown_by_the_start_of_its_id(home: Settings) -> None:
    result = call("show", "AA11AA")
    assert result.exit_code == 0, result.output
    text = " ".join(result.stdout.split())
    assert text.startswith("critical: BIG CO has received nothing from =ALPHA [red]WORKS since 14 Sep 2026")
    for words in ("ask: A large customer of yours", "or it is: A pause", "the newest 20 of 132 bills", "fct_shipment"):
        assert words in text
    assert "You are" not in text
    result = call("show", LOST, "--watcher", "anna")
    assert "You are the largest customer with 36% of its volume" in " ".join(result.stdout.split())
    assert "50,0 points" in result.stdout
    document = json.loads(call("show", LOST, "--json").stdout)
    assert (document["alert_id"], document["bills_in_all"], len(document["bills"])) == (LOST, 132, 20)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("show", "bb22"), 2, "give at least 6"),
        (("show", "dd44dd44"), 2, "no alert begins with dd44dd44"),
        (("ack", "dd44dd44"), 2, "no alert begins with dd44dd44"),
        (("snooze", LOST, "--until", "2026-12-20"), 2, "Missing option '--reason'"),
        (("snooze", LOST, "--until", "soon", "--reason", "x"), 2, "is not a day"),
        (("snooze", LOST, "--until", "2020-01-01", "--reason", "x"), 2, "later than"),
        (("resolve", LOST), 2, "Missing option '--reason'"),
        (("list", "--week", "46"), 2, "46"),
        (("list", "--week", "2026-W46"), 3, "2026-W46 is not published"),
        (("list", "--csv", "--json"), 2, "give one"),
        (("list", "--status", "opened"), 2, "opened"),
    ],
)
def test_an_impossible_command_has_its_exit_code_and_reason(
    home: Settings, arguments: tuple[str, ...], code: int, words: str
) -> None:
    result = call(*arguments)
    assert result.exit_code == code
    assert words in result.output
    assert read_moves(home) == {}


def test_before_the_first_week_there_is_nothing_to_list(settings: Settings) -> None:
    result = call("list")
    assert (result.exit_code, result.output) == (3, "error: no week is published yet: run `leverage publish`\n")


def test_a_move_is_noted_before_the_tables_follow(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def built(settings: Settings, arguments: list[str]) -> None:
        seen.append(read_moves(settings)[LOST].status)
        assert arguments[arguments.index("--select") + 1] == "fct_alert"

    def copied(settings: Settings, progress: object) -> RunReport:
        seen.append("copied")
        return COPIED

    monkeypatch.setattr(alert_states, "run_dbt", built)
    monkeypatch.setattr(alert_states, "refresh_bi", copied)
    assert call("ack", LOST[:6]).exit_code == 0
    result = call("snooze", LOST[:6], "--until", "2199-12-20", "--reason", "talk on the 18th")
    assert (result.exit_code, result.output) == (0, "aa11aa11aa is snoozed until 2199-12-20\n")
    result = call("resolve", LOST[:6], "--reason", "confirmed", "--json")
    assert json.loads(result.stdout)["status"] == "resolved"
    assert seen == ["acknowledged", "copied", "snoozed", "copied", "resolved", "copied"]
    assert read_moves(home)[LOST].reason == "confirmed"
    result = call("ack", LOST[:6])
    assert (result.exit_code, "was resolved" in result.output) == (2, True)


def test_move_is_journaled_and_wait_is_reported_while_nightly_run_writes(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = (
        "import sys, pathlib\n"
        "from pipeline.state.writer_lock import writer\n"
        "from pipeline.settings import load_settings\n"
        "with writer(load_settings().home, 'the nightly run'):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    root = Path(__file__).resolve().parents[2]
    night = subprocess.Popen([sys.executable, "-c", hold], stdin=-1, stdout=-1, cwd=root, text=True)
    assert night.stdin is not None
    assert night.stdout is not None
    assert night.stdout.readline() == "held\n"
    monkeypatch.setattr(alert_states, "run_dbt", lambda *_: None)
    monkeypatch.setattr(alert_states, "refresh_bi", lambda *_, **__: COPIED)
    messages: list[str] = []

    def waiting(_: object, text: str) -> None:
        messages.append(text)
        assert read_moves(home)[LOST].status == "acknowledged"
        night.stdin.close()  # type: ignore[union-attr]

    monkeypatch.setattr("pipeline.cli.console.Drawn.waiting", waiting)
    assert call("list").exit_code == 0, "reading takes no lock"
    assert call("ack", LOST[:6]).exit_code == 0
    assert night.wait() == 0
    (text,) = messages
    assert text.startswith("acknowledged is noted; waiting for the nightly run")
