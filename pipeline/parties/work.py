"""The two loops over rows: reading spellings, and scoring pairs; in two processes where there are many.

Belongs here: batches and workers. Does not belong here: what is read or scored (`reading`, `score`), tables (`index`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from hashlib import blake2b
from multiprocessing import get_context
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from pipeline.parties.candidates import keys
from pipeline.parties.evidence import reasons
from pipeline.parties.features import Side, side
from pipeline.parties.reading import Reading, read
from pipeline.parties.roles import named_role
from pipeline.parties.score import score

AT_ONCE: Final = 20_000
"""Rows that a worker takes at a time."""
WORTH_WORKERS: Final = 150_000
"""Rows from which starting processes pays."""
WORKERS: Final = 2
KEPT_FROM: Final = 0.2
"""Score from which a pair is kept: what is below counts as never compared."""
TEXTS: Final = ("spelling_id", "party_kind", "raw_name", "raw_address", "city", "zip", "country_code")

READINGS: Final = pa.schema(
    [
        ("spelling_id", pa.int64()),
        ("clean_name", pa.string()),
        ("is_order", pa.bool_()),
        ("role", pa.string()),
        ("digest", pa.int64()),
    ]
)
KEYS: Final = pa.schema([("key", pa.int64()), ("spelling_id", pa.int64())])
EXPLAINED: Final = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("reasons", pa.string())])
SCORED: Final = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("score", pa.float32())])

_sides: _Sides


def read_all(spellings: pa.Table) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Readings and keys of spellings, batch by batch.

    Args:
        spellings: columns `TEXTS`.
    """
    yield from _map(_read_batch, _slices(spellings.select(TEXTS)), len(spellings), None)


def score_all(pairs: pa.Table, spellings: pa.Table) -> Iterator[pa.Table]:
    """Those of the pairs (columns `a`, `b`) that score at least `KEPT_FROM`, with their scores, batch by batch.

    Args:
        pairs: spelling ids.
        spellings: all spellings that stand in a pair, columns `TEXTS`.
    """
    yield from _map(_score_batch, _slices(pairs), len(pairs), spellings.select(TEXTS))


def explain_all(pairs: pa.Table, spellings: pa.Table) -> Iterator[pa.Table]:
    """The strongest reasons of each pair in words: columns `a`, `b`, `reasons`; arguments as for `score_all`."""
    yield from _map(_explain_batch, _slices(pairs), len(pairs), spellings.select(TEXTS))


def read_row(row: tuple[Any, ...]) -> Reading:
    """Read one row of `TEXTS`."""
    _, _, name, address, city, code, country = row
    return read(name or "", address or "", city or "", code or "", country or "")


def digest(kind: str, reading: Reading) -> int:
    """A number that is equal for readings that say the same."""
    told = repr((kind, reading.is_order, reading.signature)).encode()
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big", signed=True)


class _Sides:
    """Sides by spelling id, read when they are first asked for."""

    def __init__(self, spellings: pa.Table | None) -> None:
        self._columns = [] if spellings is None else [spellings[name] for name in TEXTS]
        ids = [] if spellings is None else spellings["spelling_id"].to_pylist()
        self._rows = {spelling_id: number for number, spelling_id in enumerate(ids)}
        self._made: dict[int, Side] = {}

    def __getitem__(self, spelling_id: int) -> Side:
        made = self._made.get(spelling_id)
        if made is None:
            number = self._rows[spelling_id]
            made = side(read_row(tuple(column[number].as_py() for column in self._columns)))
            self._made[spelling_id] = made
        return made


def _start(spellings: pa.Table | None) -> None:
    global _sides
    _sides = _Sides(None if spellings is None else spellings.combine_chunks())


def _read_batch(spellings: pa.Table) -> tuple[pa.Table, pa.Table]:
    ids, texts, orders, roles, digests = [], [], [], [], []
    key_list: list[int] = []
    key_of: list[int] = []
    for row in zip(*(spellings[name].to_pylist() for name in TEXTS), strict=True):
        reading = read_row(row)
        role = named_role(reading)
        ids.append(row[0])
        texts.append(reading.clean_name)
        orders.append(reading.is_order)
        roles.append(role)
        digests.append(digest(row[1], reading))
        if role != "none":
            found = keys(row[1], side(reading))
            key_list.extend(found)
            key_of.extend([row[0]] * len(found))
    return (
        pa.table([ids, texts, orders, roles, digests], schema=READINGS),
        pa.table([key_list, key_of], schema=KEYS),
    )


def _score_batch(pairs: pa.Table) -> pa.Table:
    left, right = pairs["a"].to_pylist(), pairs["b"].to_pylist()
    scores = pa.array([score(_sides[a], _sides[b]) for a, b in zip(left, right, strict=True)], pa.float32())
    scored = pa.table([left, right, scores], schema=SCORED)
    return scored.filter(pc.greater_equal(scores, KEPT_FROM))


def _explain_batch(pairs: pa.Table) -> pa.Table:
    left, right = pairs["a"].to_pylist(), pairs["b"].to_pylist()
    told = [reasons(_sides[a], _sides[b]) for a, b in zip(left, right, strict=True)]
    return pa.table([left, right, told], schema=EXPLAINED)


def _slices(table: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, len(table), AT_ONCE):
        yield table.slice(start, AT_ONCE)


def _map(
    function: Callable[[pa.Table], Any], batches: Iterator[pa.Table], rows: int, spellings: pa.Table | None
) -> Iterator[Any]:
    if rows < WORTH_WORKERS:
        _start(spellings)
        yield from map(function, batches)
        _start(None)
        return
    with ProcessPoolExecutor(WORKERS, get_context("spawn"), _start, (spellings,)) as pool:
        yield from pool.map(function, batches)
