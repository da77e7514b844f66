"""The columns that a mapping can fill, and what an export without one cannot answer."""

from __future__ import annotations

from typing import Final

SIDES: Final = ("shipper", "consignee", "notify")
_PARTY: Final = ("original", "name", "normalised", "address", "city", "state", "zip", "country")
FIELDS: Final = (
    *("bill_number", "bill_type", "master_number", "carrier", "arrival_date", "estimated_arrival_date"),
    *(f"{side}_{part}" for side in SIDES for part in _PARTY),
    *("vessel", "imo", "voyage", "route", "foreign_port", "foreign_country", "us_port", "receipt"),
    *("weight_kg", "weight_t", "weight_lb", "weight", "weight_unit", "weight_original"),
    *("quantity", "quantity_unit", "measurement", "measurement_unit"),
    *("container_numbers", "container_types", "container_sizes", "container_count", "teu", "lcl"),
    *("hs_code", "goods", "marks", "value_usd", "frob", "manifest", "in_bond"),
)
LISTS: Final = ("container_numbers", "container_types", "container_sizes", "hs_code", "goods", "marks")
"""Fields that several columns of one header, or several rows of one bill, fill together."""

COSTS: Final = (
    (("bill_number",), "no bill numbers: bills of two exports cannot be matched, nothing is de-duplicated"),
    (("arrival_date", "estimated_arrival_date"), "no arrival dates: nothing can be loaded"),
    (("shipper_original", "shipper_name"), "shippers only as the vendor normalised them, not as the bill has them"),
    (
        ("consignee_original", "consignee_name"),
        "consignees only as the vendor normalised them, not as the bill has them",
    ),
    (("shipper_address", "shipper_original"), "no addresses of shippers: firms of one name cannot be separated"),
    (("carrier",), "no carrier: bill numbers are matched without it"),
    (("master_number",), "no master bill numbers: a master and its houses can count twice"),
    (
        ("container_numbers",),
        "no container numbers: containers counted from the number column, shared ones cannot be split, sizes unknown",
    ),
    (("container_numbers", "container_count"), "no containers: volumes in kilograms only"),
    (("container_types", "container_sizes"), "no container types: TEU unknown"),
    (("weight_kg", "weight_t", "weight_lb", "weight", "weight_original"), "no weights"),
    (("foreign_port", "route"), "no foreign ports: origins unknown"),
    (("vessel",), "no vessels: a container on two bills of one voyage counts twice"),
    (("hs_code",), "no HS codes: products from codes in the goods text, or from the text"),
    (("goods",), "no goods text: products rest on the codes alone"),
)
"""Groups of fields and what it costs when a file has none of a group."""
