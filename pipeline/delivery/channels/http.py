"""One POST to an address from the settings: https only, no redirect, no private address, within a time limit."""

from __future__ import annotations

import ipaddress
import logging
import re
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from pipeline.delivery.channels.outcome import Outcome
from pipeline.net.addresses import is_public
from pipeline.net.deadline import within
from pipeline.net.http import AddressRefusedError, open_session
from pipeline.net.retry import retry_after
from pipeline.setting_checks import LOOPBACK

MAX_REQUEST_BYTES: Final = 100_000
"""Far above any message; a larger one is a fault of its layout."""
MAX_ANSWER_BYTES: Final = 4_096
"""Read of an answer's body."""
ANSWER_CODE: Final = re.compile(rb"[a-z_ ]{2,60}")
"""An answer that is repeated in a reason: a code such as Slack's `invalid_blocks`, never a secret of ours."""
RETRIED: Final = frozenset({408, 425, 429})
"""Answers of the 4xx kind that another try can change: time-out, too early, too many requests."""
GONE: Final = 410

# Its messages below this level contain the address, which is a secret here.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    seconds: float,
    now: datetime,
    *,
    is_allowed: Callable[[str], bool] = is_public,
    tls: ssl.SSLContext | None = None,
) -> Outcome:
    """Send `body` to `url` and return the outcome; no failure raises.

    Args:
        url: https, or plain http to this machine.
        body: at most `MAX_REQUEST_BYTES`.
        headers: besides those of every request.
        seconds: for everything: name, connection, sending, answer.
        now: from which a date in `Retry-After` is counted.
        is_allowed: whether an address is one that a host other than this machine may have.
        tls: trusted authorities instead of the machine's.
    """
    parts = urlsplit(url)
    is_local = parts.hostname in LOOPBACK
    if len(body) > MAX_REQUEST_BYTES:
        return _unsent(f"the message has {len(body):,} bytes, {MAX_REQUEST_BYTES:,} at most are sent")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local):
        return _unsent("only https is sent to (plain http on this machine)")

    def ask() -> Outcome:
        rule = _is_loopback if is_local else is_allowed
        with (
            open_session(seconds, seconds, is_allowed=rule, use_proxies=False, tls=tls or _authorities()) as session,
            session.post(url, data=body, headers={"Connection": "close", **headers}, stream=True) as answer,
        ):
            try:
                content = answer.raw.read(MAX_ANSWER_BYTES)
            except (OSError, HTTPError):
                content = b""  # the status is the answer
            return outcome_of(answer.status_code, answer.headers, content, now)

    try:
        return within(seconds, ask)
    except AddressRefusedError:
        return _unsent("the host has an address that is not on the public internet")
    except (TimeoutError, requests.Timeout):
        return _unsent(f"no answer within {seconds:g} s")
    except requests.RequestException as fault:
        cause = _root(fault)
        if isinstance(cause, TimeoutError):
            return _unsent(f"no answer within {seconds:g} s")
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _unsent("its certificate is not trusted")
        return _unsent(f"cannot be reached ({type(cause).__name__})")


def outcome_of(code: int, headers: Mapping[str, str], content: bytes, now: datetime) -> Outcome:
    """Return what an answer means (Standard Webhooks 1.0.0, "Webhook delivery success and failure")."""
    found = ANSWER_CODE.fullmatch(content.strip())
    words = f"answered {code}" + (f" ({found[0].decode()})" if found else "")
    if 200 <= code < 300:
        return Outcome("sent", code=code)
    if code == GONE:
        return Outcome("off", f"{words}: it wants no more messages", code)
    if 300 <= code < 400:
        return Outcome("later", f"{words}: redirects are not followed; set the final address", code, is_endpoint=True)
    if 400 <= code < 500 and code not in RETRIED:
        return Outcome("dead", words, code)
    return Outcome("later", words, code, retry_after(headers.get("retry-after"), now), is_endpoint=True)


def _unsent(reason: str) -> Outcome:
    return Outcome("later", reason, is_endpoint=True)


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def _root(fault: BaseException) -> BaseException:
    """Return what went wrong below requests and urllib3."""
    while (inner := fault.__cause__ or fault.__context__) is not None:
        fault = inner
    return fault


@cache
def _authorities() -> ssl.SSLContext:
    """Return the machine's authorities; requests adds those of certifi, since small containers often have none."""
    return ssl.create_default_context()
