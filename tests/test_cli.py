import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import console
from pipeline.cli import main as cli
from pipeline.cli.command import BAD_USAGE, FAILED
from pipeline.ingest.formats.ams import REQUIRED
from pipeline.plain_text import printable


@pytest.fixture
def leverage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LEVERAGE_HOME", str(tmp_path / "home"))
    return CliRunner()


def test_help_lists_every_command_and_the_exit_codes(leverage: CliRunner) -> None:
    result = leverage.invoke(cli.main, ["--help"])
    assert result.exit_code == 0
    for word in ("run", "backfill", "doctor", "sample", "rebuild", "audit", "Exit codes"):
        assert word in result.output


def _all_commands(group: click.Group) -> Iterator[click.Command]:
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from _all_commands(command)
        else:
            yield command


def test_every_command_explains_itself_and_shows_an_example() -> None:
    for command in _all_commands(cli.main):
        assert command.help, command.name
        assert (command.epilog or "").startswith("Example: leverage "), command.name


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run"], "--release-date"),
        (["run", "--release-date", "yesterday"], "YYYY-MM-DD"),
        (["run", "--release-date", "1999-01-01"], "no release day"),
        (["backfill", "--start", "2026-03-02", "--end", "2026-03-01"], "is before"),
        (["sample", "--out", "x", "--days", "0"], "--days"),
        (["rebuild", "--er-version", "m1-000001"], "the registry has none yet"),
    ],
)
def test_bad_usage_ends_with_2_and_names_what_is_accepted(
    leverage: CliRunner, arguments: list[str], words: str
) -> None:
    result = leverage.invoke(cli.main, arguments)
    assert result.exit_code == BAD_USAGE
    assert words in result.output


def test_a_bad_setting_ends_with_2_and_its_name(leverage: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEVERAGE_SOURCE_URL", "ftp://example.com")
    result = leverage.invoke(cli.main, ["run", "--release-date", "2026-03-02"])
    assert result.exit_code == BAD_USAGE
    assert "LEVERAGE_SOURCE_URL" in result.output
    assert "sample:" in result.output


@pytest.mark.parametrize("command", [["run", "--release-date", "2026-03-02"], ["doctor"]])
def test_a_home_that_is_a_file_is_refused_with_its_setting(
    leverage: CliRunner, tmp_path: Path, command: list[str]
) -> None:
    (tmp_path / "home").write_text("a file where the folder should be")
    result = leverage.invoke(cli.main, command)
    assert result.exit_code in (FAILED, BAD_USAGE)
    assert "LEVERAGE_HOME: is a file" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "name", ["a?b", "a\\b", "50%20off", "a\nb", "a\x1bb", "a#1", "release_date=2020-01-01", "batch=1"]
)
def test_a_home_that_no_database_can_have_in_its_path_is_refused_at_start(
    leverage: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("LEVERAGE_HOME", str(tmp_path / name))
    result = leverage.invoke(cli.main, ["run", "--release-date", "2026-03-02"])
    assert result.exit_code == BAD_USAGE
    assert "give another folder" in result.output


def test_sample_writes_a_folder_that_the_file_source_reads(leverage: CliRunner, tmp_path: Path) -> None:
    result = leverage.invoke(
        cli.main,
        ["sample", "--out", "world", "--days", "2", "--bills-per-day", "20", "--start", "2026-03-02", "--json"],
    )
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["bills"] > 0
    names = [path.name for path in (tmp_path / "world" / f"{date(2026, 3, 2):%Y/%Y%m%d}").iterdir()]
    for table in REQUIRED:
        assert f"ams__{table}_2026__20260302.csv.gz" in names


def test_doctor_names_the_fault_and_the_remedy(
    leverage: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    well = leverage.invoke(cli.main, ["doctor", "--json"])
    assert well.exit_code == 0, well.output
    assert {item["subject"] for item in json.loads(well.stdout)} >= {
        "python",
        "settings",
        "home",
        "source",
        "schedules",
        "warehouse",
    }
    (tmp_path / "a source").mkdir()
    monkeypatch.setenv("LEVERAGE_SOURCE_URL", (tmp_path / "a source").as_uri())
    assert leverage.invoke(cli.main, ["doctor"]).exit_code == 0
    monkeypatch.setenv("LEVERAGE_SOURCE_URL", (tmp_path / "nowhere").as_uri())
    ill = leverage.invoke(cli.main, ["doctor"])
    assert ill.exit_code == FAILED
    assert "fix" in ill.output
    assert "mount it" in ill.output


def test_doctor_finds_state_that_was_lost_or_damaged(
    leverage: CliRunner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("LEVERAGE_HOME", str(home))
    (home / "raw" / "header" / "release_date=2026-03-02").mkdir(parents=True)
    assert "has no load, but raw/ has rows" in leverage.invoke(cli.main, ["doctor"]).output
    (home / "state").mkdir()
    (home / "state" / "release_outcomes.jsonl").write_text('{"release_date": "2026-13-02"}\n')
    ill = leverage.invoke(cli.main, ["doctor"])
    assert ill.exit_code == FAILED
    assert "release_outcomes.jsonl, line 1: release_date is damaged" in ill.output
    shutil.rmtree(home / "raw")
    run = leverage.invoke(cli.main, ["publish"])
    assert run.exit_code == FAILED
    assert "line 1: release_date is damaged" in run.output


@pytest.mark.parametrize(
    "text",
    [
        *(
            "[/en]",
            "[/ams]",
            "[bold]",
            "[link=x]",
            "a[/]",
            "[red",
            "[[x]]",
            "\\[x]",
            "[@click=app.quit()]x[/]",
            ":smile:",
        ),
        *("x\x1b[31m", "x\x1b]0;title\x07", "\x07", "\x9b2J", "\u202egnp", "a\x00b"),
    ],
)
def test_text_from_outside_is_printed_as_it_is(capsys: pytest.CaptureFixture[str], text: str) -> None:
    console.print_rows(("release", "reason"), [("2026-03-02", text)])
    console.print_lines([text])
    console.print_faults([text])
    with console.Drawn() as drawn:
        drawn.started("land", 1)
        drawn.advanced(text)
        drawn.warned(text)
    shown = capsys.readouterr()
    assert printable(text) in shown.out
    assert printable(text) in shown.err
    assert not set("\x1b\x07\u202e") & set(shown.out + shown.err)


@pytest.mark.parametrize(
    "arguments", [["search", "any"], ["alerts", "list"], ["brief", "--buyer", "a", "--supplier", "b"]]
)
def test_commands_that_only_read_do_not_wait_for_the_frameworks(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import sys; from pipeline.cli.main import main; from click.testing import CliRunner; "
        f"print(CliRunner().invoke(main, {arguments!r}).output); "
        "from pipeline.cli import console; "
        "sys.exit(str({'dagster', 'dbt', 'great_expectations'} & set(sys.modules) or ''))"
    )
    environment = {"LEVERAGE_HOME": str(tmp_path), "PATH": "", "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "", done.stdout
