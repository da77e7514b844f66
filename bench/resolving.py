"""One resolving in a process of its own, so that its time and memory can be measured.

`python -m bench.resolving METHOD SPELLINGS.parquet FOUND.parquet`

Belongs here: the resolver that is measured and the baseline beside it. Does not belong here: measuring (`parties`).
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

BASELINE, RESOLVER = "equal words", "resolver"
LINE: Final = 0.5
"""Of the baseline's scores, which are 0 or 1, and of a resolver that tells no other."""


def entities_of(method: str) -> Callable[[pa.Table], pa.Table] | None:
    """From spellings to `spelling_id`, `entity_id`; None where the project has no such resolver."""
    return _equal_words if method == BASELINE else _attribute("pipeline.parties.resolve", "entities_of")


def score_pairs(method: str) -> Callable[[pa.Table, pa.Table], npt.NDArray[Any]] | None:
    """From two tables of spellings to scores 0..1, row by row; None where the project has none."""
    return _same_words if method == BASELINE else _attribute("pipeline.parties.score", "score_pairs")


def line() -> float:
    """Score from which the resolver holds two spellings for one firm."""
    told = _attribute("pipeline.parties.cluster", "JOINED_FROM")
    return LINE if told is None else float(told)


def clean(names: pa.Array) -> pa.Array:
    """Upper-case words of letters and digits, one blank between."""
    return pc.utf8_trim(pc.replace_substring_regex(pc.utf8_upper(names), r"[^\pL\pN]+", " "), " ")


def _equal_words(spellings: pa.Table) -> pa.Table:
    key = pc.binary_join_element_wise(spellings["party_kind"], clean(spellings["raw_name"]), "|")
    return pa.table({"spelling_id": spellings["spelling_id"], "entity_id": key})


def _same_words(left: pa.Table, right: pa.Table) -> npt.NDArray[Any]:
    same = pc.equal(clean(left["raw_name"]), clean(right["raw_name"]))
    return np.asarray(same).astype(np.float64)


def _attribute(module: str, name: str) -> Any:
    """What a module of the project holds by that name; None where it holds no such thing."""
    return getattr(importlib.import_module(module), name, None)


def main() -> None:
    """Resolve and tell what it took."""
    method, source, target = sys.argv[1:]
    resolve = entities_of(method)
    if resolve is None:
        raise SystemExit("pipeline.parties.resolve has no entities_of")
    spellings = pq.read_table(source)
    started = time.monotonic()
    found = resolve(spellings)
    seconds = time.monotonic() - started
    pq.write_table(found.select(["spelling_id", "entity_id"]), Path(target))
    own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"seconds": seconds, "own_kib": own, "worker_kib": workers}))


if __name__ == "__main__":
    main()
