"""An SFTP server on loopback, in a process of its own: `python -m tests.ingest.sources.sftp_server FOLDER`.

`FOLDER/root` is served; `host_key`, `authorized_keys` and `password` are beside it. A file `cut` there has a number of
bytes: the next read behind them breaks the connection, once.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import asyncssh


class Account(asyncssh.SSHServer):
    """Lets in whoever knows the password; keys are checked by asyncssh."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("feed", (self.folder / "password").read_text())


class Files(asyncssh.SFTPServer):
    """The served folder."""

    def __init__(self, channel: asyncssh.SSHServerChannel, folder: Path) -> None:
        super().__init__(channel, chroot=str(folder / "root"))
        self.cut = folder / "cut"

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        if self.cut.exists() and offset + size > int(self.cut.read_text()):
            self.cut.unlink()
            self.connection.abort()
        return super().read(file_obj, offset, size)  # type: ignore[arg-type, return-value]


async def main(folder: Path) -> None:
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: Account(folder),
        server_host_keys=[str(folder / "host_key")],
        authorized_client_keys=str(folder / "authorized_keys"),
        sftp_factory=lambda channel: Files(channel, folder),
    )
    print(server.get_port(), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until the tests end
    server.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
