"""Random damage: every line is accounted for, and no good row is lost because of another one."""

from __future__ import annotations

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
    folder: Path, data: bytes, *, table: str = "cargodesc", exact: bool = False
) -> tuple[RowCounts, list[BadRow], bytes]:
    bad: list[BadRow] = []
    seen = survey(land_file(folder, table, data), folder / "text.csv", bad.append, exact=exact)
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
            assert data[row.byte_offset :].startswith(row.raw)
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
    assert rows.loadable + rows.bad + rows.blank <= rows.lines


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


def test_many_latin_1_rows_are_recoded_one_by_one(folder: Path) -> None:
    lines = [b"202611021,NC,1,1.0,CER\xc1MICA\n", b"202611022,NC,1,1.0,CER\xc3\x81MICA\n"] * 2_000
    result, bad, text = repaired(folder, good_tables()["cargodesc"].splitlines(keepends=True)[0] + b"".join(lines))
    assert (result.loadable, result.recoded, bad) == (4_000, 2_000, [])
    assert io.BytesIO(text).read().decode().count("CERÁMICA") == 4_000
