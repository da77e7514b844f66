from datetime import date

import pytest

from pipeline.ingest.exports.reading.files import ExportError
from pipeline.ingest.exports.rows import row_keys


def test_parties_of_one_cell_are_name_and_address_lines(panjiva, read):
    _, [bill] = read(panjiva({}))
    assert bill["shipper"]["name"] == "ACME TILES CO LTD"
    assert bill["shipper"]["lines"] == ["1 KILN ROAD", "FOSHAN CHINA"]
    assert bill["shipper"]["vendor_name"] == "ACME TILES"


def test_party_without_line_breaks_is_split_behind_the_vendors_name(panjiva, read):
    _, [bill] = read(panjiva({"Shipper (Original Format)": "ACME TILES, 1 KILN ROAD FOSHAN"}))
    assert (bill["shipper"]["name"], bill["shipper"]["lines"]) == ("ACME TILES", ["1 KILN ROAD FOSHAN"])


def test_party_as_the_vendor_normalised_it_is_marked_so(panjiva, read):
    export, [bill] = read(panjiva({}, without=["Shipper (Original Format)"]))
    assert bill["shipper"]["basis"] == "normalised"
    assert any("as the vendor normalised them" in text for text in export.missing)


def test_kilograms_of_the_vendor_win_over_the_unit_on_the_bill(panjiva, read):
    export, [bill] = read(panjiva({"Weight (Original Format)": "7340 ET"}))
    assert (float(bill["weight"]), bill["weight_unit"]) == (7340.0, "KG")
    assert any("differs" in note for note in export.notes)


def test_quantity_and_unit_are_split(panjiva, read):
    _, [bill] = read(panjiva({"Quantity": "1,639 PKG"}))
    assert (float(bill["quantity"]), bill["quantity_unit"]) == (1639.0, "PKG")


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Classified: 2523.21", ["classified: 2523.21"]),
        ("Parsed: 3105.20; Classified: 2523.21", ["parsed: 3105.20", "classified: 2523.21"]),
        ("7323.93", ["classified: 7323.93"]),
        ("", None),
    ],
)
def test_codes_keep_their_source(cell, codes, panjiva, read):
    _, [bill] = read(panjiva({"HS Code": cell}))
    assert (sorted(bill["hs_codes"]) if bill["hs_codes"] else None) == (sorted(codes) if codes else None)


def test_container_of_bulk_is_none(panjiva, read):
    _, [bill] = read(panjiva({"Container Numbers": "NC", "Quantity": "1 BLK"}))
    assert bill["container_count"] == 0


def test_containers_without_numbers_are_counted(panjiva, released):
    tables = released(panjiva({"Number of Containers": "3"}, without=["Container Numbers"]))
    assert len({row["container_number"] for row in tables["container"]}) == 3


def test_bill_number_is_upper_case_without_separators(panjiva, read):
    _, found = read(panjiva({"Bill of Lading Number": "abcd 123-4567"}))
    assert [bill["bill_key"] for bill in found] == ["ABCD1234567"]


def test_bill_number_without_its_carrier_gets_it(panjiva, read):
    _, found = read(panjiva({"Bill of Lading Number": "1234567"}, {"Bill of Lading Number": "7654321"}))
    assert [bill["bill_key"] for bill in found] == ["ABCD1234567", "ABCD7654321"]


def test_rows_of_one_bill_are_one_bill(panjiva, read):
    export, [bill] = read(panjiva({}, {"Container Numbers": "ABCU7654320"}, {}))
    assert sorted(box["number"] for box in bill["containers"]) == ["ABCU1234560", "ABCU7654320"]
    assert (export.rows, export.loaded, export.bills, export.repeats) == (3, 3, 1, 1)


def test_bills_do_not_depend_on_the_rows_that_are_read_together(panjiva, read, monkeypatch):
    numbers = ("ABCD1", "ABCD2", "ABCD1", "ABCD3", "ABCD2")
    rows = [
        {"Bill of Lading Number": number, "Container Numbers": f"ABCU{place}234560", "Goods Shipped": f"TILES {place}"}
        for place, number in enumerate(numbers)
    ]
    path = panjiva(*rows)
    whole = read(path)
    monkeypatch.setattr(row_keys, "ROWS_AT_ONCE", 1)
    parts = read(path)
    assert [sorted(bill["goods"]) for bill in parts[1]] == [["TILES 0", "TILES 2"], ["TILES 1", "TILES 4"], ["TILES 3"]]
    assert (parts[1], parts[0].loaded) == (whole[1], whole[0].loaded)


def test_rows_without_a_number_stay_apart_where_the_vendor_leaves_out_the_carrier(panjiva, read):
    numbers = ("1234567", "7654321", "##", "##")
    rows = [{"Bill of Lading Number": number, "Goods Shipped": number + str(n)} for n, number in enumerate(numbers)]
    export, found = read(panjiva(*rows), without_bill_numbers=True)
    assert (export.bills, len({bill["bill_key"] for bill in found})) == (4, 4)


def test_containers_and_codes_keep_their_order_in_the_releases(panjiva, released):
    boxes = [f"ABCU{place}234560" for place in range(9)]
    rows = [{"Bill of Lading Number": f"ABCD{n}", "Container Numbers": "\n".join(boxes)} for n in range(40)]
    found = released(panjiva(*rows))["container"]
    orders = {
        tuple(row["container_number"] for row in found if row["identifier"] == key)
        for key in {row["identifier"] for row in found}
    }
    assert len(orders) == 1


def test_number_that_comes_back_half_a_year_later_is_another_bill(panjiva, read):
    _, found = read(panjiva({}, {"Arrival Date": "2026-02-01"}))
    assert len(found) == 2


def test_rows_that_are_no_bill_are_quarantined_by_reason(panjiva, read):
    export, found = read(
        panjiva(
            {},
            {"Arrival Date": "", "Bill of Lading Number": "ABCD2"},
            {"Arrival Date": "soon", "Bill of Lading Number": "ABCD3"},
            {"Arrival Date": "1925-06-19", "Bill of Lading Number": "ABCD4"},
            {"Bill of Lading Number": ""},
            {"Bill of Lading Number": "1.23E+11"},
            {"Bill of Lading Number": "Total", "Arrival Date": ""},
        )
    )
    assert len(found) == 1
    assert export.quarantined == {
        "no arrival date": 1,
        "an arrival date that cannot be read": 1,
        "an arrival date years off": 1,
        "no bill number": 1,
        "a bill number that a spreadsheet has rounded": 1,
        "a total": 1,
    }
    assert export.rows == export.loaded + sum(export.quarantined.values())


def test_file_without_bill_numbers_is_refused_unless_that_is_said(panjiva, read):
    path = panjiva({}, {}, {"Quantity": "2 PKG"}, without=["Bill of Lading Number"])
    with pytest.raises(ExportError, match="--without-bill-numbers"):
        read(path)
    export, found = read(path, without_bill_numbers=True)
    assert (len(found), export.repeats) == (3, 1)


def test_release_day_is_the_arrival_and_the_lag_but_not_after_the_export(panjiva, released):
    path = panjiva({}, {"Bill of Lading Number": "ABCD9", "Arrival Date": "2026-10-31"})
    tables = released(path, days=[date(2026, 11, 1)])
    assert [row["run_date"] for row in tables["billgen"]] == ["2025-06-22", "2026-11-01"]
    assert all(row["identifier"].startswith(row["run_date"].replace("-", "")) for row in tables["billgen"])


def test_identifiers_do_not_depend_on_other_exports(panjiva, released):
    first = panjiva({}, name="a.csv")
    second = panjiva({"Bill of Lading Number": "ABCD1"}, {"Bill of Lading Number": "ABCD2"}, name="b.csv")
    alone = {row["identifier"] for row in released(first)["billgen"]}
    assert alone < {row["identifier"] for row in released(first, second)["billgen"]}


def test_newest_export_wins_and_gaps_are_filled_from_the_older_one(panjiva, released):
    older = panjiva({"Weight (kg)": "1000"}, name="older.csv")
    newer = panjiva({"Weight (kg)": "2000", "Vessel": ""}, name="newer.csv")
    tables = released(older, newer)
    assert [(row["weight"], row["vessel_name"]) for row in tables["header"]] == [("2000", "SOME SHIP")]
    assert tables["conflict"] == [{"field": "weight", "kept": "2000 KG", "other": "1000 KG"}]


def test_name_as_on_the_bill_wins_over_the_vendors_own(panjiva, released):
    raw = panjiva({}, name="raw.csv")
    normalised = panjiva({}, name="normalised.csv", without=["Shipper (Original Format)"])
    assert [row["shipper_party_name"] for row in released(raw, normalised)["shipper"]] == ["ACME TILES CO LTD"]


def test_day_without_a_bill_any_more_keeps_empty_required_tables(panjiva, released):
    released(panjiva({}, name="a.csv"))
    tables = released(panjiva({"Arrival Date": "2025-06-01"}, name="a.csv"))
    assert [row["run_date"] for row in tables["billgen"]] == ["2025-06-04"]


def test_overlapping_exports_hold_each_bill_once(panjiva, released):
    first = panjiva({}, {"Bill of Lading Number": "ABCD2"}, name="first.csv")
    second = panjiva({"Bill of Lading Number": "ABCD2"}, {"Bill of Lading Number": "ABCD3"}, name="second.csv")
    tables = released(first, second)
    numbers = [row["house_bol_number"] or row["master_bol_number"] for row in tables["billgen"]]
    assert sorted(numbers) == ["ABCD1234567", "ABCD2", "ABCD3"]
    assert tables["conflict"] == []
