"""Names of goods as briefs and mirrors print them."""

from __future__ import annotations

import pytest

from pipeline.plain_text import cargo_name, location_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("HARDWOOD PLYWOOD HARDWOOD PLYWOOD FREIGHT COLLECT", "HARDWOOD PLYWOOD"),
        ("STEEL TUBES ITEM 857791 QTY 180", "STEEL TUBES"),
        ("SYNTHETIC RUBBER P/O 495152", "SYNTHETIC RUBBER"),
        ("POLYETHYLENE RESIN H.S. CODE 3901.20,901890", "POLYETHYLENE RESIN"),
        ("NEW PNEUMATIC RUBBER TYRES 184 CTNS\nSHIPPERS LOAD", "NEW PNEUMATIC RUBBER TYRES"),
        ("100 CARTONS OF TOYS", "100 CARTONS OF TOYS"),
        ("PO 12", "PO 12"),
        ("FREIGHT WAGONS", "FREIGHT WAGONS"),
        ("", ""),
    ],
)
def test_goods_end_where_orders_counts_and_codes_begin(text: str, name: str) -> None:
    assert cargo_name(text, 60) == name


def test_long_names_are_cut() -> None:
    assert cargo_name("PRINTED COTTON FABRIC FOR FURNITURE", 20).endswith("\N{HORIZONTAL ELLIPSIS}")


def test_a_province_named_as_its_city_stands_once() -> None:
    row = {"city": "DONG NAI", "state": "DONGNAI", "country_code": "VN"}
    assert location_name(row, ("city", "state", "country_code")) == "DONG NAI, Vietnam"
