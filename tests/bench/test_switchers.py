"""The back-test counts exactly the switches, and its rates agree with a calculation by hand."""

from __future__ import annotations

from datetime import date, timedelta

from bench.switchers import ahead, find_switches, hits
from pipeline.warehouse.connection import scratch
from pipeline.warehouse.cutoff import AsOf

WEEK = date(2026, 5, 4)
BILLS = (
    # consignee, supplier, heading, weeks after the as-of week, visibility of the supplier
    ("BUYER", "OLD", "7325", -5, "named"),
    ("BUYER", "OLD", "7325", 5, "named"),
    ("BUYER", "NEW", "7325", 26, "named"),
    ("BUYER", "TOO LATE", "7325", 27, "named"),
    ("BUYER", "MOVER", "7325", 3, "forwarder"),
    ("BUYER", "NEW", "9403", 4, "named"),
    ("OTHER", "NEW", "7325", -60, "named"),
    ("BUYER", "LAST YEAR", "7325", -60, "named"),
    ("BUYER", "LAST YEAR", "7325", 6, "named"),
)


def test_a_switch_is_a_new_supplier_of_a_product_that_the_buyer_had_another_one_for() -> None:
    connection = scratch()
    connection.execute("create table bills (consignee_id text, supplier_id text, hs4 text, week int, visibility text)")
    connection.executemany("insert into bills values (?, ?, ?, ?, ?)", BILLS)
    connection.execute(f"""
        create table fct_shipment as
        select rowid as identifier, consignee_id, supplier_id, visibility as supplier_visibility,
            false as is_in_transit,
            date '{WEEK}' + 7 * week as week_start_date, 1000::decimal(18, 3) as weight_kg
        from bills;
        create table fct_shipment_product as select rowid as identifier, hs4, 1::decimal(9, 6) as fraction from bills;
        create table dim_consignee as select distinct consignee_id, 'unknown' as role from bills;
        create table week_need as select 'BUYER' as consignee_id, '7325' as hs4;
    """)
    find_switches(connection, AsOf.of(WEEK, WEEK + timedelta(days=20)), 26)
    assert connection.execute("select consignee_id, hs4, supplier_id from switches").fetchall() == [
        ("BUYER", "7325", "NEW")
    ]
    # who sold nothing in the year before could not have been named by volume
    assert connection.execute("select hs4, supplier_id from sellers").fetchall() == [("7325", "OLD")]


def test_rates_are_counted_over_all_switches() -> None:
    assert hits([(1,), (3,), (4,), (None,)], 0, 3) == 0.5
    # of one need liker than one of two others, of the other alike
    pairs = [(0.9, True, 1), (0.5, False, 1), (1.0, False, 1), (0.4, True, 2), (0.4, False, 2)]
    assert ahead(pairs) == 0.5
