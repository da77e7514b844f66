"""The outcome of one try to send a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Outcome:
    """What one try led to.

    Attributes:
        kind: sent; to be tried later; dead, since no try will succeed; off, since the receiver wants no more messages.
        reason: in words, without any address or secret; empty where it was sent.
        code: of the answer, where there was one.
        wait_s: seconds that the receiver asks to wait before the next try.
        is_endpoint: whether other messages to the same endpoint are likely to fail alike.
    """

    kind: Literal["sent", "later", "dead", "off"]
    reason: str = ""
    code: int | None = None
    wait_s: float | None = None
    is_endpoint: bool = False
