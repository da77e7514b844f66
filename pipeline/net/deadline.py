"""A total deadline for work on a socket: a server that sends a byte now and then never reaches a read time-out."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class LateError(OSError):
    """The time in all is over."""


class Deadline:
    """Seconds in all, over every step of one try."""

    def __init__(self, seconds: float) -> None:
        """The time runs from now."""
        self._end = time.monotonic() + seconds
        self._passed = threading.Event()

    @property
    def has_passed(self) -> bool:
        """Whether a socket was broken off."""
        return self._passed.is_set()

    def left(self) -> float:
        """Seconds that are left.

        Raises:
            LateError: none are.
        """
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise LateError
        return seconds

    @contextmanager
    def over(self, connected: socket.socket) -> Iterator[None]:
        """Break `connected` off when the time is over, whatever it is waiting for."""

        def break_off() -> None:
            self._passed.set()
            # below TLS, whose own state belongs to the thread that waits; it may have been closed just now
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

        timer = threading.Timer(self.left(), break_off)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, in the order of the resolver, none twice.

        Raises:
            OSError: it has none, or the resolver does not answer in time.
        """
        found: list[str] = []
        faults: list[OSError] = []

        def ask() -> None:
            try:
                entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                found.extend(str(entry[4][0]) for entry in entries)
            except (OSError, UnicodeError) as fault:
                faults.append(fault if isinstance(fault, OSError) else OSError("no host name"))

        # the resolver has no time-out of its own
        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self.left())
        if asking.is_alive():
            raise LateError
        if faults:
            raise faults[0]
        return list(dict.fromkeys(found))
