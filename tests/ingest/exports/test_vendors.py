"""Bills of the invented world, exported by each vendor, are what customs delivered, as far as its columns go."""

from pathlib import Path

import pytest

from pipeline.ingest.exports.mapping import built_in
from simulator.exports.vendors import LAYOUTS, kilograms, write_export

HEADER = {
    "carrier_code": ("panjiva_128", "panjiva_edited_44", "panjiva_lower_44", "importgenius", "eximpedia", "datamyne"),
    "vessel_name": ("panjiva_128", "panjiva_edited_44", "panjiva_lower_44", "importgenius", "eximpedia", "datamyne"),
    "port_of_unlading": ("panjiva", "importgenius", "eximpedia", "datamyne", "importyeti"),
    "foreign_port_of_lading": (
        *(
            "panjiva_128",
            "panjiva_edited_44",
            "panjiva_lower_44",
            "importgenius",
            "eximpedia",
            "datamyne",
            "importyeti",
        ),
    ),
    "manifest_quantity": ("panjiva", "importgenius", "eximpedia", "datamyne"),
    "manifest_unit": ("panjiva", "importgenius", "eximpedia", "datamyne"),
    "actual_arrival_date": ("panjiva", "importgenius", "eximpedia", "datamyne", "importyeti"),
    "in_bond_entry_type": ("panjiva_128", "panjiva_edited_44", "importgenius_39", "eximpedia", "datamyne"),
}
WITHOUT_NUMBERS = ("panjiva_57",)
RAW_PARTIES = ("panjiva_128", "panjiva_edited_44", "panjiva_lower_44", "importgenius", "eximpedia", "datamyne")
NUMBERED_BOXES = ("panjiva_128", "panjiva_edited_44", "importgenius", "eximpedia", "datamyne")
SIZED_BOXES = ("panjiva_128", "importgenius_39", "eximpedia")


def has(layout, vendors):
    return layout.startswith(vendors)


@pytest.fixture
def delivered(bills):
    """Bills as customs delivered them, by the number that vendors show."""
    return {bill["number"]: bill for bill in bills}


@pytest.fixture
def exported(bills, released, tmp_path):
    def call(layout):
        tables = released(
            write_export(layout, bills, tmp_path),
            # the order of an edited file is in its dates only where a day is above 12
            dates="mdy" if layout in ("panjiva_edited_44", "panjiva_lower_44") else None,
            without_bill_numbers=layout in WITHOUT_NUMBERS,
        )
        numbers = {row["identifier"]: row["house_bol_number"] or row["master_bol_number"] for row in tables["billgen"]}
        return tables, numbers

    return call


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name not in WITHOUT_NUMBERS])
def test_bills_are_those_of_customs(layout, exported, delivered):
    tables, numbers = exported(layout)
    assert set(numbers.values()) == set(delivered)
    for row in tables["header"]:
        bill = delivered[numbers[row["identifier"]]]
        for column, vendors in HEADER.items():
            if has(layout, vendors):
                assert " ".join(row[column].split()) == " ".join((bill[column] or "").split()), (column, bill["number"])
        if has(layout, ("panjiva", "importgenius", "eximpedia", "datamyne")) and bill["weight"]:
            shown_in_kg = 1 if row["weight_unit"] in ("KG", "KILOGRAMS") else 0.45359237
            assert float(row["weight"]) * shown_in_kg == pytest.approx(kilograms(bill), rel=1e-6, abs=0.05)


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if has(name, RAW_PARTIES)])
def test_parties_are_those_of_customs(layout, exported, delivered):
    tables, numbers = exported(layout)
    for table, side in (("shipper", "shipper"), ("consignee", "consignee"), ("notifyparty", "notify")):
        prefix = {"shipper": "shipper_party", "consignee": "consignee", "notifyparty": "notify_party"}[table]
        if side == "notify" and layout.startswith("panjiva_lower"):
            continue
        found = {}
        for row in tables.get(table, ()):
            address = [row[f"{prefix}_address_{number}"] for number in range(1, 5)]
            found[numbers[row["identifier"]]] = " ".join([row[f"{prefix}_name"], *filter(None, address)])
        wanted = {number: " ".join(bill[side]["lines"]) for number, bill in delivered.items() if bill[side]}
        assert {n: " ".join(t.split()) for n, t in found.items()} == {n: " ".join(t.split()) for n, t in wanted.items()}


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if has(name, NUMBERED_BOXES)])
def test_containers_are_those_of_customs(layout, exported, delivered):
    tables, numbers = exported(layout)
    found: dict[str, set[str]] = {}
    for row in tables["container"]:
        found.setdefault(numbers[row["identifier"]], set()).add(row["container_number"])
        if has(layout, SIZED_BOXES):
            bill = delivered[numbers[row["identifier"]]]
            kinds = dict(zip(bill["numbers"], bill["types"], strict=True))
            assert row["container_type"] == kinds[row["container_number"]]
    assert found == {number: set(bill["numbers"]) for number, bill in delivered.items() if bill["numbers"]}


@pytest.mark.parametrize("layout", ["panjiva_128", "eximpedia_61", "datamyne_53"])
def test_codes_keep_what_they_rest_on(layout, exported):
    codes = [row["harmonized_number"] for row in exported(layout)[0]["tariff"]]
    assert codes
    is_guess = layout == "eximpedia_61"
    assert all(code.startswith("classified") is is_guess for code in codes)


def test_rows_without_bill_numbers_are_all_loaded(exported, bills):
    tables, numbers = exported("panjiva_57")
    assert len(tables["header"]) == len(set(numbers.values())) == len(bills)


def test_contact_data_is_in_no_table(exported):
    for layout in ("panjiva_57", "panjiva_128"):
        text = str(exported(layout)[0])
        assert "person@example.com" not in text
        assert "212 555 0100" not in text


def test_a_party_in_one_cell_is_a_name_and_an_address(exported, delivered):
    tables, numbers = exported("panjiva_128")
    names = {numbers[row["identifier"]]: row["notify_party_name"] for row in tables["notifyparty"]}
    assert names == {number: bill["notify"]["lines"][0] for number, bill in delivered.items() if bill["notify"]}


def test_lines_of_goods_are_rows(exported):
    texts = [row["description_text"] for row in exported("panjiva_128")[0]["cargodesc"]]
    assert texts
    assert not any("\n" in text for text in texts)


ANSWERED_BY = {
    "bill number, house or master": ("bill_number",),
    "shipper, consignee as on the bill": ("shipper_original", "shipper_name"),
    "carrier, vessel": ("carrier", "vessel"),
    "foreign and US port": ("foreign_port", "route"),
    "weight": ("weight_kg", "weight_t", "weight"),
    "containers": ("container_numbers", "container_count"),
    "TEU": ("container_types", "container_sizes"),
    "HS code (source)": ("hs_code",),
    "value": ("value_usd",),
}
"""Rows of the table of docs/vendor-exports.md, and the fields that give them."""


def test_the_documented_answers_of_each_vendor_are_those_of_its_mapping():
    text = Path("docs/vendor-exports.md").read_text("utf-8").partition("## What each vendor's columns answer")[2]
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    (_, *vendors), _, *rows = table
    mappings = {mapping.name: mapping for mapping in built_in() if mapping.columns}
    assert [row[0] for row in rows] == list(ANSWERED_BY)
    for place, vendor in enumerate(vendors, start=1):
        fields = set(mappings[vendor.partition(" ")[0].lower()].columns)
        documented = {row[0]: not row[place].startswith("\N{EN DASH}") for row in rows}
        assert documented == {name: bool(fields & set(given)) for name, given in ANSWERED_BY.items()}, vendor
