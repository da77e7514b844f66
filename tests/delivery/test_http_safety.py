"""Where requests go and where they do not."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import pytest
import trustme

from pipeline.delivery.http import MAX_REQUEST_BYTES, RefusedError, UnreachableError, post
from pipeline.net.addresses import is_public
from tests.delivery import made
from tests.delivery.receivers import Receiver, receiver, redirect_to

PRIVATE = [
    "10.0.0.7",
    "172.16.3.4",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "127.0.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "::1",
    "fe80::1",
    "fd00:ec2::254",
    "::ffff:10.0.0.7",
    "64:ff9b::a9fe:a9fe",
    "2002:a9fe:a9fe::1",
]


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[Any]:
    """Every name has these addresses; returns the connections that were tried."""
    tried: list[Any] = []

    def resolved(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    connect = socket.create_connection

    def connected(address: Any, *rest: Any, **named: Any) -> Any:
        tried.append(address)
        return connect(address, *rest, **named)

    monkeypatch.setattr("pipeline.net.deadline.socket.getaddrinfo", resolved)
    monkeypatch.setattr("pipeline.delivery.http.socket.create_connection", connected)
    return tried


@pytest.mark.parametrize("address", PRIVATE)
def test_a_host_with_a_private_address_is_not_connected_to(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    tried = resolve_to(monkeypatch, address)
    with pytest.raises(RefusedError, match="not on the public internet"):
        post("https://hooks.example.com/x", b"{}", {}, 5)
    assert tried == []


def test_nor_one_with_a_private_address_among_public_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = resolve_to(monkeypatch, "93.184.216.34", "10.0.0.7")
    with pytest.raises(RefusedError):
        post("https://hooks.example.com/x", b"{}", {}, 5)
    assert tried == []
    assert is_public("93.184.216.34")


def test_localhost_must_be_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = resolve_to(monkeypatch, "10.0.0.7")
    with pytest.raises(RefusedError):
        post("http://localhost/x", b"{}", {}, 5)
    assert tried == []


def test_the_connection_goes_to_the_address_that_was_checked_by_the_name_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, authority: trustme.CA, trusting: ssl.SSLContext
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("hooks.example.com").configure_cert(context)
    with receiver(made.SECRET, context) as hooks:
        port = int(hooks.url.split(":")[2].split("/")[0])
        tried = resolve_to(monkeypatch, "127.0.0.1")
        url = f"https://hooks.example.com:{port}/x"
        assert post(url, b"{}", {}, 5, is_allowed=lambda _: True, context=trusting).code == 204
        assert tried == [("127.0.0.1", port)]
        assert hooks.requests[0].headers["host"] == f"hooks.example.com:{port}"
        with pytest.raises(UnreachableError, match="certificate"):
            post(f"https://other.example.com:{port}/x", b"{}", {}, 5, is_allowed=lambda _: True, context=trusting)


@pytest.mark.parametrize("url", ["http://example.com/", "ftp://127.0.0.1/", "file:///etc/passwd"])
def test_only_https_leaves_this_machine(url: str) -> None:
    with pytest.raises(RefusedError, match="only https"):
        post(url, b"{}", {}, 5)


def test_a_redirect_is_an_answer_and_not_followed(hooks: Receiver) -> None:
    with receiver(made.SECRET) as elsewhere:
        hooks.script.append(redirect_to(elsewhere.url))
        assert post(hooks.url, b"{}", {}, 5).code == 307
        assert elsewhere.requests == []


def test_what_is_too_large_is_not_sent(hooks: Receiver) -> None:
    with pytest.raises(RefusedError, match="100,001 bytes"):
        post(hooks.url, b"x" * (MAX_REQUEST_BYTES + 1), {}, 5)
    assert hooks.requests == []


def test_a_name_that_does_not_resolve_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    ended = threading.Event()
    monkeypatch.setattr("pipeline.net.deadline.socket.getaddrinfo", lambda *_, **__: [ended.wait(10)][:0])
    with pytest.raises(UnreachableError, match=r"no answer within 0\.2 s"):
        post("https://hooks.example.com/x", b"{}", {}, 0.2)
    ended.set()


def test_no_proxy_of_the_environment_is_asked(hooks: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert post(hooks.url, b"{}", {}, 5).code == 204
