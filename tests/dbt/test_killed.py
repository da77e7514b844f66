"""A build that is killed after any of its tables and run again gives the same marts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.settings import Settings
from tests.dbt.conftest import KEPT, empty
from tests.dbt.story import DAYS, cumulative, story, wrong_reading
from tests.dbt.world import build_models, write_release
from tests.marts import assert_same_marts, mart_rows

LAST_TABLES = (
    "int_changed_container",
    "int_record",
    "int_record_notify",
    "int_party_name_variant",
    "int_shipment",
    "int_shipment_container",
    "fct_shipment",
    "fct_shipment_product",
    "int_pair_week",
    "int_pair_rhythm",
    "fct_supplier_weekly",
    "dim_consignee",
    "meta_release",
)


@pytest.fixture(scope="module")
def halfway(shared_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with older releases built, and a correction waiting that withdraws records which other releases have."""
    empty(shared_home)
    files = cumulative(story())
    old, first, second, third, fourth = DAYS
    for day in (old, first, second):
        write_release(shared_home, day, files[day])
    write_release(shared_home, third, wrong_reading(files[first]) + files[third])
    build_models(shared_home)
    write_release(shared_home, third, [bill for bill in files[third] if bill.ran_on >= second])
    write_release(shared_home, fourth, [bill for bill in files[fourth] if bill.ran_on >= third])
    saved = tmp_path_factory.mktemp("halfway")
    shutil.copytree(shared_home.home, saved, dirs_exist_ok=True, ignore=shutil.ignore_patterns(KEPT))
    empty(shared_home)
    return saved


def build_killed_after(settings: Settings, halfway: Path, last_table: str) -> None:
    shutil.copytree(halfway, settings.home, dirs_exist_ok=True)
    build_models(settings, select=[f"+{last_table}"])
    build_models(settings)


def test_a_build_killed_after_its_records(reference: Settings, settings: Settings, halfway: Path) -> None:
    build_killed_after(settings, halfway, "int_record")
    assert_same_marts(mart_rows(settings), mart_rows(reference))


@pytest.mark.full
@pytest.mark.parametrize("last_table", LAST_TABLES)
def test_a_build_killed_after(reference: Settings, settings: Settings, halfway: Path, last_table: str) -> None:
    build_killed_after(settings, halfway, last_table)
    assert_same_marts(mart_rows(settings), mart_rows(reference))


@pytest.mark.full
@pytest.mark.parametrize("last_table", ["int_record", "fct_shipment", "fct_supplier_weekly"])
@pytest.mark.parametrize("full_refresh", [False, True])
def test_a_first_build_or_full_refresh_killed_after(
    reference: Settings, settings: Settings, last_table: str, full_refresh: bool
) -> None:
    if full_refresh:
        shutil.copytree(reference.home, settings.home, dirs_exist_ok=True)
    else:
        for day, bills in story().items():
            write_release(settings, day, bills)
    build_models(settings, select=[f"+{last_table}"], full_refresh=full_refresh)
    build_models(settings)
    assert_same_marts(mart_rows(settings), mart_rows(reference))
