"""The index of name variants: their parsed names, their blocking keys and the scored pairs.

Tables in a DuckDB file below `LEVERAGE_HOME`, or in memory: a projection of the registry, built again when it is
missing, damaged or of another model. Name variants that parse to the same share a *signature*, which is the least id of
them; pairs are of signatures.
"""

from __future__ import annotations

from typing import Final

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]

from pipeline.entities.matching import blocking
from pipeline.entities.matching.workers import TEXTS, parse_all, score_all
from pipeline.warehouse.connection import append, create_temp_table

COLUMNS: Final = (*TEXTS, "first_run_date")
_TABLES: Final = """
create table spelling (
    spelling_id bigint, party_kind varchar, raw_name varchar, raw_address varchar, city varchar, zip varchar,
    country_code varchar, state varchar, first_run_date date, clean_name varchar, is_order boolean, role varchar,
    reading varchar,
    other_party varchar, place_country varchar, country_source varchar, place_state varchar, place_city varchar,
    city_source varchar, group_key varchar, signature bigint
);
create table keyed (key bigint, signature bigint);
create table said (digest bigint, signature bigint);
create table pair (a bigint, b bigint, score float);
"""


class Index:
    """The tables of one connection."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Create the tables where they are missing or of an older form."""
        self.connection = connection
        if not connection.execute(
            "select 1 from duckdb_columns() where table_name = 'spelling' and column_name = 'group_key'"
        ).fetchone():
            for table in ("spelling", "keyed", "said", "pair"):
                connection.execute(f"drop table if exists {table}")
            connection.execute(_TABLES)

    def add(self, variants: pa.Table) -> int:
        """Parse the name variants that are not known yet and score their pairs; return the number of pairs compared.

        Args:
            variants: columns `COLUMNS`; one row a name variant.
        """
        self.parse(variants)
        return self._score()

    def parse(self, variants: pa.Table) -> None:
        """Parse the name variants that are not known yet; leaves their signatures in `new_signature`."""
        connection = self.connection
        create_temp_table(connection, "given", variants)
        connection.execute(
            f"create or replace temp table fresh as select {', '.join(COLUMNS)} from given "
            "anti join spelling using (spelling_id) order by spelling_id"
        )
        connection.execute(
            "create or replace temp table fresh_reading "
            "(spelling_id bigint, clean_name varchar, is_order boolean, role varchar, digest bigint, reading varchar, "
            "other_party varchar, place_country varchar, country_source varchar, place_state varchar, "
            "place_city varchar, city_source varchar, group_key varchar);"
            "create or replace temp table fresh_key (key bigint, spelling_id bigint)"
        )
        for parsed, keys in parse_all(self._arrow("select * from fresh")):
            append(connection, "fresh_reading", parsed)
            append(connection, "fresh_key", keys)
        connection.execute("""
            create or replace temp table new_said as
            select digest, min(spelling_id) as signature
            from fresh_reading
            anti join said using (digest)
            where role = 'party' or (role <> 'none' and not is_order)
            group by digest;
            insert into said select digest, signature from new_said order by signature;
            create or replace temp table new_signature as select signature from new_said;
            insert into keyed
            select fresh_key.key, fresh_key.spelling_id
            from fresh_key
            semi join new_signature on fresh_key.spelling_id = new_signature.signature
            order by fresh_key.key, fresh_key.spelling_id;
            insert into spelling
            select
                fresh.*, fresh_reading.clean_name, fresh_reading.is_order, fresh_reading.role, fresh_reading.reading,
                fresh_reading.other_party, fresh_reading.place_country, fresh_reading.country_source,
                fresh_reading.place_state, fresh_reading.place_city, fresh_reading.city_source, fresh_reading.group_key,
                said.signature
            from fresh
            inner join fresh_reading using (spelling_id)
            left join said
                on
                    fresh_reading.digest = said.digest
                    and (fresh_reading.role = 'party' or (fresh_reading.role <> 'none' and not fresh_reading.is_order))
            order by fresh.spelling_id;
            drop table fresh_key;
            drop table fresh_reading
        """)

    def _score(self) -> int:
        connection = self.connection
        everything = row_count(connection, "new_signature") == row_count(connection, "said")
        made = blocking.pairs_sql("keyed", None if everything else "new_signature")
        connection.execute(f"create or replace temp table compared as {made}")
        pairs = self._arrow("select a, b from compared order by key, a, b")
        readings = self._arrow(
            "select spelling_id, reading from spelling "
            "where spelling_id in (select a from compared union all select b from compared) order by spelling_id"
        )
        for scored in score_all(pairs, readings):
            append(connection, "pair", scored)
        connection.execute("drop table compared")
        return len(pairs)

    def _arrow(self, sql: str) -> pa.Table:
        return self.connection.execute(sql).to_arrow_table()


def row_count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return the number of rows of a table."""
    return int((connection.execute(f"select count(*) from {table}").fetchone() or (0,))[0])
