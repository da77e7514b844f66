"""The watchlist: faults are reported with line and remedy, and a name resolves to one company or to none."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from pipeline.alerts import watched_suppliers
from pipeline.alerts.watched_suppliers import watched_path, write_watched
from pipeline.alerts.watchlist import SAMPLE, Watchlist, WatchlistError, load_watchlist, read_rows
from pipeline.alerts.watchlist_rows import ALERT_TYPES, COLUMNS
from pipeline.settings import Settings, load_settings
from simulator.truth import stories
from tests.alerts.made_alerts import WEEK, Names, publish

HEADER = ",".join(COLUMNS)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home", watchlist=tmp_path / "watch.csv", source_url="file:///nowhere")


def load(settings: Settings, text: str | bytes) -> Watchlist:
    assert settings.watchlist is not None
    settings.watchlist.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_watchlist(settings, Names())  # type: ignore[arg-type]


def faults(settings: Settings, *lines: str) -> list[str]:
    with pytest.raises(WatchlistError) as refused:
        load(settings, "\n".join([HEADER, *lines]))
    first, *rest = str(refused.value).splitlines()
    assert first == f"LEVERAGE_WATCHLIST: {settings.watchlist} cannot be used:"
    return [line.strip() for line in rest]


def test_a_line_says_who_watches_what_for_whom_and_how(settings: Settings) -> None:
    found = load(
        settings,
        f"{HEADER}\nanna,Our Company Inc,alpha works ltd,BIG CO,info,email:Anna.B@Example.COM slack;slack,german,"
        "slack_opened,customer_won,tier_crossed mix_shifted,why not\nAnna,,9403,,,,,,,,\nben,,*,,critical,,,,,,\n",
    )
    anna, ben = found.watchers
    assert anna.recipient.watcher == "anna"
    assert anna.recipient.company == "OUR COMPANY INC"
    assert anna.company_id == "con_us"
    assert anna.recipient.channels == ("email:Anna.B@example.com", "slack")
    assert anna.recipient.number_format == "1.234,5"
    first, second = anna.watches
    assert (first.supplier_id, first.hs4, first.rival, first.least_severity) == (
        "sup_a",
        None,
        ("con_big", "BIG CO"),
        "info",
    )
    assert (first.ignored, first.raised) == ({"slack_opened"}, {"customer_won"})
    assert first.lowered == {"tier_crossed", "mix_shifted"}
    assert first.note == "why not"
    assert (second.hs4, second.least_severity) == ("9403", "warning")
    assert (ben.recipient.channels, ben.recipient.number_format) == (("file",), "1,234.5")
    assert (ben.company_id, ben.watches[0].supplier_id, ben.watches[0].hs4) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (",,*,,,,,,,,", "watcher is missing"),
        ("anna,,,,,,,,,,", "watch is missing"),
        ("anna,,*,,grave,,,,,,", "least_severity 'grave' is unknown; give one of critical, warning, info"),
        ("anna,,*,,Criticl,,,,,,", "did you mean critical?"),
        ("anna,,*,,,anna@example.com,,,,,", "did you mean email:anna@example.com?"),
        ("anna,,*,,,email:anna@example,,,,,", "'email:anna@example' is no e-mail address"),
        ("anna,,*,,,email:a@b@example.com,,,,,", "is no e-mail address"),
        ("anna,,*,,,slak,,,,,", "did you mean slack?"),
        ("anna,,*,,,,roman,,,,", "number_format 'roman' is unknown; give english (1,234.5)"),
        ("anna,,*,,,,,custmer_lost,,,", "did you mean customer_lost?"),
        ("anna,,*,,,,,retracted,,,", "a retraction goes to whoever got the alert"),
        ("anna,,*,,,,,,customer_lost,customer_lost,", "customer_lost stands under raise and under lower"),
        ("anna,,940310,,,,,,,,", "a product is the first four digits of its HS code"),
        ("anna,,*,BIG CO,,,,,,,", "rival is given without company"),
        ("anna,=cmd|' /C calc'!A0,*,,,,,,,,", "is what a spreadsheet runs as a formula"),
        ("anna,OUR COMPANY INC,@ALPHA,,,,,,,,", "is what a spreadsheet runs as a formula"),
        ("anna,NOWHERE,*,,,,,,,,", "company 'NOWHERE' is no buyer here"),
        ("anna,,NOWHERE,,,,,,,,", "watch 'NOWHERE' is no supplier here"),
        ("anna,C,*,,,,,,,,", "company 'C' may be several buyers; give the id of one: OUR COMPANY INC (con_us), BIG CO"),
        ("anna,OUR COMPANY INC,*,our company inc,,,,,,,", "rival OUR COMPANY INC is the company itself"),
        ("anna,OUR COMPANY INC,*,,,,,,,,too,many", "12 cells under 11 columns"),
    ],
)
def test_each_fault_is_reported_with_its_line_and_remedy(settings: Settings, line: str, fault: str) -> None:
    (message,) = faults(settings, "ben,,*,,,,,,,,", line)
    assert message.startswith("line 3: ")
    assert fault in message


def test_contradicting_lines_are_reported(settings: Settings) -> None:
    messages = faults(
        settings,
        "anna,OUR COMPANY INC,9403,,,,english,,,,",
        "anna,BIG CO,8481,,,,,,,,",
        "anna,,9403,,,,german,,,,",
        "anna,,alpha works ltd,,,,,,,,",
        "anna,,sup_a,,,,,,,,",
    )
    assert [line.split(":")[0] for line in messages] == ["line 3", "line 4", "line 6", "line 6"]
    assert "anna watches for BIG CO here and for OUR COMPANY INC above" in messages[0]
    assert "anna watches 9403 in line 2 already" in messages[1]
    assert any("several number formats: 1,234.5, 1.234,5" in line for line in messages)
    assert any("anna watches sup_a in line 5 already" in line for line in messages)


def test_the_form_of_the_file_is_checked(settings: Settings) -> None:
    for text, fault in (
        ("watcher,watch,chanels\n", "the column 'chanels' is unknown; did you mean channels?"),
        ("watcher,watch,colour\n", "the column 'colour' is unknown; the columns are watcher"),
        ("watcher,company\n", "the column watch is missing"),
        ("watcher,watch,watch\n", "the column watch appears twice"),
        ("", "it is empty"),
    ):
        with pytest.raises(WatchlistError, match="cannot be used") as refused:
            load(settings, text)
        assert fault in str(refused.value)
    with pytest.raises(WatchlistError, match="no text file"):
        load(settings, b"PK\x03\x04\0")
    with pytest.raises(WatchlistError, match="cannot be read"):
        load_watchlist(settings.model_copy(update={"watchlist": Path("/nowhere/watch.csv")}), Names())  # type: ignore[arg-type]


def test_a_file_as_another_language_s_spreadsheet_writes_it_is_read(settings: Settings) -> None:
    text = "watcher;company;watch;number_format\nanna;OUR COMPANY INC;9403;1.234,5\n#ben;;*;\n"
    (anna,) = load(settings, b"\xef\xbb\xbf" + text.encode()).watchers
    assert anna.recipient.number_format == "1.234,5"
    assert load(settings, f"{HEADER}\n").watchers == ()


def test_default_watchlist_covers_the_sample_buyers_and_is_empty_for_other_sources(tmp_path: Path) -> None:
    sample = load_settings(home=tmp_path)
    assert load_watchlist(sample, Names()) == Watchlist(None, ())  # type: ignore[arg-type]
    real = load_settings(home=tmp_path, source_url="file:///nowhere")
    assert load_watchlist(real).watchers == ()
    rows, warnings = read_rows(SAMPLE)
    assert warnings == []
    supplier_names = {item.supplier_name for item in stories()}
    assert {row.watch for row in rows if not row.is_everything} == supplier_names
    assert all(row.company for row in rows)


def test_what_is_watched_is_written_down_for_the_detection(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settings)
    (settings.home / "watch.csv").touch()

    def watching(*lines: str) -> list[str]:
        text = "\n".join([HEADER, *lines])
        monkeypatch.setattr(watched_suppliers, "load_watchlist", lambda _: load(settings, text))
        count = write_watched(settings, WEEK)
        found: list[str] = pq.read_table(watched_path(settings))["supplier_id"].to_pylist()
        assert count == len(found)
        return found

    assert watching("anna,OUR COMPANY INC,*,,,,,,,,") == ["sup_a"], "sup_b was left more than a year ago"
    assert watching("anna,,sup_c,,,,,,,,", "ben,,4016,,,,,,,,") == ["sup_b", "sup_c"]
    assert watching("anna,,*,,,,,,,,") == [], "everything is no family of its own"
    assert watching() == []


def test_every_type_of_alert_can_be_named() -> None:
    from pipeline.reporting.alerts.text import NAMES

    assert {*ALERT_TYPES, "retracted"} == set(NAMES)
