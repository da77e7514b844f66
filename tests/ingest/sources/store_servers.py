"""An S3 and an SFTP server, each in a process of its own, and the settings of a source on it."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import botocore.session
import pytest

from pipeline.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[3]
SECRET = "wJalrXUtnFEMI-not-a-real-secret"
PASSWORD = "correct-horse"
NUMBERS = itertools.count(1)


class Bucket:
    """One bucket on the server, with an owner's client."""

    def __init__(self, client: Any, endpoint: str) -> None:
        self.client, self.endpoint, self.name = client, endpoint, f"feed-{next(NUMBERS)}"
        client.create_bucket(Bucket=self.name)

    def put(self, path: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=f"ams/{path}", Body=content)

    def remove(self, path: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=f"ams/{path}")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.ingest.sources.s3_server"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield server.stdout.readline().strip()
        server.terminate()


@pytest.fixture(scope="module")
def owner(endpoint: str) -> Any:
    """Writes into the buckets; its account is not the source's."""
    session = botocore.session.get_session()
    session.set_credentials("OWNER", "owner")
    return session.create_client("s3", region_name="us-east-1", endpoint_url=endpoint)


@pytest.fixture
def bucket(endpoint: str, owner: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """An empty bucket, and an account in the environment."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("NO_PROXY", "*")
    return Bucket(owner, endpoint)


def s3_settings(bucket: Bucket, tmp_path: Path, **more: object) -> Settings:
    given = {
        "_env_file": None,
        "home": tmp_path / "home",
        "source_url": f"s3://{bucket.name}/ams",
        "s3_endpoint_url": bucket.endpoint,
        "min_free_bytes": 0,
        "retries": 0,
    }
    return load_settings(**{**given, **more})


class Server:
    """The server's folder, written directly."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.base = folder, port, folder / "root" / "ams feed"

    def put(self, path: str, content: bytes) -> None:
        file = self.base / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def remove(self, path: str) -> None:
        (self.base / path).unlink()


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("sftp")
    (folder / "root").mkdir()
    for name in ("host_key", "client_key"):
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(folder / name)
    key = asyncssh.read_private_key(folder / "client_key")
    (folder / "authorized_keys").write_bytes(key.export_public_key())
    (folder / "password").write_text(PASSWORD)
    command = [sys.executable, "-m", "tests.ingest.sources.sftp_server", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        yield Server(folder, int(server.stdout.readline()))
        server.terminate()


@pytest.fixture
def ssh(tmp_path: Path, process: Server, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `~/.ssh` that knows the server and has a key for it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    folder = tmp_path / ".ssh"
    folder.mkdir(mode=0o700)
    shutil.copy(process.folder / "client_key", folder / "id_ed25519")
    know(folder, process, asyncssh.read_private_key(process.folder / "host_key"))
    return folder


def know(ssh: Path, server: Server, key: asyncssh.SSHKey) -> None:
    (ssh / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {key.export_public_key().decode()}")


@pytest.fixture
def server(process: Server, ssh: Path) -> Iterator[Server]:
    """The server with an empty base."""
    process.base.mkdir()
    yield process
    shutil.rmtree(process.base)
    (process.folder / "cut").unlink(missing_ok=True)


def sftp_settings(server: Server, tmp_path: Path, **more: object) -> Settings:
    given = {
        "_env_file": None,
        "home": tmp_path / "home",
        "source_url": f"sftp://feed@127.0.0.1:{server.port}/ams%20feed",
        "min_free_bytes": 0,
        "retries": 0,
    }
    return load_settings(**{**given, **more})
