"""S3, and stores that speak its protocol (MinIO, R2), read through botocore.

Credentials, region and proxies come from where every AWS tool takes them: the environment, `~/.aws`, the machine's
role.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.utils import formatdate
from typing import Any, Final
from urllib.parse import quote, urlsplit

import botocore.session
from botocore import exceptions as faults
from botocore.config import Config
from botocore.loaders import create_loader

from pipeline.ingest.errors import DeniedError, NoRightError, SourceError
from pipeline.ingest.sources.stores.store import Listing, Store, StoredFile
from pipeline.ingest.sources.stream import chunks
from pipeline.net.retry import TransientError
from pipeline.settings import Settings

DEFAULT_REGION: Final = "us-east-1"
"""Where none is configured: what MinIO and R2 accept, and from where AWS redirects to a bucket's own region."""
ABSENT: Final = frozenset({"404", "NoSuchKey", "NotFound"})
NO_BUCKET: Final = "NoSuchBucket"
CHANGED: Final = frozenset({"412", "PreconditionFailed", "416", "InvalidRange"})
CREDENTIALS: Final = {
    "InvalidAccessKeyId": "the access key is not known",
    "SignatureDoesNotMatch": "the secret does not belong to the access key",
    "ExpiredToken": "the credentials have expired",
    "InvalidToken": "the session token is not valid",
    "RequestTimeTooSkewed": "this machine's clock is wrong by more than 15 minutes",
}
PASSING: Final = frozenset({"SlowDown", "InternalError", "ServiceUnavailable", "RequestTimeout", "Throttling"})


_LOADER: Final = create_loader()
"""Reads the description of S3 once a process: .2 s of CPU, and a range opens a source for each day."""


class S3Store(Store):
    """A bucket below a prefix."""

    def __init__(self, settings: Settings) -> None:
        """Open the client; no request is sent yet.

        Raises:
            SourceError: the configuration of AWS cannot be used.
        """
        parts = urlsplit(settings.source_url)
        self._read_timeout_s = settings.read_timeout_s
        self._bucket, self._prefix = parts.netloc, parts.path.strip("/")
        try:
            session = botocore.session.get_session()
            session.register_component("data_loader", _LOADER)
            self._client: Any = session.create_client(
                "s3",
                region_name=session.get_config_variable("region") or DEFAULT_REGION,
                endpoint_url=settings.s3_endpoint_url,
                config=Config(
                    connect_timeout=settings.connect_timeout_s,
                    read_timeout=settings.read_timeout_s,
                    retries={"total_max_attempts": 1},
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                    # Other stores rarely have a host name for each bucket.
                    s3={"addressing_style": "path" if settings.s3_endpoint_url else "auto"},
                ),
            )
        except (faults.BotoCoreError, ValueError) as fault:
            raise SourceError(
                f"{settings.source_url}: the configuration of AWS cannot be used ({type(fault).__name__}); check "
                "AWS_PROFILE, ~/.aws/config and LEVERAGE_S3_ENDPOINT_URL"
            ) from None

    def address(self, path: str) -> str:
        """Return `s3://bucket/key`."""
        return f"s3://{self._bucket}/{quote(self._key(path))}".rstrip("/")

    def check(self) -> None:
        """Raise SourceError unless the bucket is there; whether it can be listed does not matter."""
        with self._translated(self.address("")):
            try:
                self._client.head_bucket(Bucket=self._bucket)
            except faults.ClientError as fault:
                if _code(fault) in ABSENT | {NO_BUCKET}:
                    raise self._no_bucket() from None
                if _code(fault) not in ("403", "AccessDenied"):
                    raise

    def list(self, folder: str) -> Listing:
        """Return the names below `folder/`, page by page; the store sorts them."""
        prefix = f"{self._key(folder)}/".lstrip("/")
        found = Listing()
        with self._translated(self.address(folder), right="s3:ListBucket"):
            pages = self._client.get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix, Delimiter="/"):
                folders = (entry["Prefix"].removeprefix(prefix)[:-1] for entry in page.get("CommonPrefixes", ()))
                files = (entry["Key"].removeprefix(prefix) for entry in page.get("Contents", ()))
                # Without a name: the object that a console makes for an empty folder.
                found.folders += filter(None, folders)
                found.files += filter(None, files)
        return found

    def stat(self, path: str) -> StoredFile | None:
        """Return what is known of an object; None when it is not there."""
        with self._translated(self.address(path)):
            try:
                answer = self._client.head_object(Bucket=self._bucket, Key=self._key(path))
            except faults.ClientError as fault:
                if _code(fault) in ABSENT:
                    return None
                raise
        changed = formatdate(answer["LastModified"].timestamp(), usegmt=True)
        return StoredFile(answer["ContentLength"], changed, answer.get("ETag"))

    @contextmanager
    def read(self, path: str, file: StoredFile, offset: int) -> Iterator[Iterator[bytes]]:
        """Yield an object's bytes from `offset` on, if its ETag is still the same."""
        where = self.address(path)
        asked = {"Bucket": self._bucket, "Key": self._key(path)}
        if file.etag:
            asked["IfMatch"] = file.etag
        if offset:
            asked["Range"] = f"bytes={offset}-"
        with self._translated(where):
            try:
                answer = self._client.get_object(**asked)
            except faults.ClientError as fault:
                if _code(fault) in CHANGED | ABSENT:
                    raise TransientError(f"{where} was replaced or removed before it was read") from None
                raise
        with closing(answer["Body"]) as body:
            if offset and not answer.get("ContentRange", "").startswith(f"bytes {offset}-"):
                raise SourceError(f"{where} does not continue at byte {offset:,}: the store does not answer to ranges")
            yield self._chunks(body, where)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _chunks(self, body: Any, where: str) -> Iterator[bytes]:
        # Its own `read` waits for a whole block, however slowly it comes; the size is compared by the caller.
        return chunks(body._raw_stream, where, self._read_timeout_s, time.monotonic)

    def _key(self, path: str) -> str:
        return "/".join(step for step in (self._prefix, path) if step)

    def _no_bucket(self) -> SourceError:
        return SourceError(
            f"there is no bucket {self._bucket!r}: correct LEVERAGE_SOURCE_URL, or LEVERAGE_S3_ENDPOINT_URL if it is "
            "in a store other than AWS"
        )

    @contextmanager
    def _translated(self, where: str, right: str = "s3:GetObject") -> Iterator[None]:
        """Turn faults of botocore into ours; messages of its own are not passed on."""
        try:
            yield
        except faults.ClientError as fault:
            raise self._fault(fault, where, right) from None
        except (faults.NoCredentialsError, faults.PartialCredentialsError, faults.TokenRetrievalError):
            raise DeniedError(
                f"{where}: no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, "
                "or give the machine a role"
            ) from None
        except faults.SSLError:
            raise SourceError(
                f"{where}: the store's certificate is not trusted; set AWS_CA_BUNDLE if it is your own"
            ) from None
        except (faults.HTTPClientError, faults.ConnectionError) as fault:  # time-outs, broken connections, proxies
            raise TransientError(f"{where} cannot be reached or broke off ({type(fault).__name__})") from None
        except faults.BotoCoreError as fault:
            raise SourceError(f"{where} cannot be asked for ({type(fault).__name__})") from None

    def _fault(self, fault: faults.ClientError, where: str, right: str) -> Exception:
        code = _code(fault)
        status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if code == NO_BUCKET:
            return self._no_bucket()
        if code in CREDENTIALS:
            return DeniedError(f"{where}: {CREDENTIALS[code]} ({code}); check the AWS credentials and the clock")
        if code == "InvalidObjectState":
            return SourceError(f"{where} is in an archive class of S3: restore it first")
        if code in PASSING or status in (408, 429) or status >= 500:
            return TransientError(f"{where} answered {code}")
        if status in (401, 403):
            return NoRightError(
                f"{where} answered {code}: the credentials have no right to it; it takes {right} (without "
                "s3:ListBucket S3 answers so for an object that is not there, too)"
            )
        return SourceError(f"{where} answered {code}, which means neither a file nor its absence")


def _code(fault: faults.ClientError) -> str:
    return str(fault.response.get("Error", {}).get("Code", ""))
