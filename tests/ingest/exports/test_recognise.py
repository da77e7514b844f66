from pathlib import Path

import pytest

from pipeline.ingest.exports.header_names import normalised
from pipeline.ingest.exports.reading.files import ExportError
from pipeline.ingest.exports.reading.recognise import recognise
from simulator.exports.vendors import LAYOUTS, headers, write_export
from simulator.exports.xlsx import write_workbook


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_is_recognised_and_each_of_its_headers_known(layout, bills, tmp_path):
    found = recognise(write_export(layout, bills[:3], tmp_path))
    assert found.mapping.name == layout.split("_")[0]
    named = [name for name in found.headers if normalised(name)]
    assert found.score - (found.sheet.name in found.mapping.sheets) == len(named) >= len(headers(layout)) - 1


def test_header_in_row_six_below_a_logo_is_found(bills, tmp_path):
    assert recognise(write_export("eximpedia_61", bills[:3], tmp_path)).header_line == 6


def test_sheet_of_shipments_is_used_and_contact_sheet_is_not(bills, tmp_path):
    assert recognise(write_export("panjiva_128", bills[:3], tmp_path)).sheet.name == "US Imports Shipments"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("\ufeffBill of Lading Number", "bill of lading number"),
        (" Weight (t) ", "weight t"),
        ("MARKS &AMP; NUMBERS", "marks numbers"),
        ("Shipper D-U-N-SÂ®", "shipper d u n s"),
        ("<b>Arrival  Date</b>", "arrival date"),
        ("ARRIVAL_DATE", "arrival date"),
    ],
)
def test_headers_have_one_form(written, name):
    assert normalised(written) == name


def test_numbered_duplicate_headers_fill_the_same_field(tmp_path):
    path = tmp_path / "datamyne.csv"
    path.write_text(
        "Date,Bill of lading Nbr.,Shipper Declared,Consignee Declared,Container,Container.1,Weight,Weight Unit\n"
    )
    assert [item[0] for item in recognise(path).fields if item].count("container_numbers") == 2


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (headers("panjiva_exports_74"), "US exports"),
        (("Buyer Name", "Number of Matched Shipments", "Email"), "list of buyers"),
        (("Company", "Contact Type", "Contact Name", "Email"), "contact data"),
        (("Date", "HS_Code", "Value_INR", "Per_Unit_INR"), "Zauba"),
        (("a", "b", "c"), "no header of shipments .* Found instead: a, b, c\\. If"),
        (("BILL OF LADING", "ARIVAL DATE", "SHIPPER", "US PORT", "QUANTITY"), "'ARIVAL DATE'"),
    ],
)
def test_other_layouts_are_refused_with_what_to_do(header, words, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text(",".join(header) + "\n", encoding="utf-8")
    with pytest.raises(ExportError, match=words):
        recognise(path)


def test_workbook_with_contacts_only_is_refused(tmp_path):
    path: Path = tmp_path / "people.xlsx"
    write_workbook(path, {"Contact Info": [["Company", "Contact Type", "Contact Name"], ["X", "Buyer", "Y"]]})
    with pytest.raises(ExportError, match="contact data"):
        recognise(path)
