"""Bills of exports as releases of the eleven AMS tables, in the layout that the default template names."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import duckdb

from pipeline.ingest.formats.ams import REQUIRED, TABLES
from pipeline.ingest.sources.locations import file_locations
from pipeline.settings import DEFAULT_TEMPLATE

MOST_COUNTED: Final = 999
"""Containers of one bill that a number column may count; more is a number of something else."""
FETCHED: Final = 20_000
BILLS: Final = "(select *, 0 as place from bill)"
NO_BILLS: Final = "(select *, 0 as place from bill where false)"
STRETCHED_NAME: Final = {"shipper": "shipper_party", "consignee": "consignee", "notifyparty": "notify_party"}
SIDE_OF: Final = {"shipper": "shipper", "consignee": "consignee", "notifyparty": "notify"}


def write_releases(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[date, date] | None:
    """Write the releases of the table `bill` below `folder`; return the first and last release day.

    Files whose bytes would not change are left alone. A day that has no bill any more keeps its required tables, empty.
    """
    span = connection.execute("select min(release_date), max(release_date) from bill").fetchone()
    if span is None or span[0] is None:
        return None
    written: set[Path] = set()
    for table in TABLES:
        for day, rows in _by_day(connection, table):
            path = _path(folder, table, day)
            written.add(path)
            _write(path, table, rows)
    days = {day for (day,) in connection.execute("select distinct release_date from bill").fetchall()}
    for old in {path.parent for path in folder.glob("*/*/*.csv.gz")} | {
        _path(folder, "header", day).parent for day in days
    }:
        day = date.fromisoformat(f"{old.name[:4]}-{old.name[4:6]}-{old.name[6:8]}")
        for table in TABLES:
            path = _path(folder, table, day)
            if path in written:
                continue
            if table in REQUIRED:
                _write(path, table, [])
            else:
                path.unlink(missing_ok=True)
    first = min(date.fromisoformat(f"{p.name[:4]}-{p.name[4:6]}-{p.name[6:8]}") for p in folder.glob("*/*"))
    return min(first, span[0]), span[1]


def _path(folder: Path, table: str, day: date) -> Path:
    location = file_locations(DEFAULT_TEMPLATE, day)[table]
    return folder / location.folder / location.names[0]


def _write(path: Path, table: str, rows: list[tuple[object, ...]]) -> None:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(TABLES[table].columns)
    writer.writerows(rows)
    content = gzip.compress(lines.getvalue().encode(), compresslevel=3, mtime=0)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_bytes() != content:
        part = path.with_name(path.name + ".part")
        part.write_bytes(content)
        part.replace(path)


def _by_day(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[tuple[date, list[tuple[object, ...]]]]:
    filled = _COLUMNS[table]()
    columns = ", ".join(f"{filled.get(name, 'null')} as {name}" for name in TABLES[table].columns)
    cursor = connection.cursor()
    # `place` keeps the order of a bill's containers and codes: another order of the same rows would load the day again
    cursor.execute(
        f"select release_date, {columns} from {_FROM.get(table, BILLS)} order by release_date, identifier, place"
    )

    def rows() -> Iterator[tuple[object, ...]]:
        while chunk := cursor.fetchmany(FETCHED):
            yield from chunk

    for day, group in groupby(rows(), key=itemgetter(0)):
        yield day, [row[1:] for row in group]


def _plain(number: str) -> str:
    return f"regexp_replace(cast({number} as varchar), '[.]0+$', '')"


def _header() -> dict[str, str]:
    return {
        "identifier": "identifier",
        "carrier_code": "carrier_scac",
        "vessel_name": "vessel",
        "port_of_unlading": "us_port",
        "estimated_arrival_date": "estimated_arrival_date",
        "foreign_port_of_lading": "foreign_port",
        "manifest_quantity": _plain("quantity"),
        "manifest_unit": "quantity_unit",
        "weight": _plain("weight"),
        "weight_unit": "weight_unit",
        "measurement": _plain("measurement"),
        "measurement_unit": "measurement_unit",
        "record_status_indicator": "'New'",
        "place_of_receipt": "receipt",
        "foreign_port_of_destination": "case when is_transit then 'FREIGHT REMAINING ON BOARD' end",
        "conveyance_id_qualifier": "case when imo is not null then 'IMO Number/Lloyds Number' end",
        "conveyance_id": "imo",
        "in_bond_entry_type": "in_bond",
        "actual_arrival_date": "arrival_date",
    }


def _billgen() -> dict[str, str]:
    is_house = "bill_type = 'House Bill' and master_number is not null and master_number <> bill_key"
    return {
        "identifier": "identifier",
        "master_bol_number": f"case when {is_house} then master_number else bill_key end",
        "house_bol_number": f"case when {is_house} then bill_key end",
        "voyage_number": "voyage",
        "bill_type_code": "bill_type",
        "manifest_number": "manifest",
        "run_date": "release_date",
    }


def _party(table: str) -> dict[str, str]:
    side, prefix = SIDE_OF[table], STRETCHED_NAME[table]
    return {
        "identifier": "identifier",
        f"{prefix}_name": f"{side}.name",
        **{f"{prefix}_address_{number}": f"{side}.lines[{number}]" for number in range(1, 5)},
        "city": f"{side}.city",
        "state_province": f"{side}.state",
        "zip_code": f"{side}.zip",
        "country_code": f"{side}.country_code",
    }


def _cargodesc() -> dict[str, str]:
    return {
        "identifier": "identifier",
        "container_number": "container_number",
        "description_sequence_number": "sequence",
        "description_text": "description_text",
    }


def _container() -> dict[str, str]:
    size = "try_cast(regexp_extract(size, '^([0-9]{3,4})', 1) as integer)"
    in_words = "case when kind not similar to '[0-9A-Z]{4}' then try_cast(regexp_extract(kind, '(20|40|45)', 1) as integer) * 100 end"
    return {
        "identifier": "identifier",
        "container_number": "container_number",
        "container_length": f"coalesce({size}, {in_words})",
        "container_type": "case when kind similar to '[0-9A-Z]{4}' then kind end",
    }


def _marks() -> dict[str, str]:
    return {
        "identifier": "identifier",
        "container_number": "''",
        "marks_and_numbers_1": "array_to_string(marks, chr(10))",
    }


def _tariff() -> dict[str, str]:
    return {
        "identifier": "identifier",
        "container_number": "''",
        "description_sequence_number": "1",
        # the source of a code stands before it unless the filer declared it; staging reads it
        "harmonized_number": "case when starts_with(code, 'declared') then substr(code, 11) else code end",
    }


def _nothing() -> dict[str, str]:
    return {}


_COLUMNS: Final = {
    "header": _header,
    "billgen": _billgen,
    "shipper": lambda: _party("shipper"),
    "consignee": lambda: _party("consignee"),
    "notifyparty": lambda: _party("notifyparty"),
    "cargodesc": _cargodesc,
    "container": _container,
    "marksnumbers": _marks,
    "tariff": _tariff,
    "hazmat": _nothing,
    "hazmatclass": _nothing,
}
_LETTERS: Final = "chr(65 + cast(md5_number_upper(bill_key || '|' || place) % 26 as integer))"
_COUNTED: Final = (
    f"'ZZ' || {_LETTERS} || 'U' || lpad(cast(md5_number_lower(bill_key || '|' || place) % 1000000 as varchar), 6, '0')"
)
"""A number for a container that an export only counts: no owner has the code, and no other bill shares it."""
_FROM: Final = {
    **{table: f"(select *, 0 as place from bill where {side}.name is not null)" for table, side in SIDE_OF.items()},
    "cargodesc": """(
        select release_date, identifier, unnest(lines) as description_text, generate_subscripts(lines, 1) as sequence,
            sequence as place, container_number
        from (
            select release_date, identifier, coalesce(containers[1].number, '') as container_number,
                string_split_regex(trim(array_to_string(goods, chr(10))), '\\s*[\\r\\n]+\\s*') as lines
            from bill where len(goods) > 0
        )
    )""",
    "container": f"""(
        select release_date, identifier, box.number as container_number, box.kind as kind, box.size as size, place
        from (select release_date, identifier, unnest(containers) as box, generate_subscripts(containers, 1) as place from bill)
        union all
        select release_date, identifier, {_COUNTED}, null, null, place
        from (
            select release_date, identifier, bill_key, unnest(range(container_count)) as place
            from bill
            where coalesce(len(containers), 0) = 0 and container_count between 1 and {MOST_COUNTED}
        )
    )""",
    "marksnumbers": "(select *, 0 as place from bill where len(marks) > 0)",
    "tariff": "(select release_date, identifier, unnest(hs_codes) as code, generate_subscripts(hs_codes, 1) as place from bill)",
    "hazmat": NO_BILLS,
    "hazmatclass": NO_BILLS,
}
