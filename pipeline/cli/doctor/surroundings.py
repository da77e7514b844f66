"""Checks on what a run finds around it: Python, the home, the source, schedules."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

from pipeline.cli.doctor.finding import Finding
from pipeline.ingest.sources.stores.which import STORES, open_store
from pipeline.settings import Settings

PACKAGES: Final = ("dagster", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "requests")
PYTHONS: Final = ((3, 11), (3, 14))
"""First supported version, first unsupported one."""
PROBE_TIMEOUT_S: Final = 10.0


def versions() -> Iterator[Finding]:
    """Yield whether Python is supported, and the versions of the packages."""
    found = sys.version_info[:2]
    supported = PYTHONS[0] <= found < PYTHONS[1]
    wanted = f"{PYTHONS[0][0]}.{PYTHONS[0][1]} up to, not including, {PYTHONS[1][0]}.{PYTHONS[1][1]}"
    yield Finding("python", supported, f"{found[0]}.{found[1]}" + ("" if supported else f"; use {wanted}"))
    yield Finding("packages", True, ", ".join(f"{name} {version(name)}" for name in PACKAGES))


def home(settings: Settings) -> Iterator[Finding]:
    """Yield whether the home is writable and has room."""
    home = settings.home
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        yield Finding("home", False, f"{home}: {error.strerror}; make it writable or set LEVERAGE_HOME")
        return
    free = shutil.disk_usage(home).free
    enough = free > settings.min_free_bytes
    need = "" if enough else f"; {settings.min_free_bytes:,} are to stay free (LEVERAGE_MIN_FREE_BYTES): free some"
    yield Finding("home", enough, f"{home} is writable, {free:,} bytes are free{need}")


def source(settings: Settings) -> Iterator[Finding]:
    """Yield whether the source is there."""
    parts = urlsplit(settings.source_url)
    if parts.scheme == "sample":
        yield Finding("source", True, "the embedded sample (set LEVERAGE_SOURCE_URL for a real feed)")
    elif parts.scheme in STORES:
        yield _list(settings)
    else:
        yield _reach(settings)


def schedules(settings: Settings) -> Iterator[Finding]:
    """Yield whether schedules run by themselves."""
    from pipeline.defs.partitions import is_sample

    if is_sample(settings):
        text = "schedules and sensors are stopped for the sample; turn them on in the Dagster UI (`make dev`)"
    else:
        text = "schedules and sensors run by themselves while `make dev` or a Dagster daemon is up (docs/operating.md)"
    yield Finding("schedules", True, text)


def _list(settings: Settings) -> Finding:
    from pipeline.ingest.errors import NoRightError, SourceError
    from pipeline.net.retry import TransientError

    try:
        with closing(open_store(settings)) as store:
            where = store.address("")
            store.check()
            names = store.list("")
    except NoRightError as denial:
        if "*" in settings.source_template:
            return Finding("source", False, str(denial))
        return Finding("source", True, f"{where} can be reached; it may not be listed, which takes a template with *")
    except (SourceError, TransientError) as fault:
        return Finding("source", False, str(fault))
    found = len(names.folders) + len(names.files)
    hint = "" if found else ": correct its prefix or path, or wait for the first release"
    return Finding("source", True, f"{where} can be reached, {found:,} names in it{hint}")


def _reach(settings: Settings) -> Finding:
    import requests

    from pipeline.net.addresses import public_url

    where = public_url(settings.source_url)
    token = settings.source_token.get_secret_value() if settings.source_token else None
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        with requests.get(
            settings.source_url, headers=headers, timeout=PROBE_TIMEOUT_S, stream=True, allow_redirects=False
        ) as answer:
            code = answer.status_code
    except requests.RequestException as fault:
        return Finding(
            "source", False, f"{where} cannot be reached ({type(fault).__name__}): check address and network"
        )
    if code in (401, 403):
        return Finding("source", False, f"{where} answers {code}: check LEVERAGE_SOURCE_TOKEN")
    # The base itself need not be a page: what counts is that its server answers.
    return Finding("source", code < 500, f"{where} answers {code}" + ("" if code < 500 else ": ask its operator"))
