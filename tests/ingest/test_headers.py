"""The header line of a file, however it was saved."""

from __future__ import annotations

import pytest

from pipeline.ingest.csv_files.headers import UnreadableError, read_header
from pipeline.ingest.formats.ams import TABLES

TABLE = TABLES["hazmatclass"]
LINE = ",".join(TABLE.columns)


@pytest.mark.parametrize("marks", [0, 1, 2, 3])
def test_marks_before_the_first_column_are_skipped(marks: int) -> None:
    assert read_header(b"\xef\xbb\xbf" * marks + LINE.encode(), TABLE, "file").columns == TABLE.columns


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_text_is_named_with_and_without_its_mark(encoding: str) -> None:
    with pytest.raises(UnreadableError, match="UTF-16"):
        read_header(LINE.encode(encoding), TABLE, "file")
