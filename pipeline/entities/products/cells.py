"""Product cells for bills without a code, learned from the texts of the bills that have one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.entities.products.texts import Texts, make_unknown, read_examples, unknown_words
from pipeline.settings import Settings
from pipeline.thresholds import threshold
from pipeline.warehouse.connection import create_temp_table, warehouse

if TYPE_CHECKING:
    import duckdb

    from pipeline.entities.products.model import CellModel

LEAST_CONFIDENCE: Final = "text_cell_least_confidence"
ASSIGNED: Final = pa.schema([("words", pa.string()), ("hs4", pa.string()), ("confidence", pa.float64())])


@dataclass(frozen=True)
class Learned:
    """Counts of a training.

    Attributes:
        examples: texts that were learned from.
        headings: headings among them.
        words: words of the model.
        unknown: different texts without a code.
        assigned: of these, texts that were given a cell.
    """

    examples: int
    headings: int
    words: int
    unknown: int
    assigned: int


def text_cells_path(settings: Settings) -> Path:
    """Return the path of the cells: text_key (bigint), hs4, confidence; one row per text, in order of the key."""
    return settings.home / "weekly" / "text_cells.parquet"


def learn_cells(settings: Settings) -> Learned:
    """Learn from the bills of the as-of week, and write the cells of its bills without a code.

    The tables of `Texts` must have been built. The same tables give the same bytes. Where there is too little to learn
    from, no text has a cell.
    """
    from pipeline.entities.products.model import CellModel

    read = Texts()
    with warehouse(settings) as connection:
        examples = read_examples(connection, read)
        unknown = make_unknown(connection, read)
        try:
            model: CellModel | None = CellModel(examples)
        except ValueError:
            model = None
        cells = assign_cells(connection, model, threshold(LEAST_CONFIDENCE))
    path = text_cells_path(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".unfinished")
    pq.write_table(cells, unfinished)
    unfinished.replace(path)
    return Learned(
        examples=len(examples.words),
        headings=len(set(examples.hs4)),
        words=len(model.words) if model else 0,
        unknown=unknown,
        assigned=cells.num_rows,
    )


def assign_cells(connection: duckdb.DuckDBPyConnection, model: CellModel | None, least: float) -> pa.Table:
    """Return the cells of the texts in `unknown_text` with at least this confidence, in order of their keys."""
    assigned: list[pa.Table] = [ASSIGNED.empty_table()]
    for words in unknown_words(connection):
        if model is None:
            continue
        answers = model.predict(words)
        rows = np.flatnonzero(answers.confidence >= least)
        columns = [[words[row] for row in rows], [answers.hs4[row] for row in rows], answers.confidence[rows]]
        if len(rows):
            assigned.append(pa.Table.from_arrays([pa.array(column) for column in columns], schema=ASSIGNED))
    create_temp_table(connection, "assigned", pa.concat_tables(assigned))
    return connection.execute("""
        select unknown_text.text_key, assigned.hs4, assigned.confidence
        from unknown_text inner join assigned on unknown_text.words = assigned.words
        order by unknown_text.text_key
    """).to_arrow_table()
