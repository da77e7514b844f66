"""The `s3://` source against a real server process: landing, resuming, listing, and what a store can refuse."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from pipeline.cli.doctor import surroundings
from pipeline.ingest.errors import NoRightError
from pipeline.ingest.land import land_release, landed
from pipeline.ingest.sources.stores import s3 as s3_module
from pipeline.settings import Settings, load_settings

from .conftest import DAY, Waits, file_name, manifest, release, table_bytes
from .store_servers import SECRET, Bucket, s3_settings
from .stores import BASE, arrived, failure, publish

BIG = random.Random(1).randbytes(700_000)  # three reads
HEADER = file_name("header")


@pytest.fixture
def settings(bucket: Bucket, tmp_path: Path) -> Settings:
    return s3_settings(bucket, tmp_path)


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
    settings = s3_settings(bucket, tmp_path, retries=1, source_template="%Y/%Y%m%d/ams__{table}.csv")
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


def test_object_replaced_while_it_is_resumed_starts_over(
    settings: Settings, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(bucket, {**release(), HEADER: BIG})
    with monkeypatch.context() as patch:
        broken_once(patch)
        assert "broke off" in failure(settings)
    publish(bucket, release())
    arrived(settings, release())


def test_file_named_by_the_manifest_is_compared(settings: Settings, bucket: Bucket) -> None:
    publish(bucket, release())
    bucket.put(f"{BASE}/manifest.json", manifest(release(), rows=None, sha256="0" * 64))
    assert "its manifest says" in failure(settings)


def test_missing_bucket_is_not_an_unpublished_release(bucket: Bucket, tmp_path: Path) -> None:
    reason = failure(s3_settings(bucket, tmp_path, source_url="s3://no-such-bucket/ams"))
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
    reason = failure(s3_settings(bucket, tmp_path, s3_endpoint_url="http://127.0.0.1:1"))
    assert "cannot be reached" in reason


@pytest.mark.parametrize(
    "key", [f"2026/{DAY:%Y%m%d}/ams__header_\\..\\x.csv.gz", f"2026/{DAY:%Y%m%d}/ams__header_\x01"]
)
def test_names_that_are_no_plain_file_names_are_refused(bucket: Bucket, tmp_path: Path, key: str) -> None:
    settings = s3_settings(bucket, tmp_path, source_template="%Y/%Y%m%d/ams__{table}_*")
    bucket.put(key, table_bytes("header"))
    assert "not a plain file name" in failure(settings)


def test_keys_with_dots_or_a_leading_slash_lead_nowhere(bucket: Bucket, tmp_path: Path) -> None:
    settings = s3_settings(bucket, tmp_path, source_template="%Y/%Y%m%d/ams__{table}_*.csv.gz")
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
