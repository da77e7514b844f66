"""Facts of imported exports against those of the same bills delivered as AMS files, wherever the columns allow."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.ingest.exports.importing import Options, keep_files, write_imports
from pipeline.progress import Progress
from pipeline.runs.nightly import backfill_days
from pipeline.settings import Settings, load_settings, with_imports
from pipeline.warehouse.connection import warehouse
from simulator.exports.bills import read_bills
from simulator.exports.vendors import write_export
from tests.nightly.conftest import LAST

EXPORTED_ON = date(2026, 11, 30)
ALWAYS = ("arrival_date", "week_start_date", "arrival_is_suspect", "supplier_visibility", "consignee_visibility")
CARRIED = ("panjiva_128", "panjiva_edited_44", "panjiva_lower_44", "importgenius", "eximpedia", "datamyne")
WEIGHED = ("panjiva", "importgenius", "eximpedia", "datamyne")
BY_LAYOUT = {
    "us_port": (*WEIGHED, "importyeti"),
    "origin_country_code": (*CARRIED, "importyeti"),
    "weight_status": WEIGHED,
    "quantity": WEIGHED,
    "quantity_unit": WEIGHED,
    "carrier_scac": CARRIED,
    "vessel_name": CARRIED,
    "foreign_port": (*CARRIED, "importyeti"),
    "voyage_number": (*CARRIED[:3], "importgenius_39", "eximpedia"),
    "bill_type": ("panjiva_128", "importgenius_39", "eximpedia"),
    "master_bol_number": ("panjiva_128", "importgenius_39", "eximpedia"),
    "house_bol_number": ("panjiva_128", "importgenius_39", "eximpedia"),
    "consignee_is_notify_party": ("panjiva_128", "importgenius", "eximpedia", "datamyne"),
    "containers": ("panjiva_128", "importgenius_39", "eximpedia", "datamyne"),
    "teu": ("panjiva_128", "importgenius_39", "eximpedia"),
    "hs_code": ("panjiva", "datamyne"),
    "hs_source": ("panjiva", "datamyne"),
}
"""Layouts whose columns have it; the others leave it empty or count otherwise."""
WITH_TYPES = ("panjiva_128", "importgenius_39", "eximpedia_61", "eximpedia_short")
"""Layouts that show houses and masters as such."""
PAIRED_BY_CARGO = 0.8
"""Part of the bills whose cargo is no other's, where bills have no numbers."""
WEEKLY = ("bills", "weight_kg")
OTHERS = (
    "panjiva_57",
    "panjiva_edited_44",
    "panjiva_lower_44",
    "importgenius_39",
    "importgenius_34",
    "eximpedia_61",
    "eximpedia_short",
    "datamyne_53",
    "importyeti",
)


def facts_of(settings: Settings) -> tuple[dict[str, dict[str, Any]], list[dict[str, Any]]]:
    """The shipments by the number that vendors show, and the weeks of suppliers."""

    def rows(table: str) -> list[dict[str, Any]]:
        found = connection.execute(f"from marts.{table}")
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    with warehouse(settings) as connection:
        shipments = rows("fct_shipment")
        return {row["house_bol_number"] or row["master_bol_number"]: row for row in shipments}, rows(
            "fct_supplier_weekly"
        )


def by_cargo(delivered: dict[str, dict[str, Any]], exported: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The exported shipments by the number of the delivered one with the same day, port, packages and weight."""

    def cargo(row: dict[str, Any]) -> tuple[Any, ...]:
        shown = ("arrival_date", "us_port", "quantity", "quantity_unit")
        return (*(row[name] for name in shown), round(float(row["weight_kg"] or 0)))

    counts = Counter(map(cargo, exported.values())) + Counter(map(cargo, delivered.values()))
    found = {cargo(row): row for row in exported.values()}
    return {
        number: found[cargo(row)]
        for number, row in delivered.items()
        if counts[cargo(row)] == 2 and cargo(row) in found
    }


def partners(pairs: list[tuple[str | None, str | None]]) -> dict[str, str]:
    """The entity of the other home by entity, which must be one to one."""
    there, back = defaultdict(set), defaultdict(set)
    for one, other in pairs:
        there[one].add(other)
        back[other].add(one)
    assert {key: value for key, value in there.items() if len(value) > 1} == {}
    assert {key: value for key, value in back.items() if len(value) > 1} == {}
    return {key: next(iter(value)) for key, value in there.items()}


@pytest.fixture
def import_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Options], Settings]:
    """Loads an export into a home of its own."""
    monkeypatch.delenv("LEVERAGE_SOURCE_URL", raising=False)

    def make(path: Path, options: Options) -> Settings:
        settings = load_settings(home=tmp_path / "imports", min_free_bytes=0)
        keep_files(settings, path, options)
        first, last = write_imports(settings, EXPORTED_ON)
        settings = with_imports(settings, always=True)
        days = (last - first).days + 1
        assert backfill_days(settings, first, last, recheck=True, chunk_days=days, progress=Progress()).success
        return settings

    return make


@pytest.mark.parametrize("layout", ["panjiva_128", *(pytest.param(one, marks=pytest.mark.full) for one in OTHERS)])
def test_facts_of_an_export_are_those_of_customs(
    layout: str,
    own_world: Path,
    loaded_home: Callable[..., Settings],
    import_home: Callable[[Path, Options], Settings],
    tmp_path: Path,
) -> None:
    # what is asked of ImportYeti is one importer
    importer = "BRARASGASTOW" if layout == "importyeti" else ""
    bills = {bill["number"]: bill for bill in read_bills(own_world, consignee_like=importer)}
    path = write_export(layout, list(bills.values()), tmp_path)
    dates = "mdy" if layout in ("panjiva_edited_44", "panjiva_lower_44") else None
    delivered, delivered_weeks = facts_of(loaded_home(LAST, "delivered"))
    unnumbered = layout == "panjiva_57"
    options = Options(dates=dates, exported_on=EXPORTED_ON, without_bill_numbers=unnumbered)
    exported, exported_weeks = facts_of(import_home(path, options))

    # a date years off is in quarantine; a vendor without types of bills shows masters as bills of their own
    expected = {number for number, row in delivered.items() if not row["arrival_is_suspect"] and number in bills}
    if unnumbered:
        assert len(expected) <= len(exported)
        exported = by_cargo(delivered, exported)
        assert len(exported) >= PAIRED_BY_CARGO * len(expected)
        expected &= set(exported)
    assert expected <= set(exported)
    assert layout not in WITH_TYPES or expected == set(exported)

    columns = [*ALWAYS, *(column for column, layouts in BY_LAYOUT.items() if layout.startswith(layouts))]
    for number in expected:
        one, other, bill = delivered[number], exported[number], bills[number]
        if layout.startswith(WEIGHED):
            assert float(other["weight_kg"] or 0) == pytest.approx(float(one["weight_kg"] or 0), rel=1e-3, abs=0.51)
        for column in columns:
            if column in ("containers", "teu") and not all(bill["types"] or [""]):
                continue  # a container without type or number, whose length only customs shows
            if column == "consignee_is_notify_party" and bill["notify_parties"] > 1:
                continue  # vendors show one
            near = pytest.approx(float(one[column]), rel=1e-3) if column == "containers" else one[column]
            assert (float(other[column]) if column == "containers" else other[column]) == near, (number, column)

    # an order bill is its notify party's, whom 57 columns do not show
    one_notify = [number for number in expected if bills[number]["notify_parties"] < (1 if unnumbered else 2)]
    suppliers = partners([(delivered[n]["supplier_id"], exported[n]["supplier_id"]) for n in expected])
    partners([(delivered[n]["consignee_id"], exported[n]["consignee_id"]) for n in one_notify])
    # without a column for goods in transit these count as imports
    if not (importer or unnumbered) and all(
        exported[number]["is_in_transit"] == delivered[number]["is_in_transit"] for number in expected
    ):
        late = {row["supplier_id"] for number, row in delivered.items() if number not in expected}
        weeks = {(row["supplier_id"], row["week_start_date"]): row for row in exported_weeks}
        for row in delivered_weeks:
            if row["supplier_id"] not in late:
                found = weeks[suppliers[row["supplier_id"]], row["week_start_date"]]
                for column in WEEKLY:
                    assert float(found[column] or 0) == pytest.approx(float(row[column] or 0), rel=1e-4), (row, column)
