"""The files of one embedded release."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
import sys
from datetime import date, timedelta

import pytest

from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.sources.locations import MANIFEST_NAME, file_locations
from pipeline.ingest.sources.release_manifest import parse_manifest
from pipeline.settings import DEFAULT_TEMPLATE
from simulator import FIRST_RELEASE, LAST_CLOSED_WEEK, LAST_RELEASE
from simulator.feed import source as sample_source
from simulator.feed.source import release_files
from tests.simulator.conftest import embedded_release, file_name, read_file

DAY = date(2025, 6, 4)


def test_release_has_every_table_under_the_default_template_and_a_manifest() -> None:
    expected = {place.names[0] for place in file_locations(DEFAULT_TEMPLATE, DAY).values()}
    assert set(embedded_release(DAY)) == expected | {MANIFEST_NAME}


def test_manifest_has_bytes_hash_and_records_of_each_file() -> None:
    files = embedded_release(DAY)
    declared = parse_manifest(files[MANIFEST_NAME], "the sample's manifest")
    assert set(declared) == set(files) - {MANIFEST_NAME}
    for table in TABLES:
        name = file_name(table, DAY)
        rows, unread = read_file(files[name], table, DAY)
        assert declared[name].bytes == len(files[name])
        assert declared[name].sha256 == hashlib.sha256(files[name]).hexdigest()
        assert declared[name].rows == len(rows) + len(unread)


@pytest.mark.parametrize("day", [FIRST_RELEASE - timedelta(1), LAST_RELEASE + timedelta(1)])
def test_there_is_no_release_outside_the_span(day: date) -> None:
    assert release_files(day) is None


def test_the_span_is_160_weeks_of_which_the_last_but_two_is_closed() -> None:
    assert (LAST_RELEASE - FIRST_RELEASE).days + 1 == 160 * 7
    assert FIRST_RELEASE.isoweekday() == 1
    assert LAST_CLOSED_WEEK + timedelta(6 + 14) == LAST_RELEASE
    assert date(2026, 11, 2) == LAST_CLOSED_WEEK


@pytest.mark.parametrize("day", [FIRST_RELEASE, DAY, LAST_RELEASE])
def test_every_day_has_deliveries(day: date) -> None:
    rows, _ = read_file(embedded_release(day)[file_name("header", day)], "header", day)
    assert 5 < len(rows) < 200


def test_a_day_is_the_same_when_it_is_made_again() -> None:
    before = embedded_release(DAY)
    sample_source.embedded_text.cache_clear()
    assert embedded_release(DAY) == before


def test_bytes_contain_no_time() -> None:
    content = embedded_release(DAY)[file_name("header", DAY)]
    assert content[4:8] == bytes(4)
    assert gzip.decompress(content)


def test_the_span_can_be_imported_without_the_generator() -> None:
    code = "import sys, simulator; print('numpy' in sys.modules or 'pyarrow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
