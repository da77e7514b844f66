"""Append-only journals: whole appends, torn lines, sequence numbers, typed records."""

from __future__ import annotations

import errno
import json
import logging
import os
import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field, TypeAdapter

from pipeline.state.journal import Journal, JournalError

DAY = date(2026, 11, 2)


@dataclass(frozen=True)
class Note:
    """A record with every kind of field that the journals use."""

    day: date
    text: str
    days: dict[date, str] = field(default_factory=dict)
    ids: Annotated[tuple[int, ...], Field(alias="numbers")] = ()
    seq: int = 0


@pytest.fixture
def journal(tmp_path: Path) -> Journal[Note]:
    return Journal(tmp_path / "state" / "notes.jsonl", TypeAdapter(Note))


def texts(journal: Journal[Note]) -> list[str]:
    return [note.text for note in journal.read()]


def test_records_are_read_back_in_order_with_their_types(journal: Journal[Note]) -> None:
    notes = [Note(DAY, 'quote " and\nnewline', {DAY: "v1"}, (1, 2)), Note(DAY, "é")]
    journal.append(notes)
    journal.append([Note(DAY, "last")])
    assert journal.read() == [*notes, Note(DAY, "last")]
    assert json.loads(journal.path.read_bytes().splitlines()[0])["numbers"] == [1, 2]


def test_absent_journal_is_empty_and_appending_nothing_does_not_create_it(journal: Journal[Note]) -> None:
    journal.append([])
    assert journal.read() == []
    assert not journal.path.exists()


def test_unknown_fields_of_a_newer_version_are_ignored(journal: Journal[Note]) -> None:
    journal.path.parent.mkdir()
    journal.path.write_text('{"day": "2026-11-02", "text": "a", "added_later": 1}\n', encoding="utf-8")
    assert journal.read() == [Note(DAY, "a")]


def test_torn_last_line_is_skipped_with_a_warning_and_closed_by_the_next_append(
    journal: Journal[Note], caplog: pytest.LogCaptureFixture
) -> None:
    journal.append([Note(DAY, "a"), Note(DAY, "b")])
    torn = journal.path.read_bytes()[:-15]
    journal.path.write_bytes(torn)
    with caplog.at_level(logging.WARNING):
        assert texts(journal) == ["a"]
        assert texts(journal) == ["a"]
    assert [record.getMessage().partition(": ")[2][:18] for record in caplog.records] == ["line 2 was torn by"]
    journal.append([Note(DAY, "c")])
    assert texts(journal) == ["a", "c"]
    assert journal.path.read_bytes().startswith(torn + b"\n")


def test_whole_last_line_that_only_lacks_its_newline_counts(journal: Journal[Note]) -> None:
    journal.append([Note(DAY, "a")], numbered=True)
    journal.path.write_bytes(journal.path.read_bytes().rstrip(b"\n"))
    journal.append([Note(DAY, "b")], numbered=True)
    assert [(note.seq, note.text) for note in journal.read()] == [(1, "a"), (2, "b")]


def test_sequence_number_continues_after_a_torn_line_longer_than_the_tail(journal: Journal[Note]) -> None:
    journal.append([Note(DAY, "a"), Note(DAY, "b")], numbered=True)
    with journal.path.open("ab") as file:
        file.write(b'{"seq": 3, "text": "' + b"x" * 200_000)
    journal.append([Note(DAY, "c")], numbered=True)
    assert [note.seq for note in journal.read()] == [1, 2, 3]


def test_concurrent_writers_lose_nothing_and_share_no_sequence_number(journal: Journal[Note]) -> None:
    def write() -> None:
        for _ in range(10):
            Journal(journal.path, TypeAdapter(Note)).append([Note(DAY, "a"), Note(DAY, "b")], numbered=True)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [note.seq for note in journal.read()] == list(range(1, 81))


def test_read_and_append_can_be_one_step_under_the_lock(journal: Journal[Note]) -> None:
    journal.path.parent.mkdir()
    with journal.lock:
        assert journal.read() == []
        journal.append([Note(DAY, "a")])
    assert texts(journal) == ["a"]


def test_full_disk_leaves_the_journal_as_it_was(journal: Journal[Note], monkeypatch: pytest.MonkeyPatch) -> None:
    journal.append([Note(DAY, "a")])
    before = journal.path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pipeline.state.journal.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        journal.append([Note(DAY, "b")])
    assert journal.path.read_bytes() == before


def test_partly_written_append_is_removed_and_not_completed_later(
    journal: Journal[Note], monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.append([Note(DAY, "a")])
    before = journal.path.read_bytes()
    write = os.write
    calls: list[int] = []

    def half(descriptor: int, data: memoryview) -> int:
        calls.append(len(data))
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(descriptor, data[:10])

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.state.files.os.write", half)
        with pytest.raises(OSError, match="No space left"):
            journal.append([Note(DAY, "b" * 200)])
    assert journal.path.read_bytes() == before
    journal.append([Note(DAY, "c")])
    assert texts(journal) == ["a", "c"]


@pytest.mark.parametrize(
    "line", ['{"day": "2026-13-40", "text": "x"}', '{"text": "x"}', "[]", "5", '{"day": null, "text": 1}']
)
def test_a_whole_line_that_is_no_record_is_named_with_the_way_back(journal: Journal[Note], line: str) -> None:
    journal.append([Note(DAY, "first")])
    with journal.path.open("a") as file:
        file.write(line + "\n")
    with pytest.raises(JournalError, match=r"notes.jsonl, line 2: .* is damaged .* Restore"):
        journal.read()
