"""The nightly tables show the product choices of the newest published week."""

from __future__ import annotations

import shutil

import pyarrow.parquet as pq

from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse
from pipeline.warehouse.dbt_arguments import UNIT_TESTS, build_arguments, dbt_paths
from pipeline.warehouse.dbt_runner import run_dbt
from tests.dbt.world import rows

PRODUCTS = "select identifier, hs_code, hs4, hs_source, product_probability from {} order by all"


def test_published_choices_reach_the_bills_of_earlier_nights(reference: Settings, settings: Settings) -> None:
    shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)
    before = {table: rows(settings, PRODUCTS.format(table)) for table in ("fct_shipment", "fct_shipment_product")}
    (settings.home / "weekly").mkdir(exist_ok=True)
    with warehouse(settings) as connection:
        choices = connection.execute(
            "select distinct bills.text_key, coalesce(bills.supplier_id, '') as supplier_id, "
            "products.hs_source as recorded_source, coalesce(products.hs4, '') as recorded_hs4, '2523' as hs4, "
            "0.9 as probability from fct_shipment as bills inner join fct_shipment_product as products "
            "using (identifier)"
        ).to_arrow_table()
    pq.write_table(choices, settings.home / "weekly" / "published_choices.parquet")
    hook = build_arguments(dbt_paths(settings), select=("meta_publish",), exclude=(UNIT_TESTS,))
    run_dbt(settings, hook)
    for table, recorded in before.items():
        shown = rows(settings, PRODUCTS.format(table))
        assert {(row["hs4"], row["hs_source"], float(row["product_probability"])) for row in shown} == {
            ("2523", "text_model", 0.9)
        }, table
        codes = [(row["identifier"], row["hs_code"]) for row in shown]
        assert codes == [(row["identifier"], row["hs_code"]) for row in recorded], table
