"""The file that search reads, `parties/search/<batches>-<digest>.duckdb`: the names of all entities, by trigram.

A projection of the registry. Each new batch gives a new file, made from a copy of the one before; readers of the older
file are not disturbed. A missing or damaged file is built from the whole registry.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import duckdb
from filelock import FileLock

from pipeline.entities.registry import DECISIONS, ENTITIES, Batch, read_batches, rows_sql
from pipeline.settings import Settings
from pipeline.state.files import force
from pipeline.warehouse.connection import WarehouseError, engine

FORM: Final = 2
"""Goes up when the tables change; files of another form are built again."""
FOLD_SQL: Final = r"trim(regexp_replace(upper(strip_accents({text})), '[^\pL\pN]+', ' ', 'g'))"
"""A name as upper-case words of letters and digits, without accents, with one blank between them."""
TRIGRAMS_SQL: Final = """
list_distinct([
    substr(' ' || {text} || ' ', middle - 1, 3)
    for middle in range(2, length({text}) + 2)
    if substr({text}, middle - 1, 1) <> ' '
])
"""
"""The distinct trigrams of a folded name: ACME has ` AC`, `ACM`, `CME`, `ME `, so that the order of words is free."""


def open_index(settings: Settings) -> duckdb.DuckDBPyConnection:
    """Open the file of the registry's newest batch read-only; build it first where it is missing or does not open.

    Raises:
        RegistryError: the registry is damaged.
        OSError: the file cannot be written.
    """
    batches = read_batches(settings)
    path = _path(settings, batches)
    opened = _try_open(settings, path)
    if opened is None:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.parent / ".lock"):
            opened = _try_open(settings, path)  # another process may have built it meanwhile
            if opened is None:
                _build(settings, path, batches)
                # under the lock, since the build of a newer batch removes this file
                opened = engine(settings, path, read_only=True)
    return opened


def discard_index(settings: Settings) -> None:
    """Remove the file, which is damaged; no connection to it may be open in this process."""
    _path(settings, read_batches(settings)).unlink(missing_ok=True)


def _path(settings: Settings, batches: Sequence[Batch]) -> Path:
    """Return the file of these batches; the digest distinguishes it from that of another registry."""
    inputs = [[batch.files[name]["sha256"] for name in (DECISIONS, ENTITIES)] for batch in batches]
    digest = hashlib.sha256(json.dumps([FORM, inputs]).encode()).hexdigest()[:12]
    return settings.home / "parties" / "search" / f"{len(batches):06d}-{digest}.duckdb"


def _try_open(settings: Settings, path: Path) -> duckdb.DuckDBPyConnection | None:
    try:
        return engine(settings, path, read_only=True) if path.exists() else None
    except WarehouseError:
        return None


def _build(settings: Settings, path: Path, batches: Sequence[Batch]) -> None:
    partial = path.parent / "partial"
    partial.unlink(missing_ok=True)
    earlier = (number for number in range(len(batches) - 1, 0, -1) if _path(settings, batches[:number]).exists())
    included = next(earlier, 0)
    if included:
        shutil.copyfile(_path(settings, batches[:included]), partial)
    try:
        _write(settings, partial, included, len(batches))
    except (WarehouseError, duckdb.Error):
        if not included:
            raise
        partial.unlink()  # the earlier file was damaged
        _write(settings, partial, 0, len(batches))
    force(partial)
    partial.replace(path)
    for other in path.parent.iterdir():
        if other not in (path, path.parent / ".lock"):
            shutil.rmtree(other) if other.is_dir() else other.unlink()


def _write(settings: Settings, path: Path, included: int, newest: int) -> None:
    """Add the batches after `included`, up to `newest`, to the file at `path`."""
    with closing(engine(settings, path)) as connection:
        if not included:
            connection.execute(_TABLES)
        for name in (DECISIONS, ENTITIES):
            connection.execute(
                f"create temp table new_{name} as select * from {rows_sql(settings, name, newest)} as newest "
                f"where batch > {included:d} and batch <= {newest:d}"
            )
        connection.execute(_ADD)


_TABLES: Final = """
create table entity (
    entity_id varchar, party_kind varchar, entity_name varchar, role varchar, status varchar, merged_into varchar,
    group_id varchar
);
-- a distinct folded name
create table text (text_id integer, party_kind varchar, text varchar, trigrams integer);
-- what has this name: a name variant, or an entity by its own name (spelling_id 0)
create table bearer (text_id integer, spelling_id bigint, entity_id varchar, raw_name varchar, raw_address varchar);
create table trigram (party_kind varchar, trigram varchar, text_id integer);
-- how many texts there are of a kind, and how many of them have a trigram
create table kind_size (party_kind varchar, texts integer);
create table frequency (party_kind varchar, trigram varchar, texts integer);
"""
_ADD: Final = f"""
delete from bearer where spelling_id in (select spelling_id from new_decisions);
delete from bearer where spelling_id = 0 and entity_id in (select entity_id from new_entities);
delete from entity where entity_id in (select entity_id from new_entities);

insert into entity
select entity_id, party_kind, entity_name, role, status, merged_into, group_id from new_entities order by entity_id;

create temp table named as
with folded as (
    select
        *,
        {FOLD_SQL.format(text="raw_name")} as raw,
        {FOLD_SQL.format(text="clean_name")} as clean
    from new_decisions
    where entity_id is not null
)
select party_kind, raw as text, spelling_id, entity_id, raw_name, raw_address from folded where raw <> ''
union all
select party_kind, clean, spelling_id, entity_id, raw_name, raw_address from folded where clean <> '' and clean <> raw
union all
select party_kind, {FOLD_SQL.format(text="entity_name")} as text, 0, entity_id, entity_name, ''
from new_entities
where status = 'live' and text <> '';

create temp table new_text as
select
    (select coalesce(max(text_id), 0) from text) + row_number() over (order by party_kind, text) as text_id,
    party_kind,
    text,
    {TRIGRAMS_SQL.format(text="text")} as trigrams
from (select distinct party_kind, text from named anti join text using (party_kind, text));

insert into text select text_id, party_kind, text, len(trigrams) from new_text order by text_id;
insert into trigram
select party_kind, trigram, text_id
from (select party_kind, unnest(trigrams) as trigram, text_id from new_text)
order by party_kind, trigram, text_id;
insert into bearer
select text_id, spelling_id, entity_id, raw_name, raw_address
from named
inner join text using (party_kind, text)
order by text_id, entity_id, spelling_id;
create or replace table kind_size as select party_kind, count(*) as texts from text group by party_kind;
create or replace table frequency as
select party_kind, trigram, count(*) as texts from trigram group by party_kind, trigram order by party_kind, trigram
"""
