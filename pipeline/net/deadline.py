"""A time limit for a whole call: socket timeouts apply to each read, which a server that drips bytes never exceeds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

Result = TypeVar("Result")


def within(seconds: float, work: Callable[[], Result]) -> Result:
    """Return what `work` returns; it runs in a thread, which also limits the resolver of host names.

    Raises:
        TimeoutError: it has not ended in time. Its thread is left behind until the other side ends the connection.
    """
    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as fault:  # noqa: BLE001 - raised by the caller's thread
            future.set_exception(fault)

    threading.Thread(target=run, daemon=True).start()
    return future.result(timeout=seconds)
