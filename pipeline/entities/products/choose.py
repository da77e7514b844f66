"""The choice of each case: by codes and the texts beside them, and in a feed without codes by the names of goods."""

from __future__ import annotations

from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]

from pipeline.entities.products.evidence import expected_reliability, learn
from pipeline.entities.products.headings import named_headings
from pipeline.entities.products.judge import judge
from pipeline.entities.products.texts import Examples, make_cases, make_named_examples, read_examples
from pipeline.thresholds import threshold

LEAST_CONFIDENCE: Final = "text_cell_least_confidence"
MOST_UNKNOWN: Final = 0.25
"""Part of the texts without a product from which on goods are named by the Harmonised System: of a feed with codes the
texts that stay unknown are those that name no goods, and a guess there would dilute what the codes say."""

LEAST_BY_NAME: Final = 0.5
"""Least share of a heading in what a text may be, where texts are grouped by names: the group matters more than its
heading, and a text without one is in no market."""


def choose(connection: duckdb.DuckDBPyConnection, codes: str = "asof_code") -> tuple[Examples, Any]:
    """Return what was learned from, and the choice of each case of the table `codes` (columns of `judge`), or None.

    Codes and the texts beside them decide first. Where they leave most texts without a product, texts are grouped,
    beginning with the heading whose names each shares; their probability says how often such a heading is right.
    """
    make_cases(connection, codes)
    examples = read_examples(connection)
    least = threshold(LEAST_CONFIDENCE)
    judged = _judged(connection, examples, least)
    unknown = _unknown(connection, judged)
    ((texts,),) = connection.execute("select count(*) from wording where words <> ''").fetchall()
    if len(unknown) == 0 or len(unknown) < MOST_UNKNOWN * texts:
        return examples, judged
    names = _named(connection, unknown)
    make_named_examples(connection, names)
    by_name = read_examples(connection)
    named = _judged(connection, by_name, LEAST_BY_NAME)
    if named is None:
        named = _as_named(connection, names)
    return (examples if judged is not None else by_name), _merged(judged, named)


def _judged(connection: duckdb.DuckDBPyConnection, examples: Examples, least: float) -> Any:
    try:
        evidence = learn(examples)
    except ValueError:  # too little to learn from
        return None
    return judge(connection, evidence, least)


def _unknown(connection: duckdb.DuckDBPyConnection, judged: Any) -> Any:
    """Numbers of the texts of which no case has a code or a choice."""
    if judged is None:
        known = connection.execute("select distinct wording_no from product_case where hs4 <> ''").to_arrow_table()
    else:
        known = judged.filter(pc.is_valid(judged["hs4"])).select(["wording_no"])
    every = connection.execute("select wording_no from wording where words <> ''").to_arrow_table()["wording_no"]
    return np.setdiff1d(np.array(every), np.array(known["wording_no"]))


def _named(connection: duckdb.DuckDBPyConnection, wordings: Any) -> pa.Table:
    words = dict(connection.execute("select wording_no, words from wording").fetchall())
    hs4 = named_headings([words[number] for number in wordings.tolist()])
    found = pa.table({"wording_no": wordings, "hs4": hs4})
    return found.filter(pc.not_equal(found["hs4"], ""))


def _as_named(connection: duckdb.DuckDBPyConnection, names: pa.Table) -> pa.Table:
    """Each case under the heading that its own text names: a feed of one commodity has nothing to learn from."""
    connection.register("names", names)
    found = connection.execute("""
        select distinct cases.wording_no, cases.supplier_id, cases.hs_source, cases.hs4 as recorded_hs4, names.hs4,
            1.0::double as probability
        from product_case as cases
        left join names using (wording_no)
        order by cases.wording_no, cases.supplier_id, cases.hs_source, cases.hs4
    """).to_arrow_table()
    connection.unregister("names")
    return found


def _merged(judged: Any, named: Any) -> Any:
    """The choices by codes, and where they have none those by names, with the probability that a name is right."""
    probability = pc.round(pc.multiply(named["probability"], expected_reliability("named")), 4)
    named = named.set_column(named.schema.get_field_index("probability"), "probability", probability)
    if judged is None:
        # a code that nothing can be learned of is kept as it is recorded
        return named.filter(pc.equal(named["recorded_hs4"], ""))
    is_open = pc.is_null(judged["hs4"])
    return judged.set_column(
        judged.schema.get_field_index("hs4"), "hs4", pc.if_else(is_open, named["hs4"], judged["hs4"])
    ).set_column(
        judged.schema.get_field_index("probability"),
        "probability",
        pc.if_else(is_open, named["probability"], judged["probability"]),
    )
