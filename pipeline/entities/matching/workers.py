"""Parsing of name variants and scoring of pairs, row by row, in two processes where there are many."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from hashlib import blake2b
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from pipeline.entities.matching.blocking import keys
from pipeline.entities.matching.score import REFUSED, STORED_FROM, reasons, score
from pipeline.entities.names.features import Side, side
from pipeline.entities.names.groups import group_key
from pipeline.entities.names.parse import ParsedName, parse
from pipeline.entities.names.roles import role_by_name
from pipeline.entities.names.serialization import side_of, text_of

AT_ONCE: Final = 20_000
"""Rows that a worker takes at a time."""
WORTH_WORKERS: Final = 150_000
"""Rows from which starting processes pays."""
WORKERS: Final = 2
AHEAD: Final = 3 * WORKERS
"""Batches prepared ahead: enough that no worker waits, few enough for the memory."""
TEXTS: Final = ("spelling_id", "party_kind", "raw_name", "raw_address", "city", "zip", "country_code", "state")

READINGS: Final = pa.schema(
    [
        ("spelling_id", pa.int64()),
        ("clean_name", pa.string()),
        ("is_order", pa.bool_()),
        ("role", pa.string()),
        ("digest", pa.int64()),
        ("reading", pa.string()),
        ("other_party", pa.string()),
        ("place_country", pa.string()),
        ("country_source", pa.string()),
        ("place_state", pa.string()),
        ("place_city", pa.string()),
        ("city_source", pa.string()),
        ("group_key", pa.string()),
    ]
)
KEYS: Final = pa.schema([("key", pa.int64()), ("spelling_id", pa.int64())])
EXPLAINED: Final = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("reasons", pa.string())])
SCORED: Final = pa.schema([("a", pa.int64()), ("b", pa.int64()), ("score", pa.float32())])

Batch = tuple[pa.Table, ...]


def parse_all(variants: pa.Table) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Yield parsed names and blocking keys, batch by batch.

    Args:
        variants: columns `TEXTS`.
    """
    yield from _map(_parse_batch, ((part,) for part in _slices(variants.select(TEXTS))), len(variants))


def score_all(pairs: pa.Table, readings: pa.Table) -> Iterator[pa.Table]:
    """Yield the pairs (columns `a`, `b`) that score at least `STORED_FROM` or `REFUSED`, batch by batch.

    Args:
        pairs: ids of name variants; the nearer pairs of the same variants are to each other, the faster.
        readings: of all variants of the pairs: columns `spelling_id` (ascending), `reading` (see `serialization`).
    """
    yield from _map(_score_batch, _with_readings(pairs, readings), len(pairs))


def explain_all(pairs: pa.Table, readings: pa.Table) -> Iterator[pa.Table]:
    """Yield the strongest reasons of each pair: columns `a`, `b`, `reasons`; arguments as for `score_all`."""
    yield from _map(_explain_batch, _with_readings(pairs, readings), len(pairs))


def digest(kind: str, parsed: ParsedName) -> int:
    """Return a number that is equal for parsed names of one kind with equal signatures."""
    content = repr((kind, parsed.is_order, parsed.signature)).encode()
    return int.from_bytes(blake2b(content, digest_size=8).digest(), "big", signed=True)


def _parse_batch(variants: pa.Table) -> tuple[pa.Table, pa.Table]:
    rows: list[tuple[object, ...]] = []
    key_list: list[int] = []
    key_of: list[int] = []
    for row in zip(*(variants[name].to_pylist() for name in TEXTS), strict=True):
        parsed = parse(*(text or "" for text in row[2:]))
        role = role_by_name(parsed)
        place = parsed.place
        located = (place.country, place.country_source, place.state, place.city, place.city_source)
        known = (row[0], parsed.clean_name, parsed.is_order, role, digest(row[1], parsed), text_of(parsed))
        group = group_key(parsed) if role == "party" else ""  # customers of one forwarder or bank are no sisters
        rows.append((*known, *(text or None for text in (parsed.other_party, *located, group))))
        if role != "none":
            found = keys(row[1], side(parsed))
            key_list.extend(found)
            key_of.extend([row[0]] * len(found))
    return (
        pa.table([list(column) for column in zip(*rows, strict=True)] or [[]] * len(READINGS), schema=READINGS),
        pa.table([key_list, key_of], schema=KEYS),
    )


def _score_batch(pairs: pa.Table, readings: pa.Table) -> pa.Table:
    sides = _sides(readings)
    left, right = pairs["a"].to_pylist(), pairs["b"].to_pylist()
    scores = pa.array([score(sides[a], sides[b]) for a, b in zip(left, right, strict=True)], pa.float32())
    scored = pa.table([left, right, scores], schema=SCORED)
    return scored.filter(pc.or_(pc.greater_equal(scores, STORED_FROM), pc.equal(scores, REFUSED)))


def _explain_batch(pairs: pa.Table, readings: pa.Table) -> pa.Table:
    sides = _sides(readings)
    left, right = pairs["a"].to_pylist(), pairs["b"].to_pylist()
    texts = [reasons(sides[a], sides[b]) for a, b in zip(left, right, strict=True)]
    return pa.table([left, right, texts], schema=EXPLAINED)


def _sides(readings: pa.Table) -> dict[int, Side]:
    texts = zip(readings["spelling_id"].to_pylist(), readings["reading"].to_pylist(), strict=True)
    return {spelling_id: side_of(text) for spelling_id, text in texts}


def _with_readings(pairs: pa.Table, readings: pa.Table) -> Iterator[Batch]:
    """Yield batches of pairs, each with the readings that it needs, so that no process has all in memory."""
    ids = np.asarray(readings["spelling_id"].combine_chunks())
    texts = readings.combine_chunks()
    for part in _slices(pairs):
        named = np.unique(np.concatenate([np.asarray(part[name]) for name in ("a", "b")]))
        yield part, texts.take(pa.array(np.searchsorted(ids, named)))


def _slices(table: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, len(table), AT_ONCE):
        yield table.slice(start, AT_ONCE)


def _map(function: Callable[..., Any], batches: Iterator[Batch], rows: int) -> Iterator[Any]:
    """Yield results in the order of the batches."""
    if rows < WORTH_WORKERS:
        for batch in batches:
            yield function(*batch)
        return
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        waiting: deque[Future[Any]] = deque()
        for batch in batches:
            waiting.append(pool.submit(function, *batch))
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
