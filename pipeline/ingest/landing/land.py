"""Land one release day: fetch its files, prove them, keep them in `landing/` whole or not at all."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from urllib.parse import urlsplit

from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.ingest.sources.content import inspect_file
from pipeline.ingest.sources.embedded import SampleSource
from pipeline.ingest.sources.faults import DiskFullError, RefusedError, SourceError
from pipeline.ingest.sources.folder import FolderSource
from pipeline.ingest.sources.parts import Part
from pipeline.ingest.sources.provenance import LandedFile, Landing
from pipeline.ingest.sources.release_manifest import Declared
from pipeline.ingest.sources.source import Fetched, Kept, Progress, Source
from pipeline.ingest.sources.store import Store
from pipeline.ingest.sources.web import WebSource
from pipeline.net.retry import REAL_PACE, Pace, TransientError
from pipeline.settings import Settings

__all__ = ["LandedFile", "Landing", "land_release", "landed"]

log = logging.getLogger(__name__)


def land_release(
    settings: Settings, release_date: date, *, progress: Progress | None = None, pace: Pace = REAL_PACE
) -> Landing:
    """Fetch one release day into `landing/<release_date>/`.

    Faults of the source, the network, the disk or the files do not raise: they come back as `not_published`,
    `incomplete` or `failed` with a reason in words, and the release landed before (if any) stays as it was.

    Args:
        settings: source, limits and paths.
        release_date: the release day.
        progress: called with a file's name and the bytes that came since the last call.
        pace: the clock and the waiting between tries.
    """
    store = Store(settings, release_date)
    try:
        with store.open():
            source = _open_source(settings, store, progress or (lambda _name, _count: None), pace)
            try:
                landing = _land(settings, store, source)
            except DiskFullError:
                store.drop_parts()
                raise
            finally:
                source.close()
                if not source.resumable:
                    store.drop_parts()
    except (SourceError, TransientError) as fault:
        landing = Landing(release_date, "failed", (), str(fault))
    except OSError as fault:
        landing = Landing(release_date, "failed", (), _words(settings, fault))
    if landing.outcome == "failed":
        log.warning("release %s failed: %s", release_date, landing.reason)
    return landing


def landed(settings: Settings, release_date: date) -> Landing | None:
    """The release that lies in `landing/`, without asking the source.

    None when there is none, or when its bytes are not all there (pruned after their load, or lost).
    """
    store = Store(settings, release_date)
    store.finish_cut_move()
    files = store.landed()
    return None if files is None else Landing(release_date, "landed", files, None)


def _open_source(settings: Settings, store: Store, progress: Progress, pace: Pace) -> Source:
    scheme = urlsplit(settings.source_url).scheme
    if scheme == "sample":
        return SampleSource(store, progress)
    if scheme == "file":
        return FolderSource(settings, store, progress)
    return WebSource(settings, store, progress, pace)


def _land(settings: Settings, store: Store, source: Source) -> Landing:
    known = store.known() or ()
    before = {file.table: file for file in known} if store.holds(known) else {}
    files: dict[str, LandedFile] = {}
    for table in (*REQUIRED, *(name for name in TABLES if name not in REQUIRED)):
        if table not in REQUIRED and len(files) < len(REQUIRED):
            break  # without its required tables a release is not taken, whatever else there is
        file = _fetch(settings, store, source, table, before.get(table))
        if file is not None:
            files[table] = file
    absent = [table for table in REQUIRED if table not in files]
    if absent:
        return _absent(store, source, absent, known)
    ordered = tuple(files[table] for table in TABLES if table in files)
    if ordered == tuple(before.values()):
        store.drop_parts()
    else:
        there = {file.identity for file in before.values()}
        ordered = store.commit(ordered, [file.file_name for file in ordered if file.identity not in there])
    same = [file.identity for file in ordered] == [file.identity for file in known]
    return Landing(store.release_date, "unchanged" if same else "landed", ordered, source.notes())


def _absent(store: Store, source: Source, absent: list[str], known: tuple[LandedFile, ...]) -> Landing:
    if len(absent) < len(REQUIRED):
        reason = f"required table {', '.join(absent)} missing from {source.describe()}"
        return Landing(store.release_date, "incomplete", (), reason)
    if known:
        reason = f"{source.describe()} no longer has the release; what was landed before stands"
        return Landing(store.release_date, "unchanged", known, reason)
    reason = f"none of the required tables ({', '.join(REQUIRED)}) is in {source.describe()}"
    return Landing(store.release_date, "not_published", (), reason)


def _fetch(
    settings: Settings, store: Store, source: Source, table: str, before: LandedFile | None
) -> LandedFile | None:
    """One table's file, checked; None when there is none."""
    answer = source.fetch(table, before)
    try:
        return _taken(settings, store, table, answer, before)
    except RefusedError as refusal:
        if not isinstance(answer, Fetched) or not answer.in_doubt:
            raise
        log.info("%s; it came in pieces, so it is fetched once more from its start", refusal)
        return _taken(settings, store, table, source.fetch(table, None), before)


def _taken(
    settings: Settings, store: Store, table: str, answer: Fetched | Kept | None, before: LandedFile | None
) -> LandedFile | None:
    """The file that `answer` brought, checked against its manifest; a refused one leaves no bytes."""
    if isinstance(answer, Kept) and before:
        _demand_declared(before.file_name, before.sha256, before.bytes, answer.declared)
        return before
    if not isinstance(answer, Fetched):
        return None
    part = Part(store.part(answer.name))
    try:
        content = inspect_file(part.path, answer.name, settings)
        _demand_declared(answer.name, content.sha256, content.bytes, answer.declared)
    except RefusedError:
        part.discard()
        raise
    file = LandedFile(
        table=table,
        file_name=answer.name,
        path=store.folder / answer.name,
        url=answer.url,
        sha256=content.sha256,
        bytes=content.bytes,
        fetched_at=answer.fetched_at,
        etag=answer.etag,
        last_modified=answer.last_modified,
        rows_declared=answer.declared.rows if answer.declared else None,
    )
    if before and before.identity == file.identity:
        # With its new validators, so that the next run need not download it again; the part goes with the others.
        return replace(file, fetched_at=before.fetched_at)
    return file


def _words(settings: Settings, fault: OSError) -> str:
    what = f"{fault.strerror or fault}: {fault.filename or settings.landing_dir}"
    return f"cannot read or write a file: {what}. Check that LEVERAGE_HOME ({settings.home}) can be written"


def _demand_declared(name: str, sha256: str, size: int, declared: Declared | None) -> None:
    if declared and declared.bytes is not None and declared.bytes != size:
        raise RefusedError(f"{name} has {size:,} bytes, its manifest says {declared.bytes:,}: refused")
    if declared and declared.sha256 is not None and declared.sha256 != sha256:
        raise RefusedError(f"{name} has sha256 {sha256[:12]}..., its manifest says {declared.sha256[:12]}...: refused")
