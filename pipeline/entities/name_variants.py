"""New name variants: the names and addresses of accepted releases that the registry does not know yet."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import date
from typing import Final

import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.processed_releases import processed_versions, read_processed
from pipeline.entities.registry import DECISIONS, table_sql
from pipeline.ingest.paths import raw_folder
from pipeline.settings import Settings
from pipeline.state.party_batches import batch_numbers
from pipeline.state.release_outcomes import accepted_versions
from pipeline.warehouse.connection import engine

VARIANT_SCHEMA: Final = pa.schema(
    [
        ("spelling_id", pa.int64()),
        ("party_kind", pa.string()),
        ("raw_name", pa.string()),
        ("raw_address", pa.string()),
        ("city", pa.string()),
        ("state", pa.string()),
        ("zip", pa.string()),
        ("country_code", pa.string()),
        ("first_run_date", pa.date32()),
    ]
)

PARTY_TABLES: Final = {
    "shipper": ("supplier", "shipper_party"),
    "consignee": ("consignee", "consignee"),
    "notifyparty": ("consignee", "notify_party"),
}
"""Kind and column prefix of each raw table of parties; a notify party may replace a consignee."""
PLACES: Final = {"city": "city", "state": "state_province", "zip": "zip_code", "country_code": "country_code"}


def unprocessed_days(settings: Settings) -> dict[date, str]:
    """Return the accepted release days whose raw version was not processed, with this version."""
    seen = processed_versions(read_processed(settings))
    return {day: version for day, version in sorted(accepted_versions(settings).items()) if seen.get(day) != version}


def new_variants(settings: Settings, days: Iterable[date]) -> pa.Table:
    """Return the name variants of `days` that no batch has decided, in the columns of `VARIANT_SCHEMA`, by id.

    Places are those of the variant's first run date only, so that they do not depend on how days are grouped in runs.
    """
    days = list(days)
    delivered = [part for table in PARTY_TABLES if (part := _delivered(settings, table, days))]
    if not delivered:
        return VARIANT_SCHEMA.empty_table()
    known = ""
    if batch_numbers(settings):
        known = f"anti join (select spelling_id from {table_sql(settings, DECISIONS)}) as known using (spelling_id)"
    places = ", ".join(f"max({name}) as {name}" for name in PLACES)
    query = f"""
        with delivered as ({" union all ".join(delivered)}),
        keyed as (
            select
                *,
                cast(
                    md5_number_lower(concat(party_kind, '|', raw_name, '|', raw_address)) >> 1 as bigint
                ) as spelling_id
            from delivered
        ),
        unknown as (select * from keyed {known}),
        first_runs as (
            select spelling_id, min(run_date) as first_run_date
            from unknown
            group by spelling_id
        )
        select
            unknown.spelling_id,
            min(party_kind) as party_kind,
            min(raw_name) as raw_name,
            min(raw_address) as raw_address,
            {places},
            first_runs.first_run_date
        from unknown
        inner join first_runs
            on unknown.spelling_id = first_runs.spelling_id and unknown.run_date = first_runs.first_run_date
        group by unknown.spelling_id, first_runs.first_run_date
        order by unknown.spelling_id
    """
    with closing(engine(settings)) as connection:
        return connection.execute(query).to_arrow_table().select(VARIANT_SCHEMA.names).cast(VARIANT_SCHEMA)


def _delivered(settings: Settings, table: str, days: list[date]) -> str | None:
    """Return a query for the named parties of one raw table on `days`; None where it has none."""
    kind, prefix = PARTY_TABLES[table]
    files = [str(path) for day in days for path in sorted(raw_folder(settings, day, table).glob("*.parquet"))]
    if not files:
        return None
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    lines = ", ".join(f"{prefix}_address_{n}" for n in range(1, 5))
    places = ", ".join(f"{column} as {name}" for name, column in PLACES.items())
    return f"""
        select
            '{kind}' as party_kind,
            {prefix}_name as raw_name,
            concat_ws(' ', {lines}) as raw_address,
            {places},
            cast(strptime(left(cast(identifier as varchar), 8), '%Y%m%d') as date) as run_date
        from read_parquet([{listed}])
        where {prefix}_name is not null
    """
