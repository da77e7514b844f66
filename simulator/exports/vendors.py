"""Invented bills in the layouts of vendors: headers in their order, cells in their forms."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final

from simulator.exports.bills import Bill
from simulator.exports.xlsx import Cell, write_workbook

POUNDS: Final = 2.2046226218
KG_PER_UNIT: Final = {"Pounds": 0.45359237, "ST": 907.18474, "M": 1000.0, "MT": 1000.0}
"""Of the units in the invented world that are no kilograms."""
LAYOUTS: Final = (
    *("panjiva_57", "panjiva_128", "panjiva_edited_44", "panjiva_lower_44"),
    *("importgenius_39", "importgenius_34", "eximpedia_61", "eximpedia_short", "datamyne_53", "importyeti"),
)


@cache
def headers(layout: str) -> tuple[str, ...]:
    """The header row of a layout, in its order."""
    text = (files("simulator.exports") / "headers.csv").read_text("utf-8")
    found = {row[0]: tuple(row[1:]) for row in csv.reader(text.splitlines())}
    return found["eximpedia_61" if layout == "eximpedia_short" else layout]


def write_export(layout: str, bills: Sequence[Bill], folder: Path, name: str = "") -> Path:
    """Write `bills` as a vendor's export in `folder` and return its path."""
    cells = _CELLS[layout.partition("_")[0]]
    rows: list[list[Cell]] = [_row(layout, cells(layout, bill)) for bill in bills]
    stem = name or layout
    if layout == "importyeti":
        return _json(folder / f"{stem}.json", rows, bills)
    head: list[Cell] = list(headers(layout))
    if layout == "panjiva_128":
        path = folder / f"{stem}.xlsx"
        info: list[list[Cell]] = [["Panjiva"], ["Generated on", f"{date.today().isoformat()} 08:15"]]
        people: list[list[Cell]] = [["Company", "Contact Type", "Contact Name"], ["EXAMPLE", "Buyer", "A. PERSON"]]
        write_workbook(path, {"Info": info, "US Imports Shipments": [head, *rows], "Contact Info": people})
        return path
    if layout.startswith("eximpedia"):
        path = folder / f"{stem}.xlsx"
        above: list[list[Cell]] = [["EXIMPEDIA"], ["DATA"], [], [], []] if layout == "eximpedia_61" else []
        write_workbook(path, {"Sheet1": [*above, head, *rows]}, {"Sheet1": "A1:F1"} if above else None)
        return path
    path = folder / f"{stem}.csv"
    is_edited = layout == "panjiva_edited_44"
    with path.open("w", newline="", encoding="utf-8-sig" if is_edited else "utf-8") as out:
        writer = csv.writer(out, lineterminator="\r\n" if is_edited else "\n")
        writer.writerows([head, *rows])
    return path


def _row(layout: str, cells: dict[str, Cell]) -> list[Cell]:
    """The cells in the order of the header; repeated headers take one item of a list each."""
    row: list[Cell] = []
    seen: dict[str, int] = {}
    for header in headers(layout):
        key = header.strip().lower()
        if layout == "datamyne_53" and key in _BLOCK:
            items = str(cells.get(key) or "").split("\x1f")
            place = seen.get(key, 0)
            seen[key] = place + 1
            # beyond five containers the last block holds the rest
            rest = items[place:] if place == 4 else items[place : place + 1]
            row.append(", ".join(rest))
        else:
            row.append(cells.get(key))
    return row


_WRITTEN_UNIT: Final = {"Pounds": "LB", "ST": "ST", "M": "ET", "MT": "ET"}
_BLOCK: Final = ("container", "pieces", "description", "harmonized", "marks & numbers")


def kilograms(bill: Bill) -> float:
    """The weight of a bill as vendors convert it."""
    return round(float(bill["weight"] or 0) * KG_PER_UNIT.get(bill["weight_unit"] or "", 1.0), 3)


def _party(bill: Bill, side: str) -> dict[str, str]:
    party = bill[side] or {}
    lines = party.get("lines") or []
    return {
        "name": lines[0] if lines else "",
        "address": "\n".join(lines[1:]),
        "all": "\n".join(lines),
        "city": party.get("city") or "",
        "state": party.get("state_province") or "",
        "zip": party.get("zip_code") or "",
        "country": party.get("country_code") or "",
    }


def _arrival(bill: Bill) -> date:
    return date.fromisoformat(bill["actual_arrival_date"])


def _panjiva(layout: str, bill: Bill) -> dict[str, Cell]:
    ship, cons, noti = (_party(bill, side) for side in ("shipper", "consignee", "notify"))
    arrival, kg = _arrival(bill), kilograms(bill)
    is_edited = layout in ("panjiva_edited_44", "panjiva_lower_44")
    shown: Cell = arrival if layout == "panjiva_128" else arrival.isoformat()
    codes = "; ".join(f"Declared: {code}" for code in bill["codes"] or ())
    return {
        "bill of lading number": bill["number"],
        "bill of lading type": {"House Bill": "House", "Master Bill": "Master"}.get(bill["bill_type_code"], "Simple"),
        "master bill of lading number": bill["master_bol_number"] if bill["house_bol_number"] else "",
        "arrival date": f"{arrival.month}/{arrival.day}/{arrival.year}" if is_edited else shown,
        "consignee": cons["name"],
        "consignee full address": cons["address"].replace("\n", " "),
        "consignee city": cons["city"],
        "consignee state/region": cons["state"],
        "consignee postal code": cons["zip"],
        "consignee country": cons["country"],
        "consignee phone 1": "+1 212 555 0100",
        "consignee (original format)": cons["all"],
        "shipper": ship["name"],
        "shipper full address": ship["address"].replace("\n", " "),
        "shipper city": ship["city"],
        "shipper state/region": ship["state"],
        "shipper postal code": ship["zip"],
        "shipper country": ship["country"],
        "shipper email 1": "person@example.com",
        "shipper (original format)": ship["all"],
        "carrier": f"{bill['carrier_code']} - Some Line",
        "notify party": noti["all"],
        "shipment destination": bill["port_of_unlading"],
        "port of unlading": bill["port_of_unlading"],
        "port of lading": bill["foreign_port_of_lading"],
        "place of receipt": bill["place_of_receipt"],
        "vessel": bill["vessel_name"],
        "vessel voyage id": bill["voyage_number"],
        "vessel imo": bill["conveyance_id"],
        "quantity": f"{bill['manifest_quantity'] or ''} {bill['manifest_unit'] or ''}".strip(),
        "weight (kg)": (f"{kg:,.3f}" if is_edited else kg),
        "weight (t)": f" {kg / 1000:,.6f} ",
        "weight (original format)": f"{bill['weight']} {_WRITTEN_UNIT.get(bill['weight_unit'] or '', 'KG')}",
        "value of goods (usd)": " $7,833,000.00 ",
        "frob": "true" if bill["foreign_port_of_destination"] else "",
        "inbond code": bill["in_bond_entry_type"],
        "manifest number": bill["manifest_number"],
        "number of containers": len(bill["numbers"] or ()) or 1,
        "container numbers": ", ".join(bill["numbers"] or ()) or "NC",
        "container types": ", ".join(bill["types"] or ()),
        "hs code": codes,
        "goods shipped": bill["goods"],
        "count": 1,
    }


def _importgenius(_: str, bill: Bill) -> dict[str, Cell]:
    ship, cons, noti = (_party(bill, side) for side in ("shipper", "consignee", "notify"))
    kg = kilograms(bill)
    pounds = f"{kg * POUNDS:,.0f}"
    numbers = ", ".join(bill["numbers"] or ()) or "NC"
    goods = str(bill["goods"] or "-").replace("&", "&amp;")
    return {
        "product description": f"<b>{goods}</b>",
        "product details": goods,
        **{
            key: party["name"].replace("&", "&amp;") or "Not Available"
            for key, party in (("consignee", cons), ("shipper", ship))
        },
        **dict.fromkeys(("notify party", "notify"), noti["name"] or "-"),
        "consignee address": cons["address"] or "-",
        "shipper address": ship["address"] or "-",
        "notify address": noti["address"] or "-",
        **dict.fromkeys(("zip code", "zipcode"), cons["zip"]),
        "arrival date": f"{_arrival(bill):%m/%d/%Y}",
        **dict.fromkeys(("gross weight (lb)", "weight (lb)"), pounds),
        **dict.fromkeys(("gross weight (kg)", "weight (kg)"), f"{kg:,.3f}"),
        "foreign port": bill["foreign_port_of_lading"],
        "us port": bill["port_of_unlading"],
        "vessel name": bill["vessel_name"],
        "voyage number": bill["voyage_number"],
        **dict.fromkeys(("no. of containers", "container count"), len(bill["numbers"] or ())),
        "container number": numbers,
        "container type": ", ".join(bill["types"] or ()),
        "quantity": bill["manifest_quantity"],
        **dict.fromkeys(("quantity unit", "q.unit"), bill["manifest_unit"]),
        "bill of lading": bill["number"],
        "house vs master": {"House Bill": "House", "Master Bill": "Master"}.get(bill["bill_type_code"], "Regular"),
        "master b/l": bill["master_bol_number"] if bill["house_bol_number"] else "-",
        "carrier code": bill["carrier_code"],
        "in-bond entry type": bill["in_bond_entry_type"],
        "place of receipt": bill["place_of_receipt"],
    }


def _eximpedia(layout: str, bill: Bill) -> dict[str, Cell]:
    ship, cons, noti = (_party(bill, side) for side in ("shipper", "consignee", "notify"))
    arrival = _arrival(bill)
    # midnight in India, as the short files have it
    shown = (
        f"{date.fromordinal(arrival.toordinal() - 1)}T18:30:00.000Z" if layout == "eximpedia_short" else str(arrival)
    )
    names = {f"raw_{side}": party for side, party in (("shipper", ship), ("consignee", cons), ("notify_party", noti))}
    return {
        "actual_arrival_date": shown,
        "bill_of_lading": bill["number"],
        "bill_type_code": {"House Bill": "H", "Master Bill": "M"}.get(bill["bill_type_code"], "R"),
        "carrier_sasc_code": f"{bill['carrier_code']}, SOME LINES, INC",
        "cif": "0",
        "master_bill_of_lading": bill["master_bol_number"] if bill["house_bol_number"] else "NULL",
        **{f"{key}_name": party["name"] or "NULL" for key, party in names.items()},
        **{f"{key}_address": party["address"] or "NULL" for key, party in names.items()},
        "shipper_name": ship["name"] or "NULL",
        "consignee_name": cons["name"] or "NULL",
        "vessel_name": bill["vessel_name"],
        "vessel_code": bill["conveyance_id"],
        "voyage": bill["voyage_number"],
        "loading_port": bill["foreign_port_of_lading"],
        "unloading_port": f"1703, {bill['port_of_unlading']}",
        "place_of_receipt": bill["place_of_receipt"] or "N/A",
        "weight": str(round(kilograms(bill) * POUNDS)),
        "weight_unit": "LB",
        "weight_in_kg": str(kilograms(bill)),
        "quantity": bill["manifest_quantity"],
        "quantity_unit": bill["manifest_unit"],
        "container_id": ",".join(bill["numbers"] or ()) or "NULL",
        "container_type": ",".join(bill["types"] or ()) or "NULL",
        "container_size": ",".join(bill["sizes"] or ()) or "NULL",
        "teu": "1.525",
        "hs_code": ",".join((bill["codes"] or [])[:1])[:6] or "NULL",
        "product_description": bill["goods"] or "NULL",
        "manifest_no": bill["manifest_number"],
        "inbond_type": bill["in_bond_entry_type"] or "NULL",
    }


def _datamyne(_: str, bill: Bill) -> dict[str, Cell]:
    ship, cons, noti = (_party(bill, side) for side in ("shipper", "consignee", "notify"))
    return {
        "date": f"{_arrival(bill):%m/%d/%Y}",
        "consignee declared": cons["name"],
        "consignee declared address": cons["address"],
        "consignee's state": cons["state"],
        "consignee's city": cons["city"],
        "shipper declared": ship["name"],
        "shipper address": ship["address"],
        "notify name": noti["name"],
        "notify address": noti["address"],
        "carrier code": bill["carrier_code"],
        "bill of lading nbr.": bill["number"],
        "master/house": {"House Bill": "House", "Master Bill": "Master"}.get(bill["bill_type_code"], "Regular"),
        "bill master": bill["master_bol_number"] if bill["house_bol_number"] else "",
        "vessel": bill["vessel_name"],
        "port of departure": bill["foreign_port_of_lading"],
        "port of arrival": bill["port_of_unlading"],
        "place of receipt": bill["place_of_receipt"],
        "quantity": bill["manifest_quantity"],
        "quantity unit": bill["manifest_unit"],
        "weight": bill["weight"],
        "weight unit": bill["weight_unit"],
        "metric tons": kilograms(bill) / 1000,
        "container quantity": len(bill["numbers"] or ()),
        "container": "\x1f".join(bill["numbers"] or ()),
        "description": bill["goods"],
        "harmonized": "\x1f".join(bill["codes"] or ()),
        "in bond entry type": bill["in_bond_entry_type"],
    }


def _importyeti(_: str, bill: Bill) -> dict[str, Cell]:
    ship = _party(bill, "shipper")
    return {
        "date_formatted": f"{_arrival(bill):%d/%m/%Y}",
        "lcl": "false",
        "containers_count": len(bill["numbers"] or ()),
        "supplier_address_country_code": ship["country"],
        "shipping_route": f"{bill['foreign_port_of_lading']} → {bill['port_of_unlading']}",
        "bol_number": bill["number"],
        "shipper_name": ship["name"],
    }


def _json(path: Path, rows: Sequence[Sequence[Cell]], bills: Sequence[Bill]) -> Path:
    importer = next((_party(bill, "consignee")["name"] for bill in bills if bill["consignee"]), "")
    records = [dict(zip(headers("importyeti"), row, strict=True)) for row in rows]
    path.write_text(json.dumps({"company_name": importer, "recent_bols": records}), "utf-8")
    return path


_CELLS: Final[dict[str, Callable[[str, Bill], dict[str, Cell]]]] = {
    "panjiva": _panjiva,
    "importgenius": _importgenius,
    "eximpedia": _eximpedia,
    "datamyne": _datamyne,
    "importyeti": _importyeti,
}
