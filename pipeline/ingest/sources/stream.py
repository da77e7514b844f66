"""The body of an HTTP answer as it comes, cut when it stalls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import urllib3

from pipeline.net.retry import TransientError

READ_BYTES: Final = 256 * 1024
MIN_BYTES_PER_S: Final = 1024
"""Slower than this over one read time-out is a stall: a day of 50 MB would take 14 hours."""


def chunks(
    raw: urllib3.BaseHTTPResponse, where: str, timeout_s: float, monotonic: Callable[[], float]
) -> Iterator[bytes]:
    """Yield an undecoded body.

    Args:
        raw: the answer, its body not read yet.
        where: its public address, for messages.
        timeout_s: seconds over which its speed is watched.
        monotonic: seconds on a clock that only goes forward.

    Raises:
        TransientError: it ended early, broke, or came too slowly.
    """
    started, received = monotonic(), 0
    while True:
        try:
            chunk = raw.read1(READ_BYTES, decode_content=False)
        except urllib3.exceptions.ReadTimeoutError:
            raise TransientError(f"{where} stalled for {timeout_s:g} s") from None
        except urllib3.exceptions.HTTPError as fault:
            raise TransientError(f"{where} broke off in the middle ({type(fault).__name__})") from None
        if not chunk:
            return
        yield chunk
        received += len(chunk)
        seconds = monotonic() - started
        if seconds >= timeout_s:
            if received < MIN_BYTES_PER_S * seconds:
                raise TransientError(f"{where} stalled: {received:,} bytes in {seconds:.0f} s")
            started, received = monotonic(), 0
