"""Servers that fail: what is tried again and for how long, what is refused at once, and the reasons given."""

from __future__ import annotations

import contextlib
import gzip
from pathlib import Path

import pytest

from pipeline.ingest.land import land_release, landed
from pipeline.settings import Settings

from .conftest import (
    DAY,
    Waits,
    Web,
    file_name,
    landed_bytes,
    leftovers,
    manifest,
    packed,
    release,
    settings_for,
    table_bytes,
)
from .server import Handler, Step, lying_length, reset, reset_after, stall, status, without_length

PAGE = b"<!DOCTYPE html><html><body>Service is busy, please sign in</body></html>"


def failed(settings: Settings, waits: Waits) -> str:
    """Land, expect a failure that leaves nothing behind, and return its words."""
    landing = land_release(settings, DAY, pace=waits.pace)
    assert (landing.outcome, landing.files) == ("failed", ())
    assert landed(settings, DAY) is None
    assert landing.reason
    return landing.reason


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504, 599])
def test_passing_answer_is_tried_again(web_settings: Settings, web: Web, waits: Waits, code: int) -> None:
    web.script[web.table("header")] = [status(code), status(code)]
    assert land_release(web_settings, DAY, pace=waits.pace).outcome == "landed"
    assert len(web.asked_for("header")) == 3
    assert waits.slept == [1.0, 2.0]


@pytest.mark.parametrize("broken", [reset, reset_after(0), reset_after(60)], ids=["before", "head", "body"])
def test_reset_is_tried_again(web_settings: Settings, web: Web, waits: Waits, broken: Step) -> None:
    web.script[web.table("header")] = [broken]
    assert land_release(web_settings, DAY, pace=waits.pace).outcome == "landed"
    assert landed_bytes(web_settings)[file_name("header")] == table_bytes("header")
    assert waits.slept == [1.0]


def test_stalled_server_is_left_and_asked_again(tmp_path: Path, web: Web, waits: Waits) -> None:
    web.script[web.table("header")] = [stall(60)]
    settings = settings_for(web, tmp_path, read_timeout_s=0.1)
    assert land_release(settings, DAY, pace=waits.pace).outcome == "landed"
    assert landed_bytes(settings)[file_name("header")] == table_bytes("header")


def test_stall_is_a_failure_with_a_reason(tmp_path: Path, web: Web, waits: Waits) -> None:
    web.script[web.table("header")] = [stall(60)]
    words = failed(settings_for(web, tmp_path, read_timeout_s=0.1, retries=0), waits)
    assert f"{file_name('header')} stalled for 0.1 s" in words


def test_server_that_trickles_is_a_stalled_one(tmp_path: Path, web: Web, waits: Waits) -> None:
    waits.tick = 61.0  # a time-out has gone by at each look at the clock, which is once a piece
    settings = settings_for(web, tmp_path, retries=0)
    words = failed(settings, waits)
    assert f"{file_name('header')} stalled: " in words
    assert " bytes in " in words


def test_permanent_error_is_a_failure_with_a_reason(tmp_path: Path, web: Web, waits: Waits) -> None:
    web.script[web.table("header")] = [status(500)] * 9
    words = failed(settings_for(web, tmp_path, retries=3), waits)
    assert f"{file_name('header')} answered 500 (given up after 4 tries)" in words
    assert waits.slept == [1.0, 2.0, 4.0]


def test_optional_table_that_fails_fails_the_release(tmp_path: Path, web: Web, waits: Waits) -> None:
    web.script[web.table("hazmat")] = [status(500)] * 9
    assert "hazmat" in failed(settings_for(web, tmp_path, retries=1), waits)


def test_server_that_is_not_there_is_a_failure_with_a_reason(tmp_path: Path, web: Web, waits: Waits) -> None:
    settings = settings_for(web, tmp_path, source_url="http://127.0.0.1:1/feed", retries=1)
    assert "cannot be reached" in failed(settings, waits)
    assert waits.slept == [1.0]


def test_server_decides_the_wait(web_settings: Settings, web: Web, waits: Waits) -> None:
    web.script[web.table("header")] = [
        status(429, Retry_After="7"),
        status(503, Retry_After="Tue, 03 Nov 2026 12:01:30 GMT"),
        status(503, Retry_After="86400"),
        status(503, Retry_After="soon"),
    ]
    assert land_release(web_settings, DAY, pace=waits.pace).outcome == "landed"
    assert waits.slept == [7.0, 90.0, 300.0, 8.0]


@pytest.mark.parametrize("code", [401, 403])
def test_denial_is_not_tried_again_and_points_at_the_token(
    web_settings: Settings, web: Web, waits: Waits, code: int
) -> None:
    web.script[web.table("header")] = [status(code)]
    words = failed(web_settings, waits)
    assert f"answered {code}: no token is set; check LEVERAGE_SOURCE_TOKEN" in words
    assert len(web.asked_for("header")) == 1


@pytest.mark.parametrize("code", [204, 206, 304, 400, 416, 418])
def test_answer_that_was_not_asked_for_is_a_failure(web_settings: Settings, web: Web, waits: Waits, code: int) -> None:
    web.script[web.table("header")] = [status(code, b"")]
    assert f"answered {code}, which means neither a file nor its absence" in failed(web_settings, waits)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (PAGE, "a web page or an error message"),
        (b'{"error": "quota"}', "a web page or an error message"),
        (packed(PAGE.decode()), "a web page or an error message"),
        (b"identifier,carrier_code\n1,2\n", "is not gzip data though its name says so"),
        (table_bytes("header")[:-9], "ends early"),
        (table_bytes("header") + b"\0\0garbage", "other bytes behind"),
        (b"", "is empty"),
        (gzip.compress(b""), "is empty"),
    ],
    ids=["page", "json", "packed page", "plain", "truncated", "trailing", "empty", "packed empty"],
)
def test_content_that_is_not_the_table_is_refused_at_once(
    web_settings: Settings, web: Web, waits: Waits, content: bytes, words: str
) -> None:
    web.publish({file_name("header"): content})
    reason = failed(web_settings, waits)
    assert words in reason
    assert file_name("header") in reason
    assert len(web.asked_for("header")) == 1
    assert leftovers(web_settings) == []


def test_bomb_is_refused(tmp_path: Path, web: Web, waits: Waits) -> None:
    web.publish({file_name("header"): gzip.compress(b"identifier\n" + b"1\n" * 4_000_000)})
    settings = settings_for(web, tmp_path, max_expanded_bytes=1_000_000)
    assert "unpacks to more than 1,000,000 bytes: refused as a bomb" in failed(settings, waits)


def test_file_that_is_too_large_is_refused_before_its_body(tmp_path: Path, web: Web, waits: Waits) -> None:
    web.publish({file_name("header"): table_bytes("header", rows=9000)})
    settings = settings_for(web, tmp_path, max_file_bytes=1000)
    landing = land_release(settings, DAY, pace=waits.pace)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "more than 1,000 bytes: refused. If it is genuine, raise LEVERAGE_MAX_FILE_BYTES" in landing.reason
    assert leftovers(settings) == []


def test_file_that_grows_too_large_is_cut(tmp_path: Path, web: Web, waits: Waits) -> None:
    web.publish({file_name("header"): table_bytes("header", rows=9000)})
    web.script[web.table("header")] = [without_length]
    settings = settings_for(web, tmp_path, max_file_bytes=1000)
    landing = land_release(settings, DAY, pace=waits.pace)
    assert landing.reason
    assert "more than 1,000 bytes: refused" in landing.reason
    assert leftovers(settings) == []


def test_length_that_is_too_short_is_detected(web_settings: Settings, web: Web, waits: Waits) -> None:
    web.script[web.table("header")] = [lying_length(60)] * 2
    assert "ends early" in failed(web_settings, waits)


def test_length_that_is_too_long_is_detected(tmp_path: Path, web: Web, waits: Waits) -> None:
    web.ranges = False
    web.script[web.table("header")] = [lying_length(90_000)] * 4
    words = failed(settings_for(web, tmp_path, retries=1), waits)
    assert "broke off in the middle" in words


def test_length_other_than_the_manifests_is_refused_before_the_body(
    web_settings: Settings, web: Web, waits: Waits
) -> None:
    content = table_bytes("header")
    web.publish({"manifest.json": manifest(release())})
    web.script[web.table("header")] = [lying_length(len(content) - 1)]
    words = failed(web_settings, waits)
    assert f"sends {len(content) - 1:,} bytes, its manifest says {len(content):,}: refused" in words
    assert leftovers(web_settings) == []


def test_wrong_checksum_is_refused(web_settings: Settings, web: Web, waits: Waits) -> None:
    web.publish({"manifest.json": manifest(release(), sha256="0" * 64)})
    words = failed(web_settings, waits)
    assert "its manifest says 000000000000..." in words
    assert leftovers(web_settings) == []


@pytest.mark.parametrize("name", ["../../evil.csv.gz", "/etc/passwd", "a\\b.csv", "C:evil", "..", "", "a\nb", "a/b"])
def test_path_in_a_manifest_name_is_refused(web_settings: Settings, web: Web, waits: Waits, name: str) -> None:
    web.publish({"manifest.json": manifest({name: b"x"})})
    assert "is not a plain file name: refused" in failed(web_settings, waits)
    assert web.asked_for("header") == []


def test_web_page_instead_of_a_manifest_is_refused(web_settings: Settings, web: Web, waits: Waits) -> None:
    web.publish({"manifest.json": PAGE})
    assert "manifest.json is not JSON" in failed(web_settings, waits)


def test_endless_manifest_is_refused(web_settings: Settings, web: Web, waits: Waits) -> None:
    sent: list[int] = []

    def endless(handler: Handler) -> None:
        handler.head(200, {"Connection": "close"})
        with contextlib.suppress(OSError):
            for _ in range(200):
                handler.wfile.write(b" " * 1_000_000)
                sent.append(1_000_000)

    web.script[web.path("manifest.json")] = [endless]
    assert "manifest.json is larger than" in failed(web_settings, waits)
    assert len(sent) < 200


def test_manifest_is_tried_again_too(web_settings: Settings, web: Web, waits: Waits) -> None:
    web.script[web.path("manifest.json")] = [status(503), reset]
    assert land_release(web_settings, DAY, pace=waits.pace).outcome == "landed"
    assert waits.slept == [1.0, 2.0]
