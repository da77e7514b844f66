"""HTTP sessions with time-outs, and with a check of the addresses that a connection goes to."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

USER_AGENT = "import-leverage"

AddressRule = Callable[[str], bool]
"""Whether an IP address may be connected to, such as `pipeline.net.addresses.is_public`."""


class AddressRefusedError(Exception):
    """A host has an address that the session must not connect to; nothing was sent."""


class BearerToken(AuthBase):
    """Sets the token, or no credentials: without an `auth`, requests would look for a password in ~/.netrc."""

    def __init__(self, token: str | None) -> None:
        """Take the token."""
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the header."""
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def open_session(
    connect_timeout_s: float,
    read_timeout_s: float,
    *,
    is_allowed: AddressRule | None = None,
    use_proxies: bool = True,
    tls: ssl.SSLContext | None = None,
) -> requests.Session:
    """Return a session whose requests have time-outs, follow no redirect and raise no status.

    Retries are the caller's (`pipeline.net.retry`), since only it knows which answers are worth one.

    Args:
        connect_timeout_s: for the connection.
        read_timeout_s: for each read; not for the whole answer.
        is_allowed: refuses a connection when any address of its host does not pass, and again when the address
            actually connected to does not (the name may resolve anew in between). A proxy connects on its own, so
            combine this with `use_proxies=False` where the host comes from outside.
        use_proxies: whether proxies and certificate bundles of the environment are used.
        tls: authorities besides those of certifi.

    The session raises `AddressRefusedError`, and what requests raises.
    """
    session = _Session()
    session.trust_env = use_proxies
    session.headers["User-Agent"] = USER_AGENT
    adapter = _Adapter((connect_timeout_s, read_timeout_s), is_allowed, tls)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


class _Adapter(HTTPAdapter):
    def __init__(
        self, timeout: tuple[float, float], is_allowed: AddressRule | None, tls: ssl.SSLContext | None
    ) -> None:
        self._timeout, self._is_allowed, self._tls = timeout, is_allowed, tls
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        if self._tls:
            kwargs["ssl_context"] = self._tls
        super().init_poolmanager(*args, **kwargs)
        if self._is_allowed:
            self.poolmanager.pool_classes_by_scheme = _checking_pools(self._is_allowed)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        if kwargs.get("timeout") is None:
            kwargs["timeout"] = self._timeout
        return super().send(request, *args, **kwargs)


def _checking_pools(is_allowed: AddressRule) -> dict[str, type[HTTPConnectionPool]]:
    """Connection pools that check each connection's addresses."""

    def check(host: str, addresses: Iterable[str]) -> None:
        if not all(is_allowed(address) for address in addresses):
            raise AddressRefusedError(f"{host} has an address that is not on the public internet")

    class Checked(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            try:
                found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
            except (OSError, UnicodeError):
                found = []  # fails below, with the message of urllib3
            check(self.host, {str(entry[4][0]) for entry in found})
            connected = super()._new_conn()
            try:
                check(self.host, [connected.getpeername()[0]])
            except BaseException:
                connected.close()
                raise
            return connected

    class CheckedTls(Checked, HTTPSConnection):
        pass

    class Plain(HTTPConnectionPool):
        ConnectionCls = Checked

    class Tls(HTTPSConnectionPool):
        ConnectionCls = CheckedTls

    return {"http": Plain, "https": Tls}
