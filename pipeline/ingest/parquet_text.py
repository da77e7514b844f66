"""Parquet files of the eleven tables, as the text that a CSV file of the same rows has.

One reader then parses, repairs, masks and quarantines rows of both. Row n of the file is line n + 1 of the text.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.csv  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

SUFFIX: Final = ".parquet"
MAGIC: Final = b"PAR1"
BATCH_ROWS: Final = 16_384
"""Some 5 MB of text."""
EXACT_BELOW: Final = 2.0**53
"""Whole numbers below it are exact in a float; pandas stores whole numbers so where any is missing."""


class ParquetError(Exception):
    """A Parquet file cannot be read; the message says why."""


def csv_blocks(path: Path) -> Iterator[bytes]:
    """Yield a Parquet file as CSV in blocks of whole rows, the header line first; a null is an empty field.

    Raises:
        ParquetError: it is damaged, cut short or encrypted, or has a column that no cell of a table can hold.
    """
    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            yield _csv(pa.table({str(number): [name] for number, name in enumerate(names)}))
            for batch in file.iter_batches(batch_size=BATCH_ROWS):
                columns = [_text(name, column) for name, column in zip(names, batch.columns, strict=True)]
                yield _csv(pa.table(columns, names=[str(number) for number in range(len(names))]))
    except (pa.ArrowException, OSError, EOFError) as fault:
        raise ParquetError(f"cannot be read as Parquet ({str(fault).splitlines()[0][:120]})") from fault


def _text(name: str, column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _text(name, column.dictionary_decode())
    if pa.types.is_nested(kind):
        raise ParquetError(f"has a column {name!r} of type {kind}; text, numbers and dates are read")
    if pa.types.is_floating(kind):
        wide = column.cast(pa.float64())
        is_whole = pc.and_(pc.equal(wide, pc.floor(wide)), pc.less(pc.abs(wide), EXACT_BELOW))
        whole = pc.if_else(is_whole, wide, None).cast(pa.int64()).cast(pa.string())
        return pc.coalesce(whole, pc.if_else(pc.is_nan(wide), None, wide.cast(pa.string())))
    if pa.types.is_timestamp(kind):
        return pc.strftime(column, "%Y-%m-%d")  # the layout has dates only
    # Text that its writer did not mark as UTF-8 is decoded with the rest of the row.
    return column.cast(pa.string(), safe=False)


def _csv(rows: pa.Table) -> bytes:
    out = io.BytesIO()
    pyarrow.csv.write_csv(rows, out, pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed"))
    return out.getvalue()
