"""`leverage doctor`: a list of checks on everything that a run needs; each finding is ok or says what to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from pipeline.errors import PipelineError
from pipeline.settings import Settings, SettingsError, load_settings
from pipeline.state.release_outcomes import read_outcomes
from pipeline.state.writer_lock import is_writing

PACKAGES: Final = ("dagster", "dbt-core", "dbt-duckdb", "duckdb", "great-expectations", "requests")
PYTHONS: Final = ((3, 11), (3, 14))
"""First supported version, first unsupported one."""
PROBE_TIMEOUT_S: Final = 10.0
RESTORE: Final = "restore state/ from a backup (docs/operating.md)"
COMPARED_WEEKS: Final = 13
"""Published weeks whose inputs are compared with what is loaded now: those that people still talk about."""


@dataclass(frozen=True)
class Finding:
    """One line of the doctor.

    Attributes:
        subject: what was checked.
        ok: whether a run can go on with it.
        text: what was found, and what to do where it is not ok.
    """

    subject: str
    ok: bool
    text: str


Check = Callable[[Settings], Iterator[Finding]]


def examine() -> list[Finding]:
    """All findings; those that need the settings are left out where the settings are wrong."""
    findings = list(_versions())
    try:
        settings = load_settings()
    except SettingsError as error:
        return [*findings, *(Finding("settings", False, line) for line in str(error).splitlines())]
    findings.append(Finding("settings", True, "every LEVERAGE_ variable is accepted"))
    return [*findings, *(finding for check in CHECKS for finding in _checked(check, settings))]


def _checked(check: Check, settings: Settings) -> list[Finding]:
    """Findings of one check; what it cannot read is a finding too, so that the other checks still run."""
    try:
        return list(check(settings))
    except (PipelineError, OSError, ValueError) as error:
        return [Finding(check.__name__.strip("_").replace("_", " "), False, str(error))]


def _versions() -> Iterator[Finding]:
    found = sys.version_info[:2]
    supported = PYTHONS[0] <= found < PYTHONS[1]
    wanted = f"{PYTHONS[0][0]}.{PYTHONS[0][1]} up to, not including, {PYTHONS[1][0]}.{PYTHONS[1][1]}"
    yield Finding("python", supported, f"{found[0]}.{found[1]}" + ("" if supported else f"; use {wanted}"))
    yield Finding("packages", True, ", ".join(f"{name} {version(name)}" for name in PACKAGES))


def _home(settings: Settings) -> Iterator[Finding]:
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


def _source(settings: Settings) -> Iterator[Finding]:
    parts = urlsplit(settings.source_url)
    if parts.scheme == "sample":
        yield Finding("source", True, "the embedded sample (set LEVERAGE_SOURCE_URL for a real feed)")
    elif parts.scheme == "file":
        folder = unquote(parts.path)
        there = Path(folder).is_dir()
        yield Finding("source", there, folder if there else f"{folder} is no folder: mount it or correct it")
    else:
        yield _reach(settings)


def _schedules(settings: Settings) -> Iterator[Finding]:
    from pipeline.defs.partitions import is_sample

    if is_sample(settings):
        text = "schedules and sensors are stopped for the sample; turn them on in the Dagster UI (`make dev`)"
    else:
        text = "schedules and sensors run by themselves while `make dev` or a Dagster daemon is up (docs/operating.md)"
    yield Finding("schedules", True, text)


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


def _journal(settings: Settings) -> Iterator[Finding]:
    from pipeline.ingest.release_days import read_rhythm

    outcomes = read_outcomes(settings)
    loaded = {item.release_date for item in outcomes if item.outcome == "loaded"}
    newest = {item.release_date: item for item in outcomes}
    troubled = [item for day, item in sorted(newest.items()) if item.outcome in ("failed", "incomplete")]
    if not loaded and any(settings.raw_dir.glob("*/release_date=*")):
        yield Finding("releases", False, f"{settings.outcomes_path} has no load, but raw/ has rows: {RESTORE}")
    elif not loaded:
        yield Finding("releases", True, "none is loaded yet: run `leverage run` or `make demo`")
    else:
        first, last = min(loaded), max(loaded)
        gaps = [day for day in read_rhythm(settings, outcomes).expected(first, last) if day not in loaded]
        missing = f"; {len(gaps)} releases between are not loaded, the newest {gaps[-1]}" if gaps else ""
        yield Finding("releases", True, f"{len(loaded):,} days loaded, {first} to {last}{missing}")
    for item in troubled[-3:]:
        yield Finding("release", False, f"{item.release_date} {item.outcome}: {item.reason}")


def _raw(settings: Settings) -> Iterator[Finding]:
    """Whether the rows of accepted releases are there and can be read."""
    from pipeline.ingest.raw_files import damaged_days

    damaged = damaged_days(settings)
    for day, fault in list(damaged.items())[-3:]:
        more = f" (and {len(damaged) - 1} more days)" if len(damaged) > 1 else ""
        yield Finding("raw", False, f"{fault}{more}; `leverage run --release-date {day}` loads them from landing again")


def _parties(settings: Settings) -> Iterator[Finding]:
    """Whether the decisions on who is who are there and whole."""
    from pipeline.entities.registry import read_batches
    from pipeline.warehouse.pending import applied_batches

    batches = read_batches(settings)
    applied = applied_batches(settings) if settings.warehouse_path.exists() else set()
    if len(applied) > len(batches):
        text = f"the warehouse has {len(applied)} batches of decisions, {settings.state_dir / 'parties'} {len(batches)}"
        yield Finding("parties", False, f"{text}: {RESTORE}; new decisions would give companies other ids")
    elif batches:
        yield Finding("parties", True, f"{len(batches)} batches of decisions on who is who")


def _overrides(settings: Settings) -> Iterator[Finding]:
    from pipeline.entities.overrides.rows import read_sheet

    if settings.overrides is None:
        return
    try:
        sheet = read_sheet(settings.overrides)
    except PipelineError as error:
        yield Finding("overrides", False, f"{error}. Until it is fixed no run decides on parties")
        return
    warnings = "".join(f"; {warning}" for warning in sheet.warnings)
    yield Finding("overrides", True, f"{len(sheet.rows)} decisions of people in {settings.overrides}{warnings}")


def _watchlist(settings: Settings) -> Iterator[Finding]:
    from pipeline.alerts.watchlist import load_watchlist, read_rows
    from pipeline.entities.registry import read_batches

    path = settings.watchlist
    if path is None:
        is_sample = settings.source_url == "sample:"
        recipients = "alerts go to the sample's own buyers" if is_sample else "alerts have no recipient"
        yield Finding("watchlist", True, f"LEVERAGE_WATCHLIST is not set: {recipients} (docs/alerts.md)")
        return
    try:
        rows, warnings = read_rows(path)
        if not read_batches(settings):
            yield Finding("watchlist", True, f"{len(rows)} lines in {path}; names are checked once releases are loaded")
            return
        watchers = load_watchlist(settings).watchers
    except PipelineError as error:
        yield Finding("watchlist", False, f"{error}. Until it is fixed no alert is sent")
        return
    text = f"{len(watchers)} watchers with {len(rows)} lines in {path}"
    yield Finding("watchlist", True, "; ".join([text, *warnings]))


def _warehouse(settings: Settings) -> Iterator[Finding]:
    from pipeline.warehouse.pending import pending_days

    try:
        pending = pending_days(settings)
    except PipelineError as error:
        yield Finding("warehouse", False, str(error))
        return
    if pending and is_writing(settings.home):
        yield Finding("warehouse", True, f"{len(pending)} accepted days are being built")
    elif pending:
        text = (
            f"{len(pending)} accepted days are not built, the newest {pending[-1]}: the last build failed or was killed"
        )
        yield Finding(
            "warehouse", False, f"{text}; `leverage run --release-date {pending[-1]}` builds them or says why not"
        )
    else:
        there = settings.warehouse_path.exists()
        yield Finding("warehouse", True, f"{settings.warehouse_path} is up to date" if there else "not built yet")


def _weeks(settings: Settings) -> Iterator[Finding]:
    from pipeline.snapshots.calendar import NotYetError
    from pipeline.snapshots.due import closed_week, outdated
    from pipeline.snapshots.manifest import frozen_weeks
    from pipeline.snapshots.tasks import damaged_snapshots

    for fault in damaged_snapshots(settings):
        yield Finding("snapshot", False, f"{fault}. Restore snapshots/ from a backup (docs/operating.md)")
    weeks = frozen_weeks(settings)
    try:
        newest = closed_week(settings, None).week
        moved = outdated(settings, weeks[-COMPARED_WEEKS:])
    except NotYetError as error:
        yield Finding("weeks", True, str(error))
        return
    except PipelineError as error:
        yield Finding("weeks", False, str(error))
        return
    published = (
        f"{len(weeks)} published, the newest {weeks[-1]}" if weeks else "none is published: run `leverage publish`"
    )
    yield Finding("weeks", True, f"{newest} is the newest closed one; {published}")
    for week, what in sorted(moved.items())[-3:]:
        text = f"{week}: {what}; `leverage publish --as-of {week}` makes a revision"
        yield Finding("week", True, text)


def _bi(settings: Settings) -> Iterator[Finding]:
    import duckdb

    from pipeline.bi.publish import is_behind
    from pipeline.bi.versions import current, is_rolled_back
    from pipeline.warehouse.connection import engine

    again = "`leverage bi publish` copies it again"
    seen = current(settings)
    if seen is None:
        there = settings.bi_path.exists()
        yield Finding(
            "BI copy", not there, f"{settings.bi_path} is none of the kept versions: {again}" if there else "none yet"
        )
        return
    try:
        with closing(engine(settings, settings.bi_path, read_only=True)) as connection:
            connection.execute("select count(*) from meta_publish").fetchone()
    except (duckdb.Error, PipelineError) as error:
        yield Finding("BI copy", False, f"{settings.bi_path} does not open: {str(error).splitlines()[0]}; {again}")
        return
    try:
        behind = is_behind(settings)
    except PipelineError:  # of the warehouse, which has a line of its own
        behind = False
    hours = (datetime.now(UTC) - datetime.fromisoformat(seen.made_at)).total_seconds() / 3600
    text = f"version {seen.number}, as of release {seen.newest_release_date}, made {hours:,.0f} hours ago, is readable"
    text += ", rolled back" if is_rolled_back(settings) else ""
    yield Finding("BI copy", not behind, text + (f"; it is behind the warehouse: {again}" if behind else ""))


def _delivery(settings: Settings) -> Iterator[Finding]:
    from pipeline.delivery.channel_states import channel_states, finding

    for state in channel_states(settings):
        found = finding(state)
        if found:
            yield Finding(f"delivery by {state.via}", *found)
    webhook = "is set" if settings.failure_webhook_url else "is not set: failures go to the log only"
    yield Finding("failure alerts", True, f"LEVERAGE_FAILURE_WEBHOOK_URL {webhook}")


CHECKS: Final[tuple[Check, ...]] = (
    *(_home, _source, _schedules, _journal, _raw, _parties, _overrides, _watchlist),
    *(_warehouse, _weeks, _bi, _delivery),
)
