"""What may be a table's file, by its bytes."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import Any

import pytest

from pipeline.ingest.errors import RefusedError
from pipeline.ingest.landing import verify as verify_module
from pipeline.ingest.landing.verify import verify_file
from pipeline.settings import Settings, load_settings

from .conftest import packed

TEXT = b"identifier,carrier_code\n" + b"".join(b"20261102%d,C%d\n" % (n, n * 7919 % 1009) for n in range(500))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(_env_file=None, home=tmp_path)


def verify(tmp_path: Path, content: bytes, settings: Settings, name: str = "header.csv.gz") -> int:
    path = tmp_path / "file"
    path.write_bytes(content)
    return verify_file(path, name, settings)


@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
@pytest.mark.parametrize("members", [1, 2, 5])
def test_gzip_file_of_several_members_is_whole_in_any_pieces(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, members: int, chunk: int
) -> None:
    monkeypatch.setattr(verify_module, "CHUNK_BYTES", chunk)
    content = gzip.compress(TEXT) * members
    assert verify(tmp_path, content, settings) == len(TEXT) * members


def test_plain_file_is_as_large_as_it_is(tmp_path: Path, settings: Settings) -> None:
    assert verify(tmp_path, TEXT, settings, "header.csv") == len(TEXT)


def test_gzip_cut_anywhere_is_refused(tmp_path: Path, settings: Settings) -> None:
    content = packed("identifier\n202611021\n")
    for length in range(len(content)):
        with pytest.raises(RefusedError):
            verify(tmp_path, content[:length], settings)


def test_gzip_with_one_wrong_bit_is_refused(tmp_path: Path, settings: Settings) -> None:
    content = gzip.compress(TEXT)
    broken = bytearray(content)
    broken[len(content) // 2] ^= 1
    with pytest.raises(RefusedError, match=r"header\.csv\.gz is damaged gzip"):
        verify(tmp_path, bytes(broken), settings)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "header.csv", "is empty"),
        (gzip.compress(TEXT), "header.csv", "gzip data though its name does not end"),
        (TEXT, "header.csv.gz", "not gzip data though its name says so; it begins with 'identifier"),
        (
            b"\xef\xbb\xbf\r\n <html>",
            "header.csv",
            "web page or an error message, not a table; it begins with '<html>'",
        ),
        (b"<html>", "header.csv.gz", "web page or an error message"),
        (zlib.compress(TEXT), "header.csv.gz", "not gzip data"),
        (gzip.compress(TEXT) + b"\x1f\x8b", "header.csv.gz", "ends early"),
        (gzip.compress(TEXT) + b"more", "header.csv.gz", "other bytes behind"),
    ],
)
def test_content_that_is_no_table_is_refused_with_a_reason(
    tmp_path: Path, settings: Settings, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(RefusedError) as refusal:
        verify(tmp_path, content, settings, name)
    assert words in str(refusal.value)
    assert name in str(refusal.value)


def test_file_above_the_limit_is_refused(tmp_path: Path, settings: Settings) -> None:
    limited = settings.model_copy(update={"max_file_bytes": len(TEXT) - 1})
    with pytest.raises(RefusedError, match="raise LEVERAGE_MAX_FILE_BYTES"):
        verify(tmp_path, TEXT, limited, "header.csv")


def test_small_file_may_pack_at_any_ratio(tmp_path: Path, settings: Settings) -> None:
    content = gzip.compress(b"identifier\n" + b"0" * 4_000_000)
    assert verify(tmp_path, content, settings) > 500 * len(content)


def test_bomb_by_ratio_is_stopped_early(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_module, "EXPANSION_FLOOR_BYTES", 2_000_000)
    content = gzip.compress(b"identifier\n" + b"0" * 20_000_000)
    unpacked: list[int] = []
    check = verify_module._check_expansion

    def counted(expanded: int, *more: Any) -> None:
        unpacked.append(expanded)
        check(expanded, *more)

    monkeypatch.setattr(verify_module, "_check_expansion", counted)
    with pytest.raises(RefusedError, match="over 200 times its size: refused as a bomb"):
        verify(tmp_path, content, settings)
    assert unpacked[-1] < 5_000_000


def test_bomb_in_many_members_is_stopped_too(tmp_path: Path, settings: Settings) -> None:
    content = gzip.compress(b"0" * 1_000_000) * 30
    limited = settings.model_copy(update={"max_expanded_bytes": 10_000_000})
    with pytest.raises(RefusedError, match="unpacks to more than 10,000,000 bytes"):
        verify(tmp_path, content, limited)
