"""What may be a table's file, told from its bytes alone."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path

import pytest

from pipeline.ingest.sources import content as content_module
from pipeline.ingest.sources.content import inspect_file
from pipeline.ingest.sources.faults import RefusedError
from pipeline.settings import Settings, load_settings

from .conftest import packed

TEXT = b"identifier,carrier_code\n" + b"".join(b"20261102%d,C%d\n" % (n, n * 7919 % 1009) for n in range(500))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(_env_file=None, home=tmp_path)


def inspect(tmp_path: Path, content: bytes, settings: Settings, name: str = "header.csv.gz") -> content_module.Content:
    path = tmp_path / "file"
    path.write_bytes(content)
    return inspect_file(path, name, settings)


@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
@pytest.mark.parametrize("members", [1, 2, 5])
def test_a_gzip_file_of_several_members_is_whole_in_any_pieces(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, members: int, chunk: int
) -> None:
    monkeypatch.setattr(content_module, "CHUNK_BYTES", chunk)
    content = gzip.compress(TEXT) * members
    found = inspect(tmp_path, content, settings)
    assert found.sha256 == hashlib.sha256(content).hexdigest()
    assert (found.bytes, found.expanded_bytes) == (len(content), len(TEXT) * members)


def test_a_plain_file_is_hashed_as_it_is(tmp_path: Path, settings: Settings) -> None:
    found = inspect(tmp_path, TEXT, settings, "header.csv")
    assert (found.sha256, found.bytes, found.expanded_bytes) == (
        hashlib.sha256(TEXT).hexdigest(),
        len(TEXT),
        len(TEXT),
    )


def test_gzip_cut_at_any_place_is_refused(tmp_path: Path, settings: Settings) -> None:
    content = packed("identifier\n202611021\n")
    for length in range(len(content)):
        with pytest.raises(RefusedError):
            inspect(tmp_path, content[:length], settings)


def test_gzip_with_one_wrong_bit_is_refused(tmp_path: Path, settings: Settings) -> None:
    content = gzip.compress(TEXT)
    broken = bytearray(content)
    broken[len(content) // 2] ^= 1
    with pytest.raises(RefusedError, match=r"header\.csv\.gz is damaged gzip"):
        inspect(tmp_path, bytes(broken), settings)


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
def test_what_cannot_be_a_table_is_refused_in_words(
    tmp_path: Path, settings: Settings, content: bytes, name: str, words: str
) -> None:
    with pytest.raises(RefusedError) as refusal:
        inspect(tmp_path, content, settings, name)
    assert words in str(refusal.value)
    assert name in str(refusal.value)


def test_a_file_above_the_limit_is_refused(tmp_path: Path, settings: Settings) -> None:
    limited = settings.model_copy(update={"max_file_bytes": len(TEXT) - 1})
    with pytest.raises(RefusedError, match="raise LEVERAGE_MAX_FILE_BYTES"):
        inspect(tmp_path, TEXT, limited, "header.csv")


def test_a_small_file_may_pack_at_any_ratio(tmp_path: Path, settings: Settings) -> None:
    content = gzip.compress(b"identifier\n" + b"0" * 4_000_000)
    assert inspect(tmp_path, content, settings).expanded_bytes > 500 * len(content)


def test_a_bomb_by_ratio_is_stopped_early(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_module, "EXPANSION_FLOOR_BYTES", 2_000_000)
    content = gzip.compress(b"identifier\n" + b"0" * 20_000_000)
    unpacked: list[int] = []
    take = content_module._Unpacking._take

    def counted(self: content_module._Unpacking, data: bytes) -> int:
        unpacked.append(take(self, data))
        return unpacked[-1]

    monkeypatch.setattr(content_module._Unpacking, "_take", counted)
    with pytest.raises(RefusedError, match="over 200 times its size: refused as a bomb"):
        inspect(tmp_path, content, settings)
    assert sum(unpacked) < 5_000_000


def test_a_bomb_in_many_members_is_stopped_too(tmp_path: Path, settings: Settings) -> None:
    content = gzip.compress(b"0" * 1_000_000) * 30
    limited = settings.model_copy(update={"max_expanded_bytes": 10_000_000})
    with pytest.raises(RefusedError, match="unpacks to more than 10,000,000 bytes"):
        inspect(tmp_path, content, limited)
