"""The flat layout: one table a day, a row a line of cargo, as some feeds flatten the AMS tables (31 columns)."""

from __future__ import annotations

from typing import Final

from pipeline.ingest.formats.ams import Table

FLAT: Final = Table(
    name="cargodesc",  # in quarantine: one row of it is one row there
    columns=(
        *("identifier", "trade_update_date", "run_date", "vessel_name", "port_of_unlading", "estimated_arrival_date"),
        *("foreign_port_of_lading", "record_status_indicator", "place_of_receipt", "port_of_destination"),
        *("foreign_port_of_destination", "secondary_notify_party_1", "actual_arrival_date"),
        *("consignee_name", "consignee_address"),
        *("consignee_contact_name", "consignee_comm_number_qualifier", "consignee_comm_number"),
        *("shipper_party_name", "shipper_address"),
        *("shipper_contact_name", "shipper_comm_number_qualifier", "shipper_comm_number"),
        *("container_number", "description_sequence_number", "piece_count", "text"),
        *("harmonized_number", "harmonized_value", "harmonized_weight", "harmonized_weight_unit"),
    ),
    types={"run_date": "DATE"},
    required=True,
    keys=("record_status_indicator", "run_date"),
    dropped=(
        *("consignee_contact_name", "consignee_comm_number_qualifier", "consignee_comm_number"),
        *("shipper_contact_name", "shipper_comm_number_qualifier", "shipper_comm_number"),
    ),
    is_party=True,
)

_LINE: Final = {"identifier": "bill", "container_number": "container_number"}
_SEQUENCE: Final = {**_LINE, "description_sequence_number": "description_sequence_number"}
_HEADER: Final = (
    *("vessel_name", "port_of_unlading", "estimated_arrival_date", "foreign_port_of_lading", "record_status_indicator"),
    *("place_of_receipt", "port_of_destination", "foreign_port_of_destination", "secondary_notify_party_1"),
    "actual_arrival_date",
)
_WEIGHTS: Final = "sum(try_cast(harmonized_weight as decimal(18, 3))) over (partition by bill)"

FILLED: Final[dict[str, dict[str, str]]] = {
    "header": {
        "identifier": "bill",
        **{name: name for name in _HEADER},
        "manifest_quantity": "sum(try_cast(piece_count as decimal(18, 3))) over (partition by bill)",
        "weight": _WEIGHTS,
        "weight_unit": f"case when {_WEIGHTS} > 0 then max(harmonized_weight_unit) over (partition by bill) end",
    },
    "billgen": {
        "identifier": "bill",
        "master_bol_number": "bill",
        "bill_type_code": "'Regular Bill'",
        "trade_update_date": "trade_update_date",
        "run_date": "run_date",
    },
    "shipper": {
        "identifier": "bill",
        "shipper_party_name": "shipper_party_name",
        "shipper_party_address_1": "shipper_address",
    },
    "consignee": {
        "identifier": "bill",
        "consignee_name": "consignee_name",
        "consignee_address_1": "consignee_address",
    },
    "cargodesc": {**_SEQUENCE, "piece_count": "piece_count", "description_text": "text"},
    "container": _LINE,
    "tariff": {
        **_SEQUENCE,
        **{f"harmonized_{name}": f"harmonized_{name}" for name in ("number", "value", "weight", "weight_unit")},
    },
}
"""The tables of a flat file, and the SQL of each column that it fills; bills have no number of their own in it."""

ONE_A_BILL: Final = ("header", "billgen", "shipper", "consignee")
WITH: Final = {
    "shipper": "coalesce(trim(shipper_party_name), trim(shipper_address), '') <> ''",
    "consignee": "coalesce(trim(consignee_name), trim(consignee_address), '') <> ''",
    "container": "trim(container_number) <> ''",
    "tariff": "trim(harmonized_number) <> ''",
}
"""Which rows a table has."""
