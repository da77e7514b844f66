"""The tables of a snapshot: the dbt model that computes each, and its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class FrozenTable:
    """One table of a snapshot.

    Attributes:
        model: the dbt model that computes it.
        key: columns that tell its rows apart; also the order of the frozen rows.
    """

    model: str
    key: tuple[str, ...]


TABLES: Final = {
    "fct_tier": FrozenTable("snap_tier", ("supplier_id", "consignee_id")),
    "fct_alternative": FrozenTable("snap_alternative", ("consignee_id", "hs4", "alternative_supplier_id")),
    "fct_leverage_snapshot": FrozenTable("snap_leverage_snapshot", ("supplier_id", "consignee_id", "hs4")),
    "fct_consolidation": FrozenTable(
        "snap_consolidation", ("consignee_id", "hs4", "from_supplier_id", "to_supplier_id")
    ),
    "fct_supplier_capacity": FrozenTable("snap_supplier_capacity", ("supplier_id", "hs4")),
    "fct_customer_event": FrozenTable("snap_customer_event", ("supplier_id", "consignee_id", "event", "since_week")),
    "fct_alert": FrozenTable("snap_alert", ("alert_id",)),
    "alert_episode": FrozenTable("snap_alert_episode", ("alert_id",)),
}
WEEK_COLUMN: Final = "as_of_week"
