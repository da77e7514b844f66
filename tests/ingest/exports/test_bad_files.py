"""Files as people send them: each is read, or refused with what to do."""

import csv
import struct
import zipfile
from datetime import date

import pytest

from pipeline.ingest.exports.importing import mappings_for
from pipeline.ingest.exports.mapping import MappingError, load_mapping
from pipeline.ingest.exports.reading.files import ExportError, single_files
from pipeline.ingest.exports.reading.text_table import CUT
from simulator.exports.xlsx import write_workbook
from tests.ingest.exports.conftest import GOOD, PANJIVA

ROW = [GOOD[name] for name in PANJIVA]


def rewrite(path, encoding="utf-8", delimiter=","):
    rows = list(csv.reader(path.open(encoding="utf-8", newline="")))
    with path.open("w", encoding=encoding, newline="") as out:
        csv.writer(out, delimiter=delimiter).writerows(rows)
    return path


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings_are_found(encoding, panjiva, read):
    _, [bill] = read(rewrite(panjiva({"Goods Shipped": "FLIESEN GRÖSSE 30"}), encoding))
    assert bill["goods"] == ["FLIESEN GRÖSSE 30"]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters_are_found(delimiter, panjiva, read):
    export, _ = read(rewrite(panjiva({}), delimiter=delimiter))
    assert export.bills == 1


def workbook(path, rows, **sheets):
    write_workbook(path, {"Info": [["Generated on", "2026-01-31 08:15"]], "US Imports Shipments": rows, **sheets})
    return path


def test_workbook_with_real_dates_numbers_and_a_merged_title_is_read(tmp_path, read):
    row = list(ROW)
    row[1] = date(2025, 6, 19)
    row[11] = 7340
    path = tmp_path / "a.xlsx"
    write_workbook(
        path, {"US Imports Shipments": [["Panjiva"], [], list(PANJIVA), row]}, {"US Imports Shipments": "A1:F1"}
    )
    _, [bill] = read(path)
    assert bill["arrival_date"] == date(2025, 6, 19)
    assert float(bill["weight"]) == 7340


def with_formula(path, value, formula):
    """The workbook with the cell of a number as a formula; without a value where nobody calculated it."""
    changed = path.with_name("formula.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).decode().replace(f"<v>{value}</v>", formula))
    return changed


@pytest.mark.parametrize(
    ("formula", "weight"), [("<f>7000+340</f><v>7340</v>", 7340), ("<f>7000+340</f>", None)], ids=["kept", "none"]
)
def test_formulas_give_the_value_that_the_workbook_keeps(formula, weight, tmp_path, read):
    row = list(ROW)
    row[11], row[12] = 7340, ""
    _, [bill] = read(with_formula(workbook(tmp_path / "a.xlsx", [list(PANJIVA), row]), 7340, formula))
    assert (bill["weight"] and float(bill["weight"])) == weight


def test_cells_merged_over_rows_leave_the_later_row_without_them(tmp_path, read):
    """A merged cell has its value in the first row; the second is quarantined where it lacks what a bill needs."""
    later = ["", *ROW[1:]]
    path = tmp_path / "a.xlsx"
    write_workbook(path, {"US Imports Shipments": [list(PANJIVA), ROW, later]}, {"US Imports Shipments": "A2:A3"})
    export, found = read(path)
    assert len(found) == 1
    assert export.quarantined == {"no bill number": 1}


def test_header_in_row_seven_is_found(tmp_path, read):
    export, _ = read(workbook(tmp_path / "a.xlsx", [["x"]] * 6 + [list(PANJIVA), ROW]))
    assert export.bills == 1


def test_day_of_the_query_is_read_from_the_workbook(tmp_path, read):
    export, _ = read(workbook(tmp_path / "a.xlsx", [list(PANJIVA), ROW]))
    assert (export.exported_on, export.exported_by) == (date(2026, 1, 31), "workbook")


def test_second_header_row_and_total_row_are_quarantined(panjiva, read):
    path = panjiva(
        {name: name for name in PANJIVA}, {}, {**dict.fromkeys(PANJIVA, ""), "Bill of Lading Number": "Total: 1"}
    )
    export, _ = read(path)
    assert (export.bills, export.quarantined) == (1, {"the header again": 1, "a total": 1})


def test_csv_renamed_to_xlsx_and_the_reverse_are_read(panjiva, tmp_path, read):
    assert read(panjiva({}, name="really_csv.xlsx"))[0].bills == 1
    assert read(workbook(tmp_path / "really.csv", [list(PANJIVA), ROW]))[0].bills == 1


def test_row_with_too_many_cells_is_quarantined(panjiva, read):
    path = panjiva({})
    with path.open("a") as out:
        out.write(",".join(["x"] * 40) + "\n")
    assert read(path)[0].quarantined == {"more cells than the 17 of the header": 1}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04 cut", "cut or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "no readable workbook|password"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b'{"recent_bols": [', "no whole JSON"),
    ],
)
def test_other_and_damaged_files_are_refused(content, words, tmp_path, read):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(ExportError, match=words):
        read(path)


def test_cut_workbook_is_refused(tmp_path, read):
    path = workbook(tmp_path / "a.xlsx", [list(PANJIVA), ROW])
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(ExportError, match="download it again"):
        read(path)


def encrypted(path):
    """A compound file with the streams of an encrypted workbook: what Excel writes for one with a password."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0
    )  # fmt: skip
    header += struct.pack("<109I", 0, *[free] * 108)
    chains = struct.pack("<128I", 0xFFFFFFFD, end, *range(3, 10), end, *range(11, 18), end, *[free] * 110)

    def entry(name, kind, child, left, start, size):
        encoded = (name + "\0").encode("utf-16-le")
        numbers = (len(encoded), kind, 1, left, free, child)
        return struct.pack("<64sHBBIII36xIQ", encoded, *numbers, start, size)

    folder = (
        entry("Root Entry", 5, 1, free, end, 0)
        + entry("EncryptionInfo", 2, free, 2, 2, 4096)
        + entry("EncryptedPackage", 2, free, free, 10, 4096)
        + bytes(128)
    )
    path.write_bytes(header + chains + folder + bytes(16 * 512))
    return path


def test_workbook_with_a_password_is_refused_as_one(tmp_path, read):
    with pytest.raises(ExportError, match="has a password: save a copy without one"):
        read(encrypted(tmp_path / "a.xlsx"))


def test_sheet_of_shipments_is_found_among_others(tmp_path, read):
    other = {"Summary": [["Supplier", "Shipments"], ["ACME", 1]], "Contact Info": [["Company", "Contact Name"]]}
    export, _ = read(workbook(tmp_path / "a.xlsx", [list(PANJIVA), ROW], **other))
    assert export.bills == 1


def test_workbook_without_a_sheet_of_shipments_says_what_was_expected(tmp_path, read):
    path = tmp_path / "a.xlsx"
    write_workbook(path, {"Summary": [["Total", "Count"], ["x", 1]]})
    with pytest.raises(ExportError, match="no header of shipments in the first 10 rows of any sheet"):
        read(path)


def test_last_line_cut_in_the_middle_is_counted(panjiva, read):
    path = panjiva({}, {"Bill of Lading Number": "ABCD7654321"})
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"ABCD7654321") + 5])
    export, _ = read(path)
    assert (export.rows, export.bills, export.quarantined) == (2, 1, {CUT: 1})


def test_last_line_cut_inside_a_quote_is_not_loaded_by_halves(panjiva, read):
    path = panjiva({}, {"Bill of Lading Number": "ABCD7654321"})
    whole = path.read_bytes()
    path.write_bytes(whole[: whole.rindex(b"1 KILN ROAD")])
    export, _ = read(path)
    assert (export.rows, export.bills, export.quarantined) == (2, 1, {CUT: 1})


def test_file_whose_rows_leave_out_empty_cells_at_their_end_is_not_called_cut(panjiva, read):
    path = panjiva({"Goods Shipped": ""}, {"Goods Shipped": "", "Bill of Lading Number": "ABCD7654321"})
    path.write_text(path.read_text().replace(",\n", "\n"))
    assert read(path)[0].bills == 2


def test_mixed_date_orders_are_refused_with_the_files_name(panjiva, read):
    with pytest.raises(ExportError, match=r"export.csv: the dates have two orders"):
        read(panjiva({"Arrival Date": "13/5/2025"}, {"Arrival Date": "5/13/2025", "Bill of Lading Number": "ABCD2"}))


def test_file_without_a_usable_row_is_refused(panjiva, read):
    with pytest.raises(ExportError, match="no bill can be loaded"):
        read(panjiva({"Arrival Date": ""}))


def test_zip_of_files_is_unpacked(panjiva, tmp_path):
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(panjiva({}, name="a.csv"), "folder/a.csv")
        archive.write(panjiva({}, name="b.csv"), "folder/b.csv")
    with single_files(packed, tmp_path / "scratch") as found:
        assert [path.name for path in found] == ["a.csv", "b.csv"]
    assert not (tmp_path / "scratch").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("title = 3", "title"),
        ("title = 'x'\ncolumns = {shoe_size = 'a'}", "shoe_size unknown"),
        ("title = 'x'\ncolumns = {carrier = 'a'}", "arrival_date is missing"),
        ("title = ", "no TOML"),
        ("title = 'x'\nclors = 1\ncolumns = {}", "clors"),
    ],
)
def test_wrong_mapping_is_refused_with_its_key(text, words, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(MappingError, match=words):
        load_mapping(path)


def test_mapping_of_ones_own_reads_another_vendor(tmp_path, read):
    mine = tmp_path / "mine.toml"
    mine.write_text(
        'title = "Mine"\ndates = "dmy"\n[columns]\nbill_number = "BL"\narrival_date = "When"\n'
        'shipper_name = "Seller"\nconsignee_name = "Buyer"\n'
    )
    path = tmp_path / "mine.csv"
    path.write_text("BL,When,Seller,Buyer\nABCD1,1/2/2025,A CO,B CO\n")
    _, [bill] = read(path, format=str(mine))
    assert (bill["arrival_date"], bill["shipper"]["name"]) == (date(2025, 2, 1), "A CO")


def test_unknown_format_is_refused():
    with pytest.raises(ExportError, match="give auto"):
        mappings_for("panjeeva")
