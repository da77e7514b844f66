"""Bills of the story, one case each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.settings import Settings
from tests.dbt.world import rows

CLAUSES = "select * from fct_shipment where master_bol_number = "


def bills(reference: Settings, master: str) -> list[dict[str, Any]]:
    return rows(reference, f"{CLAUSES}'{master}' order by house_bol_number, arrival_date")


def test_amended_bill_shows_its_newest_version(reference: Settings) -> None:
    (bill,) = bills(reference, "PLAIN")
    assert (bill["versions"], bill["first_release_date"], bill["last_release_date"]) == (
        3,
        date(2026, 3, 2),
        date(2026, 3, 17),
    )
    assert bill["consignee_visibility"] == "named"


def test_deleted_bill_leaves_its_container_to_the_others(reference: Settings) -> None:
    assert bills(reference, "HIDDEN") == []
    (plain,), (transit,) = bills(reference, "PLAIN"), bills(reference, "TRANSIT")
    assert transit["is_in_transit"]
    assert plain["containers"] == transit["containers"] == Decimal("0.5")


def test_a_master_returns_when_all_its_houses_are_deleted(reference: Settings) -> None:
    (master,) = bills(reference, "PARENT")
    assert master["house_bol_number"] == ""
    assert (master["supplier_visibility"], master["consignee_visibility"]) == ("forwarder", "forwarder")


def test_weight_that_no_ship_carries_counts_as_activity_only(reference: Settings) -> None:
    (heavy,) = bills(reference, "SUSPECT")
    assert (heavy["weight_status"], heavy["weight_kg"], heavy["weight_raw"]) == ("implausible", None, Decimal(400_001))
    (loose,) = bills(reference, "LOOSE")
    assert loose["weight_status"] == "unit_unknown"
    assert {bill["weight_status"] for bill in bills(reference, "REUSED")} == {"ok"}


def test_a_number_used_again_is_two_shipments(reference: Settings) -> None:
    old, new = bills(reference, "REUSED")
    assert old["shipment_id"] != new["shipment_id"]
    assert (old["vessel_name"], old["versions"], old["weight_kg"]) == ("OLD HULL", 2, Decimal(50))
    assert (new["vessel_name"], new["versions"]) == ("NEW HULL", 1)


def test_orders_find_their_buyer_but_withheld_names_stay_withheld(reference: Settings) -> None:
    names = {
        row["consignee_id"]: row["consignee_name"]
        for row in rows(reference, "select consignee_id, consignee_name from dim_consignee")
    }
    (amended,) = bills(reference, "ORDER")
    assert (amended["consignee_visibility"], amended["consignee_id"]) == ("redacted", None)
    (banked,) = bills(reference, "BANKED")
    assert (banked["consignee_visibility"], banked["consignee_id"]) == ("order", None)
    (own,) = bills(reference, "OWN")
    assert (own["consignee_visibility"], own["consignee_id"]) == ("order", None)
    (named,) = bills(reference, "NAMED")
    assert (named["consignee_visibility"], names[named["consignee_id"]]) == ("order", "ESSEX STONE LLC")
    assert not named["consignee_is_notify_party"]


def test_entity_counts_all_its_name_variants(reference: Settings) -> None:
    suppliers = rows(reference, "select * from dim_supplier where supplier_name like 'MERIDIAN POTTERY%'")
    assert len(suppliers) == 1
    assert suppliers[0]["spellings"] == 2
    assert (suppliers[0]["country_code"], suppliers[0]["city"]) == ("CN", "FOSHAN")


def test_the_party_behind_a_forwarder_is_the_supplier(reference: Settings) -> None:
    (works,) = rows(reference, "select * from dim_supplier where supplier_name like '%CORAL BAY WORKS%'")
    assert (works["role"], works["spellings"]) == ("party", 2)


def test_bill_without_a_week_is_in_no_weekly_table(reference: Settings) -> None:
    (loose,) = bills(reference, "LOOSE")
    assert (loose["week_start_date"], loose["weight_kg"], loose["weight_raw"]) == (None, None, Decimal(1000))
    (suspect,) = bills(reference, "SUSPECT")
    assert suspect["arrival_is_suspect"]
    assert suspect["week_start_date"] is None
    assert rows(reference, "select 1 from fct_supplier_weekly where week_start_date < date '2024-01-01'") == []


def test_meta_release_has_each_file(reference: Settings) -> None:
    found = rows(
        reference, "select release_date, count(*) as files, sum(rows_in) as rows_in from meta_release group by 1"
    )
    assert len(found) == 5
    assert {row["files"] for row in found} == {11}


def test_a_year_reaches_back_51_weeks(reference: Settings) -> None:
    weeks = rows(
        reference,
        "select week_start_date, named_consignees_52w, top_share from fct_supplier_weekly "
        "inner join dim_supplier using (supplier_id) where supplier_name = 'EDGE MILL PLC' order by 1",
    )
    assert [(week["week_start_date"], week["named_consignees_52w"], week["top_share"]) for week in weeks] == [
        (date(2025, 3, 10), 1, 1.0),
        (date(2026, 3, 2), 2, 0.5),
        (date(2026, 3, 9), 1, 1.0),
    ]
