"""The `s3://` source against a real server process: landing, resuming, listing, and what a store can refuse."""

from __future__ import annotations

import itertools
import logging
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
import urllib3

from pipeline.cli.doctor import surroundings
from pipeline.ingest.errors import NoRightError
from pipeline.ingest.formats.ams import TABLES
from pipeline.ingest.land import land_release, landed
from pipeline.ingest.sources.stores import s3 as s3_module
from pipeline.settings import Settings, load_settings

from .conftest import DAY, Waits, file_name, landed_bytes, leftovers, manifest, release, table_bytes
from .stores import BASE, arrived, failure, publish

ROOT = Path(__file__).resolve().parents[3]
SECRET = "wJalrXUtnFEMI-not-a-real-secret"
NUMBERS = itertools.count(1)
BIG = random.Random(1).randbytes(700_000)  # three reads
HEADER = file_name("header")


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


def settings_for(bucket: Bucket, tmp_path: Path, **more: object) -> Settings:
    given = {
        "_env_file": None,
        "home": tmp_path / "home",
        "source_url": f"s3://{bucket.name}/ams",
        "s3_endpoint_url": bucket.endpoint,
        "min_free_bytes": 0,
        "retries": 0,
    }
    return load_settings(**{**given, **more})


@pytest.fixture
def settings(bucket: Bucket, tmp_path: Path) -> Settings:
    return settings_for(bucket, tmp_path)


def test_release_lands_with_etags_and_no_secret(
    settings: Settings, bucket: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    publish(bucket, release())
    arrived(settings, release())
    file = next(iter(landed(settings, DAY).files))  # type: ignore[union-attr]
    assert file.url == f"s3://{bucket.name}/ams/{BASE}/{HEADER}"
    assert file.etag
    assert file.last_modified
    provenance = (settings.landing_dir / DAY.isoformat() / "provenance.json").read_text()
    for text in (provenance, caplog.text):
        assert SECRET not in text
        assert "AKIAEXAMPLE" not in text


def test_unchanged_release_is_not_downloaded_again(
    settings: Settings, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(bucket, release())
    arrived(settings, release())
    monkeypatch.setattr(s3_module.S3Store, "read", None)
    assert land_release(settings, DAY).outcome == "unchanged"


def test_corrected_file_replaces_the_landed_one(settings: Settings, bucket: Bucket) -> None:
    publish(bucket, release())
    arrived(settings, release())
    publish(bucket, {HEADER: table_bytes("header", mark="b")})
    arrived(settings, {**release(), HEADER: table_bytes("header", mark="b")})


def test_release_that_is_not_there_is_not_published(settings: Settings) -> None:
    assert land_release(settings, DAY).outcome == "not_published"


def test_names_with_a_time_stamp_are_listed_and_the_newest_taken(bucket: Bucket, tmp_path: Path) -> None:
    settings = settings_for(bucket, tmp_path, source_template="%Y/*-%Y%m%d/ams__{table}_*.csv.gz")
    for table in ("header", "shipper"):
        bucket.put(f"2026/drop-{DAY:%Y%m%d}/ams__{table}_0600.csv.gz", table_bytes(table, mark="old"))
    files = {f"ams__{table}_0900.csv.gz": table_bytes(table) for table in TABLES}
    for name, content in files.items():
        bucket.put(f"2026/drop-{DAY:%Y%m%d}/{name}", content)
    arrived(settings, files)


def test_listing_longer_than_a_page_is_whole(
    settings: Settings, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = s3_module.S3Store(settings)
    asked: list[str] = []
    made = store._client.meta.events
    made.register("before-send.s3.ListObjectsV2", lambda request, **_: asked.append(request.url))
    for number in range(30):
        bucket.put(f"{BASE}/noise-{number:05}", b"")
    paginate = store._client.get_paginator("list_objects_v2").paginate
    pages = type("Pages", (), {"paginate": lambda _self, **more: paginate(**more, PaginationConfig={"PageSize": 10})})
    monkeypatch.setattr(store._client, "get_paginator", lambda _name: pages())
    assert len(store.list(BASE).files) == 30
    assert len(asked) == 3


def test_download_that_breaks_off_continues_where_it_stopped(
    bucket: Bucket, tmp_path: Path, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(bucket, tmp_path, retries=1, source_template="%Y/%Y%m%d/ams__{table}.csv")
    table = b"identifier\n" + b"1" * 600_000 + b"\n"
    bucket.put(f"{BASE}/ams__header.csv", table)
    asked = broken_once(monkeypatch)
    landing = land_release(settings, DAY, pace=waits.pace)
    assert landing.outcome == "incomplete"  # the other tables are not there
    assert asked[0] == 0
    assert 0 < asked[1] < len(table)
    assert (settings.landing_dir / ".partial" / DAY.isoformat() / "ams__header.csv.part").read_bytes() == table


def broken_once(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Break the first download after its first read; return the offsets that are asked for."""
    original, asked = s3_module.S3Store._chunks, []
    real_read = s3_module.S3Store.read

    def read(self: Any, path: str, file: Any, offset: int) -> Any:
        asked.append(offset)
        return real_read(self, path, file, offset)

    def chunks(self: Any, body: Any, where: str) -> Iterator[bytes]:
        if len(asked) == 1:
            reads, read1 = iter([1]), body._raw_stream.read1

            def broken(*args: Any, **more: Any) -> bytes:
                if next(reads, None):
                    return read1(*args, **more)
                raise urllib3.exceptions.ProtocolError("reset")

            body._raw_stream.read1 = broken
        return original(self, body, where)

    monkeypatch.setattr(s3_module.S3Store, "read", read)
    monkeypatch.setattr(s3_module.S3Store, "_chunks", chunks)
    return asked


def test_night_killed_in_the_middle_is_resumed_by_the_next(
    settings: Settings, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = release()
    publish(bucket, files)
    child = os.fork()
    if child == 0:  # killed after the third file's bytes came
        reads = itertools.count()
        original = s3_module.S3Store._chunks

        def chunks(self: Any, body: Any, where: str) -> Iterator[bytes]:
            for chunk in original(self, body, where):
                half = len(chunk) // 2
                yield chunk[:half]
                if next(reads) == 2:
                    os.kill(os.getpid(), signal.SIGKILL)
                yield chunk[half:]

        s3_module.S3Store._chunks = chunks  # type: ignore[method-assign]
        land_release(settings, DAY)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    assert landed_bytes(settings) == {}
    asked: list[int] = []
    real_read = s3_module.S3Store.read

    def read(self: Any, path: str, file: Any, offset: int) -> Any:
        asked.append(offset)
        return real_read(self, path, file, offset)

    monkeypatch.setattr(s3_module.S3Store, "read", read)
    arrived(settings, files)
    assert len([offset for offset in asked if offset]) == 1  # the file that was cut; whole ones are not asked for again
    assert len(asked) == len(files) - 2
    assert leftovers(settings) == []


def test_object_replaced_while_it_is_resumed_starts_over(
    settings: Settings, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(bucket, {**release(), HEADER: BIG})
    with monkeypatch.context() as patch:
        broken_once(patch)
        assert "broke off" in failure(settings)
    publish(bucket, release())
    arrived(settings, release())


def test_key_that_vanishes_between_listing_and_download_is_named(
    bucket: Bucket, tmp_path: Path, waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_for(bucket, tmp_path, retries=2, source_template="%Y/%Y%m%d/ams__{table}_*.csv.gz")
    publish(bucket, release())
    original = s3_module.S3Store.list

    def listed(self: Any, folder: str) -> Any:
        found = original(self, folder)
        bucket.remove(f"{BASE}/{HEADER}")
        return found

    monkeypatch.setattr(s3_module.S3Store, "list", listed)
    reason = failure(settings, pace=waits.pace)
    assert HEADER in reason
    assert "is gone: run again" in reason


def test_file_named_by_the_manifest_is_compared(settings: Settings, bucket: Bucket) -> None:
    publish(bucket, release())
    bucket.put(f"{BASE}/manifest.json", manifest(release(), rows=None, sha256="0" * 64))
    assert "its manifest says" in failure(settings)


def test_missing_bucket_is_not_an_unpublished_release(bucket: Bucket, tmp_path: Path) -> None:
    reason = failure(settings_for(bucket, tmp_path, source_url="s3://no-such-bucket/ams"))
    assert "there is no bucket 'no-such-bucket'" in reason


@pytest.mark.parametrize(
    ("code", "status", "word"),
    [
        ("AccessDenied", 403, "it takes s3:GetObject"),
        ("403", 403, "the credentials have no right to it"),
        ("InvalidAccessKeyId", 403, "the access key is not known"),
        ("SignatureDoesNotMatch", 403, "the secret does not belong"),
        ("ExpiredToken", 400, "the credentials have expired"),
        ("RequestTimeTooSkewed", 403, "this machine's clock"),
        ("InvalidObjectState", 403, "restore it first"),
        ("SlowDown", 503, "answered SlowDown (given up after 1 tries)"),
        ("InvalidRequest", 400, "neither a file nor its absence"),
    ],
)
def test_refusals_of_a_store_say_what_to_do(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, code: str, status: int, word: str
) -> None:
    def refused(self: Any, operation: str, asked: object) -> None:
        del self, asked
        answer = {"Error": {"Code": code, "Message": SECRET}, "ResponseMetadata": {"HTTPStatusCode": status}}
        raise s3_module.faults.ClientError(answer, operation)  # type: ignore[arg-type]

    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refused)
    reason = failure(settings)
    assert word in reason
    assert SECRET not in reason


def test_without_credentials_the_standard_places_are_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert "AWS_PROFILE" in failure(settings)


def test_unknown_profile_is_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert "~/.aws/config" in failure(settings)


def test_store_that_cannot_be_reached_is_a_passing_fault(bucket: Bucket, tmp_path: Path) -> None:
    reason = failure(settings_for(bucket, tmp_path, s3_endpoint_url="http://127.0.0.1:1"))
    assert "cannot be reached" in reason


@pytest.mark.parametrize(
    "key", [f"2026/{DAY:%Y%m%d}/ams__header_\\..\\x.csv.gz", f"2026/{DAY:%Y%m%d}/ams__header_\x01"]
)
def test_names_that_are_no_plain_file_names_are_refused(bucket: Bucket, tmp_path: Path, key: str) -> None:
    settings = settings_for(bucket, tmp_path, source_template="%Y/%Y%m%d/ams__{table}_*")
    bucket.put(key, table_bytes("header"))
    assert "not a plain file name" in failure(settings)


def test_keys_with_dots_or_a_leading_slash_lead_nowhere(bucket: Bucket, tmp_path: Path) -> None:
    settings = settings_for(bucket, tmp_path, source_template="%Y/%Y%m%d/ams__{table}_*.csv.gz")
    publish(bucket, release())
    for key in (f"{BASE}/../{HEADER}", f"{BASE}//{HEADER}", f"{BASE}/"):
        bucket.put(key, b"not a table")
    arrived(settings, release())


def test_prefix_that_climbs_and_credentials_in_the_address_are_refused(tmp_path: Path) -> None:
    for url, word in (
        ("s3://bucket/../x", "step '..'"),
        ("s3://key:secret@bucket/x", "has credentials"),
        ("s3:///x", "has no bucket"),
        ("s3://bucket/x?versionId=1", "has a query"),
    ):
        with pytest.raises(Exception, match="LEVERAGE_SOURCE_URL") as fault:
            load_settings(_env_file=None, home=tmp_path, source_url=url)
        assert word in str(fault.value)
        assert "key:secret" not in str(fault.value)


def test_doctor_says_whether_the_bucket_can_be_read(
    settings: Settings, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket.put(f"{BASE}/{HEADER}", b"x")
    (finding,) = surroundings.source(settings)
    assert (finding.ok, finding.text) == (True, f"s3://{bucket.name}/ams can be reached, 1 names in it")

    (finding,) = surroundings.source(settings.model_copy(update={"source_url": "s3://no-such-bucket"}))
    assert not finding.ok
    assert "there is no bucket" in finding.text

    def denied(*_args: object) -> None:
        raise NoRightError("it takes s3:ListBucket")

    monkeypatch.setattr(s3_module.S3Store, "list", denied)
    (finding,) = surroundings.source(settings)
    assert finding.ok  # each name of the template is known
    assert "may not be listed" in finding.text
    (finding,) = surroundings.source(settings.model_copy(update={"source_template": "%Y%m%d/*-{table}.csv"}))
    assert not finding.ok
