"""Landing from S3 and SFTP beside a folder: CPU a release day, and the throughput of one large file.

    python -m bench.sources

The servers are those of the tests, each in a process of its own on this machine: no network is measured.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import asyncssh
import botocore.session

from pipeline.ingest.land import land_release
from pipeline.settings import Settings, load_settings
from simulator.feed.writer import write_sample

FIRST = date(2026, 11, 2)
DAYS = 20
BIG_BYTES = 200_000_000


@contextmanager
def started(module: str, *arguments: str) -> Iterator[str]:
    """Start a server of the tests and yield the line that it prints."""
    command = [sys.executable, "-m", f"tests.ingest.sources.{module}", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def upload(endpoint: str, world: Path) -> None:
    """Put the files of `world` into a bucket."""
    os.environ.update(dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "bench"))
    client = botocore.session.get_session().create_client("s3", region_name="us-east-1", endpoint_url=endpoint)
    client.create_bucket(Bucket="bench")
    for path in filter(Path.is_file, world.rglob("*")):
        client.put_object(Bucket="bench", Key=path.relative_to(world).as_posix(), Body=path.read_bytes())


def let_in(folder: Path, home: Path) -> None:
    """Write the keys of the SFTP server and of its only account."""
    for name in ("host_key", "client_key"):
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(folder / name)
    (folder / "authorized_keys").write_bytes(asyncssh.read_private_key(folder / "client_key").export_public_key())
    (folder / "password").write_text("")
    (home / ".ssh").mkdir(mode=0o700)
    shutil.copy(folder / "client_key", home / ".ssh" / "id_ed25519")


def measure(name: str, settings: Settings) -> None:
    """Print what landing costs: days for the first time, the same again, and the large file."""
    days = [FIRST + timedelta(days=number) for number in range(DAYS)]
    land_release(settings, FIRST - timedelta(days=1))  # imports, connections
    costs = []
    for expected in ("landed", "unchanged"):
        started_at = time.process_time()
        assert {land_release(settings, day).outcome for day in days} == {expected}
        costs.append((time.process_time() - started_at) / DAYS * 1000)
    big = settings.model_copy(update={"source_template": "big/{table}-%Y%m%d.csv"})
    started_at, clock = time.process_time(), time.monotonic()
    assert land_release(big, FIRST).outcome == "incomplete"  # it has one table only
    seconds, waited = time.process_time() - started_at, time.monotonic() - clock
    megabytes = BIG_BYTES / 1e6
    print(
        f"{name:5} {costs[0]:5.0f} ms CPU a day, {costs[1]:4.0f} ms unchanged; {megabytes:.0f} MB in {waited:.1f} s, "
        f"{seconds:.1f} s CPU",
        flush=True,
    )


def main() -> None:
    """Measure each source over one world."""
    os.environ["NO_PROXY"] = "*"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = folder / "root"
        write_sample(world, days=DAYS, bills_per_day=500, seed=1, start=FIRST)
        (world / "big").mkdir()
        line = b"202611021," + b"x" * 88 + b"\n"
        (world / "big" / f"header-{FIRST:%Y%m%d}.csv").write_bytes(line * (BIG_BYTES // len(line)))
        os.environ["HOME"] = name
        let_in(folder, folder)
        with started("s3_server") as endpoint, started("sftp_server", name) as port:
            upload(endpoint, world)
            key = asyncssh.read_private_key(folder / "host_key").export_public_key().decode()
            (folder / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{port} {key}")
            urls = {"file": world.as_uri(), "s3": "s3://bench", "sftp": f"sftp://feed@127.0.0.1:{port}/"}
            for kind, url in urls.items():
                home = folder / f"home-{kind}"
                measure(kind, load_settings(home=home, source_url=url, s3_endpoint_url=endpoint, min_free_bytes=0))


if __name__ == "__main__":
    main()
