"""A home with one published week, worked by hand: one supplier, four customers, two other suppliers.

MILL ships castings. In the 52 weeks BIG takes 4 TEU a week (208), OURS 2 TEU every other week (52), GONE 1 TEU a week
until eight weeks ago (44); since then 1 TEU a week names no buyer (8). That makes 312 TEU. The year before was the
same with GONE all year and no unnamed buyer. OURS has no other source; OTHER and FAR could deliver.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from pipeline.entities.registry import write_batch
from pipeline.settings import Settings, load_settings
from pipeline.snapshots.calendar import parse_week
from pipeline.snapshots.inputs import Inputs
from pipeline.snapshots.manifest import Manifest, Versions, document, snapshot_dir
from tests.entities.decided import decision, decisions, entities, entity, entity_id

WEEK = parse_week("2026-W45")
CUT_OFF = WEEK.cut_off(14)
KG_OF_TEU = 10_000
MILL, OTHER, FAR = (entity_id(name) for name in ("KELORVAX CASTINGS", "PERDOVANTI FOUNDRY", "SILUFTIPRA METALS"))
OURS, BIG, GONE = (
    entity_id(name, "consignee") for name in ("WONIRDEB BRANDS INC", "MUWIMBIF CORP", "GOCASKAS TRADING LLC")
)
SUPPLIERS = {MILL: "KELORVAX CASTINGS", OTHER: "PERDOVANTI FOUNDRY", FAR: "SILUFTIPRA METALS"}
CONSIGNEES = {OURS: "WONIRDEB BRANDS INC", BIG: "MUWIMBIF CORP", GONE: "GOCASKAS TRADING LLC"}
OUR_SPELLINGS = {1: "WONIRDEB BRANDS INC", 2: "WONIRDEB BRANDS, INC."}
Row = dict[str, Any]


def home(
    path: Path,
    *,
    names: dict[str, str] | None = None,
    description: str = "IRON CASTINGS",
    tier: Row | None = None,
    leverage: Row | None = None,
    alternatives: bool = True,
    events: list[Row] | None = None,
) -> Settings:
    """The home; names of companies, the text of bills, our rows of tiers and leverage and the events can be others."""
    settings = load_settings(home=path, threads=2, memory_limit="1GB")
    named = {**SUPPLIERS, **CONSIGNEES, **(names or {})}
    _registry(settings, named)
    with closing(duckdb.connect(str(settings.warehouse_path))) as connection:
        _warehouse(connection, named, description)
    _freeze(settings, tier or {}, leverage or {}, alternatives, [event(GONE)] if events is None else events)
    return settings


def bills() -> Iterable[tuple[int, str | None, float]]:
    """(weeks before the newest, customer, TEU) of MILL's bills."""
    for ago in range(104):
        yield ago, BIG, 4.0
        if ago % 2 == 0:
            yield ago, OURS, 2.0
        yield ago, (GONE if ago >= 8 else None), 1.0


def _registry(settings: Settings, named: dict[str, str]) -> None:
    kinds = {who: "supplier" if who in SUPPLIERS else "consignee" for who in named}
    write_batch(
        settings,
        decisions(
            *(
                decision(number, name, party_kind=kinds[who], entity_id=who)
                for number, (who, name) in enumerate(named.items(), start=1)
            )
        ),
        entities(*(entity(name, party_kind=kinds[who], entity_id=who) for who, name in named.items())),
        model="m1",
        release_days={},
    )


def _warehouse(connection: duckdb.DuckDBPyConnection, named: dict[str, str], description: str) -> None:
    shipments, records = [], []
    rows = [(ago, MILL, customer, teu) for ago, customer, teu in bills()]
    rows += [(ago, OTHER, BIG, 1.0) for ago in range(52)]
    for number, (ago, supplier, customer, teu) in enumerate(rows, start=1):
        arrival = WEEK.before(ago).monday + timedelta(days=2)
        shipments.append(
            {
                "shipment_id": f"s{number}",
                "identifier": number,
                "master_bol_number": f"MB{number:05}",
                "house_bol_number": f"HB{number:05}" if number % 2 else "",
                "sub_house_bol_number": "",
                "arrival_date": arrival,
                "week_start_date": arrival - timedelta(days=2),
                "supplier_id": supplier,
                "consignee_id": customer,
                "supplier_visibility": "named",
                "consignee_visibility": "named" if customer else "redacted",
                "weight_kg": teu * KG_OF_TEU,
                "containers": teu / 2,
                "teu": teu,
                "sized_weight_kg": teu * KG_OF_TEU,
                "description": description,
                "is_in_transit": False,
                "first_release_date": min(arrival + timedelta(days=3), CUT_OFF),
            }
        )
        spelling = (2 if ago == 10 else 1) if customer == OURS else 99
        records.append({"identifier": number, "consignee_spelling_id": spelling})
    products = [
        {"shipment_id": row["shipment_id"], "identifier": row["identifier"], "hs4": "7325", "fraction": 1.0}
        for row in shipments
    ]
    firm = {"role": "unknown", "spellings": 2, "confidence": 0.99}
    suppliers = [
        {"supplier_id": who, "supplier_name": named[who], "city": "RAJKOT", "country_code": "IN", **firm}
        for who in SUPPLIERS
    ]
    consignees = [
        {
            "consignee_id": who,
            "consignee_name": named[who],
            "city": "AKRON",
            "state": "OH",
            "country_code": "US",
            **firm,
        }
        for who in CONSIGNEES
    ]
    spellings = [
        {"spelling_id": number, "raw_name": name, "raw_address": "1 MAIN ST", "entity_id": OURS}
        for number, name in OUR_SPELLINGS.items()
    ]
    tables = {
        "fct_shipment": shipments,
        "fct_shipment_product": products,
        "int_record": records,
        "dim_supplier": suppliers,
        "dim_consignee": consignees,
        "dim_party_spelling": spellings,
    }
    for name, held in tables.items():
        connection.register("given", pa.Table.from_pylist(held))
        connection.execute(f"create table {name} as select * from given")
        connection.unregister("given")


def _freeze(settings: Settings, tier: Row, leverage: Row, alternatives: bool, events: list[Row]) -> None:
    folder = snapshot_dir(settings, WEEK, 1)
    folder.mkdir(parents=True)
    tables = {
        "fct_tier": [
            _tier(BIG, 208, 1, "A", None, 4),
            _tier(OURS, 52, 2, "B", 26 / 0.75, 26 / 12) | tier,
            _tier(GONE, 44, 3, "B", 34 / 0.75, 44 / 12),
        ],
        "fct_leverage_snapshot": [_leverage("all") | leverage, _leverage("7325") | leverage],
        "fct_alternative": [_alternative(OTHER, 1), _alternative(FAR, 2)] if alternatives else [],
        "fct_consolidation": [],
        "fct_customer_event": events,
        "fct_supplier_capacity": [_capacity()],
    }
    empty = {
        "fct_alternative": _alternative(OTHER, 1),
        "fct_consolidation": _consolidation(),
        "fct_customer_event": event(GONE),
    }
    for name, rows in tables.items():
        table = pa.Table.from_pylist(rows or [empty[name]])
        pq.write_table(table if rows else table.slice(0, 0), folder / f"{name}.parquet")
    versions = Versions("m1-000001", "1.0", "0.1.0", "duckdb")
    manifest = Manifest(WEEK, 1, CUT_OFF, "first publication", versions, Inputs({}, {}, {}), None, {})
    (folder / "manifest.json").write_text(document(manifest), encoding="utf-8")


def event(customer: str, name: str = "went_dark", since: int = 7, **changes: Any) -> Row:
    """A row of fct_customer_event that began so many weeks before the newest; GONE's silence where nothing is given."""
    began = name in ("won", "resurfaced")
    return {
        "as_of_week": WEEK.text,
        "supplier_id": MILL,
        "consignee_id": customer,
        "event": name,
        "since_week": WEEK.before(since).text,
        "until_week": None,
        "share_before": 0.0 if began else 0.4,
        "share_after": 0.4 if began else 0.0,
        "certainty": "rule",
        "customer_bills": 8.0,
        "unnamed_bills_change": 8.0 if name == "went_dark" else 0.0,
    } | changes


def _tier(customer: str, volume: float, rank: int, tier: str, gap: float | None, bills_: float) -> Row:
    return {
        "supplier_id": MILL,
        "consignee_id": customer,
        "volume_52w": float(volume),
        "volume_unit": "teu",
        "share_of_supplier": volume / 312,
        "share_of_supplier_low": volume / 312,
        "share_of_supplier_high": (volume + 8) / 312,
        "customer_rank": rank,
        "customers": 3,
        "tier": tier,
        "tier_low": tier,
        "tier_high": tier,
        "gap_to_next_tier": gap,
        "ratio_to_top": volume / 208,
        "ratio_to_median": volume / 52,
        "bills_per_month": bills_,
        "containers_per_month": volume / 24,
        "typical_order": {BIG: 4.0, OURS: 2.0, GONE: 1.0}[customer],
        "first_bill_date": date(2024, 11, 13),
        "last_bill_date": date(2026, 9, 9) if customer == GONE else date(2026, 11, 4),
        "is_major_customer": True,
        "reason_code": None,
    }


def _leverage(hs4: str) -> Row:
    x, s, supplier_substitutability = 52 / 312, 1.0, 0.5
    customer_substitutability = 1 - ((208 / 252) ** 2 + (44 / 252) ** 2)
    return {
        "supplier_id": MILL,
        "consignee_id": OURS,
        "hs4": hs4,
        "volume_52w": 52.0,
        "volume_unit": "teu",
        "supplier_volume_52w": 312.0,
        "share_basis": "supplier",
        "share_of_supplier": x,
        "share_of_supplier_low": x,
        "share_of_supplier_high": 60 / 312,
        "interval_low": 0.11,
        "interval_high": 0.23,
        "share_of_buyer": s,
        "share_of_buyer_low": s,
        "share_of_buyer_high": s,
        "buyer_volume_52w": 52.0,
        "buyer_volume_unit": "teu",
        "share_of_buyer_interval_low": 0.93,
        "share_of_buyer_interval_high": 1.0,
        "uncertain_volume_share": 0.0,
        "alternatives": 2,
        "alternatives_seen": 2,
        "refill_scale": 0.5,
        "refill_source": "default",
        "supplier_substitutability": supplier_substitutability,
        "customer_substitutability": customer_substitutability,
        "depends_supplier": x * (1 - customer_substitutability),
        "depends_buyer": s * (1 - supplier_substitutability),
        "power": x * (1 - customer_substitutability) - s * (1 - supplier_substitutability),
        "mutual": x * (1 - customer_substitutability) + s * (1 - supplier_substitutability),
        "power_low": -0.6,
        "power_high": -0.3,
        "mutual_low": 0.45,
        "mutual_high": 0.8,
        "contribution_supplier_share": x - x * customer_substitutability / 2,
        "contribution_customer_substitutability": -x * customer_substitutability / 2,
        "contribution_buyer_share": -(s - s * supplier_substitutability / 2),
        "contribution_supplier_substitutability": s * supplier_substitutability / 2,
        "no_alt_suppliers_visible": False,
        "no_second_source": True,
        "posture": "partner",
        "posture_second": None,
        "question_id": "partner_other",
        "unnamed_volume_52w": 8.0,
        "next_tier": "A",
        "commitment_volume": 26 / 0.75,
        "commitment_share_of_purchases": 26 / 0.75 / 52,
        "commitment_share_of_slack": None,
        "is_major_customer": True,
        "is_forwarder_heavy": False,
        "is_related_party_suspected": False,
        "coverage": 304 / 312,
        "both_hidden_share": 0.04,
        "reason_code": None,
    }


def _capacity() -> Row:
    return {
        "supplier_id": MILL,
        "hs4": "all",
        "window_weeks": 13,
        "volume_unit": "teu",
        "last_window": 79.0,
        "best_window_156w": 79.0,
        "best_window_156w_end": WEEK.sunday,
    }


def _alternative(supplier: str, rank: int) -> Row:
    return {
        "consignee_id": OURS,
        "hs4": "7325",
        "alternative_supplier_id": supplier,
        "rank": rank,
        "grade": "A",
        "reason": "same_city" if rank == 1 else "same_country",
        "already_supplies": False,
        "spare_capacity": 20.0 / rank,
        "volume_unit": "teu",
        "similarity": 0.9,
        "bills_52w": 52,
        "customers_52w": 2,
        "evidence": "52 bills of it to 2 unrelated customers in 52 weeks.",
    }


def _consolidation() -> Row:
    return {
        "consignee_id": OURS,
        "hs4": "7325",
        "from_supplier_id": OTHER,
        "to_supplier_id": MILL,
        "moved_volume": 1.0,
        "volume_unit": "teu",
        "share_after": 0.2,
        "tier_now": "B",
        "tier_after": "B",
    }
