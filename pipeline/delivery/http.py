"""One POST to an address that a person has set: nowhere else, and not for longer than it may take.

`http.client` instead of `requests`: it takes a socket, so that the connection goes to the very address that was checked
(a name that resolves anew could lead elsewhere), follows no redirect, asks no proxy and reads no ~/.netrc.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from pipeline.net.addresses import is_public
from pipeline.net.deadline import Deadline, LateError
from pipeline.settings import LOOPBACK

MAX_REQUEST_BYTES: Final = 100_000
"""No message is so large; what is, was laid out wrongly."""
MAX_ANSWER_BYTES: Final = 4_096
"""Read of an answer's body; the rest is cut off."""
SAID: Final = re.compile(rb"[a-z_ ]{2,60}")
"""What is repeated of an answer: a code such as Slack's `invalid_blocks`, nothing that could be ours or a trick."""


class UnreachableError(Exception):
    """No answer came; the message says why, without the address."""


class RefusedError(UnreachableError):
    """The address leads where nothing is sent to, or the message must not go out."""


@dataclass(frozen=True)
class Answer:
    """An answer.

    Attributes:
        code: its status.
        headers: by names in lower case.
        said: a short code in its body; empty where it is anything else.
    """

    code: int
    headers: Mapping[str, str]
    said: str


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    is_allowed: Callable[[str], bool] = is_public,
    context: ssl.SSLContext | None = None,
) -> Answer:
    """Send `body` to `url` and hand back the answer, whatever it is.

    Args:
        url: https, or plain http to this machine.
        body: at most `MAX_REQUEST_BYTES`.
        headers: beside Host and Content-Length.
        seconds: for all of it: name, connection, sending, answer.
        is_allowed: which addresses a host may have that is not this machine's.
        context: of TLS; without one, the authorities of the machine and of `certifi`.

    Raises:
        RefusedError: the address or the body is none that is sent.
        UnreachableError: no answer came.
    """
    if len(body) > MAX_REQUEST_BYTES:
        raise RefusedError(f"the message has {len(body):,} bytes, {MAX_REQUEST_BYTES:,} at most are sent")
    parts = urlsplit(url)
    host, is_local = parts.hostname or "", (parts.hostname or "") in LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        raise RefusedError("only https is sent to (plain http on this machine)")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    deadline = Deadline(seconds)
    try:
        connected = _connected(host, port, deadline, _is_loopback if is_local else is_allowed)
        if parts.scheme == "https":
            # the handshake comes under the deadline, so not yet here
            tls = context or _authorities()
            connected = tls.wrap_socket(connected, server_hostname=host, do_handshake_on_connect=False)
        with connected, deadline.over(connected):
            if isinstance(connected, ssl.SSLSocket):
                connected.do_handshake()
            connection = http.client.HTTPConnection(host, port)
            # the Host header names no port that the scheme implies
            connection.default_port = 443 if parts.scheme == "https" else 80
            connection.sock = connected
            return _asked(connection, target, body, headers, deadline)
    except ssl.SSLCertVerificationError:
        raise UnreachableError("its certificate is not trusted") from None
    except LateError:
        raise UnreachableError(f"no answer within {seconds:g} s") from None
    except (OSError, http.client.HTTPException) as fault:
        if deadline.has_passed or isinstance(fault, TimeoutError):
            raise UnreachableError(f"no answer within {seconds:g} s") from None
        raise UnreachableError(f"cannot be reached ({type(fault).__name__})") from None


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def _connected(host: str, port: int, deadline: Deadline, is_allowed: Callable[[str], bool]) -> socket.socket:
    """A connection to the first address of `host` that takes one; refused where any of them is not allowed."""
    addresses = deadline.addresses(host, port)
    if not all(is_allowed(address) for address in addresses):
        raise RefusedError("the host has an address that is not on the public internet")
    faults: list[OSError] = []
    for address in addresses:
        try:
            connected = socket.create_connection((address, port), timeout=deadline.left())
        except LateError:
            raise
        except OSError as fault:
            faults.append(fault)
        else:
            connected.settimeout(deadline.left())
            return connected
    raise faults[0] if faults else OSError("no address")


def _asked(
    connection: http.client.HTTPConnection, target: str, body: bytes, headers: Mapping[str, str], deadline: Deadline
) -> Answer:
    connection.request("POST", target, body, {"User-Agent": "import-leverage", "Connection": "close", **headers})
    with connection.getresponse() as answer:
        if deadline.has_passed:
            # what was broken off among its headers looks like a short answer
            raise LateError
        found = {name.lower(): value for name, value in answer.getheaders()}
        try:
            read = answer.read(MAX_ANSWER_BYTES)
        except (OSError, http.client.HTTPException):
            # the status came: that is the answer
            read = b""
    said = SAID.fullmatch(read.strip())
    return Answer(answer.status, found, said[0].decode() if said else "")


@cache
def _authorities() -> ssl.SSLContext:
    context = ssl.create_default_context()
    # a small container often has none of its own
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context
