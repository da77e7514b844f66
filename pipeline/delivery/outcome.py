"""What came of one try to send a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pipeline.net.retry import retry_after

Kind = Literal["sent", "later", "dead", "off"]
"""Taken; to be tried again; never to be taken; the receiver wants nothing any more."""
LATER: Final = frozenset({408, 425, 429})
"""Answers of the 4xx kind that another try can change: time-out, too early, too many requests."""
GONE: Final = 410


@dataclass(frozen=True)
class Outcome:
    """What came of one try.

    Attributes:
        kind: what follows.
        reason: in words, without any address or secret; empty where it was taken.
        code: of the answer, where there was one.
        wait_s: seconds that the receiver asks to wait before the next try.
        is_endpoint: whether other messages to the same endpoint may fare alike.
    """

    kind: Kind
    reason: str = ""
    code: int | None = None
    wait_s: float | None = None
    is_endpoint: bool = False


def of_answer(code: int, headers: Mapping[str, str], said: str, now: datetime) -> Outcome:
    """What an HTTP answer means (Standard Webhooks 1.0.0, "Webhook delivery success and failure").

    Args:
        code: its status.
        headers: its headers, by names in lower case.
        said: words of the receiver that may be repeated; empty where there are none.
        now: when it came.
    """
    words = f"answered {code}" + (f" ({said})" if said else "")
    if 200 <= code < 300:
        return Outcome("sent", code=code)
    if code == GONE:
        return Outcome("off", f"{words}: it wants no more messages", code)
    if 300 <= code < 400:
        return Outcome("later", f"{words}: redirects are not followed; set the final address", code, is_endpoint=True)
    if 400 <= code < 500 and code not in LATER:
        return Outcome("dead", words, code)
    return Outcome("later", words, code, retry_after(headers.get("retry-after"), now), is_endpoint=True)
