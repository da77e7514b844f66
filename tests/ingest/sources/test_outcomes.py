"""The journal: ordinals, torn lines, secrets in URLs, versions in force."""

from __future__ import annotations

import errno
import json
import os
import threading
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


def test_what_is_appended_is_read_back_in_order_with_ordinals(settings: Settings) -> None:
    append_outcomes(settings, [outcome(table_name="header"), outcome(table_name="billgen")])
    append_outcomes(settings, [outcome(table_name="shipper", reason='quote " and\nnewline', rows_in=None)])
    found = read_outcomes(settings)
    assert [(item.seq, item.table_name) for item in found] == [(1, "header"), (2, "billgen"), (3, "shipper")]
    assert found[2].reason == 'quote " and\nnewline'
    assert found[2].rows_in is None
    assert found[0].release_date == DAY
    assert found[0].finished_at.endswith("+00:00")


def test_an_absent_journal_is_empty(settings: Settings) -> None:
    assert read_outcomes(settings) == []
    assert accepted_versions(settings) == {}


def test_a_torn_last_line_is_passed_over_and_healed_by_the_next_append(settings: Settings) -> None:
    append_outcomes(settings, [outcome(), outcome(table_name="billgen")])
    whole = settings.outcomes_path.read_bytes()
    settings.outcomes_path.write_bytes(whole[:-25])
    assert [item.seq for item in read_outcomes(settings)] == [1]
    append_outcomes(settings, [outcome(table_name="shipper")])
    assert [item.table_name for item in read_outcomes(settings)] == ["header", "shipper"]
    seqs = [item.seq for item in read_outcomes(settings)]
    assert seqs == sorted(set(seqs))
    assert settings.outcomes_path.read_bytes().startswith(whole[:-25] + b"\n")


def test_a_whole_last_line_that_only_lacks_its_newline_counts(settings: Settings) -> None:
    append_outcomes(settings, [outcome()])
    settings.outcomes_path.write_bytes(settings.outcomes_path.read_bytes().rstrip(b"\n"))
    append_outcomes(settings, [outcome(table_name="billgen")])
    assert [(item.seq, item.table_name) for item in read_outcomes(settings)] == [
        (1, "header"),
        (2, "billgen"),
    ]


def test_the_ordinal_goes_on_behind_a_torn_line_longer_than_the_tail(settings: Settings) -> None:
    append_outcomes(settings, [outcome(), outcome()])
    with settings.outcomes_path.open("ab") as journal:
        journal.write(b'{"seq": 3, "reason": "' + b"x" * 200_000)
    append_outcomes(settings, [outcome()])
    assert [item.seq for item in read_outcomes(settings)] == [1, 2, 3]


def test_the_version_in_force_is_that_of_the_newest_loaded_line(settings: Settings) -> None:
    other = date(2026, 11, 3)
    append_outcomes(settings, [outcome(version="v1"), outcome(other, version="w1")])
    append_outcomes(settings, [outcome(version="v2"), outcome(result="failed", version=None)])
    append_outcomes(settings, [outcome(other, "unchanged", "w9")])
    assert accepted_versions(settings) == {DAY: "v2", other: "w1"}


def test_user_names_and_queries_do_not_reach_the_journal(settings: Settings) -> None:
    append_outcomes(settings, [outcome(url="https://me:geheim@host:8443/a/b.csv?sig=geheim#geheim")])
    assert read_outcomes(settings)[0].url == "https://host:8443/a/b.csv"
    assert b"geheim" not in settings.outcomes_path.read_bytes()


def test_an_unknown_outcome_is_refused_and_nothing_is_written(settings: Settings) -> None:
    with pytest.raises(ValueError, match="outcome done is unknown"):
        append_outcomes(settings, [outcome(), outcome(result="done")])
    assert read_outcomes(settings) == []


def test_a_full_disk_leaves_the_journal_as_it_was(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    append_outcomes(settings, [outcome()])
    before = settings.outcomes_path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pipeline.state.release_outcomes.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        append_outcomes(settings, [outcome(table_name="billgen")])
    assert settings.outcomes_path.read_bytes() == before


def test_writers_at_once_lose_nothing_and_share_no_ordinal(settings: Settings) -> None:
    def write() -> None:
        for _ in range(10):
            append_outcomes(settings, [outcome(), outcome()])

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [item.seq for item in read_outcomes(settings)] == list(range(1, 81))
    assert all(json.loads(line) for line in settings.outcomes_path.read_text().splitlines())


def test_a_write_that_failed_is_not_made_up_for_when_the_journal_is_closed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    append_outcomes(settings, [outcome()])
    before = settings.outcomes_path.read_bytes()
    write = os.write
    calls: list[int] = []

    def half(descriptor: int, data: memoryview) -> int:
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data[:100])

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.ingest.sources.store.os.write", half)
        with pytest.raises(OSError, match="No space left"):
            append_outcomes(settings, [outcome(table_name="billgen")])
    assert settings.outcomes_path.read_bytes() == before
    append_outcomes(settings, [outcome(table_name="shipper")])
    assert [item.table_name for item in read_outcomes(settings)] == ["header", "shipper"]
