"""Checks on what was loaded and decided: releases, raw, parties, the sheets of people, the warehouse."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.cli.doctor.finding import RESTORE, Finding
from pipeline.errors import PipelineError
from pipeline.settings import Settings
from pipeline.state.release_outcomes import read_outcomes
from pipeline.state.writer_lock import is_writing


def journal(settings: Settings) -> Iterator[Finding]:
    """Yield which releases are loaded, which between them are missing, and the last that failed."""
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


def raw(settings: Settings) -> Iterator[Finding]:
    """Yield whether the rows of accepted releases are there and can be read."""
    from pipeline.ingest.acceptance.raw_files import damaged_days

    damaged = damaged_days(settings)
    for day, fault in list(damaged.items())[-3:]:
        more = f" (and {len(damaged) - 1} more days)" if len(damaged) > 1 else ""
        yield Finding("raw", False, f"{fault}{more}; `leverage run --release-date {day}` loads them from landing again")


def parties(settings: Settings) -> Iterator[Finding]:
    """Yield whether the decisions on who is who are there and whole."""
    from pipeline.entities.registry import read_batches
    from pipeline.warehouse.pending import applied_batches

    batches = read_batches(settings, checksums=True)
    applied = applied_batches(settings) if settings.warehouse_path.exists() else set()
    if len(applied) > len(batches):
        text = f"the warehouse has {len(applied)} batches of decisions, {settings.state_dir / 'parties'} {len(batches)}"
        yield Finding("parties", False, f"{text}: {RESTORE}; new decisions would give companies other ids")
    elif batches:
        yield Finding("parties", True, f"{len(batches)} batches of decisions on who is who")


def overrides(settings: Settings) -> Iterator[Finding]:
    """Yield whether the sheet of decisions of people can be read."""
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


def watchlist(settings: Settings) -> Iterator[Finding]:
    """Yield whether the watchlist can be read, and how many watchers it has."""
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


def warehouse(settings: Settings) -> Iterator[Finding]:
    """Yield whether all accepted days are built."""
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
