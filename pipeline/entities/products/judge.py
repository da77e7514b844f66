"""Weigh the text, the code and the supplier of each case against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.products.evidence import CODE_SOURCES, Evidence, expected_reliability
from pipeline.entities.products.model import AT_ONCE, Floats, Ints
from pipeline.entities.products.texts import wordings

USUAL: Final = 3
"""Headings of a supplier that are weighed beside those of the text and the code."""
UNUSUAL: Final = 4.0
"""Texts of a supplier that its next one, of any product, counts for."""
WITH_CODE: Final = 0.5
"""Power of what a supplier usually ships beside a code: a code that departs from it is often right."""
LEAST_PROBABILITY: Final = 0.5
"""Below it a text does not replace a code."""


@dataclass(frozen=True)
class Cases:
    """Cases by wording, one entry each: numbers of wording and supplier, indices of the code's source and heading.

    No code, or one of a heading that the evidence does not know, is -1.
    """

    wording: Ints
    supplier: Ints
    source: Ints
    code: Ints


@dataclass(frozen=True)
class Usual:
    """What suppliers ship: for each case the headings of its supplier's other texts, how many, and how many in all."""

    heading: Ints
    texts: Floats
    total: Floats


def judge(connection: duckdb.DuckDBPyConnection, evidence: Evidence, least: float) -> Any:
    """Return the choice of each wording, supplier and code of `product_case`.

    Columns: wording_no, supplier_id, hs_source, recorded_hs4, hs4 (null: unknown), probability. A code of a heading
    that the evidence does not know is kept with its expected reliability.
    """
    table = connection.execute("""
        select
            wording_no, supplier_id, hs_source, hs4 as recorded_hs4,
            dense_rank() over (order by supplier_id) - 1 as supplier_no
        from (select distinct wording_no, supplier_id, hs_source, hs4 from product_case)
        order by wording_no, supplier_id, hs_source, hs4
    """).to_arrow_table()
    cases = _cases(table, evidence)
    best, probability, _ = _weigh(connection, evidence, cases, None)
    is_sure = (probability >= LEAST_PROBABILITY) & (np.array(table["supplier_id"]) != "")
    usual = _usual(cases, best, is_sure, len(evidence.prior))
    best, probability, for_code = _weigh(connection, evidence, cases, usual)
    names = np.array([*evidence.model.headings, ""])
    recorded = np.array(table["recorded_hs4"])
    is_coded = recorded != ""
    replaces = (cases.code >= 0) & (best != cases.code) & (probability > np.maximum(for_code, LEAST_PROBABILITY))
    assigns = ~is_coded & (probability >= least)
    hs4 = np.where(replaces | assigns, names[best], recorded)
    expected = np.array([expected_reliability(name) for name in CODE_SOURCES])[cases.source]
    kept = np.where(is_coded & (cases.code < 0), expected, for_code)
    probability = np.where(replaces | assigns, probability, kept)
    return pa.table(
        {
            **{name: table[name] for name in ("wording_no", "supplier_id", "hs_source", "recorded_hs4")},
            "hs4": pa.array(hs4, mask=hs4 == ""),
            "probability": np.round(probability, 4),
        }
    )


def _cases(table: Any, evidence: Evidence) -> Cases:
    index = {name: at for at, name in enumerate(evidence.model.headings)}
    recorded, source = table["recorded_hs4"].to_pylist(), table["hs_source"].to_pylist()
    sources = {name: at for at, name in enumerate(CODE_SOURCES)}
    return Cases(
        np.array(table["wording_no"]),
        np.array(table["supplier_no"]),
        np.array([sources.get(name, -1) for name in source], dtype=np.int64),
        np.array([index.get(name, -1) for name in recorded], dtype=np.int64),
    )


def _weigh(
    connection: duckdb.DuckDBPyConnection, evidence: Evidence, cases: Cases, usual: Usual | None
) -> tuple[Ints, Floats, Floats]:
    """Return each case's likeliest heading, its probability and that of its code."""
    count = len(cases.wording)
    best, probability, for_code = np.zeros(count, dtype=np.int64), np.zeros(count), np.zeros(count)
    for first, words in wordings(connection, AT_ONCE):
        rows = slice(*np.searchsorted(cases.wording, [first, first + len(words)]))
        likely, known = evidence.model.likelihoods(words)
        likely[~known] = 1.0
        shares = likely * evidence.prior
        shares /= shares.sum(axis=1, keepdims=True)
        best[rows], probability[rows], for_code[rows] = _weigh_part(
            shares, cases.wording[rows] - first, evidence, cases, usual, rows
        )
    return best, probability, for_code


def _weigh_part(
    shares: Floats, wording: Ints, evidence: Evidence, cases: Cases, usual: Usual | None, rows: slice
) -> tuple[Ints, Floats, Floats]:
    code, source = cases.code[rows], cases.source[rows]
    columns = [shares.argmax(axis=1)[wording], code]
    if usual is not None:
        columns += list(usual.heading[rows].T)
    heading = np.stack(columns, axis=1)
    for column in range(1, heading.shape[1]):  # each heading once
        heading[(heading[:, :column] == heading[:, [column]]).any(axis=1), column] = -1
    is_there = heading >= 0
    weight = np.where(is_there, shares[wording[:, None], heading], 0.0)
    rest = np.maximum(1 - weight.sum(axis=1), 0.0)
    coded = code >= 0
    for at, name in enumerate(CODE_SOURCES):
        of = np.flatnonzero(coded & (source == at))
        weight[of] *= evidence.confusion[name][heading[of], code[of][:, None]]
        rest[of] *= evidence.elsewhere[name][code[of]]
    if usual is not None:
        texts = np.zeros_like(weight)
        for column in range(usual.heading.shape[1]):
            same = is_there & (heading == usual.heading[rows, column][:, None])
            texts += np.where(same, usual.texts[rows, column][:, None], 0.0)
        power = np.where(coded, WITH_CODE, 1.0)
        total = usual.total[rows] + UNUSUAL
        weight *= ((texts / evidence.prior[heading] + UNUSUAL) / total[:, None]) ** power[:, None]
        rest *= (UNUSUAL / total) ** power
    weight /= (weight.sum(axis=1) + rest)[:, None]
    row = np.arange(len(heading))
    chosen = weight.argmax(axis=1)
    is_code = coded[:, None] & (heading == code[:, None])
    return heading[row, chosen], weight[row, chosen], np.where(is_code, weight, 0.0).sum(axis=1)


def _usual(cases: Cases, best: Ints, sure: Any, headings: int) -> Usual:
    """What the other texts of each case's supplier are, each text once."""
    pairs = np.unique(np.stack([cases.supplier, cases.wording]), axis=1, return_inverse=True)
    of_pair: Ints = pairs[1].ravel()
    weight = sure / np.bincount(of_pair)[of_pair]
    shipped, of_shipped = np.unique(cases.supplier * headings + best, return_inverse=True)
    texts = np.bincount(of_shipped, weight)
    suppliers = int(cases.supplier.max(initial=-1)) + 1
    total: Floats = np.bincount(cases.supplier, weight, suppliers).astype(np.float64)
    heading = np.full((suppliers, USUAL), -1)
    most = np.zeros((suppliers, USUAL))
    order = np.lexsort((shipped, -texts, shipped // headings))
    supplier = (shipped // headings)[order]
    place = np.arange(len(order)) - np.searchsorted(supplier, supplier)
    kept = place < USUAL
    heading[supplier[kept], place[kept]] = (shipped % headings)[order][kept]
    most[supplier[kept], place[kept]] = texts[order][kept]
    # the case's own text is no evidence for itself
    own, of_own = np.unique(of_pair * headings + best, return_inverse=True)
    own_texts = np.bincount(of_own, weight)
    found = Usual(heading[cases.supplier], most[cases.supplier], total[cases.supplier])
    for column in range(USUAL):
        key = of_pair * headings + found.heading[:, column]
        found_at = np.minimum(np.searchsorted(own, key), len(own) - 1)
        found.texts[:, column] -= np.where(
            (found.heading[:, column] >= 0) & (own[found_at] == key), own_texts[found_at], 0.0
        )
    all_own = np.bincount(of_pair, weight)[of_pair]
    return Usual(found.heading, np.maximum(found.texts, 0.0), np.maximum(found.total - all_own, 0.0))
