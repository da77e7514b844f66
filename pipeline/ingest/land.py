"""Land one release day: fetch its files, verify them, move them into `landing/` whole or not."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from pipeline.ingest.errors import DiskFullError, IncompleteError, RefusedError, SourceError
from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.ingest.formats.flat import FILLED
from pipeline.ingest.landing.files import LandedFile, Landing
from pipeline.ingest.landing.folder import LandingFolder
from pipeline.ingest.landing.verify import verify_file
from pipeline.ingest.sources.embedded import SampleSource
from pipeline.ingest.sources.release_manifest import Declared
from pipeline.ingest.sources.source import Fetched, Source, Unchanged
from pipeline.ingest.sources.stores.source import StoredSource
from pipeline.ingest.sources.stores.which import STORES, open_store
from pipeline.ingest.sources.web import WebSource
from pipeline.net.retry import REAL_PACE, Pace, TransientError
from pipeline.settings import Settings
from pipeline.state.files import sha256_of

__all__ = ["LandedFile", "Landing", "land_release", "landed"]

log = logging.getLogger(__name__)


def land_release(settings: Settings, release_date: date, *, pace: Pace = REAL_PACE) -> Landing:
    """Fetch one release day into `landing/<release_date>/`.

    Faults of the source, the network, the disk or the files do not raise: they come back as `not_published`,
    `incomplete` or `failed` with a reason, and the release landed before (if any) stays as it was. A refused file of an
    optional table fails no release: its `refused` says why, and the table has no rows.

    Args:
        settings: source, limits and paths.
        release_date: the release day.
        pace: the clock and the waiting between tries.
    """
    folder = LandingFolder(settings, release_date)
    try:
        with folder.open():
            source = _open_source(settings, folder, pace)
            try:
                return _land(settings, folder, source)
            except DiskFullError:
                folder.drop_parts()
                raise
            finally:
                source.close()
                if not source.keeps_parts:
                    folder.drop_parts()
    except IncompleteError as fault:
        return Landing(release_date, "incomplete", (), str(fault))
    except (SourceError, TransientError) as fault:
        reason = str(fault)
    except OSError as fault:
        what = f"{fault.strerror or fault}: {fault.filename or settings.landing_dir}"
        reason = f"cannot read or write a file: {what}. Check that LEVERAGE_HOME ({settings.home}) can be written"
    log.warning("release %s failed: %s", release_date, reason)
    return Landing(release_date, "failed", (), reason)


def landed(settings: Settings, release_date: date) -> Landing | None:
    """Return the release that is in `landing/`, without asking the source.

    None when there is none, or when its bytes are not all there (pruned after their load, or lost).
    """
    folder = LandingFolder(settings, release_date)
    folder.finish_cut_move()
    files = folder.landed()
    return None if files is None else Landing(release_date, "landed", files, None)


def _open_source(settings: Settings, folder: LandingFolder, pace: Pace) -> Source:
    scheme = urlsplit(settings.source_url).scheme
    if scheme != "imports" and (settings.imports_dir / "releases").is_dir():
        raise SourceError(
            f"{settings.home} holds imported exports, whose release days are their own: unset LEVERAGE_SOURCE_URL to "
            f"go on with them, or give the feed ({scheme}:) a home of its own by LEVERAGE_HOME"
        )
    if scheme == "sample":
        return SampleSource(folder)
    if scheme in STORES:
        return StoredSource(settings, folder, open_store(settings), pace)
    return WebSource(settings, folder, pace)


def _land(settings: Settings, folder: LandingFolder, source: Source) -> Landing:
    recorded = folder.recorded() or ()
    before = {file.table: file for file in recorded} if folder.has_all(recorded) else {}
    files: dict[str, LandedFile] = {}
    for table in ("header",) if settings.is_flat else (*REQUIRED, *(name for name in TABLES if name not in REQUIRED)):
        if table not in REQUIRED and len(files) < len(REQUIRED):
            break  # a release without its required tables is not landed, whatever else there is
        file = _fetch_table(settings, folder, source, table, before.get(table))
        if file is not None:
            files[table] = file
    if settings.is_flat and files:
        files = {table: replace(files["header"], table=table) for table in FILLED}
    absent = [table for table in REQUIRED if table not in files]
    if absent:
        return _absent(folder, source, absent, recorded)
    ordered = tuple(files[table] for table in TABLES if table in files)
    if ordered == tuple(before.values()):
        folder.drop_parts()
    else:
        there = {file.identity for file in before.values()}
        new = [file.file_name for file in ordered if file.identity not in there and not file.refused]
        ordered = folder.commit(ordered, list(dict.fromkeys(new)))
    is_same = [file.identity for file in ordered] == [file.identity for file in recorded]
    return Landing(folder.release_date, "unchanged" if is_same else "landed", ordered, source.note())


def _absent(folder: LandingFolder, source: Source, absent: list[str], recorded: tuple[LandedFile, ...]) -> Landing:
    release_date = folder.release_date
    if len(absent) < len(REQUIRED):
        reason = f"required table {', '.join(absent)} missing from {source.describe()}"
        return Landing(release_date, "incomplete", (), reason)
    if recorded:
        reason = f"{source.describe()} no longer has the release; what was landed before stays"
        return Landing(release_date, "unchanged", recorded, reason)
    wanted = f"none of the required tables ({', '.join(REQUIRED)})"
    if folder.settings.is_flat:
        wanted = f"no {release_date.strftime(folder.settings.source_template)}"
    reason = f"{wanted} is in {source.describe()}"
    return Landing(release_date, "not_published", (), reason)


def _fetch_table(
    settings: Settings, folder: LandingFolder, source: Source, table: str, before: LandedFile | None
) -> LandedFile | None:
    """Return one table's file; of an optional one that is refused the file landed before, else the refusal."""
    whole = before if before and not before.refused else None
    try:
        return _fetch(settings, folder, source, table, whole)
    except RefusedError as refusal:
        if table in REQUIRED:
            raise
        log.warning("release %s: %s", folder.release_date, refusal)
        return whole or _refused(folder, table, str(refusal))


def _refused(folder: LandingFolder, table: str, reason: str) -> LandedFile:
    name = f"ams__{table}"
    return LandedFile(
        table=table,
        file_name=name,
        path=folder.folder / name,
        url="",
        sha256=hashlib.sha256(reason.encode()).hexdigest(),
        bytes=0,
        fetched_at=datetime.now(UTC).isoformat(timespec="milliseconds"),
        etag=None,
        last_modified=None,
        rows_declared=None,
        refused=reason,
    )


def _fetch(
    settings: Settings, folder: LandingFolder, source: Source, table: str, before: LandedFile | None
) -> LandedFile | None:
    """Return one table's file, verified; None when there is none."""
    answer = source.fetch(table, before)
    try:
        return _verified(settings, folder, table, answer, before)
    except RefusedError as refusal:
        if not isinstance(answer, Fetched) or not answer.in_doubt:
            raise
        log.info("%s; it came in pieces, so it is fetched once more from its start", refusal)
        return _verified(settings, folder, table, source.fetch(table, None), before)


def _verified(
    settings: Settings,
    folder: LandingFolder,
    table: str,
    answer: Fetched | Unchanged | None,
    before: LandedFile | None,
) -> LandedFile | None:
    """Return the file that `answer` brought, verified; a refused one leaves no bytes."""
    if isinstance(answer, Unchanged) and before:
        _check_declared(before.file_name, before.sha256, before.bytes, answer.declared)
        return before
    if not isinstance(answer, Fetched):
        return None
    part = folder.part(answer.name)
    try:
        verify_file(part, answer.name, settings)
        sha256, size = sha256_of(part), part.stat().st_size
        _check_declared(answer.name, sha256, size, answer.declared)
    except RefusedError:
        folder.drop_part(answer.name)
        raise
    file = LandedFile(
        table=table,
        file_name=answer.name,
        path=folder.folder / answer.name,
        url=answer.url,
        sha256=sha256,
        bytes=size,
        fetched_at=answer.fetched_at,
        etag=answer.etag,
        last_modified=answer.last_modified,
        rows_declared=answer.declared.rows if answer.declared else None,
    )
    if before and before.identity == file.identity:
        # With its new validators, so that the next run need not download it again; the part goes with the others.
        return replace(file, fetched_at=before.fetched_at)
    return file


def _check_declared(name: str, sha256: str, size: int, declared: Declared | None) -> None:
    if declared and declared.bytes is not None and declared.bytes != size:
        raise RefusedError(f"{name} has {size:,} bytes, its manifest says {declared.bytes:,}: refused")
    if declared and declared.sha256 is not None and declared.sha256 != sha256:
        raise RefusedError(f"{name} has sha256 {sha256[:12]}..., its manifest says {declared.sha256[:12]}...: refused")
