"""The overrides file as people and spreadsheets write it: every fault is reported with its line."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from pipeline.entities.overrides.rows import COLUMNS, OverridesError, read_day, read_sheet, write_sheet
from pipeline.sheet import defuse

HEADER = ",".join(COLUMNS)
GOOD = "merge,supplier,ACME LTD,,ACME LIMITED,,,Jane,same invoice,2026-11-25"


def put(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "overrides.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def fault_of(tmp_path: Path, *lines: str, header: str = HEADER) -> str:
    with pytest.raises(OverridesError) as caught:
        read_sheet(put(tmp_path, "\n".join([header, *lines]) + "\n"))
    return str(caught.value)


def test_without_a_file_there_are_no_overrides() -> None:
    sheet = read_sheet(None)
    assert (sheet.rows, sheet.sha256) == ((), "")


def test_a_line_is_read_with_its_number(tmp_path: Path) -> None:
    sheet = read_sheet(put(tmp_path, f"{HEADER}\n\n# a remark\n{GOOD}\n"))
    (row,) = sheet.rows
    assert (row.line, row.action, row.party.name, row.on) == (4, "merge", "ACME LTD", date(2026, 11, 25))
    assert row.other is not None
    assert row.other.name == "ACME LIMITED"
    assert "Jane" in row.sentence
    assert "same invoice" in row.sentence


@pytest.mark.parametrize(
    "write",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.replace(",", ";").encode(),
        lambda text: ("sep=;\n" + text.replace(",", ";")).encode(),
        lambda text: text.replace(",", "\t").encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode("utf-8-sig"),
        lambda text: text.replace("merge", " Merge ").replace("party_kind", "Party Kind").encode(),
    ],
)
def test_every_spreadsheet_format_is_read_alike(tmp_path: Path, write: object) -> None:
    text = f"{HEADER}\n{GOOD.replace('ACME LTD', 'ACMÉ  LTD')}\n"
    (row,) = read_sheet(put(tmp_path, write(text))).rows  # type: ignore[operator]
    assert (row.action, row.party.name) == ("merge", "ACMÉ LTD")


def test_other_encoding_is_read_with_a_warning(tmp_path: Path) -> None:
    sheet = read_sheet(put(tmp_path, f"{HEADER}\n{GOOD.replace('ACME LTD', 'ACMÉ LTD')}\n".encode("cp1252")))
    assert sheet.rows[0].party.name == "ACMÉ LTD"
    assert "line 2" in sheet.warnings[0]


def test_line_numbers_count_lines_of_the_file_not_rows(tmp_path: Path) -> None:
    message = fault_of(tmp_path, GOOD.replace("same invoice", '"same\ninvoice"'), "mrege,supplier,A,,B,,,x,y,")
    assert "line 4: action 'mrege' is unknown (did you mean merge?)" in message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("merge,supplier,A,,B,,,,why,", "line 2: who is missing"),
        ("merge,supplier,A,,B,,,who,,", "line 2: why is missing"),
        ("merge,supplier,A,,,,,who,why,", "merge needs other_spelling"),
        ("merge,supplier,A,,B,,NEW,who,why,", "takes no value"),
        ("merge,supplier,,,B,,,who,why,", "spelling is missing"),
        ("merge,,A,,B,,,who,why,", "party_kind is missing"),
        ("merge,shipper,A,,B,,,who,why,", "party_kind 'shipper' is unknown; give supplier or consignee"),
        ("merge,supplier,A,,con_0123456789abcdef,,,who,why,", "of the other kind"),
        ("merge,supplier,A,,a,,,who,why,", "are the same"),
        ("merge,supplier,A,,,X,,who,why,", "other_address is given without other_spelling"),
        ("merge,,sup_0123456789abcdef,X,B,,,who,why,", "takes no address"),
        ("rename,supplier,A,,,,,who,why,", "rename needs value"),
        ("rename,supplier,A,,B,,New,who,why,", "rename takes no other_spelling"),
        (f"rename,supplier,A,,,,{'N' * 201},who,why,", "201 characters"),
        ("role,supplier,A,,,,shop,who,why,", "role 'shop' is unknown; give one of party, forwarder, bank"),
        ("group,supplier,A,,,,,who,why,", "group needs either"),
        ("group,supplier,A,,,,HEAD,who,why,", "group needs either"),
        ("merge,supplier,A,,B,,,who,why,yesterday", "on is 'yesterday', which is no date"),
        ("merge,supplier,A,,B,,,who,why,2026-13-01", "which is no date"),
        ("merge,supplier,A,,B,,,who,why,,more", "11 cells under 10 columns"),
        ('merge,supplier,"A,,B,,,who,why,', "a quote opens a cell"),
    ],
)
def test_each_fault_is_reported_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    message = fault_of(tmp_path, line)
    assert words in message
    assert "line 2: " in message
    assert "LEVERAGE_OVERRIDES" in message


def test_all_faults_are_reported_at_once(tmp_path: Path) -> None:
    message = fault_of(tmp_path, "merge,supplier,A,,,,,,why,", GOOD, "role,supplier,A,,,,shop,who,why,")
    assert [text.strip()[:6] for text in message.splitlines()[1:]] == ["line 2", "line 2", "line 4"]


def test_mistyped_column_is_refused_and_an_unknown_one_warned_about(tmp_path: Path) -> None:
    assert "did you mean address?" in fault_of(tmp_path, GOOD, header=HEADER.replace(",address", ",adress"))
    assert "the column who is missing" in fault_of(tmp_path, header="action,spelling,why")
    assert "appears twice" in fault_of(tmp_path, header=f"{HEADER},who")
    sheet = read_sheet(put(tmp_path, f"{HEADER},ticket,score\n{GOOD},T-1,0.5\n"))
    assert len(sheet.rows) == 1
    assert sheet.warnings == ("line 1: the column 'ticket' is not read",)


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    for data in (b"PK\x03\x04\0\0", b"a\0b"):
        with pytest.raises(OverridesError, match="CSV UTF-8"):
            read_sheet(put(tmp_path, data))
    with pytest.raises(OverridesError, match="it is empty"):
        read_sheet(put(tmp_path, b""))
    with pytest.raises(OverridesError, match="cannot be read"):
        read_sheet(tmp_path / "absent.csv")


def test_line_without_an_action_is_ignored(tmp_path: Path) -> None:
    sheet = read_sheet(put(tmp_path, f"{HEADER}\n,supplier,A,,B,,,,,\n,supplier,A,,B,,,Jane,because,\n"))
    assert sheet.rows == ()
    assert sheet.warnings == ("line 3: no action is given; the line is ignored",)


@pytest.mark.parametrize("name", ["=CMD()", "+1 TRADING", "-X-", "@HOME GOODS", "PLAIN, WITH COMMA", 'A "QUOTED" ONE'])
def test_written_file_is_read_back_and_has_no_formulas(tmp_path: Path, name: str) -> None:
    row = {"action": "rename", "party_kind": "supplier", "spelling": name, "value": name, "who": "J", "why": "w"}
    text = write_sheet([row])
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in csv.reader(io.StringIO(text)) for cell in line)
    (read,) = read_sheet(put(tmp_path, text.encode("utf-8-sig"))).rows
    assert (read.party.name, read.value) == (name, name)


def test_only_an_apostrophe_before_a_formula_is_removed(tmp_path: Path) -> None:
    (row,) = read_sheet(put(tmp_path, f"{HEADER}\n{GOOD.replace('ACME LTD', chr(39) + 'T HOOFT BV')}\n")).rows
    assert row.party.name == "'T HOOFT BV"
    assert defuse("'T HOOFT BV") == "'T HOOFT BV"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-25", date(2026, 11, 25)),
        ("25.11.2026", date(2026, 11, 25)),
        ("11/25/2026", date(2026, 11, 25)),
        ("2026-11-25 00:00", date(2026, 11, 25)),
        ("25/11/2026", None),
        ("45986", None),
    ],
)
def test_dates_in_spreadsheet_formats_are_read(text: str, day: date | None) -> None:
    assert read_day(text) == day
