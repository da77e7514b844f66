"""URLs and addresses: what may be stored of a URL, whether two URLs mean one server, which hosts are private."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Addresses of version 6 that stand for one of version 4 (RFC 6052), possibly a private one."""


class RedirectRefusedError(ValueError):
    """A redirect is not followed."""


def public_url(url: str) -> str:
    """Return `url` without what can be a secret: user name, password, query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def same_server(one: str, other: str) -> bool:
    """Whether both URLs mean one host and port, so that a secret of one may be sent to the other.

    A step from http to https on the standard ports stays on the same server.
    """
    first, second = urlsplit(one), urlsplit(other)
    if (first.hostname or "").lower() != (second.hostname or "").lower():
        return False
    upgraded = (first.scheme, second.scheme) == ("http", "https") and _port(first) == 80 and _port(second) == 443
    return upgraded or (first.scheme == second.scheme and _port(first) == _port(second))


def is_private(host: str) -> bool:
    """Whether `host` is, or resolves to, an address that is not on the public internet.

    A host that does not resolve is not private: the request to it fails anyway.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(not is_public(str(entry[4][0])) for entry in found)


def redirect_target(source_url: str, current: str, location: str) -> str:
    """Return the URL that a redirect from `current` leads to.

    Args:
        source_url: the first URL; only a private source may lead to private addresses.
        current: the URL that answered with the redirect.
        location: its `Location` header, absolute or relative.

    Raises:
        RedirectRefusedError: no target, another scheme, https to http, or a private address.
    """
    if not location:
        raise RedirectRefusedError("redirect without a Location")
    try:
        parts = urlsplit(urljoin(current, location))
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise RedirectRefusedError("redirect to an address that cannot be read") from None
    if parts.scheme not in DEFAULT_PORTS or not host:
        raise RedirectRefusedError(f"redirect to scheme {parts.scheme!r}; only http and https are followed")
    if urlsplit(current).scheme == "https" and parts.scheme == "http":
        raise RedirectRefusedError(f"redirect from https to http ({host}), which would be readable on the way")
    source_host = urlsplit(source_url).hostname or ""
    if host.lower() != source_host.lower() and is_private(host) and not is_private(source_host):
        raise RedirectRefusedError(f"redirect from a public source to the private address {host}")
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _port(parts: SplitResult) -> int | None:
    return parts.port or DEFAULT_PORTS.get(parts.scheme)


def is_public(address: str) -> bool:
    """Whether `address`, of either version, is on the public internet: not local to a link, a network or a machine."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    if parsed in NAT64:
        inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    return bool((inner or parsed).is_global) and not parsed.is_multicast
