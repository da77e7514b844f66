"""Which redirects are followed, which addresses are private, and what of a URL may be shown."""

from __future__ import annotations

import pytest

from pipeline.net import addresses
from pipeline.net.addresses import RedirectRefusedError, is_private, public_url, redirect_target, same_server


@pytest.mark.parametrize(
    ("current", "location", "words"),
    [
        ("https://feed.example/a", "http://feed.example/a", "from https to http"),
        ("https://feed.example/a", "file:///etc/passwd", "scheme 'file'"),
        ("https://feed.example/a", "", "without a Location"),
        ("https://feed.example/a", "https://[::1", "cannot be read"),
        ("https://feed.example/a", "https://10.0.0.1/a", "private address 10.0.0.1"),
        ("https://feed.example/a", "https://169.254.169.254/latest", "private address 169.254.169.254"),
        ("https://feed.example/a", "https://inside.example/a", "private address inside.example"),
        ("https://cdn.example/a", "https://[::ffff:127.0.0.1]/a", "private address"),
    ],
)
def test_redirect_that_is_not_followed_gives_the_reason(
    monkeypatch: pytest.MonkeyPatch, current: str, location: str, words: str
) -> None:
    known = {"feed.example": "93.184.216.34", "cdn.example": "93.184.216.35", "inside.example": "192.168.1.1"}
    monkeypatch.setattr(
        addresses.socket, "getaddrinfo", lambda host, *_a, **_k: [(0, 0, 0, "", (known.get(host, host), 0))]
    )
    with pytest.raises(RedirectRefusedError, match=words):
        redirect_target("https://feed.example/a", current, location)


def test_redirect_loses_its_user_name() -> None:
    assert redirect_target("http://127.0.0.1/a", "http://127.0.0.1/a", "http://me:pw@127.0.0.1/b?c=1") == (
        "http://127.0.0.1/b?c=1"
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://A.example:443/y", True),
        ("http://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "http://a.example/y", False),
        ("http://a.example:8080/x", "https://a.example/y", False),
        ("https://a.example/x", "https://b.example/x", False),
        ("https://a.example/x", "https://a.example:8443/x", False),
    ],
)
def test_one_server_is_one_host_and_port(one: str, other: str, same: bool) -> None:
    assert same_server(one, other) is same


def test_host_that_does_not_resolve_is_not_private(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: object, **_more: object) -> list[object]:
        raise OSError("Name or service not known")

    monkeypatch.setattr(addresses.socket, "getaddrinfo", unknown)
    assert not is_private("nowhere.example")


def test_public_url_has_no_secrets() -> None:
    assert public_url("https://me:pw@host:8443/a/b.csv?sig=x#y") == "https://host:8443/a/b.csv"
