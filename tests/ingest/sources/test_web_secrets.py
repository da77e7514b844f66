"""The token goes to its own server only and nowhere else: no message, no log, no file, no other host."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.ingest.land import land_release
from pipeline.settings import Settings

from .conftest import DAY, Waits, Web, file_name, landed_bytes, release, settings_for
from .server import Step, cut, redirect, reset, status

TOKEN = "geheim-0123456789"


@pytest.fixture
def settings(tmp_path: Path, web: Web) -> Settings:
    return settings_for(web, tmp_path, source_token=TOKEN, retries=1)


@pytest.fixture
def other() -> Iterator[Web]:
    """Another server (another port) that has the release too."""
    feed = Web()
    feed.publish(release())
    stop = feed.start()
    yield feed
    stop()


def tokens(web: Web, path: str) -> list[str | None]:
    return [request.headers.get("authorization") for request in web.asked(path)]


def test_token_is_sent_with_each_request(settings: Settings, web: Web) -> None:
    assert land_release(settings, DAY).outcome == "landed"
    assert {request.headers["authorization"] for request in web.requests} == {f"Bearer {TOKEN}"}
    assert TOKEN.encode() not in landed_bytes(settings)["provenance.json"]


def test_no_password_file_is_read(tmp_path: Path, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password geheim\n")
    monkeypatch.setenv("NETRC", str(netrc))
    land_release(settings_for(web, tmp_path), DAY)
    assert {request.headers.get("authorization") for request in web.requests} == {None}


@pytest.mark.parametrize("fault", [status(401), status(500), reset, cut(20), status(418), redirect("ftp://x/")])
def test_no_fault_shows_the_token_or_the_query(
    tmp_path: Path, web: Web, waits: Waits, caplog: pytest.LogCaptureFixture, fault: Step
) -> None:
    caplog.set_level(logging.DEBUG, logger="pipeline")
    web.ranges = False
    web.script[web.table("header")] = [fault] * 3
    settings = settings_for(web, tmp_path, source_token=TOKEN, retries=1, source_url=f"{web.url}?sig=secret")
    landing = land_release(settings, DAY, pace=waits.pace)
    assert landing.outcome == "failed"
    assert landing.reason
    for text in (landing.reason, caplog.text, str(settings)):
        assert TOKEN not in text
    for text in (landing.reason, caplog.text):
        assert "secret" not in text


def test_token_that_cannot_be_a_header_is_refused_without_showing_it(tmp_path: Path, web: Web) -> None:
    landing = land_release(settings_for(web, tmp_path, source_token=f"{TOKEN}\r\nX-Evil: 1"), DAY)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "LEVERAGE_SOURCE_TOKEN holds blanks or characters" in landing.reason
    assert TOKEN not in landing.reason
    assert web.requests == []


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_redirect_to_another_host_drops_the_token(settings: Settings, web: Web, other: Web, code: int) -> None:
    path = web.table("header")
    web.script[path] = [redirect(f"http://localhost:{other.port}{path}?sig=1", code)]
    landing = land_release(settings, DAY)
    assert landing.outcome == "landed"
    assert tokens(web, path) == [f"Bearer {TOKEN}"]
    assert tokens(other, path) == [None]
    assert landing.files[0].url == f"{web.url}/2026/20261102/{file_name('header')}"


def test_another_port_is_another_server(settings: Settings, web: Web, other: Web) -> None:
    path = web.table("header")
    web.script[path] = [redirect(f"http://127.0.0.1:{other.port}{path}")]
    assert land_release(settings, DAY).outcome == "landed"
    assert tokens(other, path) == [None]


def test_way_back_does_not_bring_the_token_back(settings: Settings, web: Web, other: Web) -> None:
    path = web.table("header")
    web.script[path] = [redirect(f"http://127.0.0.1:{other.port}/there")]
    other.script["/there"] = [redirect(f"http://127.0.0.1:{web.port}{path}")]
    assert land_release(settings, DAY).outcome == "landed"
    assert tokens(web, path) == [f"Bearer {TOKEN}", None]


def test_redirect_of_another_host_to_itself_does_not_bring_it_back(settings: Settings, web: Web, other: Web) -> None:
    path = web.table("header")
    web.script[path] = [redirect(f"http://127.0.0.1:{other.port}/there")]
    other.script["/there"] = [redirect(path)]
    assert land_release(settings, DAY).outcome == "landed"
    assert tokens(other, path) == [None]


def test_redirect_on_the_same_server_keeps_the_token(settings: Settings, web: Web) -> None:
    path = web.table("header")
    web.files["/store/1"] = web.files[path]
    web.script[path] = [redirect("/store/1")]
    assert land_release(settings, DAY).outcome == "landed"
    assert tokens(web, "/store/1") == [f"Bearer {TOKEN}"]


def test_range_goes_along_with_a_redirect(settings: Settings, web: Web, waits: Waits) -> None:
    path = web.table("header")
    web.files["/store/1"] = web.files[path]
    web.script[path] = [redirect("/store/1"), redirect("/store/1")]
    web.script["/store/1"] = [cut(50)]
    assert land_release(settings, DAY, pace=waits.pace).outcome == "landed"
    assert web.asked("/store/1")[1].headers["range"] == "bytes=50-"
    assert landed_bytes(settings)[file_name("header")] == web.files[path]


def test_redirects_in_a_circle_end(settings: Settings, web: Web, waits: Waits) -> None:
    path = web.table("header")
    web.script[path] = [redirect(path)] * 20
    landing = land_release(settings, DAY, pace=waits.pace)
    assert landing.outcome == "failed"
    assert landing.reason
    assert "more than 5 redirects" in landing.reason
    assert waits.slept == []
