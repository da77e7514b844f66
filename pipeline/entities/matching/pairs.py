"""The scored pairs of the index for `explain` and `review`: what is near a name variant, and what is uncertain.

A pair is of two signatures, each of which represents all variants that parse to the same. The index has the pairs with
a score of at least `score.STORED_FROM`; what is nearest is scored again among all that share a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities import registry
from pipeline.entities.matching.resolve import working_path
from pipeline.entities.matching.score import reasons, score
from pipeline.entities.matching.workers import explain_all
from pipeline.entities.names.serialization import side_of
from pipeline.settings import Settings
from pipeline.state.party_batches import batch_numbers
from pipeline.warehouse.connection import WarehouseError, create_temp_table, engine

UNCERTAIN_FROM: Final = 0.4
"""Score from which two variants of two entities may be one firm after all; groups are joined from 0.5 on."""
MOST_COMPARED: Final = 2_000
"""Signatures that share a key with one that is explained, and are compared with it: 50 ms."""
CERTAIN_FROM: Final = 0.7
"""Score from which the best link of a name variant to its entity is certain."""


@dataclass(frozen=True)
class Neighbour:
    """A name variant near to another one, with the reasons for and against."""

    spelling_id: int
    raw_name: str
    raw_address: str
    entity_id: str | None
    score: float
    reasons: tuple[str, ...]


def nearest(settings: Settings, spelling_id: int, limit: int) -> list[Neighbour]:
    """Return the nearest name variants of **other** entities, nearest first, one of each entity.

    Raises:
        WarehouseError: the index is missing, or another process has it open.
    """
    with _opened_index(settings) as connection:
        near_variants = connection.execute(_SHARING_KEYS, [spelling_id, MOST_COMPARED]).to_arrow_table()
        create_temp_table(connection, "near_variants", near_variants)
        _create_latest(settings, connection, "select spelling_id from near_variants union all select ?", [spelling_id])
        known = {row["spelling_id"]: row for row in connection.execute("from latest").to_arrow_table().to_pylist()}
        sides = {row["spelling_id"]: side_of(row["reading"]) for row in near_variants.to_pylist()}
    own = near_variants["own"][0].as_py() if len(near_variants) else 0
    near: dict[str, Neighbour] = {}
    for other in set(sides) - {own}:
        row, points = known[other], score(sides[own], sides[other])
        entity_id = row["entity_id"]
        if entity_id is None or entity_id == known[spelling_id]["entity_id"]:
            continue
        if entity_id not in near or (-points, other) < (-near[entity_id].score, near[entity_id].spelling_id):
            near[entity_id] = Neighbour(**row, score=points, reasons=())
    nearest_first = sorted(near.values(), key=lambda item: (-item.score, item.spelling_id))[:limit]
    return [
        replace(item, score=round(item.score, 4), reasons=_split(reasons(sides[own], sides[item.spelling_id])))
        for item in nearest_first
    ]


def uncertain(settings: Settings) -> pa.Table:
    """Return the uncertain pairs: `left_spelling_id`, `right_spelling_id`, `score`, `together` (one entity now).

    They are two entities with a high score, or one entity by a weak link that is the best one of a name variant.

    Raises:
        WarehouseError: the index is missing, or another process has it open.
    """
    with _opened_index(settings) as connection:
        _create_latest(settings, connection, "select a from pair union all select b from pair", [])
        return connection.execute(_UNCERTAIN, [UNCERTAIN_FROM, CERTAIN_FROM]).to_arrow_table()


def reasons_of(settings: Settings, pairs: pa.Table) -> list[tuple[str, ...]]:
    """Return the reasons of each of `pairs` (`left_spelling_id`, `right_spelling_id`), strongest first."""
    named = pa.table({"a": pairs["left_spelling_id"], "b": pairs["right_spelling_id"]})
    with _opened_index(settings) as connection:
        found = _reasons(connection, named)
    return [found[pair["a"], pair["b"]] for pair in named.to_pylist()]


_SHARING_KEYS: Final = """
with own as (
    select signature from spelling where spelling_id = ? and signature is not null
),
sharing as (
    select keyed.signature, count(*) as shared
    from keyed
    inner join (select key from keyed semi join own using (signature)) as mine on keyed.key = mine.key
    group by keyed.signature
),
ranked as (
    select signature, (select signature from own) as own, shared
    from sharing
    qualify row_number() over (
        order by signature = (select signature from own) desc, shared desc, signature
    ) <= ?
)
select spelling.spelling_id, spelling.reading, ranked.own
from ranked
inner join spelling on ranked.signature = spelling.spelling_id
"""
_UNCERTAIN: Final = """
with compared as (
    select
        pair.a,
        pair.b,
        round(cast(pair.score as double), 4) as score,
        one.entity_id = other.entity_id as together,
        one.entity_id
    from pair
    inner join latest as one on pair.a = one.spelling_id
    inner join latest as other on pair.b = other.spelling_id
    where one.entity_id is not null and other.entity_id is not null
),
best as (
    select signature, max(score) as score
    from (
        select a as signature, score from compared where together
        union all
        select b, score from compared where together
    )
    group by signature
)
select compared.a as left_spelling_id, compared.b as right_spelling_id, compared.score, compared.together
from compared
left join best as best_of_a on compared.a = best_of_a.signature
left join best as best_of_b on compared.b = best_of_b.signature
where
    (not compared.together and compared.score >= ?)
    or (compared.together and compared.score < ? and compared.score in (best_of_a.score, best_of_b.score))
order by compared.score desc, compared.a, compared.b
"""


def _create_latest(settings: Settings, connection: duckdb.DuckDBPyConnection, wanted: str, bound: list[int]) -> None:
    """Create `latest`: the registry's current decisions on the name variants of a query."""
    connection.execute(
        f"create temp table wanted as select distinct spelling_id from ({wanted}) as asked (spelling_id)", bound
    )
    connection.execute(
        "create temp table latest as select spelling_id, raw_name, raw_address, entity_id "
        f"from {registry.table_sql(settings, registry.DECISIONS)} semi join wanted using (spelling_id) "
        "qualify row_number() over (partition by spelling_id order by batch desc) = 1"
    )


def _reasons(connection: duckdb.DuckDBPyConnection, pairs: pa.Table) -> dict[tuple[int, int], tuple[str, ...]]:
    create_temp_table(connection, "asked_pairs", pairs)
    readings = connection.execute(
        "select spelling_id, reading from spelling "
        "where spelling_id in (select a from asked_pairs union select b from asked_pairs) order by spelling_id"
    ).to_arrow_table()
    rows = [row for part in explain_all(pairs.select(["a", "b"]), readings) for row in part.to_pylist()]
    return {(row["a"], row["b"]): _split(row["reasons"]) for row in rows}


def _split(reasons: str) -> tuple[str, ...]:
    return tuple(reasons.split("; ")) if reasons else ()


@contextmanager
def _opened_index(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    path = working_path(settings)
    if not path.exists() or not batch_numbers(settings):
        raise WarehouseError(
            f"no parties are resolved yet below {settings.home}: run `leverage run` or `leverage backfill`"
        )
    connection = engine(settings, path, read_only=True)
    try:
        yield connection
    finally:
        connection.close()
