"""Stage landed releases: typed rows, quarantine and `load.json` of each day, many days in one go.

Releases are staged in chunks whose text fits on disk. Within a chunk every file is surveyed, all files of one table and
header are read in one query, and each release is then moved to its folder whole: killed before, it is not staged;
killed after, it is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import duckdb

from pipeline.ingest.csv_files.grammar import ORDINARY_BYTES
from pipeline.ingest.csv_files.headers import Header, UnreadableError
from pipeline.ingest.csv_files.survey import Survey, survey
from pipeline.ingest.flat_files import is_flat, split
from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.ingest.formats.flat import FLAT
from pipeline.ingest.landing.files import LandedFile, Landing
from pipeline.ingest.load import Loaded, Reader
from pipeline.ingest.paths import ASIDE_NAME, QUARANTINE_NAME, partition, staged_folder
from pipeline.ingest.quarantine import Quarantine, write_quarantine
from pipeline.ingest.reader_version import raw_version
from pipeline.ingest.sources.locations import unpacked_bytes
from pipeline.ingest.staged import StagedFile, StagedRelease, write_load
from pipeline.settings import Settings
from pipeline.state.files import PRIVATE_FOLDER
from pipeline.warehouse.connection import engine

__all__ = ["StagedFile", "StagedRelease", "stage_releases"]

CHUNK_BYTES: Final = 1024**3
"""Text of the releases that are read together: scratch disk for about this much, or for one release if it has more."""
CHUNK_DAYS: Final = 400
BATCH_BYTES: Final = 256 * 1024**2
"""Text read by one query: every open partition keeps its rows in memory until its file is written."""
BATCH_FILES: Final = 400
SCRATCH_NAME: Final = ".scratch"

Progress = Callable[[date], None]


def stage_releases(
    settings: Settings, landings: Sequence[Landing], progress: Progress | None = None
) -> list[StagedRelease]:
    """Read landed releases into `staged/release_date=<D>/`, which is replaced whole.

    A file of a required table that cannot be read is a fault of its release: that release is staged without rows, with
    `fault` set (also in its `load.json`), and the others go on. One of an optional table leaves out its table only.

    Args:
        settings: paths and engine limits.
        landings: releases with their landed files.
        progress: called for each release when it is staged.

    Returns:
        One staged release for each landing, in the order given.

    Raises:
        OSError: the disk is full or cannot be written; releases that were staged before stay so.
    """
    scratch = settings.staged_dir / SCRATCH_NAME
    staged: list[StagedRelease] = []
    try:
        for chunk in _chunks(landings):
            shutil.rmtree(scratch, ignore_errors=True)
            settings.staged_dir.mkdir(parents=True, exist_ok=True)
            scratch.mkdir(mode=PRIVATE_FOLDER)  # for text as delivered, personal data included
            staged += _Chunk(settings, chunk, scratch).stage(progress or (lambda _day: None))
    except duckdb.IOException as error:
        raise OSError(f"cannot stage below {settings.staged_dir}: {error}. Free some space and run again") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return staged


class _Chunk:
    def __init__(self, settings: Settings, landings: Sequence[Landing], scratch: Path) -> None:
        self._settings, self._landings, self._scratch = settings, landings, scratch
        self._faults: dict[date, list[str]] = {}
        self._unread: dict[tuple[date, str], str] = {}
        self._surveys: dict[str, dict[date, Survey]] = {table: {} for table in TABLES}
        self._quarantine: dict[tuple[date, str], Quarantine] = {}
        self._loaded: dict[tuple[date, str], Loaded] = {}
        self._repeats: dict[date, int] = {}

    def stage(self, progress: Progress) -> list[StagedRelease]:
        self._survey()
        connection = engine(self._settings)
        try:
            connection.execute("set temp_directory = $1", [str(self._scratch / "spill")])
            reader = Reader(connection, self._scratch)
            for table in TABLES:
                self._load(reader, table)
            gathered = [self._quarantine[key] for key in sorted(self._quarantine)]
            write_quarantine(connection, gathered, self._scratch / f"{QUARANTINE_NAME}_out")
            reader.write_aside(self._scratch / f"{ASIDE_NAME}_out")
        finally:
            connection.close()
        staged = []
        for landing in self._landings:
            staged.append(self._move(landing))
            progress(landing.release_date)
        return staged

    def _survey(self) -> None:
        """Survey all files."""
        (self._scratch / "bad").mkdir()
        files = [(landing.release_date, file) for landing in self._landings for file in landing.files]
        flat = {landing.release_date for landing in self._landings if is_flat(landing.files)}
        jobs = [(day, file) for day, file in files if not file.refused and day not in flat]
        for day, file in files:
            if file.refused:
                self._note_fault(day, file.table, file.refused)
        for landing in self._landings:
            (self._scratch / "text" / landing.release_date.isoformat()).mkdir(parents=True)
        for landing in self._landings:
            if landing.release_date in flat:
                self._survey_flat(landing)
        with ThreadPoolExecutor(self._settings.threads or os.cpu_count()) as pool:
            answers = list(pool.map(lambda job: self._survey_file(*job), jobs))
        for (day, file), answer in zip(jobs, answers, strict=True):
            if isinstance(answer, Survey):
                self._surveys[file.table][day] = answer
            else:
                self._note_fault(day, file.table, answer)

    def _survey_flat(self, landing: Landing) -> None:
        """Survey a flat file and the tables that it is split into; its unreadable rows count in `cargodesc`."""
        day, whole = landing.release_date, landing.files[0]
        quarantine = Quarantine(day, FLAT, whole.file_name, self._scratch / "bad" / f"{day}-flat.jsonl")
        text = self._scratch / "text" / f"{day}-flat.csv"
        try:
            seen = survey(whole, text, quarantine.add, longest=self._settings.max_row_bytes, layout=FLAT)
        except UnreadableError as error:
            self._note_fault(day, whole.table, f"{error}. A template without {{table}} names files of the flat layout")
            return
        quarantine.flush()
        with closing(engine(self._settings)) as connection:
            connection.execute("set temp_directory = $1", [str(self._scratch / "spill")])
            paths = split(connection, seen, self._scratch / "flat" / day.isoformat())
        text.unlink()
        for file in landing.files:
            answer = self._survey_file(day, replace(file, path=paths[file.table]))
            if isinstance(answer, str):
                self._note_fault(day, file.table, answer)
                continue
            self._surveys[file.table][day] = answer
            if file.table == FLAT.name:
                self._repeats[day] = seen.rows.loadable - answer.rows.loadable - answer.rows.bad
                answer.rows.bad += seen.rows.bad
                self._quarantine[day, "flat"] = quarantine

    def _note_fault(self, day: date, table: str, fault: str) -> None:
        if table in REQUIRED:
            self._faults.setdefault(day, []).append(fault)
        else:
            self._unread[day, table] = fault
            self._quarantine.pop((day, table), None)

    def _survey_file(self, day: date, file: LandedFile, *, exact: bool = False) -> Survey | str:
        """Return one file's survey, or why it cannot be read."""
        bad_rows = self._scratch / "bad" / f"{day}-{file.table}.jsonl"
        quarantine = Quarantine(day, TABLES[file.table], file.file_name, bad_rows)
        text = self._scratch / "text" / day.isoformat() / f"{file.table}.csv"
        try:
            seen = survey(file, text, quarantine.add, longest=self._settings.max_row_bytes, exact=exact)
        except UnreadableError as error:
            return str(error)
        quarantine.flush()
        self._quarantine[day, file.table] = quarantine
        return seen

    def _load(self, reader: Reader, table: str) -> None:
        """Read one table of all releases that have no fault."""
        seen = {day: item for day, item in self._surveys[table].items() if day not in self._faults}
        groups: dict[Header, dict[date, Survey]] = {}
        for day, item in seen.items():
            groups.setdefault(item.header, {})[day] = item
        for header, alike in groups.items():
            ordinary = {day: item for day, item in alike.items() if item.rows.longest <= ORDINARY_BYTES}
            for batch in _batches(ordinary) if not header.extras else ():
                for day, loaded in reader.read_batch(table, header, batch).items():
                    self._loaded[day, table] = loaded
        for day in seen:
            if (day, table) not in self._loaded:
                self._load_alone(reader, day, seen[day])
            (self._scratch / "text" / day.isoformat() / f"{table}.csv").unlink()

    def _load_alone(self, reader: Reader, day: date, seen: Survey) -> None:
        again = self._survey_file(day, seen.file, exact=True) if reader.lacks_keys(seen) else seen
        try:
            if not isinstance(again, Survey):
                raise UnreadableError(again)
            self._loaded[day, seen.file.table] = reader.read_one(day, again)
            self._surveys[seen.file.table][day] = again
        except UnreadableError as error:
            self._note_fault(day, seen.file.table, str(error))

    def _move(self, landing: Landing) -> StagedRelease:
        """Move one release to its folder, whole."""
        day = landing.release_date
        build = self._scratch / partition(day)
        build.mkdir()
        files: tuple[StagedFile, ...] = ()
        if day not in self._faults:
            for file in landing.files:
                loaded = self._loaded.get((day, file.table))
                if loaded and loaded.folder.is_dir():
                    loaded.folder.rename(build / file.table)
            for name in (QUARANTINE_NAME, ASIDE_NAME):
                folder = self._scratch / f"{name}_out" / partition(day)
                if folder.is_dir():
                    folder.rename(build / name)
            files = tuple(self._staged_file(day, file) for file in landing.files)
        fault = "; ".join(self._faults.get(day, [])) or None
        release = StagedRelease(day, raw_version(landing.files), files, fault)
        write_load(release, build)
        folder = staged_folder(self._settings, day)
        if folder.exists():
            folder.rename(self._scratch / f"old-{day}")
        build.rename(folder)
        return release

    def _staged_file(self, day: date, file: LandedFile) -> StagedFile:
        if fault := self._unread.get((day, file.table)):
            size, digest = file.bytes, file.sha256
            return StagedFile(file.table, file.file_name, 0, 0, 0, 0, size, digest, file.url, (), None, fault)
        seen = self._surveys[file.table][day]
        odd_values = self._loaded[day, file.table].odd_values
        rows = seen.rows
        rows_in = rows.loadable + rows.bad
        notes = [*seen.header.notes]
        reasons = sorted(self._quarantine[day, file.table].reasons.items())
        notes += [f"{count:,} rows in quarantine: {reason}" for reason, count in reasons]
        notes += [f"{count:,} values set aside: {column}" for column, count in odd_values]
        if file.table == FLAT.name and (repeats := self._repeats.get(day)):
            notes.append(f"{repeats:,} exact repeats of a row left out")
        notes += [f"{rows.recoded:,} rows read as Windows-1252"] * bool(rows.recoded)
        notes += [f"{rows.joined:,} rows over several lines"] * bool(rows.joined)
        notes += [f"{rows.blank:,} blank lines"] * bool(rows.blank)
        notes += [f"{rows.repaired:,} rows read without surplus delimiters or carriage returns"] * bool(rows.repaired)
        notes += [f"{rows.control:,} control bytes read as blanks"] * bool(rows.control)
        notes += ["no rows below the header"] * (not rows_in)
        if file.rows_declared is not None and file.rows_declared != rows_in:
            notes.append(f"the manifest declares {file.rows_declared:,} rows, the file has {rows_in:,}")
        return StagedFile(
            table=file.table,
            file_name=file.file_name,
            rows_in=rows_in,
            rows_loaded=rows.loadable,
            rows_quarantined=rows.bad,
            values_aside=sum(count for _, count in odd_values),
            bytes=file.bytes,
            sha256=file.sha256,
            url=file.url,
            notes=tuple(notes),
            rows_declared=file.rows_declared,
        )


def _chunks(landings: Sequence[Landing]) -> Iterator[list[Landing]]:
    chunk: list[Landing] = []
    size = 0
    for landing in landings:
        more = sum(unpacked_bytes(file.path.name, file.bytes) for file in landing.files)
        if chunk and (size + more > CHUNK_BYTES or len(chunk) >= CHUNK_DAYS):
            yield chunk
            chunk, size = [], 0
        chunk.append(landing)
        size += more
    if chunk:
        yield chunk


def _batches(files: dict[date, Survey]) -> Iterator[dict[date, Survey]]:
    batch: dict[date, Survey] = {}
    size = 0
    for day, seen in files.items():
        more = seen.text.stat().st_size
        if batch and (size + more > BATCH_BYTES or len(batch) >= BATCH_FILES):
            yield batch
            batch, size = {}, 0
        batch[day] = seen
        size += more
    if batch:
        yield batch
