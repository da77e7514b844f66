"""What a manifest may say, and which names are trusted."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipeline.ingest.errors import RefusedError
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.sources.locations import file_locations, matching_names, trusted_name
from pipeline.ingest.sources.release_manifest import Declared, parse_manifest

SHA = "ab" * 32
FACTS = {"sha256": SHA.upper(), "bytes": 10, "rows": 0}


def parsed(document: object) -> dict[str, Declared]:
    return parse_manifest(json.dumps(document).encode(), "feed/manifest.json")


@pytest.mark.parametrize(
    "files",
    [{"a.csv": FACTS}, [{"name": "a.csv", **FACTS}], [{"file_name": "a.csv", **FACTS}]],
    ids=["object", "list", "list of file_name"],
)
def test_both_forms_are_read(files: object) -> None:
    assert parsed({"files": files}) == {"a.csv": Declared(SHA, 10, 0)}


def test_each_fact_may_be_absent() -> None:
    assert parsed({"files": {"a.csv": {}}}) == {"a.csv": Declared(None, None, None)}


def test_byte_order_mark_is_skipped() -> None:
    assert parse_manifest(b'\xef\xbb\xbf{"files": {}}', "m") == {}


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ([], "no list or object 'files'"),
        ({}, "no list or object 'files'"),
        ({"files": ["a.csv"]}, "no list or object 'files'"),
        ({"files": [{}]}, "needs a name and facts"),
        ({"files": {"a.csv": None}}, "needs a name and facts"),
        ({"files": [{"name": "a.csv"}, {"name": "a.csv"}]}, "names 'a.csv' twice"),
        ({"files": {"a.csv": {"sha256": "ab"}}}, "sha256 of 'a.csv' is not 64 hexadecimal digits"),
        ({"files": {"a.csv": {"sha256": 7}}}, "sha256 of 'a.csv' is not 64 hexadecimal digits"),
        ({"files": {"a.csv": {"bytes": -1}}}, "bytes of 'a.csv' is not a whole number"),
        ({"files": {"a.csv": {"rows": 1.5}}}, "rows of 'a.csv' is not a whole number"),
        ({"files": {"a.csv": {"rows": True}}}, "rows of 'a.csv' is not a whole number"),
        ({"files": {"../a.csv": {}}}, "is not a plain file name"),
    ],
)
def test_impossible_facts_are_refused(document: object, words: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        parsed(document)
    assert words in str(refusal.value)
    assert "feed/manifest.json" in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000])
def test_text_that_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(RefusedError, match="feed/m is not JSON"):
        parse_manifest(content, "feed/m")


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../a", "a/b", "/a", "a\\b", "C:a", "a\0b", "a\nb", "a\x7fb", "a" * 201]
)
def test_path_is_no_trusted_name(name: str) -> None:
    with pytest.raises(RefusedError, match="is not a plain file name"):
        trusted_name(name, "feed")


@pytest.mark.parametrize("name", ["a.csv", "..a.csv", "ams__header_2026__20261102.csv.gz", "é 1.csv"])
def test_plain_name_is_trusted(name: str) -> None:
    assert trusted_name(name, "feed") == name


def test_newest_by_name_is_picked_and_gz_first() -> None:
    found = file_locations("%Y/{table}_%Y%m%d*.csv.gz", date(2026, 11, 2))
    names = ["header_202611020800.csv", "header_202611021500.csv", "header_202611021500.csv.gz", "billgen_20261102.csv"]
    assert matching_names(found["header"], names, found.values()) == [
        "header_202611021500.csv.gz",
        "header_202611021500.csv",
        "header_202611020800.csv",
    ]


def test_each_table_has_its_location_by_the_template() -> None:
    found = file_locations("%Y/%Y%m%d/ams__{table}_%Y__%Y%m%d.csv.gz", date(2026, 11, 2))
    assert list(found) == list(TABLES)
    assert (found["tariff"].folder, found["tariff"].names) == (
        "2026/20261102",
        ("ams__tariff_2026__20261102.csv.gz", "ams__tariff_2026__20261102.csv", "ams__tariff_2026__20261102.parquet"),
    )
