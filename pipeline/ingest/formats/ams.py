"""The 11-table AMS layout: names, columns in file order, types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PARTY_TAIL: Final = (
    "city",
    "state_province",
    "zip_code",
    "country_code",
    "contact_name",
    "comm_number_qualifier",
    "comm_number",
)


@dataclass(frozen=True)
class Table:
    """One AMS table.

    Attributes:
        name: the table's name in file names and folders.
        columns: column names in file order.
        types: DuckDB type of each column that is not text.
        required: whether a release is incomplete without it.
        keys: columns without which a row cannot be placed; an empty one quarantines the row.
        free_text: columns in which personal data can stand and is masked.
        dropped: contact columns, which never leave landing.
        is_party: whether its text is names and addresses, which are masked more strictly than text on goods.
    """

    name: str
    columns: tuple[str, ...]
    types: dict[str, str]
    required: bool
    keys: tuple[str, ...] = ("identifier",)
    free_text: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    is_party: bool = False


def _party(name: str, prefix: str, *, required: bool) -> Table:
    text = (f"{prefix}_name", *(f"{prefix}_address_{n}" for n in range(1, 5)))
    return Table(
        name=name,
        columns=("identifier", *text, *PARTY_TAIL),
        types={"identifier": "BIGINT"},
        required=required,
        free_text=(*text, "city", "state_province", "zip_code"),
        dropped=("contact_name", "comm_number_qualifier", "comm_number"),
        is_party=True,
    )


_TABLES: Final = (
    Table(
        "header",
        (
            "identifier",
            "carrier_code",
            "vessel_country_code",
            "vessel_name",
            "port_of_unlading",
            "estimated_arrival_date",
            "foreign_port_of_lading_qualifier",
            "foreign_port_of_lading",
            "manifest_quantity",
            "manifest_unit",
            "weight",
            "weight_unit",
            "measurement",
            "measurement_unit",
            "record_status_indicator",
            "place_of_receipt",
            "port_of_destination",
            "foreign_port_of_destination_qualifier",
            "foreign_port_of_destination",
            "conveyance_id_qualifier",
            "conveyance_id",
            "in_bond_entry_type",
            "mode_of_transportation",
            *(f"secondary_notify_party_{n}" for n in range(1, 11)),
            "actual_arrival_date",
        ),
        {
            "identifier": "BIGINT",
            "estimated_arrival_date": "DATE",
            "manifest_quantity": "DECIMAL(18,3)",
            "weight": "DECIMAL(18,3)",
            "measurement": "DECIMAL(18,3)",
            "actual_arrival_date": "DATE",
        },
        required=True,
        keys=("identifier", "record_status_indicator"),
    ),
    Table(
        "billgen",
        (
            "identifier",
            "master_bol_number",
            "house_bol_number",
            "sub_house_bol_number",
            "voyage_number",
            "bill_type_code",
            "manifest_number",
            "trade_update_date",
            "run_date",
        ),
        {"identifier": "BIGINT", "trade_update_date": "DATE", "run_date": "DATE"},
        required=True,
        keys=("identifier", "master_bol_number", "run_date"),
    ),
    _party("shipper", "shipper_party", required=True),
    _party("consignee", "consignee", required=True),
    _party("notifyparty", "notify_party", required=False),
    Table(
        "cargodesc",
        ("identifier", "container_number", "description_sequence_number", "piece_count", "description_text"),
        {"identifier": "BIGINT", "description_sequence_number": "INTEGER", "piece_count": "DECIMAL(18,3)"},
        required=False,
        free_text=("description_text",),
    ),
    Table(
        "container",
        (
            "identifier",
            "container_number",
            "seal_number_1",
            "seal_number_2",
            "equipment_description_code",
            "container_length",
            "container_height",
            "container_width",
            "container_type",
            "load_status",
            "type_of_service",
        ),
        {
            "identifier": "BIGINT",
            "container_length": "INTEGER",
            "container_height": "INTEGER",
            "container_width": "INTEGER",
        },
        required=False,
    ),
    Table(
        "marksnumbers",
        ("identifier", "container_number", *(f"marks_and_numbers_{n}" for n in range(1, 9))),
        {"identifier": "BIGINT"},
        required=False,
        free_text=tuple(f"marks_and_numbers_{n}" for n in range(1, 9)),
    ),
    Table(
        "tariff",
        (
            "identifier",
            "container_number",
            "description_sequence_number",
            "harmonized_number",
            "harmonized_value",
            "harmonized_weight",
            "harmonized_weight_unit",
        ),
        {
            "identifier": "BIGINT",
            "description_sequence_number": "INTEGER",
            "harmonized_value": "DECIMAL(18,3)",
            "harmonized_weight": "DECIMAL(18,3)",
        },
        required=False,
    ),
    Table(
        "hazmat",
        (
            "identifier",
            "container_number",
            "hazmat_sequence_number",
            "hazmat_code",
            "hazmat_class",
            "hazmat_code_qualifier",
            "hazmat_contact",
            "hazmat_page_number",
            "hazmat_flash_point_temperature",
            "hazmat_flash_point_temperature_negative_ind",
            "hazmat_flash_point_temperature_unit",
            "hazmat_description",
        ),
        {"identifier": "BIGINT", "hazmat_sequence_number": "INTEGER"},
        required=False,
        free_text=("hazmat_description",),
        dropped=("hazmat_contact",),
    ),
    Table(
        "hazmatclass",
        ("identifier", "container_number", "hazmat_sequence_number", "hazmat_classification"),
        {"identifier": "BIGINT", "hazmat_sequence_number": "INTEGER"},
        required=False,
        free_text=("hazmat_classification",),
    ),
)

TABLES: Final[dict[str, Table]] = {table.name: table for table in _TABLES}
REQUIRED: Final = tuple(name for name, table in TABLES.items() if table.required)
