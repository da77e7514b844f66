"""One resolving in a process of its own, so that its time and memory can be measured.

`python -m bench.resolving METHOD VARIANTS.parquet FOUND.parquet`
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.entities.matching import resolve as matching
from pipeline.entities.matching.score import score
from pipeline.entities.names.features import side
from pipeline.entities.names.parse import parse

BASELINE, RESOLVER, FLOOR = "equal words", "resolver", "same name without legal form"


def entities_of(method: str) -> Callable[[pa.Table], pa.Table]:
    """From name variants to `spelling_id`, `entity_id`."""
    return {BASELINE: _equal_words, FLOOR: _without_form}.get(method, matching.entities_of)


def score_pairs(method: str) -> Callable[[pa.Table, pa.Table], npt.NDArray[Any]]:
    """From two tables of name variants to scores 0..1, row by row."""
    return _same_words if method == BASELINE else _scored


def clean(names: pa.Array) -> pa.Array:
    """Upper-case words of letters and digits, one blank between."""
    return pc.utf8_trim(pc.replace_substring_regex(pc.utf8_upper(names), r"[^\pL\pN]+", " "), " ")


def _equal_words(variants: pa.Table) -> pa.Table:
    key = pc.binary_join_element_wise(variants["party_kind"], clean(variants["raw_name"]), "|")
    return pa.table({"spelling_id": variants["spelling_id"], "entity_id": key})


def _without_form(variants: pa.Table) -> pa.Table:
    """Equal words but for legal forms at the end."""
    names = clean(variants["raw_name"])
    for _ in range(3):
        names = pc.replace_substring_regex(names, _FORMS, "")
    key = pc.binary_join_element_wise(variants["party_kind"], names, "|")
    return pa.table({"spelling_id": variants["spelling_id"], "entity_id": key})


_FORMS = r" (?:INC|INCORPORATED|LLC|L L C|LTD|LIMITED|CO|COMPANY|CORP|CORPORATION|LP|L P|PLC|SA|S A|GMBH|AG|BV|B V)$"


def _same_words(left: pa.Table, right: pa.Table) -> npt.NDArray[Any]:
    same = pc.equal(clean(left["raw_name"]), clean(right["raw_name"]))
    return np.asarray(same).astype(np.float64)


def _scored(left: pa.Table, right: pa.Table) -> npt.NDArray[Any]:
    """The resolver's score of each pair, one by one."""
    columns = ("raw_name", "raw_address", "city", "zip", "country_code", "state")

    def sides(table: pa.Table) -> list[Any]:
        rows = zip(*(table[name].to_pylist() for name in columns), strict=True)
        return [side(parse(*(value or "" for value in row))) for row in rows]

    return np.array([score(one, other) for one, other in zip(sides(left), sides(right), strict=True)])


def main() -> None:
    """Resolve, and print the time and memory used."""
    method, source, target = sys.argv[1:]
    resolve = entities_of(method)
    variants = pq.read_table(source)
    started = time.monotonic()
    found = resolve(variants)
    seconds = time.monotonic() - started
    pq.write_table(found.select(["spelling_id", "entity_id"]), Path(target))
    own, workers = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(json.dumps({"seconds": seconds, "own_kib": own, "worker_kib": workers}))


if __name__ == "__main__":
    main()
