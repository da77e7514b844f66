"""One defect a file: what is loaded, what is quarantined and why, and what stops the release."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest

from pipeline.ingest.stage import StagedRelease, stage_releases
from pipeline.ingest.typed import typed_value
from pipeline.settings import Settings, load_settings

from .conftest import DAY, Land, bad_file, conserved, good_tables, lander, staged

# name of the fixture: (rows loaded, lines and reasons in quarantine, words of a note)
DAMAGED: dict[str, tuple[int, list[tuple[int, str]], str | None]] = {
    "cargodesc__unclosed_quote": (4, [(3, "unclosed_quote")], "1 rows in quarantine: unclosed_quote"),
    "cargodesc__unclosed_quote_closed_later": (4, [(3, "unclosed_quote")], None),
    "cargodesc__stray_quote": (3, [(3, "stray_quote")], None),
    "cargodesc__field_over_lines": (4, [], "1 rows over several lines"),
    "cargodesc__latin_1": (4, [], "1 rows read as Windows-1252"),
    "cargodesc__bom": (5, [], None),
    "cargodesc__crlf": (5, [], None),
    "cargodesc__mixed_line_ends": (4, [], None),
    "cargodesc__carriage_return_inside": (4, [], "1 rows read without surplus"),
    "cargodesc__no_last_line_end": (5, [], None),
    "cargodesc__blank_lines": (4, [], "3 blank lines"),
    "cargodesc__nul_byte": (4, [], "1 control bytes read as blanks"),
    "cargodesc__short_row": (3, [(3, "too_few_columns")], None),
    "cargodesc__long_row": (3, [(3, "too_many_columns")], None),
    "cargodesc__repeated_header": (4, [(4, "repeated_header"), (6, "repeated_header")], None),
    "cargodesc__float_identifiers": (
        3,
        [(3, "float_identifier"), (4, "float_identifier"), (5, "float_identifier")],
        "3 rows in quarantine: float_identifier",
    ),
    "cargodesc__bad_identifiers": (3, [(3, "bad_identifier"), (4, "bad_identifier"), (5, "missing_key")], None),
    "cargodesc__odd_values": (4, [], "2 values set aside: description_sequence_number"),
    "cargodesc__extra_column": (5, [], "unknown column set aside: Remark"),
    "cargodesc__other_order": (5, [], "columns in another order"),
    "cargodesc__header_case_and_blanks": (5, [], "column names in other case or with blanks"),
    "cargodesc__header_only": (0, [], "no rows below the header"),
    "cargodesc__header_only_no_line_end": (0, [], "no rows below the header"),
    "billgen__bad_run_dates": (2, [(3, "bad_key_date"), (4, "bad_key_date"), (5, "missing_key")], None),
    "billgen__leap_day": (1, [(3, "bad_key_date")], None),
    "billgen__missing_master": (2, [(3, "missing_key")], None),
    "shipper__contact_in_broken_row": (
        2,
        [(2, "too_many_columns"), (4, "too_many_columns"), (5, "too_few_columns")],
        None,
    ),
    "shipper__no_contact_columns": (4, [], "contact column absent: contact_name"),
}

DAMAGED_CASES = [f"{name}-{form}" for name in DAMAGED for form in ("plain", "gzip")]

# name of the fixture: words of the fault
UNREADABLE = {
    "cargodesc__utf_16": "UTF-16",
    "cargodesc__renamed_column": "column description_text is missing, the nearest found is 'descr_text'",
    "cargodesc__missing_column": "column piece_count is missing, and nothing found is near it",
    "cargodesc__column_twice": "has column identifier more than once",
    "cargodesc__semicolons": "delimited by semicolons",
    "cargodesc__tabs": "delimited by tabs",
    "cargodesc__empty": "is empty",
    "cargodesc__no_header": "column identifier is missing",
}


def stage_one(settings: Settings, land: Land, name: str, *, packed: bool) -> StagedRelease:
    table = name.partition("__")[0]
    return stage_releases(settings, [land({table: bad_file(name)}, packed=packed)])[0]


Staged = tuple[Settings, dict[str, StagedRelease]]


def case_days(names: Iterable[str]) -> dict[str, date]:
    """A release day for each case: one staging takes a second, of whatever size."""
    return {name: DAY + timedelta(days=n) for n, name in enumerate(names)}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    """All damaged files, plain and packed, each in the release of a day."""
    settings = load_settings(home=tmp_path_factory.mktemp("damaged"), threads=2, _env_file=None)
    land, days = lander(settings), case_days(DAMAGED_CASES)
    landings = [
        land({name.partition("__")[0]: bad_file(name.partition("-")[0])}, day=day, packed=name.endswith("-gzip"))
        for name, day in days.items()
    ]
    return settings, dict(zip(days, stage_releases(settings, landings), strict=True))


@pytest.mark.parametrize("case", DAMAGED_CASES)
def test_damaged_file_loses_only_its_bad_rows(damaged: Staged, case: str) -> None:
    settings, releases = damaged
    release, name = releases[case], case.partition("-")[0]
    loaded, set_aside, note = DAMAGED[name]
    table = name.partition("__")[0]
    file = next(file for file in release.files if file.table == table)
    quarantine = [row for row in staged(settings, "quarantine", release.release_date) if row["table_name"] == table]

    assert release.fault is None
    assert [(row["line"], row["reason"]) for row in quarantine] == set_aside
    assert (file.rows_in, file.rows_loaded) == (loaded + len(set_aside), loaded)
    assert note is None or any(note in words for words in file.notes), file.notes
    conserved(release, settings)


def test_optional_file_that_is_not_its_table_leaves_out_that_table_only(settings: Settings, land: Land) -> None:
    days = case_days(UNREADABLE)
    landings = [land({name.partition("__")[0]: bad_file(name)}, day=day) for name, day in days.items()]
    for name, release in zip(days, stage_releases(settings, landings), strict=True):
        table = name.partition("__")[0]
        assert release.fault is None
        broken = next(file for file in release.files if file.table == table)
        assert UNREADABLE[name] in (broken.fault or "")
        assert f"ams__{table}.csv" in (broken.fault or "")
        assert (broken.rows_in, staged(settings, table, release.release_date)) == (0, [])
        assert len(staged(settings, "header", release.release_date)) == 5


def test_required_file_that_is_not_its_table_stops_its_release_only(settings: Settings, land: Land) -> None:
    bad = land({"header": good_tables()["header"].replace(b"carrier_code", b"carier_code")})
    good = land(day=date(2026, 11, 3))

    broken, whole = stage_releases(settings, [bad, good])

    assert "column carrier_code is missing, the nearest found is 'carier_code'" in (broken.fault or "")
    assert broken.files == ()
    assert staged(settings, "header") == []
    assert whole.fault is None
    assert len(staged(settings, "header", date(2026, 11, 3))) == 5


def test_no_contact_shows_in_quarantine_though_its_field_is_unknown(settings: Settings, land: Land) -> None:
    stage_one(settings, land, "shipper__contact_in_broken_row", packed=False)
    texts = [row["raw_text"] for row in staged(settings, "quarantine")]
    assert texts == [
        '202611020,TALLWILLOW COMMUNICATION TECHNOLOGY,"NO.8 LANTERN ROAD EAST ZONE WUXI,JI","ANGSU,214028 P.R.CHINA"'
        ",,,JIANGSU,,,[contact],[contact],[contact],[contact],[contact]",
        "202611029,FAR, AWAY, TRADERS,12 ROAD,,,,TOWN,,,[contact],[contact],[contact],[contact]",
        "202611029,SHORT TRADERS,12 ROAD,[contact],[contact],[contact]",
    ]


def test_free_text_of_a_broken_row_is_masked_and_its_identifier_stays(settings: Settings, land: Land) -> None:
    row = b"2026110201234567890,NC,1,TEL: 305-555-0123 FAX 305-555-0124,A,B\n"
    stage_releases(settings, [land({"cargodesc": bad_file("cargodesc__header_only") + row})])
    (bad,) = staged(settings, "quarantine")
    assert bad["raw_text"] == "2026110201234567890,NC,1,TEL: [phone] FAX [phone],A,B"


def test_values_that_do_not_convert_are_set_aside_and_their_row_is_loaded(settings: Settings, land: Land) -> None:
    stage_one(settings, land, "cargodesc__odd_values", packed=False)
    odd = [(row["identifier"], row["column_name"], row["value"]) for row in staged(settings, "aside")]
    assert odd == [
        (202611020, "description_sequence_number", "one"),
        (202611022, "description_sequence_number", "2.5"),
        (202611022, "piece_count", "n/a"),
    ]
    loaded = {row["identifier"]: row for row in staged(settings, "cargodesc")}
    assert loaded[202611021]["piece_count"] == Decimal("1600.5")
    assert loaded[202611022]["description_sequence_number"] is None
    assert loaded[202611022]["description_text"] == "VASE"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234.5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234,5", "1234.5"),
        ("12,5", "12.5"),
        ("0,500", "0.5"),
        ("1234,567", "1234.567"),
        ("-1,000.", "-1000"),
        ("1.5E+03", "1500"),
        ("1,23,456", None),
        ("1,234.567,8", None),
        ("about 5", None),
    ],
)
def test_number_is_read_where_its_comma_can_mean_only_one_thing(text: str, number: str | None) -> None:
    found = convert(text, "DECIMAL(18,3)")
    assert found == (None if number is None else Decimal(number))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-30", date(2026, 11, 30)),
        ("20261130", date(2026, 11, 30)),
        ("4022-01-01", None),
        ("12022-1-01", None),
        ("20222-01-01", None),
        ("0222-01-01", None),
        ("1989-12-31", None),
        ("1990-01-01", date(1990, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
        ("2101-01-01", None),
        ("9999-12-31", None),
        ("0001-01-01", None),
        ("-2026-01-01", None),
        ("00000000", None),
        ("99999999", None),
        ("2026-02-30", None),
        ("2026-13-01", None),
        ("46356", None),
        ("infinity", None),
        ("epoch", None),
    ],
)
def test_no_date_is_outside_the_years_that_a_bill_can_have(text: str, day: date | None) -> None:
    assert convert(text, "DATE") == day


def convert(text: str, kind: str) -> object:
    return duckdb.execute(f"select {typed_value('value', kind)} from (select $1::varchar as value)", [text]).fetchall()[
        0
    ][0]


def test_unknown_columns_are_set_aside_masked(settings: Settings, land: Land) -> None:
    stage_one(settings, land, "cargodesc__extra_column", packed=False)
    values = [(row["identifier"], row["column_name"], row["value"]) for row in staged(settings, "aside")]
    assert values == [(202611020, "Remark", "CALL [phone]"), (202611022, "Remark", "FRAGILE")]

    stage_one(settings, land, "cargodesc__extra_contact_column", packed=False)
    values = [(row["identifier"], row["column_name"], row["value"]) for row in staged(settings, "aside")]
    assert values == [(202611020, "contact_email", "[contact]")]


def test_latin_1_row_reads_as_text(settings: Settings, land: Land) -> None:
    stage_one(settings, land, "cargodesc__latin_1", packed=False)
    texts = {row["description_text"] for row in staged(settings, "cargodesc")}
    assert "AZULEJOS CERÁMICOS Nº 4" in texts


def test_very_long_field_in_a_broken_row_is_no_trouble(settings: Settings, land: Land) -> None:
    """Longer than Python's own reader of such files takes."""
    row = b"202611021,NC,1,1.0," + b"LONG " * 50_000 + b",one more\n"
    stage_releases(settings, [land({"cargodesc": bad_file("cargodesc__header_only") + row})])
    (bad,) = staged(settings, "quarantine")
    assert bad["reason"] == "too_many_columns"
    assert bad["detail"].startswith("5 columns are expected, 6 were found; cut after")


ONE_ROW: list[tuple[bytes, str | None]] = [
    (b'"202611021", "NC" ,1,1.0,"A, ""B"""', None),
    (b" 202611021 ,NC,1,1.0,A", None),
    (b'202611021,NC,1,1.0,5" PIPE', None),
    (b'202611021,NC,1,1.0," "', None),
    (b'202611021,NC,1,1.0,"A" B', "stray_quote"),
    (b'202611021,NC,1,1.0,"A', "unclosed_quote"),
    (b'202611021,N"C,1,1.0","A"', None),
    (b'"20261102x",NC,1,1.0,A', "bad_identifier"),
    (b'" ",NC,1,1.0,A', "missing_key"),
    (b"202600021,NC,1,1.0,A", "float_identifier"),
    (b"+202611021,NC,1,1.0,A", "bad_identifier"),
    (b"20261102,NC,1,1.0,A", "bad_identifier"),
]


def test_one_row_is_loaded_or_quarantined_for_a_reason(settings: Settings, land: Land) -> None:
    head = bad_file("cargodesc__header_only")
    landings = [
        land({"cargodesc": head + row + b"\n"}, day=DAY + timedelta(days=n)) for n, (row, _) in enumerate(ONE_ROW)
    ]
    for (row, reason), release in zip(ONE_ROW, stage_releases(settings, landings), strict=True):
        found = [bad["reason"] for bad in staged(settings, "quarantine", release.release_date)]
        assert found == ([reason] if reason else []), row
        conserved(release, settings)
