"""The `sftp://` source against a real server process: landing, resuming, listing, host keys and logins."""

from __future__ import annotations

import itertools
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from pipeline.cli.doctor import surroundings
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.land import land_release, landed
from pipeline.ingest.sources.stores import sftp as sftp_module
from pipeline.settings import Settings, load_settings

from .conftest import DAY, Waits, file_name, landed_bytes, leftovers, release, table_bytes
from .stores import BASE, arrived, failure, publish

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "correct-horse"
HEADER = file_name("header")


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


def settings_for(server: Server, tmp_path: Path, **more: object) -> Settings:
    given = {
        "_env_file": None,
        "home": tmp_path / "home",
        "source_url": f"sftp://feed@127.0.0.1:{server.port}/ams%20feed",
        "min_free_bytes": 0,
        "retries": 0,
    }
    return load_settings(**{**given, **more})


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Settings:
    return settings_for(server, tmp_path)


def test_release_lands_by_key_without_the_account_in_its_provenance(settings: Settings, server: Server) -> None:
    publish(server, release())
    arrived(settings, release())
    file = next(iter(landed(settings, DAY).files))  # type: ignore[union-attr]
    assert file.url == f"sftp://127.0.0.1:{server.port}/ams%20feed/{BASE}/{HEADER}"
    assert file.last_modified


def test_password_is_taken_from_the_token_and_never_logged(
    server: Server, ssh: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    (ssh / "id_ed25519").unlink()
    publish(server, release())
    arrived(settings_for(server, tmp_path, source_token=PASSWORD), release())
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize("case", ["wrong password", "wrong key", "no key"])
def test_refused_login_says_what_to_check(server: Server, ssh: Path, tmp_path: Path, case: str) -> None:
    (ssh / "id_ed25519").unlink()
    if case == "wrong key":
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(ssh / "id_ed25519")
    token = "wrong-horse" if case == "wrong password" else None
    reason = failure(settings_for(server, tmp_path, source_token=token))
    assert "does not accept the login" in reason
    assert "LEVERAGE_SOURCE_TOKEN" in reason
    assert "wrong-horse" not in reason


@pytest.mark.parametrize("algorithm", ["ssh-ed25519", "ecdsa-sha2-nistp256"])
def test_changed_host_key_is_refused(settings: Settings, server: Server, ssh: Path, algorithm: str) -> None:
    publish(server, release())
    know(ssh, server, asyncssh.generate_private_key(algorithm))
    reason = failure(settings)
    assert "is not the one in ~/.ssh/known_hosts: refused" in reason
    assert f"ssh-keygen -R '[127.0.0.1]:{server.port}'" in reason


@pytest.mark.parametrize("config", ["", "UserKnownHostsFile none\n", "StrictHostKeyChecking no\n"])
def test_unknown_host_is_refused_whatever_the_configuration(
    settings: Settings, server: Server, ssh: Path, config: str
) -> None:
    publish(server, release())
    (ssh / "known_hosts").unlink()
    (ssh / "config").write_text(config)
    reason = failure(settings)
    assert "is not in ~/.ssh/known_hosts: refused" in reason
    assert "SHA256:" in reason
    assert f"ssh-keyscan -p {server.port} 127.0.0.1" in reason
    assert landed_bytes(settings) == {}


def test_alias_of_the_configuration_is_a_host(server: Server, ssh: Path, tmp_path: Path) -> None:
    (ssh / "config").write_text(f"Host vendor\n  HostName 127.0.0.1\n  Port {server.port}\n  User feed\n")
    publish(server, release())
    arrived(settings_for(server, tmp_path, source_url="sftp://vendor/ams%20feed"), release())


def test_unchanged_release_is_not_downloaded_again(
    settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, release())
    arrived(settings, release())
    monkeypatch.setattr(sftp_module.SftpStore, "read", None)
    assert land_release(settings, DAY).outcome == "unchanged"


@pytest.mark.parametrize("clock", [0, 4_000_000_000], ids=["1970", "2096"])
def test_files_of_a_wrong_clock_land_and_are_replaced(settings: Settings, server: Server, clock: int) -> None:
    publish(server, release())
    for file in (server.base / BASE).iterdir():
        os.utime(file, (clock, clock))
    arrived(settings, release())
    assert land_release(settings, DAY).outcome == "unchanged"
    corrected = {HEADER: table_bytes("header", mark="b")}
    publish(server, corrected)
    os.utime(server.base / BASE / HEADER, (clock + 1, clock + 1))
    arrived(settings, {**release(), **corrected})


def test_names_with_a_time_stamp_are_listed_and_the_newest_taken(server: Server, tmp_path: Path) -> None:
    settings = settings_for(server, tmp_path, source_template="%Y/*-%Y%m%d/ams__{table}_*.csv.gz")
    files = {f"ams__{table}_0900.csv.gz": table_bytes(table) for table in TABLES}
    for name, content in {"ams__header_0600.csv.gz": table_bytes("header", mark="old"), **files}.items():
        server.put(f"store/{name}", content)
    (server.base / "2026").mkdir()
    (server.base / f"2026/drop-{DAY:%Y%m%d}").symlink_to("../store")
    arrived(settings, files)


def test_release_that_is_not_there_is_not_published(settings: Settings) -> None:
    assert land_release(settings, DAY).outcome == "not_published"


def test_missing_base_is_not_an_unpublished_release(server: Server, tmp_path: Path) -> None:
    settings = settings_for(server, tmp_path, source_url=f"sftp://feed@127.0.0.1:{server.port}/nowhere")
    assert "is no folder on the server" in failure(settings)


def test_file_without_rights_is_named(settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(server, release())

    async def denied(*_args: object) -> None:
        raise asyncssh.SFTPPermissionDenied("")  # root may read all: the server cannot be asked for it

    monkeypatch.setattr(asyncssh.SFTPClient, "open", denied)
    reason = failure(settings)
    assert "the account has no right to it" in reason
    assert HEADER in reason


def test_folder_in_the_place_of_a_file_is_refused(settings: Settings, server: Server) -> None:
    (server.base / BASE / HEADER).mkdir(parents=True)
    assert "is not a regular file" in failure(settings)


BIG = b"identifier\n" + random.Random(1).randbytes(2_000_000).hex().encode() + b"\n"  # four reads


def test_server_that_closes_in_the_middle_is_resumed(
    server: Server, tmp_path: Path, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(server, tmp_path, retries=1, source_template="%Y/%Y%m%d/{table}.csv")
    server.put(f"{BASE}/header.csv", BIG)
    (server.folder / "cut").write_text("2500000")
    asked = offsets(monkeypatch)
    assert land_release(settings, DAY, pace=waits.pace).outcome == "incomplete"  # the other tables are not there
    assert asked == [0, 2 * sftp_module.READ_BYTES]
    assert (settings.landing_dir / ".partial" / DAY.isoformat() / "header.csv.part").read_bytes() == BIG


def offsets(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return where each download begins."""
    asked: list[int] = []
    original = sftp_module.SftpStore.read

    def read(self: Any, path: str, file: Any, offset: int) -> Any:
        asked.append(offset)
        return original(self, path, file, offset)

    monkeypatch.setattr(sftp_module.SftpStore, "read", read)
    return asked


def test_night_killed_in_the_middle_is_resumed_by_the_next(
    settings: Settings, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(server, release())
    child = os.fork()
    if child == 0:  # killed in the middle of the third file
        reads = itertools.count()
        original = sftp_module.SftpStore._chunks

        def chunks(self: Any, *args: Any) -> Iterator[bytes]:
            for chunk in original(self, *args):
                yield chunk[: len(chunk) // 2]
                if next(reads) == 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield chunk[len(chunk) // 2 :]

        sftp_module.SftpStore._chunks = chunks  # type: ignore[method-assign]
        land_release(settings, DAY)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert landed_bytes(settings) == {}
    asked = offsets(monkeypatch)
    arrived(settings, release())
    assert len([offset for offset in asked if offset]) == 1  # the file that was cut
    assert len(asked) == len(release()) - 2  # whole ones are not asked for again
    assert leftovers(settings) == []


def test_file_that_is_written_while_it_is_read_is_read_again(
    server: Server, tmp_path: Path, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(server, tmp_path, retries=1)
    publish(server, release())
    original, changed = sftp_module.SftpStore._chunks, table_bytes("header", mark="longer")
    writes = iter([changed])

    def chunks(self: Any, reader: Any, path: str, *args: Any) -> Iterator[bytes]:
        if path.endswith(HEADER):
            for content in writes:
                server.put(path, content)
        yield from original(self, reader, path, *args)

    monkeypatch.setattr(sftp_module.SftpStore, "_chunks", chunks)
    arrived(settings, {HEADER: changed}, pace=waits.pace)


def test_key_that_vanishes_between_listing_and_download_is_named(
    server: Server, tmp_path: Path, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(server, tmp_path, retries=2, source_template="%Y/%Y%m%d/ams__{table}_*.csv.gz")
    publish(server, release())
    original = sftp_module.SftpStore.list

    def listed(self: Any, folder: str) -> Any:
        found = original(self, folder)
        server.remove(f"{BASE}/{HEADER}")
        return found

    monkeypatch.setattr(sftp_module.SftpStore, "list", listed)
    reason = failure(settings, pace=waits.pace)
    assert HEADER in reason
    assert "is gone: run again" in reason


def test_server_that_is_not_there_is_a_passing_fault(server: Server, tmp_path: Path) -> None:
    reason = failure(settings_for(server, tmp_path, source_url="sftp://feed@127.0.0.1:1/ams"))
    assert "cannot be reached" in reason


def test_password_in_the_address_and_steps_up_are_refused(tmp_path: Path) -> None:
    for url, word in (
        ("sftp://me:geheim@host/x", "LEVERAGE_SOURCE_TOKEN"),
        ("sftp:///x", "has no host"),
        ("sftp://me@host/../x", "step '..'"),
    ):
        with pytest.raises(Exception, match="LEVERAGE_SOURCE_URL") as fault:
            load_settings(_env_file=None, home=tmp_path, source_url=url)
        assert word in str(fault.value)
        assert "geheim" not in str(fault.value)


def test_doctor_says_whether_the_server_lets_in(settings: Settings, server: Server, ssh: Path) -> None:
    (finding,) = surroundings.source(settings)
    assert finding.ok
    assert "0 names in it: correct its prefix or path" in finding.text
    (ssh / "known_hosts").unlink()
    (finding,) = surroundings.source(settings)
    assert not finding.ok
    assert "ssh-keyscan" in finding.text
