"""The `sftp://` source against a real server process: landing, resuming, listing, host keys and logins."""

from __future__ import annotations

import logging
import os
import random
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

from .conftest import DAY, Waits, file_name, landed_bytes, release, table_bytes
from .store_servers import PASSWORD, Server, know, sftp_settings
from .stores import BASE, arrived, failure, publish

HEADER = file_name("header")


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Settings:
    return sftp_settings(server, tmp_path)


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
    arrived(sftp_settings(server, tmp_path, source_token=PASSWORD), release())
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize("case", ["wrong password", "wrong key", "no key"])
def test_refused_login_says_what_to_check(server: Server, ssh: Path, tmp_path: Path, case: str) -> None:
    (ssh / "id_ed25519").unlink()
    if case == "wrong key":
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(ssh / "id_ed25519")
    token = "wrong-horse" if case == "wrong password" else None
    reason = failure(sftp_settings(server, tmp_path, source_token=token))
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
    arrived(sftp_settings(server, tmp_path, source_url="sftp://vendor/ams%20feed"), release())


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
    settings = sftp_settings(server, tmp_path, source_template="%Y/*-%Y%m%d/ams__{table}_*.csv.gz")
    files = {f"ams__{table}_0900.csv.gz": table_bytes(table) for table in TABLES}
    for name, content in {"ams__header_0600.csv.gz": table_bytes("header", mark="old"), **files}.items():
        server.put(f"store/{name}", content)
    (server.base / "2026").mkdir()
    (server.base / f"2026/drop-{DAY:%Y%m%d}").symlink_to("../store")
    arrived(settings, files)


def test_missing_base_is_not_an_unpublished_release(server: Server, tmp_path: Path) -> None:
    settings = sftp_settings(server, tmp_path, source_url=f"sftp://feed@127.0.0.1:{server.port}/nowhere")
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
    settings = sftp_settings(server, tmp_path, retries=1, source_template="%Y/%Y%m%d/{table}.csv")
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


def test_file_that_is_written_while_it_is_read_is_read_again(
    server: Server, tmp_path: Path, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = sftp_settings(server, tmp_path, retries=1)
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


def test_server_that_is_not_there_is_a_passing_fault(server: Server, tmp_path: Path) -> None:
    reason = failure(sftp_settings(server, tmp_path, source_url="sftp://feed@127.0.0.1:1/ams"))
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
