"""Published weeks of imported exports: those of customs where all is loaded, silent on what an export does not hold."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.ingest.exports.importing import Options, keep_files, write_imports
from pipeline.ingest.exports.scope import parse_scope
from pipeline.progress import Progress
from pipeline.reporting.brief.gather import gather
from pipeline.reporting.facts.published_week import opened
from pipeline.runs.nightly import backfill_days
from pipeline.runs.weekly import publish_week
from pipeline.settings import Settings, load_settings, with_imports
from pipeline.snapshots.calendar import parse_week
from simulator.exports.bills import read_bills
from simulator.exports.vendors import write_export
from tests.nightly.conftest import FIRST, LAST, run_days
from tests.nightly.test_exports import partners

EXPORTED_ON = date(2026, 11, 30)
WEEK = parse_week("2026-W10")
SUPPLIER, BUYER = "NOBLE BAMBOO", "BRARASGASTOW"
KNOWN_NEXT_DAY = {"lateness_days": 1, "import_lag_days": 1, "min_free_bytes": 0}
"""So that eight days of releases close their week in both homes."""
Week = dict[str, list[dict[str, Any]]]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("LEVERAGE_HOME", "LEVERAGE_SOURCE_URL", "DAGSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return load_settings(home=tmp_path / "home", **KNOWN_NEXT_DAY)


def arriving(bills: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bills, one every other day up to the end of the week, the newest first."""
    return [
        {**bill, "actual_arrival_date": (WEEK.sunday - timedelta(days=2 * place)).isoformat()}
        for place, bill in enumerate(bills)
    ]


def loaded(settings: Settings, path: Path, scope: str | None) -> Settings:
    """The home with one more export, its newest closed week published anew."""
    keep_files(settings, path, Options(scope=parse_scope(scope) if scope else None, exported_on=EXPORTED_ON))
    first, last = write_imports(settings, EXPORTED_ON)
    settings = with_imports(settings, always=True)
    days = (last - first).days + 1
    assert backfill_days(settings, first, last, recheck=True, chunk_days=days, progress=Progress()).success
    published(settings)
    return settings


def published(settings: Settings) -> None:
    report = publish_week(settings, WEEK, progress=Progress())
    assert report.success, report.faults


def week_of(settings: Settings) -> Week:
    """The rows of the published week by table, and the shipments."""
    with closing(duckdb.connect(str(settings.warehouse_path), read_only=True)) as connection:

        def rows(query: str) -> list[dict[str, Any]]:
            found = connection.execute(query)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        tables = ("fct_tier", "fct_leverage_snapshot", "fct_alternative", "fct_customer_event", "fct_alert")
        found = {name: rows(f"from published.{name}") for name in tables}
        return {**found, "shipments": rows("from marts.fct_shipment")}


def numbered(week: Week) -> dict[str, dict[str, Any]]:
    return {row["house_bol_number"] or row["master_bol_number"]: row for row in week["shipments"]}


@pytest.fixture(scope="module")
def delivered(world: Path, tmp_path_factory: pytest.TempPathFactory) -> Week:
    """The week of the world as customs deliver it."""
    settings = load_settings(home=tmp_path_factory.mktemp("delivered"), source_url=world.as_uri(), **KNOWN_NEXT_DAY)
    assert run_days(settings, FIRST, LAST).success
    published(settings)
    return week_of(settings)


@pytest.mark.full
def test_tiers_and_shares_of_an_export_are_those_of_customs(
    delivered: Week, own_world: Path, home: Settings, tmp_path: Path
) -> None:
    """Of parties all of whose bills the vendor shows alike: without a date years off or a second notify party."""
    bills = {bill["number"]: bill for bill in read_bills(own_world)}
    exported = week_of(loaded(home, write_export("panjiva_128", list(bills.values()), tmp_path), "all"))
    one, other = numbered(delivered), numbered(exported)
    both = sorted(set(one) & set(other) & set(bills))
    alike = [number for number in both if bills[number]["notify_parties"] < 2]
    suppliers = partners([(one[n]["supplier_id"], other[n]["supplier_id"]) for n in both])
    consignees = partners([(one[n]["consignee_id"], other[n]["consignee_id"]) for n in alike])
    in_question = [row for number, row in one.items() if number not in alike]
    in_question += [row for number, row in one.items() if number in other and _differs(row, other[number])]
    odd = {row[side] for row in in_question for side in ("supplier_id", "consignee_id")}

    found = {(row["supplier_id"], row["consignee_id"]): row for row in exported["fct_tier"]}
    compared = 0
    for row in delivered["fct_tier"]:
        if {row["supplier_id"], row["consignee_id"]} & odd:
            continue
        same = found[suppliers[row["supplier_id"]], consignees[row["consignee_id"]]]
        assert (same["tier"], same["customers"], same["bills_52w"]) == (row["tier"], row["customers"], row["bills_52w"])
        assert same["share_of_supplier"] == pytest.approx(row["share_of_supplier"], rel=1e-3)
        assert float(same["volume_52w"]) == pytest.approx(float(row["volume_52w"]), rel=1e-3)
        compared += 1
    assert compared > 60


def _differs(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether the vendor's columns make another bill of it: in transit, or of unknown size."""
    return row["is_in_transit"] != other["is_in_transit"] or row["teu"] != other["teu"]


@pytest.mark.full
def test_each_export_fills_in_its_side_and_a_cut_one_claims_nothing(
    own_world: Path, home: Settings, tmp_path: Path
) -> None:
    shipped = arriving(read_bills(own_world, shipper_like=SUPPLIER))
    cut = loaded(home, write_export("panjiva_128", shipped[:9], tmp_path, "results_1_to_9_of_15"), None)
    week = week_of(cut)
    assert week["fct_tier"]
    for row in (*week["fct_tier"], *week["fct_leverage_snapshot"]):
        assert (row["share_of_supplier"], row.get("share_of_buyer"), row.get("power"), row.get("tier")) == (None,) * 4
        assert row["reason_code"] == "outside_scope"
        assert not row["is_major_customer"]
    assert [week[name] for name in ("fct_alternative", "fct_customer_event", "fct_alert")] == [[], [], []]

    whole = loaded(home, write_export("panjiva_128", shipped, tmp_path, "supplier"), None)
    week = week_of(whole)
    (supplier,) = {row["supplier_id"] for row in week["fct_tier"]}
    (buyer,) = {
        row["consignee_id"] for number, row in numbered(week).items() if _name(shipped, number).startswith(BUYER)
    }
    pair = {row["hs4"]: row for row in week["fct_leverage_snapshot"] if row["consignee_id"] == buyer}["all"]
    assert pair["share_of_supplier"] is not None
    assert (pair["share_of_buyer"], pair["reason_code"]) == (None, "outside_scope")
    assert sum(row["share_of_supplier_low"] for row in week["fct_tier"]) <= 1
    with opened(whole, None) as reading:
        brief = gather(reading, supplier, buyer)
    assert (brief.loaded.supplier, brief.loaded.buyer) == (True, False)

    numbers = {bill["number"] for bill in shipped}
    others = [bill for bill in read_bills(own_world, consignee_like=BUYER) if bill["number"] not in numbers]
    assert others
    bought = [*arriving(others), *(bill for bill in shipped if _name([bill], bill["number"]).startswith(BUYER))]
    both = loaded(home, write_export("panjiva_128", bought, tmp_path, "buyer"), f'buyer="{BUYER}"')
    rows = week_of(both)["fct_leverage_snapshot"]
    pair = next(
        row for row in rows if (row["supplier_id"], row["consignee_id"], row["hs4"]) == (supplier, buyer, "all")
    )
    assert None not in (pair["share_of_supplier"], pair["share_of_buyer"])
    found = {row["supplier_id"]: row for row in rows if row["supplier_id"] != supplier and row["hs4"] == "all"}
    assert {row["share_of_supplier"] for row in found.values()} == {None}
    with opened(both, None) as reading:
        brief = gather(reading, supplier, buyer)
    assert (brief.loaded.supplier, brief.loaded.buyer) == (True, True)


def _name(bills: list[dict[str, Any]], number: str) -> str:
    found = next((bill for bill in bills if bill["number"] == number), None)
    return found["consignee"]["lines"][0] if found and found["consignee"] else ""
