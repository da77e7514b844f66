"""The journal of release outcomes: secrets in URLs, versions in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.settings import Settings, load_settings
from pipeline.state.release_outcomes import Outcome, accepted_versions, append_outcomes, read_outcomes

DAY = date(2026, 11, 2)


def outcome(day: date = DAY, result: str = "loaded", version: str | None = "v1", **more: object) -> Outcome:
    fields: dict[str, object] = {
        "release_date": day, "table_name": "header", "file_name": "header.csv.gz", "outcome": result,
        "rows_in": 3, "rows_loaded": 2, "rows_quarantined": 1, "bytes": 10, "sha256": "ab", "url": None,
        "reason": None, "raw_version": version,
    }  # fmt: skip
    return Outcome(**{**fields, **more})  # type: ignore[arg-type]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


def test_outcomes_are_read_back_in_order_with_sequence_numbers(settings: Settings) -> None:
    append_outcomes(settings, [outcome(table_name="header"), outcome(table_name="billgen")])
    append_outcomes(settings, [outcome(table_name="shipper", reason='quote " and\nnewline', rows_in=None)])
    found = read_outcomes(settings)
    assert [(item.seq, item.table_name) for item in found] == [(1, "header"), (2, "billgen"), (3, "shipper")]
    assert found[2].reason == 'quote " and\nnewline'
    assert found[2].rows_in is None
    assert found[0].release_date == DAY
    assert found[0].finished_at.endswith("+00:00")


def test_accepted_version_is_that_of_the_newest_loaded_record(settings: Settings) -> None:
    other = date(2026, 11, 3)
    append_outcomes(settings, [outcome(version="v1"), outcome(other, version="w1")])
    append_outcomes(settings, [outcome(version="v2"), outcome(result="failed", version=None)])
    append_outcomes(settings, [outcome(other, "unchanged", "w9")])
    assert accepted_versions(settings) == {DAY: "v2", other: "w1"}


def test_credentials_and_queries_of_urls_are_not_recorded(settings: Settings) -> None:
    append_outcomes(settings, [outcome(url="https://me:geheim@host:8443/a/b.csv?sig=geheim#geheim")])
    assert read_outcomes(settings)[0].url == "https://host:8443/a/b.csv"
    assert b"geheim" not in settings.outcomes_path.read_bytes()


def test_unknown_outcome_is_refused_and_nothing_is_written(settings: Settings) -> None:
    with pytest.raises(ValueError, match="outcome done is unknown"):
        append_outcomes(settings, [outcome(), outcome(result="done")])
    assert read_outcomes(settings) == []
