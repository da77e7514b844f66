"""Candidate pairs of labelled name variants with their features, kept on disk while the code that makes them stays."""

from __future__ import annotations

import pickle
import zlib
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

import pipeline.entities
from bench import labelled
from pipeline.entities.matching import blocking, score
from pipeline.entities.matching.cluster import grouped
from pipeline.entities.matching.index import COLUMNS, Index
from pipeline.entities.names.name_pair import Feature
from pipeline.entities.names.serialization import side_of
from pipeline.warehouse.connection import scratch
from simulator import known_variants as known

INVENTED: Final = "invented"
COLUMNS_LAYOUT, TEXT_LAYOUT = "columns", "text"
FOLDS: Final = 4
_PLACE: Final = ("city", "state", "zip", "country_code")


@dataclass(frozen=True)
class Evidence:
    """Labelled name variants and their candidate pairs.

    Attributes:
        name: of the set.
        layout: places in their columns, or in one text with the address.
        firm: of each variant.
        group: of each variant.
        signature: of each variant, the variant that stands for it; -1 where no party is named.
        a: signature of one side of each pair.
        b: of the other.
        features: of each pair.
    """

    name: str
    layout: str
    variants: pa.Table
    firm: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    fold: npt.NDArray[np.int64]
    signature: npt.NDArray[np.int64]
    a: npt.NDArray[np.int64]
    b: npt.NDArray[np.int64]
    features: list[tuple[Feature, ...]]

    @property
    def same(self) -> npt.NDArray[np.bool_]:
        """Whether each pair is one firm."""
        return np.asarray(self.firm[self.a] == self.firm[self.b])

    @property
    def sisters(self) -> npt.NDArray[np.bool_]:
        """Whether each pair is two firms of one group."""
        return np.asarray(~self.same & (self.group[self.a] == self.group[self.b]))

    def clusters(self, scores: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return an entity for each variant, from the scores of all pairs."""
        stored = np.flatnonzero(scores >= score.STORED_FROM)
        scored = list(zip(self.a[stored].tolist(), self.b[stored].tolist(), scores[stored].tolist(), strict=True))
        heads = grouped(np.unique(self.signature[self.signature >= 0]).tolist(), scored)
        head_of = np.full(len(self.signature), -1, dtype=np.int64)
        head_of[heads["node"].to_numpy()] = heads["head"].to_numpy()
        alone = -2 - np.arange(len(self.signature))
        return np.where(self.signature >= 0, head_of[self.signature], alone)


def gathered(folder: Path, cache: Path, invented: int, seed: int) -> list[Evidence]:
    """Return the evidence of all labelled sets and of invented variants; columns first, then addresses in one text."""
    found = []
    for firms in labelled.firms(folder):
        found.append(_cached(firms.name, COLUMNS_LAYOUT, firms.table, cache))
        if any(firms.table["raw_address"].to_pylist()) or firms.name == "sfi_cement":
            found.append(_cached(firms.name, TEXT_LAYOUT, _in_one_text(firms.table), cache))
    if invented:
        table = known.drawn(invented, seed)
        named = table.filter(pc.is_valid(table["firm_id"]))
        found.append(_cached(INVENTED, COLUMNS_LAYOUT, named, cache))
    return found


def _in_one_text(table: pa.Table) -> pa.Table:
    """Return variants whose place is the end of their address, the country by its code."""
    parts = [pc.fill_null(table[name], "") for name in ("raw_address", *_PLACE)]
    text = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*parts, " "))
    table = table.set_column(table.schema.get_field_index("raw_address"), "raw_address", text)
    for name in _PLACE:
        table = table.set_column(table.schema.get_field_index(name), name, pa.array([""] * len(table), pa.string()))
    return table


def _cached(name: str, layout: str, table: pa.Table, cache: Path) -> Evidence:
    digest = blake2b(_code_digest(), digest_size=8)
    for column in table.columns:
        digest.update(repr(column.to_pylist()).encode())
    path = cache / f"{name}-{layout}-{digest.hexdigest()}.pickle"
    if path.is_file():
        evidence = pickle.loads(path.read_bytes())  # noqa: S301 - this module alone writes the folder
        assert isinstance(evidence, Evidence)
        return evidence
    evidence = _made(name, layout, table)
    cache.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(evidence))
    return evidence


def _code_digest() -> bytes:
    """Return a digest of all that parses, blocks and compares; not of the points, which are learnt from the result."""
    digest = blake2b(digest_size=16)
    root = Path(next(iter(pipeline.entities.__path__)))
    for path in sorted([*root.glob("names/**/*.[cp][sy]*"), root / "matching/blocking.py"]):
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.digest()


def _made(name: str, layout: str, table: pa.Table) -> Evidence:
    ids = pa.array(range(len(table)), pa.int64())
    table = table.set_column(table.schema.get_field_index("spelling_id"), "spelling_id", ids)
    firm, group = (
        _codes(pc.binary_join_element_wise(table["party_kind"], table[column], "|"))
        for column in ("firm_id", "group_id")
    )
    with closing(scratch()) as connection:
        index = Index(connection)
        connection.register("truth", table)
        empty = ", ".join(f"coalesce({column}, '') as {column}" for column in _PLACE)
        texts = connection.execute(f"select {', '.join(COLUMNS)} from (select * replace ({empty}) from truth)")
        index.parse(texts.to_arrow_table())
        signature = connection.execute(
            "select coalesce(signature, -1) as signature from spelling order by spelling_id"
        ).to_arrow_table()
        readings = connection.execute(
            "select spelling_id, reading from spelling where spelling_id = signature"
        ).fetchall()
        pairs = connection.execute(
            f"select a, b from ({blocking.pairs_sql('keyed')}) as made order by a, b"
        ).to_arrow_table()
    sides = {spelling_id: side_of(reading) for spelling_id, reading in readings}
    a, b = (pairs[column].to_numpy() for column in ("a", "b"))
    shared: dict[Feature, Feature] = {}
    found = [
        tuple(shared.setdefault(feature, feature) for feature in score.best_features(sides[one], sides[other]))
        for one, other in zip(a.tolist(), b.tolist(), strict=True)
    ]
    folds, signatures = _folds(name, table), signature["signature"].to_numpy()
    return Evidence(name, layout, table, firm, group, folds, signatures, a, b, found)


def _folds(name: str, table: pa.Table) -> npt.NDArray[np.int64]:
    """Return a fold for each variant; firms of one group, and look-alikes of one first word, share it."""
    families = table["group_id"].to_pylist()
    if name == "lei_siblings":
        families = [text.split()[0].upper() for text in table["raw_name"].to_pylist()]
    return np.array([zlib.crc32(family.encode()) % FOLDS for family in families])


def _codes(texts: Any) -> npt.NDArray[np.int64]:
    return np.asarray(pc.dictionary_encode(texts).combine_chunks().indices).astype(np.int64)
