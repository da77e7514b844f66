"""Checks of settings that are addresses, secrets or templates; each raises ValueError with what is accepted."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date, timedelta
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import SecretStr

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
"""Hosts of this machine: plain http to them crosses no network."""
SOURCES: Final = "sample:, file:///dir, http(s)://host/base, s3://bucket/prefix or sftp://user@host/path"
SECRET_BYTES: Final = (24, 64)
"""Length of a secret that signs webhooks: Standard Webhooks 1.0.0."""
_TWO_YEARS: Final = [date(2024, 1, 1) + timedelta(days=number) for number in range(731)]
MAIL_ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
"""Addresses that need no quoting; nothing in them can end a mail header."""
BUCKET: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")


def source_url(value: str) -> str:
    """Return the address of a source of a known kind, without secrets in it."""
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"cannot be read as an address; give {SOURCES}") from None
    if parts.scheme not in ("sample", "imports", "file", "http", "https", "s3", "sftp"):
        raise ValueError(f"scheme {parts.scheme!r} is unknown; give {SOURCES} or imports:")
    if parts.scheme == "sftp" and parts.password is not None:
        raise ValueError(
            "has a password; use a key of ~/.ssh or the agent, or give the password in LEVERAGE_SOURCE_TOKEN"
        )
    if parts.scheme == "s3" and (parts.username is not None or port is not None):
        raise ValueError(
            "has credentials or a port; give s3://bucket/prefix, credentials in AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY or AWS_PROFILE, the address of a store that is not AWS in LEVERAGE_S3_ENDPOINT_URL"
        )
    if parts.scheme != "sftp" and (parts.username or parts.password):
        raise ValueError("has a user name or password; give a token in LEVERAGE_SOURCE_TOKEN")
    if parts.scheme in ("http", "https", "sftp") and not host:
        form = "sftp://user@host/path" if parts.scheme == "sftp" else "http(s)://host/base"
        raise ValueError(f"has no host; give {form}")
    if parts.scheme == "s3" and not BUCKET.fullmatch(parts.netloc):
        raise ValueError(f"has no bucket, or none that can be ({parts.netloc[:80]!r}); give s3://bucket/prefix")
    if parts.scheme in ("s3", "sftp") and (parts.query or parts.fragment or ".." in parts.path.split("/")):
        raise ValueError("has a query, a '#' or a step '..'; give the path alone")
    if parts.scheme == "file" and (parts.netloc not in ("", "localhost") or not parts.path.startswith("/")):
        raise ValueError("must be an absolute path with three slashes, such as file:///srv/ams")
    return value


def store_url(value: str) -> str:
    """Return the address of a store that speaks S3; plain http is for this machine and private networks."""
    parts = _split(SecretStr(value), "https://host:port")
    if parts is None or parts.scheme not in ("http", "https"):
        raise ValueError("is no http(s):// address; give that of the store, such as https://minio.example.com:9000")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("has credentials, a query or a '#'; give the address alone, credentials as for AWS")
    return value


def template(value: str) -> str:
    """Return a template that names one file for each day below the base, and for each table where it has {table}."""
    if value.startswith("/") or ".." in value.split("/"):
        raise ValueError("must be a relative path without '..'")
    if re.sub(r"\{table\}", "", value).count("{"):
        raise ValueError("knows only the field {table}; dates are strftime fields such as %Y%m%d")
    if len({day.strftime(value) for day in _TWO_YEARS}) < len(_TWO_YEARS):
        raise ValueError("must name another file for each day, by fields such as %Y%m%d")
    return value


def webhook(value: SecretStr | None, *, may_have_user: bool) -> None:
    """Check that a webhook is reached by TLS, or is on this machine."""
    parts = _split(value, "https://host/path")
    if parts and parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("must be an https:// address (plain http only on this machine)")
    if parts and parts.username is not None and not may_have_user:
        raise ValueError("has a user name or password, which are not sent; give the address without them")


def signing_secrets(value: SecretStr | None) -> None:
    """Check that there is one secret of the standard's length, or two."""
    secrets = value.get_secret_value().split() if value else []
    least, most = SECRET_BYTES
    form = f"give whsec_ and {least} to {most} random bytes in base64; two, separated by a blank, while they change"
    if value is not None and not 1 <= len(secrets) <= 2:
        raise ValueError(f"has {len(secrets)} secrets; {form}")
    for secret in secrets:
        try:
            size = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
        except binascii.Error:
            size = 0
        if not secret.startswith("whsec_") or not least <= size <= most:
            raise ValueError(f"is no signing secret; {form}")


def mail_server(value: SecretStr | None) -> None:
    """Check that a mail server's address names a sender and, if any, a whole account."""
    form = "smtps://user:password@host:465?from=alerts@example.com (or smtp:// with STARTTLS)"
    parts = _split(value, form)
    if parts is None:
        return
    if parts.scheme not in ("smtp", "smtps"):
        raise ValueError(f"is neither smtp:// nor smtps://; give {form}")
    if parts.fragment or parts.path not in ("", "/"):
        raise ValueError(f"has a path or a '#' (write %23, and %2F for '/', in a password); give {form}")
    asked = parse_qs(parts.query, keep_blank_values=True)
    if set(asked) != {"from"} or len(asked["from"]) != 1 or not MAIL_ADDRESS.fullmatch(asked["from"][0]):
        raise ValueError(f"must end in ?from= and one plain address (a '+' in it is written %2B); give {form}")
    if (parts.username is None) != (parts.password is None):
        raise ValueError("needs a user name and a password, or neither")


def _split(value: SecretStr | None, form: str) -> SplitResult | None:
    """The parts of an address that is a secret: no fault repeats any of it, as the library's own would."""
    if value is None:
        return None
    text = value.get_secret_value()
    if not re.fullmatch(r"[\x21-\x7e]+", text):
        raise ValueError(f"has blanks or characters that are not allowed in an address; give {form}")
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        raise ValueError(f"cannot be read as an address; give {form}, each special character of a password as %XX")
    return parts
