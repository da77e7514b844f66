"""Random damage: every line is accounted for, and no good row is lost because of another one."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from pipeline.ingest.csv_files import unpack
from pipeline.ingest.csv_files.repair import BadRow, RowCounts
from pipeline.ingest.csv_files.survey import survey
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.landing.files import Landing
from pipeline.ingest.stage import stage_releases
from pipeline.settings import Settings, load_settings

from .conftest import DAY, bad_file, conserved, good_tables, land_file, staged

DAMAGE = st.tuples(
    st.floats(0, 1),
    st.sampled_from(["insert", "delete", "replace"]),
    st.sampled_from([b'"', b'""', b",", b"\n", b"\r\n", b"\r", b"\0", b"\xe9", b"\xc3\xa9", b"x", b" ", b'\n"', b'",']),
)


def damaged(data: bytes, hits: list[tuple[float, str, bytes]]) -> bytes:
    """A file with its rows, not its header line, hit."""
    start = data.index(b"\n") + 1
    for where, kind, piece in hits:
        place = start + int(where * (len(data) - start))
        end = place + (kind != "insert")
        data = data[:place] + (b"" if kind == "delete" else piece) + data[end:]
    return data


def repaired(
    folder: Path, data: bytes, *, table: str = "cargodesc", longest: int = 2**22, exact: bool = False
) -> tuple[RowCounts, list[BadRow], bytes]:
    bad: list[BadRow] = []
    seen = survey(land_file(folder, table, data), folder / "text.csv", bad.append, longest=longest, exact=exact)
    return seen.rows, bad, seen.text.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("repair")


@examples(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hits=st.lists(DAMAGE, min_size=1, max_size=5))
def test_every_line_is_loaded_or_quarantined_and_good_lines_are_loaded(folder: Path, hits: list[Any]) -> None:
    good = good_tables()["cargodesc"]
    data = damaged(good, hits)
    result, bad, text = repaired(folder, data)

    body = data[data.index(b"\n") + 1 :]
    lines = body.count(b"\n") + (not body.endswith(b"\n") and body != b"")
    assert result.lines == lines
    assert result.bad == len(bad)
    for row in bad:
        assert row.line == data.count(b"\n", 0, row.byte_offset) + 1
        if row.raw.isascii():
            assert data[row.byte_offset :].replace(b"\0", b" ").startswith(row.raw)
    untouched = Counter(good.splitlines()[1:]) & Counter(body.split(b"\n"))
    kept = Counter(text.split(b"\n"))
    assert not untouched - kept, "a good row is gone"


@examples(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hits=st.lists(DAMAGE, min_size=1, max_size=4), block=st.integers(1, 80))
def test_where_blocks_of_bytes_end_does_not_matter(folder: Path, hits: list[Any], block: int) -> None:
    data = damaged(good_tables()["cargodesc"], hits)
    whole = repaired(folder, data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpack, "BLOCK_BYTES", block)
        assert repaired(folder, data) == whole


@examples(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hits=st.lists(DAMAGE, min_size=1, max_size=4))
def test_quick_scan_misses_only_keys(folder: Path, hits: list[Any]) -> None:
    data = damaged(good_tables()["consignee"], hits)
    _, quick, _ = repaired(folder, data, table="consignee")
    rows, exact, _ = repaired(folder, data, table="consignee", exact=True)
    assert [row for row in exact if row.fault.reason not in ("missing_key", "bad_identifier")] == [
        row for row in quick if row.fault.reason not in ("missing_key", "bad_identifier")
    ]
    assert {row.line for row in quick} <= {row.line for row in exact}
    assert rows.loadable + rows.bad + rows.blank <= rows.lines + data.count(b"\r")


@examples(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(hits=st.lists(DAMAGE, min_size=1, max_size=3))
def test_engine_reads_exactly_what_was_repaired(tmp_path_factory: pytest.TempPathFactory, hits: list[Any]) -> None:
    home = tmp_path_factory.mktemp("home")
    settings: Settings = load_settings(home=home, threads=1, _env_file=None)
    good = good_tables()["consignee"]
    data = damaged(good, hits)
    release = stage_releases(settings, [Landing(DAY, "landed", (land_file(home, "consignee", data),), None)])[0]

    assert release.fault is None
    conserved(release, settings)
    untouched = set(good.splitlines()[1:]) & set(data.split(b"\n"))
    loaded = Counter(row["identifier"] for row in staged(settings, "consignee"))
    assert set(loaded) >= {int(line.split(b",")[0]) for line in untouched}


def test_row_over_lines_is_one_row_and_keeps_its_text(folder: Path) -> None:
    result, bad, text = repaired(folder, bad_file("cargodesc__field_over_lines"))
    assert (result.loadable, result.joined, result.lines, bad) == (4, 1, 7, [])
    assert b'"CERAMIC TILES\nOF TWO SIZES,\n\nAND ""ONE"" COLOUR"\n' in text


def test_open_quote_does_not_swallow_the_rows_behind_it(folder: Path) -> None:
    good = good_tables()["cargodesc"].splitlines(keepends=True)
    many = [good[0], b'202611021,NC,1,16.0,"CERAMIC TILES\n', *good[1:] * 300, b'202611022,NC,1,16.0,END"\n']
    result, bad, _ = repaired(folder, b"".join(many))
    assert [(row.line, row.fault.reason) for row in bad] == [(2, "unclosed_quote")]
    assert result.loadable == 5 * 300 + 1


def test_damage_of_a_quote_that_never_closes_ends_at_the_next_full_row(folder: Path) -> None:
    good = good_tables()["cargodesc"].splitlines(keepends=True)
    text = b'202611021,NC,1,16.0,"TILES\n' + b"MORE, AND MORE\n" * 300
    result, bad, _ = repaired(folder, b"".join([good[0], text, *good[1:], text]))
    assert [(row.line, row.fault.reason, row.raw.count(b"\n")) for row in bad] == [
        (2, "unclosed_quote", 300),
        (308, "unclosed_quote", 300),
    ]
    assert result.loadable == 5


def test_row_over_lines_behind_an_open_quote_is_loaded(folder: Path) -> None:
    header = good_tables()["cargodesc"].splitlines(keepends=True)[0]
    data = header + b'202611021,NC,1,16.0,"OPEN\n202611022,NC,1,1.0,"A\nB"\n202611023,NC,1,1.0,END\n'
    _, bad, text = repaired(folder, data)
    assert [row.line for row in bad] == [2]
    assert text.endswith(b'202611022,NC,1,1.0,"A\nB"\n202611023,NC,1,1.0,END\n')


def test_text_that_begins_like_a_row_stays_in_its_field(folder: Path) -> None:
    header = good_tables()["cargodesc"].splitlines(keepends=True)[0]
    data = header + b'202611021,NC,1,16.0,"PO NUMBERS\n20190405001,BLUE\n20190405002,RED"\n'
    result, bad, _ = repaired(folder, data)
    assert (result.loadable, result.joined, bad) == (1, 1, [])


@pytest.mark.parametrize("lines", [277, 792, 60_000])
def test_field_of_many_lines_is_loaded(folder: Path, lines: int) -> None:
    good = good_tables()["cargodesc"].splitlines(keepends=True)
    field = b'202611021,NC,1,16.0,"' + b'ITEM ""A"", 12 PCS\r\n' * lines + b'"\n'
    result, bad, _ = repaired(folder, b"".join([good[0], field, *good[1:]]))
    assert (result.loadable, result.joined, bad) == (6, 1, [])


def test_row_beyond_the_limit_is_one_bad_row_however_long_it_is(folder: Path) -> None:
    good = good_tables()["cargodesc"].splitlines(keepends=True)
    closed = b'202611021,NC,1,16.0,"' + b"X Y\n" * 2_000 + b'"\n'
    opened = b'202611021,NC,1,16.0,"' + b"X Y\n" * 2_000
    line = b"202611021,NC,1,16.0," + b"X" * 8_000 + b"\n"
    result, bad, _ = repaired(folder, b"".join([good[0], closed, line, opened, *good[1:]]), longest=4_096)
    assert [row.fault.reason for row in bad] == ["row_too_long"] * 3
    assert result.loadable == 5
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpack, "BLOCK_BYTES", 500)
        again, pieces, _ = repaired(folder, b"".join([good[0], closed, line, opened, *good[1:]]), longest=4_096)
    assert (again.loadable, [row.line for row in pieces]) == (5, [row.line for row in bad])


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n"], ids=["CR", "CRLF", "LF"])
def test_line_ends_of_any_kind_are_read(folder: Path, end: bytes) -> None:
    good = good_tables()["cargodesc"]
    result, bad, text = repaired(folder, good.replace(b"\n", end))
    assert (result.loadable, bad) == (5, [])
    assert text == good


def test_carriage_returns_end_rows_among_other_line_ends(folder: Path) -> None:
    header, *rows = good_tables()["cargodesc"].splitlines()
    for data in (header + b"\r" + b"\n".join(rows), header + b"\n" + rows[0] + b"\r" + rows[1] + b"\r\n" + rows[2]):
        result, bad, _ = repaired(folder, data)
        assert (result.loadable, bad) == (data.count(rows[0][:8]), [])


def test_surplus_delimiters_behind_the_last_column_are_read_past(folder: Path) -> None:
    header, *rows = good_tables()["cargodesc"].splitlines()
    result, bad, text = repaired(folder, b"\n".join([header, *(row + b",,\r" for row in rows)]))
    assert (result.loadable, result.repaired, bad) == (5, 5, [])
    assert text == good_tables()["cargodesc"]


CONTROL = "".join(chr(code) for code in [*range(0x20), 0x7F] if chr(code) not in "\t\n\r")
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=CONTROL), max_size=60) | st.lists(
    st.sampled_from(['"', ",", "\n", "\r\n", " ", "TEL", "A", "2026"]), max_size=40
).map("".join)


@st.composite
def valid_files(draw: st.DrawFn) -> tuple[bytes, list[list[str]]]:
    """A well-formed cargodesc file as another program may write it, and its rows."""
    end = draw(st.sampled_from(["\n", "\r\n"]))
    quoting = draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    rows = [
        [f"20261102{number + 1}", "NC", str(number), "1.0", draw(TEXT) * draw(st.sampled_from([1, 1, 1, 500]))]
        for number in range(draw(st.integers(1, 6)))
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end, quoting=quoting)
    writer.writerows([TABLES["cargodesc"].columns, *rows])
    data = out.getvalue().encode()
    bom = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return bom + (data if draw(st.booleans()) else data.removesuffix(end.encode())), rows


@examples(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(file=valid_files(), block=st.sampled_from([100, 2**20]))
def test_every_well_formed_file_is_loaded_whole(folder: Path, file: tuple[bytes, list[list[str]]], block: int) -> None:
    data, rows = file
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unpack, "BLOCK_BYTES", block)
        result, bad, text = repaired(folder, data)
    assert (result.loadable, bad) == (len(rows), [])
    assert list(csv.reader(io.StringIO(text.decode(), newline="")))[1:] == [
        [*row[:4], row[4].replace("\r\n", "\n") if "\n" in row[4] else row[4]] for row in rows
    ]


def test_engine_reads_rows_of_megabytes_and_of_many_lines(tmp_path: Path) -> None:
    settings: Settings = load_settings(home=tmp_path, threads=2, _env_file=None)
    header = good_tables()["cargodesc"].splitlines(keepends=True)[0]
    texts = [b"LINE OF TEXT\n" * lines for lines in (1, 9_000, 200_000)]
    rows = [b'20261102%d,NC,1,1.0,"%b"\n' % (number, text) for number, text in enumerate(texts, 1)]
    landing = Landing(DAY, "landed", (land_file(tmp_path, "cargodesc", header + b"".join(rows)),), None)
    release = stage_releases(settings, [landing])[0]
    assert release.fault is None
    assert release.files[0].rows_loaded == 3
    conserved(release, settings)


def test_many_latin_1_rows_are_recoded_one_by_one(folder: Path) -> None:
    lines = [b"202611021,NC,1,1.0,CER\xc1MICA\n", b"202611022,NC,1,1.0,CER\xc3\x81MICA\n"] * 2_000
    result, bad, text = repaired(folder, good_tables()["cargodesc"].splitlines(keepends=True)[0] + b"".join(lines))
    assert (result.loadable, result.recoded, bad) == (4_000, 2_000, [])
    assert io.BytesIO(text).read().decode().count("CERÁMICA") == 4_000


@pytest.mark.parametrize("key", ["A\nB", 'A "B"\nC', "2026-11-02\r\n1", "x\n" * 30, '""\n', ",\n,", "20261102\n1"])
def test_row_whose_key_has_line_ends_is_quarantined_alone(folder: Path, key: str) -> None:
    out = io.StringIO(newline="")
    rows = [[f"20261102{number}", "NC", "1", "1.0", "LINE\nLINE"] for number in range(1, 5)]
    rows[1][0] = rows[2][0] = key
    csv.writer(out, lineterminator="\n").writerows([TABLES["cargodesc"].columns, *rows])
    result, bad, _ = repaired(folder, out.getvalue().encode())
    assert (result.loadable, result.joined) == (2, 2)
    assert [row.fault.reason for row in bad] == ["bad_identifier", "bad_identifier"]
