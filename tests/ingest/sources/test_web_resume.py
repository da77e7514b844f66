"""Downloads that break off: continued where the server allows it, started over where it does not."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from pipeline.ingest.land import land_release, landed
from pipeline.settings import Settings

from .conftest import DAY, Waits, Web, file_name, landed_bytes, leftovers, packed, release, settings_for
from .server import Handler, closing, cut, etag, serve, status

RANDOM = random.Random(7)
BIG = packed("identifier\n" + "\n".join(f"20261102{n},{RANDOM.getrandbits(64):x}" for n in range(2000)))
OTHER = packed("identifier\n" + "\n".join(f"20261102{n},{RANDOM.getrandbits(64):x}" for n in range(2000)))
CUT = 9000


def chunked_and_cut(handler: Handler) -> None:
    """Send the first `CUT` bytes in one chunk, of a file of unknown length, and close."""
    handler.head(200, {"Transfer-Encoding": "chunked", "ETag": etag(BIG), "Last-Modified": handler.feed.last_modified})
    handler.wfile.write(f"{CUT:x}\r\n".encode() + BIG[:CUT] + b"\r\n")
    handler.close_connection = True


@pytest.fixture
def path(web: Web) -> str:
    """The web server has a longer header file; its path."""
    web.publish({file_name("header"): BIG})
    return web.table("header")


def ranges(web: Web, path: str) -> list[tuple[str | None, str | None]]:
    return [(request.headers.get("range"), request.headers.get("if-range")) for request in web.asked(path)]


def arrived(settings: Settings, waits: Waits, content: bytes = BIG) -> None:
    landing = land_release(settings, DAY, pace=waits.pace)
    assert (landing.outcome, landing.reason) == ("landed", None)
    assert landed_bytes(settings)[file_name("header")] == content
    assert landing.files[0].sha256 == hashlib.sha256(content).hexdigest()
    assert leftovers(settings) == []


def test_broken_off_download_is_resumed(web_settings: Settings, web: Web, waits: Waits, path: str) -> None:
    web.script[path] = [cut(CUT), cut(500)]
    arrived(web_settings, waits)
    assert ranges(web, path) == [
        (None, None),
        (f"bytes={CUT}-", etag(BIG)),
        (f"bytes={CUT + 500}-", etag(BIG)),
    ]


def test_next_run_continues_it_too(tmp_path: Path, web: Web, waits: Waits, path: str) -> None:
    web.script[path] = [cut(CUT)]
    settings = settings_for(web, tmp_path, retries=0)
    assert land_release(settings, DAY, pace=waits.pace).outcome == "failed"
    assert leftovers(settings) == [f"{file_name('header')}.part", f"{file_name('header')}.part.json"]
    arrived(settings, waits)
    assert ranges(web, path)[1] == (f"bytes={CUT}-", etag(BIG))


def test_whole_file_of_the_last_run_is_only_asked_for_again(
    web_settings: Settings, web: Web, waits: Waits, path: str
) -> None:
    web.script[web.table("consignee")] = [status(403)]
    assert land_release(web_settings, DAY, pace=waits.pace).outcome == "failed"
    assert land_release(web_settings, DAY).outcome == "landed"
    assert web.asked(path)[1].headers["if-none-match"] == etag(BIG)
    assert landed_bytes(web_settings)[file_name("header")] == BIG


def test_whole_file_of_the_last_run_that_changed_since_is_fetched(
    web_settings: Settings, web: Web, waits: Waits, path: str
) -> None:
    web.script[web.table("consignee")] = [status(403)]
    assert land_release(web_settings, DAY, pace=waits.pace).outcome == "failed"
    web.files[path] = OTHER
    arrived(web_settings, waits, OTHER)


def test_whole_file_of_the_last_run_that_was_damaged_is_fetched_once_more(
    web_settings: Settings, web: Web, waits: Waits, path: str
) -> None:
    web.script[web.table("consignee")] = [status(403)]
    assert land_release(web_settings, DAY, pace=waits.pace).outcome == "failed"
    part = web_settings.landing_dir / ".partial" / DAY.isoformat() / f"{file_name('header')}.part"
    part.write_bytes(b"\0" * len(BIG))
    arrived(web_settings, waits)


def test_whole_plain_file_of_the_last_run_that_was_cut_is_fetched_again(tmp_path: Path, web: Web, waits: Waits) -> None:
    plain = b"identifier\n" + b"202611021\n" * 2000
    web.publish({name.removesuffix(".gz"): plain for name in release()})
    web.script[web.table("consignee").removesuffix(".gz")] = [status(403)]
    settings = settings_for(web, tmp_path, source_template="%Y/%Y%m%d/ams__{table}_%Y__%Y%m%d.csv")
    assert land_release(settings, DAY, pace=waits.pace).outcome == "failed"
    name = file_name("header").removesuffix(".gz")
    part = settings.landing_dir / ".partial" / DAY.isoformat() / f"{name}.part"
    part.write_bytes(plain[:CUT])
    assert land_release(settings, DAY, pace=waits.pace).outcome == "landed"
    assert landed_bytes(settings)[name] == plain


def test_server_without_ranges_starts_over(web_settings: Settings, web: Web, waits: Waits, path: str) -> None:
    web.ranges = False
    web.script[path] = [cut(CUT)]
    arrived(web_settings, waits)
    assert len(web.asked(path)) == 2


def test_file_that_changed_meanwhile_starts_over(web_settings: Settings, web: Web, waits: Waits, path: str) -> None:
    def changed(handler: Handler) -> None:
        web.files[path] = OTHER
        serve(handler)

    web.script[path] = [cut(CUT), changed]
    arrived(web_settings, waits, OTHER)


def test_range_that_is_refused_starts_over_at_once(tmp_path: Path, web: Web, waits: Waits, path: str) -> None:
    web.script[path] = [cut(CUT), status(416, b"", Content_Range=f"bytes */{CUT}")]
    arrived(settings_for(web, tmp_path, retries=1), waits)
    assert waits.slept == [1.0]
    assert ranges(web, path)[2] == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"Content-Range": f"bytes 0-{len(BIG) - 1}/{len(BIG)}"},
        {"Content-Range": f"bytes {CUT}-{len(BIG)}/{len(BIG) + 1}"},
        {"Content-Range": "bytes"},
        {"Content-Range": ""},
        {"ETag": '"another"'},
        {"Last-Modified": "Tue, 03 Nov 2026 10:00:00 GMT"},
    ],
    ids=["start", "length", "torn", "none", "etag", "date"],
)
def test_rest_of_something_else_is_not_joined(
    web_settings: Settings, web: Web, waits: Waits, path: str, wrong: dict[str, str]
) -> None:
    right = {
        "Content-Range": f"bytes {CUT}-{len(BIG) - 1}/{len(BIG)}",
        "ETag": etag(BIG),
        "Last-Modified": web.last_modified,
    }
    web.script[path] = [cut(CUT), lambda handler: handler.answer(206, BIG[CUT:], {**right, **wrong})]
    arrived(web_settings, waits)
    assert ranges(web, path)[2] == (None, None)


def test_a_206_with_all_bytes_is_not_joined(web_settings: Settings, web: Web, waits: Waits, path: str) -> None:
    place = f"bytes 0-{len(BIG) - 1}/{len(BIG)}"
    web.script[path] = [cut(CUT), lambda handler: handler.answer(206, BIG, {"Content-Range": place})]
    arrived(web_settings, waits)
    assert ranges(web, path)[2] == (None, None)


def test_rest_of_a_file_of_another_size_is_not_joined(
    web_settings: Settings, web: Web, waits: Waits, path: str
) -> None:
    place = f"bytes {CUT}-{len(BIG)}/{len(BIG) + 1}"
    web.script[path] = [cut(CUT), closing(206, BIG[CUT:], {"Content-Range": place})]
    arrived(web_settings, waits)
    assert ranges(web, path)[2] == (None, None)
    assert waits.slept == [1.0]


def test_file_of_unknown_length_starts_over(web_settings: Settings, web: Web, waits: Waits, path: str) -> None:
    web.script[path] = [chunked_and_cut]
    arrived(web_settings, waits)
    assert ranges(web, path) == [(None, None), (None, None)]


def test_rest_that_ends_early_is_continued_again(web_settings: Settings, web: Web, waits: Waits, path: str) -> None:
    place = f"bytes {CUT}-{len(BIG) - 1}/{len(BIG)}"
    web.script[path] = [cut(CUT), closing(206, BIG[CUT:-10], {"Content-Range": place})]
    arrived(web_settings, waits)
    assert ranges(web, path)[2][0] == f"bytes={len(BIG) - 10}-"


def test_bytes_of_an_older_file_never_are_beside_a_newer_record(
    tmp_path: Path, web: Web, waits: Waits, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        """Ends the run where a kill could."""

    def killed(*_args: object, **_more: object) -> None:
        raise KilledError

    settings = settings_for(web, tmp_path, retries=0)
    web.script[path] = [cut(CUT)]
    land_release(settings, DAY, pace=waits.pace)
    web.files[path] = OTHER
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.ingest.sources.part.private_file", killed)
        with pytest.raises(KilledError):
            land_release(settings, DAY, pace=waits.pace)
    arrived(settings, waits, OTHER)
    assert ranges(web, path)[2] == (None, None)


def test_without_validators_a_file_starts_over(web_settings: Settings, web: Web, waits: Waits, path: str) -> None:
    web.etags, web.last_modified = False, ""
    web.script[path] = [cut(CUT)]
    arrived(web_settings, waits)
    assert ranges(web, path) == [(None, None), (None, None)]


def test_two_plain_files_are_never_joined_without_proof(tmp_path: Path, web: Web, waits: Waits) -> None:
    plain = b"identifier\n" + b"202611021\n" * 2000
    template = "%Y/%Y%m%d/ams__{table}_%Y__%Y%m%d.csv"
    path = web.table("header").removesuffix(".gz")
    for table in release():
        web.files[web.path(table.removesuffix(".gz"))] = plain
    web.etags, web.last_modified = False, ""
    web.script[path] = [cut(CUT)]
    settings = settings_for(web, tmp_path, source_template=template)
    assert land_release(settings, DAY, pace=waits.pace).outcome == "landed"
    assert ranges(web, path) == [(None, None), (None, None)]


def test_weak_validator_does_not_vouch_for_a_range(web_settings: Settings, web: Web, waits: Waits, path: str) -> None:
    def weak(handler: Handler) -> None:
        handler.head(200, {"Content-Length": str(len(BIG)), "ETag": 'W/"1"', "Last-Modified": web.last_modified})
        handler.wfile.write(BIG[:CUT])
        handler.close_connection = True

    web.etags = False
    web.script[path] = [weak]
    arrived(web_settings, waits)
    assert ranges(web, path)[1] == (None, None)


def test_file_that_vanishes_in_the_middle_is_absent(web_settings: Settings, web: Web, waits: Waits, path: str) -> None:
    web.script[path] = [cut(CUT), status(404)]
    assert land_release(web_settings, DAY, pace=waits.pace).outcome == "incomplete"
    assert f"{file_name('header')}.part" not in leftovers(web_settings)
    assert landed(web_settings, DAY) is None


def test_torn_note_beside_a_part_starts_over(tmp_path: Path, web: Web, waits: Waits, path: str) -> None:
    web.script[path] = [cut(CUT)]
    settings = settings_for(web, tmp_path, retries=0)
    land_release(settings, DAY, pace=waits.pace)
    note = settings.landing_dir / ".partial" / DAY.isoformat() / f"{file_name('header')}.part.json"
    note.write_bytes(note.read_bytes()[:20])
    arrived(settings, waits)
    assert ranges(web, path)[1] == (None, None)


def test_part_of_another_source_is_not_continued(tmp_path: Path, web: Web, waits: Waits, path: str) -> None:
    web.script[path] = [cut(CUT)]
    land_release(settings_for(web, tmp_path, retries=0), DAY, pace=waits.pace)
    web.files.update({name.replace("/feed/", "/mirror/"): content for name, content in web.files.items()})
    arrived(settings_for(web, tmp_path, source_url=web.url.replace("feed", "mirror")), waits)
    assert ranges(web, path.replace("feed", "mirror")) == [(None, None)]
