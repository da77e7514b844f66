"""The files that search reads: a projection of the registry, in pieces that follow its batches.

    parties/search/<first>-<last>-<digest>/<kind>/*.arrow   names of the spellings that these batches decided
    parties/search/<first>-<last>-<digest>/piece.json       the form of the files, their sizes and samples of them

A night adds a piece of its own batches, into which it folds smaller ones before it, so that there are ever few pieces
and each spelling is folded in a few times only. What a newer piece says of a spelling or an entity counts. A piece is
there whole or not at all; one that is stale, damaged or of another registry is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]
from filelock import FileLock

from pipeline.entities.registry import DECISIONS, ENTITIES, Batch, table_sql
from pipeline.entities.rules import PREFIXES
from pipeline.entities.search.trigrams import FOLD_SQL, texts_by_trigram
from pipeline.settings import Settings
from pipeline.warehouse.connection import engine

FORM: Final = 1
"""Goes up when the files change their form; pieces of another form are made anew."""
PIECE_NAME: Final = "piece.json"
FOLDED_UNTIL: Final = 2
"""A piece before is folded in while it holds at most so many times the rows that come."""
SAMPLE_BYTES: Final = 4096
SAMPLES: Final = 16
"""Places of a file whose bytes are compared when it is opened; all of them would take as long as building."""


class DamagedError(Exception):
    """A piece is missing or not as it was written.

    Attributes:
        folder: the piece.
    """

    def __init__(self, folder: Path, fault: object) -> None:
        super().__init__(f"{folder}: {fault}")
        self.folder = folder


@dataclass(frozen=True)
class Piece:
    """What some batches say of one kind of party.

    Attributes:
        texts: folded names, each once.
        sizes: distinct trigrams of each text.
        starts: where the list of each trigram begins in `lists`.
        lists: numbers of the texts that hold a trigram.
        row_starts: where the rows of each text begin in `rows`.
        rows: spelling_id (0: the name of the entity itself), entity_key, raw_name, raw_address.
        spellings: ids of all spellings that these batches decided, in order; also of those that name nobody.
        entity_keys: of the entities that these batches made or changed, in order.
        entities: entity_id, entity_name, role, status, merged_into, group_id.
    """

    texts: pa.LargeStringArray
    sizes: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int64]
    lists: npt.NDArray[np.int32]
    row_starts: npt.NDArray[np.int64]
    rows: pa.RecordBatch
    row_spellings: npt.NDArray[np.int64]
    row_keys: npt.NDArray[np.uint64]
    spellings: npt.NDArray[np.int64]
    entity_keys: npt.NDArray[np.uint64]
    entities: pa.RecordBatch


def entity_key(entity_id: str) -> int:
    """An entity id as a number; ids of one kind differ in nothing else."""
    return int(entity_id[4:], 16)


def pieces_of(settings: Settings, batches: Sequence[Batch]) -> list[Path]:
    """The folders of the pieces that stand for `batches`, oldest first; what is missing is made.

    Raises:
        OSError: the folder cannot be written.
    """
    home = settings.home / "parties" / "search"
    there, last = _chain(home, batches)
    if last == len(batches):
        return there
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / ".lock"):
        there, last = _chain(home, batches)  # another process may have made it meanwhile
        if last < len(batches):
            coming = sum(_rows(batch) for batch in batches[last:])
            while there and _rows_of(there[-1]) <= FOLDED_UNTIL * coming:
                last = _span(there[-1])[0] - 1
                coming += _rows_of(there.pop())
            there.append(_make(settings, home, batches[last:]))
        for folder in home.iterdir():
            if folder.is_dir() and folder not in there:
                shutil.rmtree(folder, ignore_errors=True)
    return there


def open_piece(folder: Path, kind: str) -> Piece:
    """Open the files of one kind, mapped into memory.

    Raises:
        DamagedError: a file is missing or not as it was written.
    """
    try:
        told = json.loads((folder / PIECE_NAME).read_bytes())["files"]
        for name, (size, sample) in told.items():
            if name.startswith(f"{kind}/") and [size, sample] != _sampled(folder / name):
                raise DamagedError(folder, f"{name} is not as it was written")
        files = {name: _open(folder / kind / f"{name}.arrow") for name in _FILES}
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise DamagedError(folder, error) from error
    texts, rows, entities = files["texts"], files["rows"], files["entities"]
    return Piece(
        texts=texts["text"],
        sizes=_numbers(texts["size"]),
        starts=_numbers(files["starts"]["start"]),
        lists=_numbers(files["lists"]["text"]),
        row_starts=_numbers(files["row_starts"]["start"]),
        rows=rows,
        row_spellings=_numbers(rows["spelling_id"]),
        row_keys=_numbers(rows["entity_key"]),
        spellings=_numbers(files["spellings"]["spelling_id"]),
        entity_keys=_numbers(entities["entity_key"]),
        entities=entities,
    )


_FILES: Final = ("texts", "starts", "lists", "row_starts", "rows", "spellings", "entities")


def _numbers(column: pa.Array) -> npt.NDArray[Any]:
    return column.to_numpy(zero_copy_only=True)  # type: ignore[no-any-return]


def _open(path: Path) -> pa.RecordBatch:
    return pa.ipc.open_file(pa.memory_map(str(path))).get_batch(0)


def _chain(home: Path, batches: Sequence[Batch]) -> tuple[list[Path], int]:
    """The pieces that lead on from the first batch without a gap, and the last batch they hold."""
    by_first: dict[int, list[Path]] = {}
    for folder in home.glob("*-*-*"):
        first, last, _ = _span(folder)
        if last <= len(batches) and folder.name == _name(batches[first - 1 : last]) and (folder / PIECE_NAME).exists():
            by_first.setdefault(first, []).append(folder)
    chain: list[Path] = []
    last = 0
    while last + 1 in by_first:
        chain.append(max(by_first[last + 1], key=lambda folder: _span(folder)[1]))
        last = _span(chain[-1])[1]
    return chain, last


def _span(folder: Path) -> tuple[int, int, str]:
    first, last, digest = folder.name.split("-")
    return int(first), int(last), digest


def _name(batches: Sequence[Batch]) -> str:
    """The piece's name tells what it was made of, so that one of another registry is not taken for it."""
    told = [
        [FORM, batch.er_version, [batch.files[name]["sha256"] for name in (DECISIONS, ENTITIES)]] for batch in batches
    ]
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]
    return f"{batches[0].number:06d}-{batches[-1].number:06d}-{digest}"


def _rows(batch: Batch) -> int:
    return int(batch.files[DECISIONS]["rows"]) + int(batch.files[ENTITIES]["rows"])


def _rows_of(folder: Path) -> int:
    return int(json.loads((folder / PIECE_NAME).read_bytes())["rows"])


def _make(settings: Settings, home: Path, batches: Sequence[Batch]) -> Path:
    partial = home / ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    rows = 0
    files = {}
    for kind in PREFIXES:
        (partial / kind).mkdir(parents=True)
        for name, table in _tables(settings, kind, batches[0].number, batches[-1].number):
            path = partial / kind / f"{name}.arrow"
            batch = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], table.schema)]
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_batch(batch[0])
            files[f"{kind}/{name}.arrow"] = _sampled(path)
            rows += table.num_rows if name in ("spellings", "entities") else 0
    (partial / PIECE_NAME).write_text(json.dumps({"rows": rows, "files": files}), encoding="utf-8")
    folder = home / _name(batches)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return folder


def _tables(settings: Settings, kind: str, first: int, last: int) -> Iterator[tuple[str, pa.Table]]:
    with closing(engine(settings)) as connection:
        within = f"where party_kind = '{kind}' and batch between {first:d} and {last:d}"
        for name, key in ((DECISIONS, "spelling_id"), (ENTITIES, "entity_id")):
            connection.execute(
                f"create temp table {name} as select * from {table_sql(settings, name)} {within} "
                f"qualify row_number() over (partition by {key} order by batch desc) = 1"
            )
        connection.execute(_NAMES)
        texts = connection.execute("select text from named_text order by number").to_arrow_table().combine_chunks()
        column = texts["text"].cast(pa.large_string()).combine_chunks()
        starts, lists, sizes = texts_by_trigram(column)
        yield "texts", pa.table({"text": column, "size": sizes})
        yield "starts", pa.table({"start": starts})
        yield "lists", pa.table({"text": lists})
        del starts, lists, sizes, texts, column
        rows = connection.execute(_ROWS).to_arrow_table()
        ends = np.searchsorted(rows["number"].to_numpy(), np.arange(_count(rows) + 1))
        yield "row_starts", pa.table({"start": ends.astype(np.int64)})
        yield "rows", _wide(rows.drop_columns(["number"]))
        yield "spellings", connection.execute("select spelling_id from decisions order by 1").to_arrow_table()
        yield "entities", _wide(connection.execute(_ENTITIES).to_arrow_table())


def _count(rows: pa.Table) -> int:
    """Texts are numbered from 0 on, and each has a row."""
    return int(rows["number"][-1].as_py()) + 1 if rows.num_rows else 0


def _wide(table: pa.Table) -> pa.Table:
    """Texts of more than 2 GiB in one column, too."""
    wide = [
        pa.field(item.name, pa.large_string() if pa.types.is_string(item.type) else item.type) for item in table.schema
    ]
    return table.cast(pa.schema(wide))


_KEY_SQL: Final = "cast('0x' || substr(entity_id, 5) as ubigint)"
_NAMES: Final = f"""
create temp table folded as
select spelling_id, entity_id, {FOLD_SQL.format(text="raw_name")} as raw, {FOLD_SQL.format(text="clean_name")} as clean
from decisions
where entity_id is not null;
create temp table delivered as
select spelling_id, entity_id, raw as text from folded
union all
select spelling_id, entity_id, clean as text from folded where clean <> raw;
create temp table named as
select * from delivered
union all
-- a name that people gave, or that an order or a cut name hides
select 0 as spelling_id, entity_id, text
from (
    select entity_id, {FOLD_SQL.format(text="entity_name")} as text
    from entities
    where status = 'live'
)
anti join delivered using (entity_id, text);
create temp table named_text as
select text, row_number() over (order by text) - 1 as number from (select distinct text from named where text <> '')
"""
_ROWS: Final = f"""
select named_text.number, named.spelling_id, {_KEY_SQL} as entity_key, decisions.raw_name, decisions.raw_address
from named
inner join named_text using (text)
left join decisions on named.spelling_id = decisions.spelling_id
order by named_text.number, named.entity_id, named.spelling_id
""".replace("entity_id, 5", "named.entity_id, 5")
_ENTITIES: Final = f"""
select {_KEY_SQL} as entity_key, entity_id, entity_name, role, status, merged_into, group_id
from entities
order by entity_key
"""


def _sampled(path: Path) -> list[int]:
    """Size of a file and a checksum of its beginning, its end and places between."""
    size = path.stat().st_size
    checksum = 0
    with path.open("rb") as file:
        for place in sorted({max(0, size - SAMPLE_BYTES) * number // SAMPLES for number in range(SAMPLES + 1)}):
            checksum = zlib.crc32(os.pread(file.fileno(), SAMPLE_BYTES, place), checksum)
    return [size, checksum]
