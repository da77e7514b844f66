"""A small warehouse with two frozen weeks and names that attack the page, for the tests of the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb
import pytest

from pipeline.settings import Settings, load_settings
from pipeline.snapshots.calendar import parse_week
from tests.reporting.made_week import freeze

WEEK: Final = parse_week("2026-W45")
BEFORE: Final = WEEK.before(1)
QUARTER_AGO: Final = WEEK.before(13)
HOSTILE: Final = "</script><script>alert(1)</script>\"'<img src=x onerror=alert(2)> & SON\N{RIGHT-TO-LEFT OVERRIDE}"
HOSTILE_BUYER: Final = "<b onmouseover=alert(3)>BUYER</b> ]]> --> {{ 7 * 7 }} \N{CJK UNIFIED IDEOGRAPH-4E2D} LTD"
BILLS: Final = """
-- supplier, customer (null: unnamed), TEU a week, one bill in so many weeks, first and last week before the as-of week
select * from (values
    ('sup_a', 'con_us', 1.0, 1, 120, 0), ('sup_a', 'con_big', 6.0, 1, 120, 0), ('sup_a', null, 2.0, 1, 12, 0),
    ('sup_a', 'con_gone', 2.0, 1, 120, 13), ('sup_a', 'con_c', 1.0, 2, 120, 0), ('sup_a', 'con_d', 0.5, 2, 120, 0),
    ('sup_a', 'con_e', 0.5, 2, 120, 0), ('sup_b', 'con_us', 1.5, 2, 120, 0), ('sup_b', 'con_big', 2.0, 2, 120, 0),
    ('sup_c', 'con_us', 1.0, 9, 30, 0), ('sup_c', 'con_new', 1.0, 1, 0, 0), ('sup_d', 'con_big', 3.0, 1, 52, 52)
) as bill(supplier, customer, teu, every_weeks, first_ago, last_ago)
"""
WEEKS_OF_BILLS: Final = """
create table int_pair_week as
select
    supplier as supplier_key, coalesce(customer, 'redacted') as consignee_key,
    (date '2026-11-02' - to_days(7 * ago::integer))::date as week_start_date, 0 as week_number,
    true as supplier_is_named, customer is not null as consignee_is_named, 1::bigint as bills,
    teu::decimal(18, 6) as containers, teu::decimal(18, 6) as teu, (teu * 9000)::decimal(18, 3) as weight_kg,
    (teu * 9000)::decimal(18, 3) as sized_weight_kg
from bill, generate_series(last_ago, first_ago, every_weeks) as weeks(ago)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path, source_url="file:///nowhere")


@pytest.fixture
def made_home(settings: Settings) -> Settings:
    """A home whose last week and two older ones are frozen."""
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(f"create temp table bill as {BILLS}")
        connection.execute(WEEKS_OF_BILLS)
        named = [("sup_a", HOSTILE), ("sup_b", "SECOND SOURCE CO"), ("sup_c", "THIN CO"), ("sup_d", "GONE CO")]
        connection.execute(
            "create table dim_supplier (supplier_id varchar, supplier_name varchar, city varchar, country_code varchar)"
        )
        connection.executemany("insert into dim_supplier values (?, ?, 'HAI PHONG', 'VN')", named)
        connection.execute(
            "create table dim_consignee "
            "(consignee_id varchar, consignee_name varchar, city varchar, state varchar, country_code varchar)"
        )
        connection.execute("create table meta_release (release_date date, table_name varchar, outcome varchar)")
        buyers = [("con_us", HOSTILE_BUYER), ("con_big", "BIG CO"), ("con_gone", "GONE LLC"), ("con_new", "NEW LLC")]
        connection.executemany("insert into dim_consignee values (?, ?, 'AUSTIN', 'TX', 'US')", buyers)
        for week in (QUARTER_AGO, BEFORE, WEEK):
            freeze(connection, settings.home, week)
    return settings


@pytest.fixture
def changed(made_home: Settings) -> Callable[[str, str], None]:
    """Change rows of a frozen table of the last week by a select over `frozen`."""

    def change(table: str, select: str) -> None:
        path = made_home.snapshots_dir / WEEK.text / "r1" / f"{table}.parquet"
        with duckdb.connect() as connection:
            connection.execute(f"create table frozen as select * from '{path}'")
            connection.execute(f"copy ({select}) to '{path}' (format parquet)")

    return change
