"""Columns of frozen tables that were renamed; snapshots frozen before carry the old name."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple


class Renamed(NamedTuple):
    """The former name of a column, and its type."""

    old: str
    type: str


RENAMED: Final = {
    "fct_leverage_snapshot": {
        "supplier_substitutability": Renamed("alpha", "double"),
        "customer_substitutability": Renamed("rho", "double"),
        "other_customers_hhi": Renamed("rho_hhi", "double"),
        "growth_ratio": Renamed("g", "double"),
        "contribution_supplier_share": Renamed("contribution_x", "double"),
        "contribution_customer_substitutability": Renamed("contribution_rho", "double"),
        "contribution_buyer_share": Renamed("contribution_s", "double"),
        "contribution_supplier_substitutability": Renamed("contribution_alpha", "double"),
    },
    "fct_alternative": {"alternative_supplier_id": Renamed("candidate_supplier_id", "varchar")},
    "fct_alert": {
        "alternative_explanation_code": Renamed("instead_code", "varchar"),
        "alternative_explanation": Renamed("instead", "varchar"),
    },
}
"""By table and new name. `pipeline.warehouse.source_views` reads frozen files by the same rule."""
ADDED: Final = {
    "fct_alternative": {
        "is_largest": "boolean",
        "last_window": "decimal(18,6)",
        "window_weeks": "integer",
        "need": "decimal(18,6)",
        "weeks_seen": "integer",
        "bills_52w": "bigint",
        "customers_52w": "bigint",
        "shared_words": "varchar",
        "evidence": "varchar",
    }
}
"""Columns that some frozen files lack, which sentences are made of; null there."""


def frozen_rows_sql(path: Path) -> str:
    """Return SQL for the rows of one frozen file under the column names of now."""
    quoted = str(path).replace("'", "''")
    rows = f"read_parquet('{quoted}')"
    renamed = RENAMED.get(path.stem)
    if not renamed:
        return rows
    values = ", ".join(f"coalesce({new}, {column.old}) as {new}" for new, column in renamed.items())
    names = [(name, column.type) for new, column in renamed.items() for name in (new, column.old)]
    names += ADDED.get(path.stem, {}).items()
    nulls = ", ".join(f"null::{type_} as {name}" for name, type_ in names)
    former = ", ".join(column.old for column in renamed.values())
    both = f"select * from {rows} union all by name select {nulls} where false"
    return f"(select * exclude ({former}) replace ({values}) from ({both}))"
