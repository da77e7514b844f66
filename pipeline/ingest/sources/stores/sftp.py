"""SFTP servers, read through asyncssh.

Keys, agent, `known_hosts` and `config` are those of `~/.ssh`, as for OpenSSH; a password comes from
LEVERAGE_SOURCE_TOKEN.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, TypeVar, cast
from urllib.parse import quote, unquote, urlsplit

import asyncssh

from pipeline.ingest.errors import DeniedError, NoRightError, RefusedError, SourceError
from pipeline.ingest.sources.stores.store import Listing, Store, StoredFile, http_date
from pipeline.net.addresses import public_url
from pipeline.net.retry import TransientError
from pipeline.settings import Settings

READ_BYTES: Final = 1024 * 1024
"""asyncssh asks for it in blocks side by side, so that a long way costs one wait a read, not one a block."""
LOGIN_S: Final = 3
"""How many times the time to connect a login may take: it is several exchanges."""
HOME: Final = "/~/"
"""What a path below the account's home begins with, as in other tools."""
ABSENT: Final = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath, asyncssh.SFTPNotADirectory)
LOST: Final = (
    asyncssh.SFTPConnectionLost,
    asyncssh.SFTPNoConnection,
    asyncssh.DisconnectError,
    asyncssh.ChannelOpenError,
    OSError,  # time-outs too
)

Result = TypeVar("Result")


class _Client(asyncssh.SSHClient):
    """Keeps the fingerprint of a host key that is not trusted, for the message."""

    fingerprint = ""

    def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
        """Trust no key that is not in known_hosts."""
        del host, addr, port
        self.fingerprint = key.get_fingerprint()
        return False


class SftpStore(Store):
    """A folder on an SFTP server; connected when it is first needed, and again after a broken connection."""

    def __init__(self, settings: Settings) -> None:
        """Take the address; nothing is connected yet."""
        parts = urlsplit(settings.source_url)
        self._settings = settings
        self._url = public_url(settings.source_url).rstrip("/")
        self._user, self._host, self._port = parts.username, parts.hostname or "", parts.port
        self._base = unquote(parts.path)
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None
        # In a thread of its own: the caller may be inside of another event loop, and asyncssh answers the server's
        # questions between two calls.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sftp", daemon=True)
        self._thread.start()

    def address(self, path: str) -> str:
        """Return `sftp://host/path`."""
        return f"{self._url}/{quote(path)}".rstrip("/")

    def check(self) -> None:
        """Raise SourceError unless the base is a folder that can be reached."""
        if not self._run(self._is_folder(self._path("")), self._url):
            raise SourceError(f"{self._url} is no folder on the server: correct the path in LEVERAGE_SOURCE_URL")

    def list(self, folder: str) -> Listing:
        """Return the names in `folder`."""
        return self._run(self._names(self._path(folder)), self.address(folder))

    def stat(self, path: str) -> StoredFile | None:
        """Return what is known of a file; None when it is not there."""
        where = self.address(path)
        attributes = self._run(self._attributes(self._path(path)), where)
        if attributes is None:
            return None
        if attributes.type not in (asyncssh.FILEXFER_TYPE_REGULAR, asyncssh.FILEXFER_TYPE_UNKNOWN):
            raise RefusedError(f"{where} is not a regular file: refused")
        if attributes.size is None:
            raise SourceError(f"{where}: the server does not say its size, without which it cannot be verified")
        return StoredFile(attributes.size, http_date(attributes.mtime))

    @contextmanager
    def read(self, path: str, file: StoredFile, offset: int) -> Iterator[Iterator[bytes]]:
        """Yield a file's bytes from `offset` on; it must not have changed when all were read."""
        where = self.address(path)
        reader = self._run(self._open(self._path(path)), where)
        if reader is None:
            raise TransientError(f"{where} was removed before it was read")
        try:
            yield self._chunks(reader, path, file, offset)
        finally:
            with suppress(SourceError, TransientError):
                self._run(reader.close(), where)

    def close(self) -> None:
        """Close the connection and end the thread."""
        self._disconnect()
        asyncio.run_coroutine_threadsafe(_end_tasks(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _chunks(self, reader: asyncssh.SFTPClientFile, path: str, file: StoredFile, offset: int) -> Iterator[bytes]:
        where = self.address(path)
        while offset < file.size:
            chunk = self._run(reader.read(min(READ_BYTES, file.size - offset), offset), where)
            if not chunk:
                break
            offset += len(chunk)
            yield cast(bytes, chunk)  # opened in binary mode
        if self.stat(path) != file:
            raise TransientError(f"{where} changed while it was read")

    def _path(self, path: str) -> str:
        base = self._base.removeprefix(HOME) if f"{self._base}/".startswith(HOME) else self._base or "/"
        return "/".join(step for step in (base.rstrip("/"), path) if step) or "/"

    def _run(self, work: Coroutine[Any, Any, Result], where: str) -> Result:
        """Return what `work` returns, its faults as ours.

        Raises:
            TransientError: the connection broke, or the server was silent for the read time-out.
        """
        limit = self._settings.read_timeout_s + self._settings.connect_timeout_s * (1 + LOGIN_S)
        try:
            return asyncio.run_coroutine_threadsafe(asyncio.wait_for(work, limit), self._loop).result()
        except asyncssh.HostKeyNotVerifiable as fault:
            raise SourceError(f"{self._url}: {fault.reason}") from None
        except asyncssh.PermissionDenied:
            raise DeniedError(
                f"{self._url}: the server does not accept the login; check the user name, the keys of ~/.ssh or the "
                "agent, and LEVERAGE_SOURCE_TOKEN if it takes a password"
            ) from None
        except asyncssh.SFTPPermissionDenied:
            raise NoRightError(f"{where}: the account has no right to it; ask the server's operator") from None
        except LOST as fault:
            self._disconnect()
            raise TransientError(f"{where} cannot be reached or broke off ({type(fault).__name__})") from None
        except (asyncssh.Error, asyncssh.KeyImportError, asyncssh.ConfigParseError, ValueError) as fault:
            raise SourceError(
                f"{where} cannot be asked for ({type(fault).__name__}); check the server, ~/.ssh/config and known_hosts"
            ) from None

    async def _sftp(self) -> asyncssh.SFTPClient:
        if self._client is None:
            self._connection = await self._connect()
            self._client = await self._connection.start_sftp_client()
        return self._client

    async def _connect(self) -> asyncssh.SSHClientConnection:
        settings, client = self._settings, _Client()
        given: dict[str, Any] = {"username": self._user} if self._user else {}
        if settings.source_token:
            given["password"] = settings.source_token.get_secret_value()
        options = asyncssh.SSHClientConnectionOptions(
            client_factory=lambda: client,
            connect_timeout=settings.connect_timeout_s,
            login_timeout=settings.connect_timeout_s * LOGIN_S,
            **given,
        )
        # Also where ~/.ssh/config says `UserKnownHostsFile none`, which would trust any server.
        named = cast(list[str], options.known_hosts) or [str(Path("~/.ssh/known_hosts").expanduser())]
        known_hosts = [name for name in named if Path(name).is_file()] or b""
        port = () if self._port is None else self._port
        checked: dict[str, Any] = {"options": options, "known_hosts": known_hosts}
        try:
            try:
                return await asyncssh.connect(self._host, port, **checked)
            except (asyncssh.KeyExchangeFailed, asyncssh.ConnectionLost):
                # Only kinds of keys that are known for the host were asked for; a server without one breaks off.
                return await asyncssh.connect(self._host, port, server_host_key_algs="default", **checked)
        except asyncssh.HostKeyNotVerifiable:
            raise asyncssh.HostKeyNotVerifiable(self._distrust(known_hosts, client.fingerprint)) from None

    def _distrust(self, known_hosts: Any, fingerprint: str) -> str:
        """Return why the host key is refused: it changed, or was never seen."""
        port = None if self._port in (None, 22) else self._port
        name = self._host if port is None else f"[{self._host}]:{port}"
        offered = f" ({fingerprint})" if fingerprint else ""
        if any(asyncssh.match_known_hosts(known_hosts, self._host, "", port)[:3]):
            return (
                f"the server's host key{offered} is not the one in ~/.ssh/known_hosts: refused, since it may be "
                f"another machine. Ask its operator; if it was changed on purpose: ssh-keygen -R '{name}', and add it"
            )
        flag = f"-p {port} " if port else ""
        return (
            f"the server's host key{offered} is not in ~/.ssh/known_hosts: refused. Compare it with the fingerprint "
            f"that the operator names, then run: ssh-keyscan {flag}{self._host} >> ~/.ssh/known_hosts"
        )

    async def _attributes(self, path: str) -> asyncssh.SFTPAttrs | None:
        try:
            return await (await self._sftp()).stat(path)
        except ABSENT:
            return None

    async def _is_folder(self, path: str) -> bool:
        return await (await self._sftp()).isdir(path)

    async def _open(self, path: str) -> asyncssh.SFTPClientFile | None:
        try:
            return await (await self._sftp()).open(path, "rb")
        except ABSENT:
            return None

    async def _names(self, path: str) -> Listing:
        sftp, found = await self._sftp(), Listing()
        try:
            entries = await sftp.readdir(path)
        except ABSENT:
            return found
        for entry in entries:
            name, kind = str(entry.filename), entry.attrs.type
            if name in (".", ".."):
                continue
            if kind in (asyncssh.FILEXFER_TYPE_SYMLINK, asyncssh.FILEXFER_TYPE_UNKNOWN):
                is_folder = await sftp.isdir(f"{path.rstrip('/')}/{name}")
            else:
                is_folder = kind == asyncssh.FILEXFER_TYPE_DIRECTORY
            (found.folders if is_folder else found.files).append(name)
        return found

    def _disconnect(self) -> None:
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            self._loop.call_soon_threadsafe(connection.abort)


async def _end_tasks() -> None:
    """End what a broken or closed connection has left waiting."""
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
