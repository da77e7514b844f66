"""Bills of a closed week as rows of the as-of tables, and the alternatives that are built from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import md5
from typing import Any, Final

import pyarrow as pa

from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.cutoff import AsOf, week_variables
from pipeline.warehouse.dbt_arguments import UNIT_TESTS, build_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt
from tests.dbt.world import rows

WEEK: Final = date(2026, 11, 2)
AS_OF: Final = AsOf.of(WEEK, WEEK + timedelta(days=20))
MODELS: Final = (
    "path:models/snapshot/alternatives",
    "week_bill",
    "week_supplier_entity",
    "week_consignee_entity",
    "week_cell",
    "week_volume",
    "week_product_unit",
    "week_pair",
    "week_supplier",
    "week_supplier_product",
    "snap_supplier_capacity",
    "thresholds",
    "small_word",
)
SHOWN: Final = (
    "snap_alternative",
    "week_alternative_count",
    "week_alternative_own",
    "week_candidate",
    "week_experience",
    "week_need",
)
BILLS_SQL: Final = """
create schema if not exists snapshot;
create schema if not exists marts;
create or replace table snapshot.asof_week as
select $week as as_of_week, $monday::date as week_start_date,
    ($monday::date - date '1970-01-05') // 7 as week_number,
    $cut_off::date as cut_off;
create or replace table snapshot.week_scope as
select 'all' as side, null::integer as firm_key, null::varchar as hs_code;
create or replace table snapshot.asof_shipment as
select shipment_id, identifier, supplier_id, consignee_id, supplier_visibility, consignee_visibility,
    supplier_id is not null and supplier_visibility <> 'forwarder' as supplier_is_named,
    consignee_id is not null and consignee_visibility <> 'forwarder' as consignee_is_named,
    ($monday::date - 7 * weeks_ago::integer)::date as week_start_date,
    ($monday::date - date '1970-01-05') // 7 - weeks_ago::integer as week_number,
    ($monday::date - 7 * weeks_ago::integer)::date as arrival_date, null::varchar as origin_country_code,
    kg::decimal(18, 3) as weight_kg, (teu / 2)::decimal(18, 6) as containers, teu::decimal(18, 6) as teu,
    (case when teu > 0 then kg else 0 end)::decimal(18, 3) as sized_weight_kg, description
from bills_made;
create or replace table snapshot.asof_product as
select shipment_id, identifier, hs4, 'declared' as hs_source, 1::decimal(9, 6) as fraction from bills_made;
create or replace table snapshot.week_uncertain_bill as
select identifier, true as supplier_is_uncertain, true as consignee_is_uncertain from bills_made where false;
create or replace table marts.dim_supplier as
select supplier_id, supplier_id as supplier_name, country_code, city, role, group_id
from suppliers_made;
create or replace table marts.dim_consignee as
select consignee_id, consignee_id as consignee_name, role, group_id from consignees_made;
"""


@dataclass(frozen=True)
class Firm:
    """Where a supplier is, and whose a firm is."""

    country: str | None = "IN"
    city: str | None = "PUNE"
    role: str = "unknown"
    group: str | None = None


@dataclass
class Trade:
    """Bills and firms as they are made up.

    Attributes:
        bills: columns of one bill each.
        suppliers: those that are not plain firms.
        consignees: likewise.
    """

    bills: list[dict[str, Any]] = field(default_factory=list)
    suppliers: dict[str, Firm] = field(default_factory=dict)
    consignees: dict[str, Firm] = field(default_factory=dict)

    def ship(
        self,
        hs4: str,
        supplier: str | None,
        consignee: str | None,
        weeks_ago: Iterable[int],
        teu: float = 2,
        *,
        kg: float | None = None,
        text: str = "IRON GOODS",
        forwarder: bool = False,
    ) -> None:
        """One bill in each of some weeks; `weeks_ago` 0 is the as-of week."""
        for back in weeks_ago:
            number = len(self.bills) + 1
            self.bills.append(
                {
                    "identifier": number,
                    "shipment_id": md5(str(number).encode(), usedforsecurity=False).hexdigest(),
                    "hs4": hs4,
                    "supplier_id": supplier,
                    "consignee_id": consignee,
                    "supplier_visibility": "forwarder" if forwarder else "named" if supplier else "redacted",
                    "consignee_visibility": "named" if consignee else "redacted",
                    "weeks_ago": back,
                    "teu": float(teu),
                    "kg": float(teu * 10_000 if kg is None else kg),
                    "description": text,
                }
            )

    def build(self, settings: Settings) -> dict[str, list[dict[str, Any]]]:
        """Put all into a new warehouse, build the alternatives with their tests, and return their rows by table."""
        with warehouse(settings, read_only=False) as connection:
            connection.register("bills_made", pa.Table.from_pylist(self.bills))
            connection.register("suppliers_made", _firms("supplier_id", self._of("supplier_id"), self.suppliers))
            connection.register("consignees_made", _firms("consignee_id", self._of("consignee_id"), self.consignees))
            week, monday, cut_off = week_variables(AS_OF).values()
            for statement in BILLS_SQL.split(";\n")[:-1]:
                given = {"week": week, "monday": monday, "cut_off": cut_off}
                connection.execute(statement, {name: value for name, value in given.items() if f"${name}" in statement})
        arguments = build_arguments(dbt_paths(settings), select=MODELS, exclude=(UNIT_TESTS, "test_type:singular"))
        run_dbt(settings, arguments, as_of=AS_OF)
        return {name: rows(settings, f"select * from {name} order by all") for name in SHOWN}

    def _of(self, side: str) -> list[str]:
        return sorted({bill[side] for bill in self.bills if bill[side]})


def _firms(key: str, names: Sequence[str], known: dict[str, Firm]) -> pa.Table:
    firms = [known.get(name, Firm()) for name in names]
    text = pa.string()
    return pa.table(
        {
            key: pa.array(names, text),
            "country_code": pa.array([firm.country for firm in firms], text),
            "city": pa.array([firm.city for firm in firms], text),
            "role": pa.array([firm.role for firm in firms], text),
            "group_id": pa.array([firm.group for firm in firms], text),
        }
    )
