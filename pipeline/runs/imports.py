"""Import vendor exports: keep them, write their releases, load these, publish the newest closed week, summarize."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from pipeline.defs.partitions import today
from pipeline.errors import PipelineError, UsageError
from pipeline.ingest.exports.importing import Imported, Options, keep_files, write_imports
from pipeline.ingest.exports.inbox import move_done, move_refused, waiting_files
from pipeline.ingest.exports.store import read_exports
from pipeline.progress import Progress
from pipeline.runs.nightly import backfill_days
from pipeline.runs.report import RunReport
from pipeline.runs.weekly import publish_week
from pipeline.settings import Settings, with_imports
from pipeline.state.release_outcomes import read_outcomes
from pipeline.state.writer_lock import writer
from pipeline.warehouse.connection import engine


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes:
        files: the exports, in the order given.
        run: the run that loaded their releases; None where nothing was written.
        week: the week that was published; None where none is closed yet.
        fault: why no week was published.
        refused: reason by name of each file of the inbox that cannot be used.
    """

    files: tuple[Imported, ...]
    run: RunReport | None
    week: str | None
    fault: str | None
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def success(self) -> bool:
        """Whether the releases were loaded."""
        return self.run is None or self.run.success


def require_own_home(settings: Settings) -> None:
    """Refuse a home that holds a feed: a release day is of one source, and a feed has no scope.

    Raises:
        UsageError: it holds releases that no import has made.
    """
    made = settings.imports_dir / "releases"
    for item in read_outcomes(settings):
        if item.outcome == "loaded" and item.url and made.as_uri() not in item.url:
            raise UsageError(
                f"{settings.home} holds releases of a feed (from {item.url.split(':')[0]}:, {item.release_date}); its "
                "days are its own: give imported exports a home of their own, such as LEVERAGE_HOME=./imports-home"
            )


def import_exports(settings: Settings, paths: Sequence[Path], options: Options, progress: Progress) -> ImportReport:
    """Import the exports at `paths`, load what changed, and publish the newest closed week.

    Raises:
        ExportError: a file cannot be used; those before it are kept, none is loaded.
    """
    require_own_home(settings)
    with writer(settings.home, "`leverage import`", progress.waiting):
        progress.started("import", len(paths))
        files: list[Imported] = []
        for path in paths:
            files += keep_files(settings, path, options)
            progress.advanced(path.name)
        span = write_imports(settings, today(settings)) if read_exports(settings) else None
    if span is None:
        return ImportReport(tuple(files), None, None, None)
    return _loaded(with_imports(settings, always=True), tuple(files), span, progress)


def import_inbox(settings: Settings, options: Options, progress: Progress) -> ImportReport:
    """Import what is new in the inbox; a file that cannot be used is moved to `refused/` with its reason.

    Raises:
        UsageError: no inbox is set, or it is no folder.
    """
    if settings.inbox is None or not settings.inbox.is_dir():
        raise UsageError("give the path of an export, or set LEVERAGE_INBOX to a folder that is there")
    require_own_home(settings)
    files: list[Imported] = []
    refused: dict[str, str] = {}
    with writer(settings.home, "`leverage import`", progress.waiting):
        waiting = waiting_files(settings.inbox)
        progress.started("import", len(waiting))
        for path in waiting:
            try:
                files += keep_files(settings, path, options)
            except UsageError as fault:
                refused[path.name] = str(fault)
                move_refused(path, str(fault))
            else:
                move_done(path)
            progress.advanced(path.name)
        span = write_imports(settings, today(settings)) if files else None
    if span is None:
        return ImportReport(tuple(files), None, None, None, refused)
    return replace(_loaded(with_imports(settings, always=True), tuple(files), span, progress), refused=refused)


def _loaded(
    settings: Settings, files: tuple[Imported, ...], span: tuple[date, date], progress: Progress
) -> ImportReport:
    first, last = span
    run = backfill_days(
        settings, first, last, recheck=True, chunk_days=(last - first) // timedelta(days=1) + 1, progress=progress
    )
    if not run.success:
        return ImportReport(files, run, None, "the releases were not loaded")
    try:
        published = publish_week(settings, None, progress=progress)
    except PipelineError as fault:
        return ImportReport(files, run, None, str(fault))
    return ImportReport(
        files,
        run,
        published.as_of_week if published.success else None,
        None if published.success else "; ".join(published.faults),
    )


@dataclass(frozen=True)
class LargestPair:
    """The supplier and buyer with the largest volume of a published week."""

    supplier_id: str
    consignee_id: str
    supplier_name: str
    consignee_name: str


def largest_pair(settings: Settings) -> LargestPair | None:
    """Return the largest pair of the newest published week."""
    with closing(engine(settings, settings.bi_path, read_only=True)) as connection:
        found = connection.execute(
            "select supplier_id, consignee_id, supplier_name, consignee_name from fct_tier "
            "join dim_supplier using (supplier_id) join dim_consignee using (consignee_id) "
            "where as_of_week = (select max(as_of_week) from fct_tier) "
            "order by volume_unit desc, volume_52w desc, supplier_id, consignee_id limit 1"
        ).fetchone()
    return LargestPair(*map(str, found)) if found else None
