"""The product of every case: the better supported of its code, its cargo text and what its supplier ships otherwise."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse

PUBLISHED_NAME: Final = "published_choices.parquet"
SCHEMA: Final = pa.schema(
    [
        ("text_key", pa.int64()),
        ("supplier_id", pa.string()),
        ("recorded_source", pa.string()),
        ("recorded_hs4", pa.string()),
        ("hs4", pa.string()),
        ("probability", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Learned:
    """Counts of a training.

    Attributes:
        examples: texts that were learned from.
        headings: headings among them.
        cases: different texts, suppliers and codes that were judged.
        replaced: of these, cases whose text outweighs their code.
        assigned: of these, cases without a code that were given a product.
    """

    examples: int
    headings: int
    cases: int
    replaced: int
    assigned: int


def choices_path(settings: Settings) -> Path:
    """Return the path of the computed week's choices, as in `SCHEMA`; empty text where nothing is recorded."""
    return settings.home / "weekly" / "product_choices.parquet"


def learn_choices(settings: Settings) -> Learned:
    """Learn from the bills of the as-of week and write the choice of each of its cases.

    The table `asof_code` must have been built. The same tables give the same bytes. Where there is too little to learn
    from, no case has a choice.
    """
    from pipeline.entities.products.choose import choose

    with warehouse(settings) as connection:
        examples, judged = choose(connection)
        chosen = SCHEMA.empty_table() if judged is None else _with_texts(connection, judged)
        cases = 0 if judged is None else judged.num_rows
    path = choices_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    pq.write_table(chosen, unfinished)
    unfinished.replace(path)
    recorded, hs4 = np.array(chosen["recorded_hs4"]), np.array(chosen["hs4"])
    return Learned(
        examples=len(examples.words),
        headings=len(set(examples.hs4)),
        cases=cases,
        replaced=int(((recorded != "") & (recorded != hs4)).sum()),
        assigned=int((recorded == "").sum()),
    )


def show_choices(settings: Settings, week: str) -> None:
    """Make the choices of the computed week those of the nightly tables, if it is `week`; a new warehouse has none."""
    with warehouse(settings) as connection:
        if not connection.execute("select 1 from duckdb_tables() where table_name = 'asof_week'").fetchone():
            return
        computed = connection.execute("select as_of_week from asof_week").fetchone()
    made = choices_path(settings)
    if computed == (week,) and made.exists():
        unfinished = made.with_suffix(".unfinished")
        shutil.copy(made, unfinished)
        unfinished.replace(made.with_name(PUBLISHED_NAME))


def _with_texts(connection: duckdb.DuckDBPyConnection, judged: Any) -> Any:
    """The choices of wordings as choices of texts, in order of their keys."""
    connection.register("judged", judged)
    found = connection.execute("""
        select text_key, supplier_id, recorded_source, recorded_hs4, hs4, probability
        from (
            select
                product_case.text_key, product_case.supplier_id, product_case.hs_source as recorded_source,
                product_case.hs4 as recorded_hs4, judged.hs4, judged.probability
            from product_case
            inner join judged
                on
                    product_case.wording_no = judged.wording_no
                    and product_case.supplier_id = judged.supplier_id
                    and product_case.hs_source = judged.hs_source
                    and product_case.hs4 = judged.recorded_hs4
            where judged.hs4 is not null
        )
        group by all
        order by all
    """).to_arrow_table()
    connection.unregister("judged")
    return found.cast(SCHEMA)
