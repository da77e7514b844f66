"""Where a session connects to, and what it does not send or follow."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import trustme

from pipeline.net.addresses import is_public
from pipeline.net.http import AddressRefusedError, BearerToken, open_session
from tests.ingest.sources.server import Feed, redirect, stall
from tests.net.private_addresses import PRIVATE


@pytest.fixture
def feed() -> Iterator[Feed]:
    feed = Feed(files={"/x": b"content", "/y": b"other"})
    stop = feed.start()
    yield feed
    stop()


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def resolved(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)


def forbid_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*_args: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("address", PRIVATE)
def test_host_with_a_private_address_is_not_connected_to(
    monkeypatch: pytest.MonkeyPatch, address: str, scheme: str
) -> None:
    resolve_to(monkeypatch, "93.184.216.34", address)
    forbid_connections(monkeypatch)
    session = open_session(5, 5, is_allowed=is_public, use_proxies=False)
    with pytest.raises(AddressRefusedError, match=r"hooks\.example\.com has an address that is not on the public"):
        session.get(f"{scheme}://hooks.example.com/x")


def test_address_connected_to_is_checked_when_the_name_resolves_anew(
    monkeypatch: pytest.MonkeyPatch, feed: Feed
) -> None:
    answers = ["93.184.216.34", "127.0.0.1"]
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda _host, port, *_a, **_k: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers.pop(0), port))],
    )
    session = open_session(5, 5, is_allowed=is_public, use_proxies=False)
    with pytest.raises(AddressRefusedError):
        session.get(f"http://hooks.example.com:{feed.port}/x")
    assert feed.requests == []


def test_allowed_address_is_connected_to(feed: Feed) -> None:
    session = open_session(5, 5, is_allowed=lambda address: address == "127.0.0.1", use_proxies=False)
    assert session.get(f"http://127.0.0.1:{feed.port}/x").content == b"content"


def test_host_that_does_not_resolve_is_a_connection_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_more: object) -> list[object]:
        raise socket.gaierror("Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(requests.ConnectionError):
        open_session(5, 5, is_allowed=is_public, use_proxies=False).get("https://nowhere.example/x")


def test_redirect_is_an_answer(feed: Feed) -> None:
    feed.script["/x"] = [redirect("/y")]
    assert open_session(5, 5).get(f"http://127.0.0.1:{feed.port}/x").status_code == 302
    assert feed.asked("/y") == []


def test_read_has_a_timeout_without_being_asked_for_one(feed: Feed) -> None:
    feed.script["/x"] = [stall(0)]
    with pytest.raises(requests.ConnectionError):
        open_session(5, 0.1).get(f"http://127.0.0.1:{feed.port}/x")


def test_proxies_and_password_files_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Any, feed: Feed) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password geheim\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    session = open_session(5, 5, use_proxies=False)
    assert session.get(f"http://127.0.0.1:{feed.port}/x", auth=BearerToken("geheim")).content == b"content"
    assert feed.requests[0].headers["authorization"] == "Bearer geheim"
    session.get(f"http://127.0.0.1:{feed.port}/x", auth=BearerToken(None))
    assert "authorization" not in feed.requests[1].headers


def test_certificate_is_checked_against_the_name_that_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.example.com").configure_cert(serving)
    feed = Feed(files={"/x": b"content"})
    stop = feed.start(serving)
    try:
        resolve_to(monkeypatch, "127.0.0.1")
        session = open_session(5, 5, is_allowed=lambda _: True, use_proxies=False, tls=trusting)
        assert session.get(f"https://hooks.example.com:{feed.port}/x").content == b"content"
        with pytest.raises(requests.exceptions.SSLError):
            session.get(f"https://other.example.com:{feed.port}/x")
    finally:
        stop()
