"""Lines of watchlists, and what is read off the digests of a made week."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.alerts.message import AlertMessage, Digest

DigestsOf = Callable[..., list[Digest]]
US = "anna,OUR COMPANY INC,*,,info,,,,,,"
EVERYTHING = "ben,,*,,info,,,,,,"


def only(found: list[Digest]) -> AlertMessage:
    (one,) = found
    (message,) = one.alerts
    return message


def ids(found: list[Digest]) -> list[list[str]]:
    return [[message.alert_id for message in one.alerts] for one in found]
