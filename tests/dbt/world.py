"""A small world of records as raw Parquet and journal lines: the warehouse needs no other stage."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.entities.night import Resolver
from pipeline.ingest.formats.ams import TABLES, Table
from pipeline.settings import Settings
from pipeline.state.release_outcomes import Outcome, append_outcomes
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.cutoff import AsOf
from pipeline.warehouse.dbt_arguments import build_arguments, dbt_paths, week_arguments
from pipeline.warehouse.dbt_runner import run_dbt
from tests.dbt.resolver import decide

ARROW_TYPES = {"BIGINT": pa.int64(), "INTEGER": pa.int32(), "DATE": pa.date32(), "DECIMAL(18,3)": pa.decimal128(18, 3)}

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Container:
    """A container of a bill."""

    number: str
    length: int | None = 4000
    type: str | None = None


@dataclass(frozen=True)
class Party:
    """A named party; `None` in a bill is a withheld one."""

    name: str | None
    address: str = "1 MAIN STREET"
    city: str | None = None
    state: str | None = None
    country: str | None = None


@dataclass(frozen=True)
class Bill:
    """One delivery row with its children; defaults make a plain bill in force."""

    identifier: int
    master: str = "AAAA1"
    house: str = ""
    sub_house: str = ""
    run_date: date | None = None
    trade_update: date | None = None
    status: str = "New"
    bill_type: str = "Regular Bill"
    vessel: str | None = "ALBA"
    voyage: str | None = "001E"
    arrival: date | None = date(2026, 3, 2)
    estimated: date | None = None
    weight: str | None = "1000"
    weight_unit: str | None = "Kilograms"
    port: str | None = "Shanghai ,China (Mainland)"
    shipper: Party | None = Party("MERIDIAN POTTERY CO LTD")
    consignee: Party | None = Party("HOLLOW OAK HOME INC")
    notify: tuple[Party, ...] = ()
    containers: tuple[Container, ...] = ()
    tariff: tuple[str, ...] = ()
    text: tuple[str, ...] = ("VASES",)
    marks: tuple[str, ...] = ()
    in_bond: str | None = None
    foreign_destination: str | None = None

    def but(self, **changes: Any) -> Bill:
        """The same with `changes`."""
        return replace(self, **changes)

    @property
    def ran_on(self) -> date:
        """The run date; by default the identifier begins with it."""
        text = str(self.identifier)
        return self.run_date or date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def rows_of(bills: Iterable[Bill]) -> Rows:
    """The rows of the 11 tables for `bills`."""
    rows: Rows = {name: [] for name in TABLES}
    for bill in bills:
        key = {"identifier": bill.identifier}
        rows["header"].append(
            key
            | {
                "carrier_code": "AAAA",
                "vessel_name": bill.vessel,
                "port_of_unlading": "Oakland, California",
                "estimated_arrival_date": bill.estimated,
                "actual_arrival_date": bill.arrival,
                "foreign_port_of_lading": bill.port,
                "manifest_quantity": Decimal(10),
                "manifest_unit": "CTN",
                "weight": None if bill.weight is None else Decimal(bill.weight),
                "weight_unit": bill.weight_unit,
                "record_status_indicator": bill.status,
                "in_bond_entry_type": bill.in_bond,
                "foreign_port_of_destination": bill.foreign_destination,
            }
        )
        rows["billgen"].append(
            key
            | {
                "master_bol_number": bill.master,
                "house_bol_number": bill.house or None,
                "sub_house_bol_number": bill.sub_house or None,
                "voyage_number": bill.voyage,
                "bill_type_code": bill.bill_type,
                "trade_update_date": bill.trade_update or bill.ran_on,
                "run_date": bill.ran_on,
            }
        )
        for table, prefix, parties in (
            ("shipper", "shipper_party", (bill.shipper,)),
            ("consignee", "consignee", (bill.consignee,)),
            ("notifyparty", "notify_party", bill.notify),
        ):
            rows[table] += [
                key
                | {
                    f"{prefix}_name": party.name,
                    f"{prefix}_address_1": party.address,
                    "city": party.city,
                    "state_province": party.state,
                    "country_code": party.country,
                }
                for party in parties
                if party is not None
            ]
        rows["container"] += [
            key
            | {
                "container_number": container.number,
                "container_length": container.length,
                "container_type": container.type,
            }
            for container in bill.containers
        ]
        rows["cargodesc"] += [
            key | {"container_number": "NC", "description_sequence_number": n, "description_text": line}
            for n, line in enumerate(bill.text, 1)
        ]
        rows["marksnumbers"] += [key | {"marks_and_numbers_1": line} for line in bill.marks]
        rows["tariff"] += [key | {"harmonized_number": code} for code in bill.tariff]
    return rows


def write_release(settings: Settings, day: date, bills: Sequence[Bill], *, headers_only: Sequence[Bill] = ()) -> None:
    """Replace a release in raw by `bills` and the headers of others, and journal it as loaded."""
    rows = rows_of(bills)
    rows["header"] += rows_of(headers_only)["header"]
    version = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
    for table in TABLES.values():
        folder = settings.raw_dir / table.name / f"release_date={day.isoformat()}"
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows[table.name], schema=_schema(table)), folder / "part-0.parquet")
    append_outcomes(
        settings,
        [
            Outcome(
                release_date=day,
                table_name=name,
                file_name=f"ams__{name}.csv.gz",
                outcome="loaded",
                rows_in=len(found),
                rows_loaded=len(found),
                rows_quarantined=0,
                bytes=100,
                sha256=version,
                url=f"file:///feed/{day}/{name}",
                reason=None,
                raw_version=version,
            )
            for name, found in rows.items()
        ],
    )


def build(settings: Settings, *, select: Sequence[str] = ()) -> Any:
    """A night's decisions and `dbt build` of a home, its tests included."""
    decide(settings)
    return run_dbt(settings, build_arguments(dbt_paths(settings), select=select))


def build_models(
    settings: Settings,
    *,
    full_refresh: bool = False,
    select: Sequence[str] = (),
    resolver: Resolver | None = None,
    as_of_batch: int | None = None,
) -> Any:
    """The same without the data tests, which are half of its time on so few rows."""
    decide(settings, resolver)
    arguments = build_arguments(dbt_paths(settings), full_refresh=full_refresh, select=select)
    without_tests = [*arguments, "--exclude-resource-type", "test", "unit_test"]
    return run_dbt(settings, without_tests, as_of_batch=as_of_batch)


def build_week(settings: Settings, week_start: date, cut_off: date, *, tests: bool = True) -> Any:
    """Build a closed week from the warehouse."""
    arguments = week_arguments(dbt_paths(settings))
    chosen = arguments if tests else [*arguments, "--exclude-resource-type", "test", "unit_test"]
    return run_dbt(settings, chosen, as_of=AsOf.of(week_start, cut_off))


def rows(settings: Settings, query: str) -> list[dict[str, Any]]:
    """Rows of `query` over the warehouse, one dictionary each."""
    with warehouse(settings) as connection:
        found = connection.execute(query)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _schema(table: Table) -> pa.Schema:
    return pa.schema(
        [
            (column, ARROW_TYPES.get(table.types.get(column, ""), pa.string()))
            for column in table.columns
            if column not in table.dropped
        ]
    )


def home(path: Path) -> Settings:
    """Settings of an empty home, engine limits small enough for a test."""
    from pipeline.settings import load_settings

    return load_settings(home=path, threads=2, memory_limit="1GB")
