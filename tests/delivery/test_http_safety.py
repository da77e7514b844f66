"""Addresses that webhooks are sent to, and those that are refused."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
import trustme

from pipeline.delivery.channels.http import MAX_REQUEST_BYTES, post
from pipeline.delivery.channels.outcome import Outcome
from pipeline.net.addresses import is_public
from tests.delivery import made
from tests.delivery.receivers import Receiver, receiver, redirect_to
from tests.net.private_addresses import PRIVATE


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[Any]:
    """Resolve every name to these addresses; returns the connections that are tried."""
    tried: list[Any] = []
    connect = socket.socket.connect

    def resolved(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def connected(self: socket.socket, address: Any) -> None:
        tried.append(address)
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    monkeypatch.setattr(socket.socket, "connect", connected)
    return tried


def posted(url: str, body: bytes = b"{}", seconds: float = 5, **options: Any) -> Outcome:
    return post(url, body, {}, seconds, datetime.now(UTC), **options)


@pytest.mark.parametrize("address", PRIVATE)
def test_host_with_a_private_address_is_not_connected_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    tried = resolve_to(monkeypatch, address)
    assert "not on the public internet" in posted("https://hooks.example.com/x").reason
    assert tried == []


def test_host_with_private_and_public_addresses_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = resolve_to(monkeypatch, "93.184.216.34", "10.0.0.7")
    assert "not on the public internet" in posted("https://hooks.example.com/x").reason
    assert tried == []
    assert is_public("93.184.216.34")


def test_localhost_must_be_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = resolve_to(monkeypatch, "10.0.0.7")
    assert posted("http://localhost/x").kind == "later"
    assert tried == []


def test_name_that_resolves_to_a_private_address_after_the_check_gets_no_request(
    monkeypatch: pytest.MonkeyPatch, hooks: Receiver
) -> None:
    port = int(hooks.url.split(":")[2].split("/")[0])
    answers = iter(["93.184.216.34", "127.0.0.1"])

    def resolved(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    assert "not on the public internet" in posted(f"https://hooks.example.com:{port}/x").reason
    assert hooks.requests == []


def test_certificate_is_verified_for_the_name_of_the_url(
    monkeypatch: pytest.MonkeyPatch, authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.example.com").configure_cert(context)
    with receiver(made.SECRET, context) as hooks:
        port = int(hooks.url.split(":")[2].split("/")[0])
        tried = resolve_to(monkeypatch, "127.0.0.1")
        anywhere: dict[str, Any] = {"is_allowed": lambda _: True, "tls": trusting}
        assert posted(f"https://hooks.example.com:{port}/x", **anywhere).code == 204
        assert tried == [("127.0.0.1", port)]
        assert hooks.requests[0].headers["host"] == f"hooks.example.com:{port}"
        assert "certificate" in posted(f"https://other.example.com:{port}/x", **anywhere).reason


@pytest.mark.parametrize("url", ["http://example.com/", "ftp://127.0.0.1/", "file:///etc/passwd"])
def test_only_https_leaves_this_machine(url: str) -> None:
    assert posted(url).reason.startswith("only https")


def test_redirect_is_an_answer_and_not_followed(hooks: Receiver) -> None:
    with receiver(made.SECRET) as elsewhere:
        hooks.script.append(redirect_to(elsewhere.url))
        assert posted(hooks.url).code == 307
        assert elsewhere.requests == []


def test_message_that_is_too_large_is_not_sent(hooks: Receiver) -> None:
    assert "100,001 bytes" in posted(hooks.url, b"x" * (MAX_REQUEST_BYTES + 1)).reason
    assert hooks.requests == []


def test_name_that_does_not_resolve_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [ended.wait(10)][:0])
    assert posted("https://hooks.example.com/x", seconds=0.2).reason == "no answer within 0.2 s"
    ended.set()


def test_no_proxy_of_the_environment_is_asked(hooks: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert posted(hooks.url).code == 204
