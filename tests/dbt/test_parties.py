"""Decisions on parties that change later give the tables of a full refresh."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.warehouse.pending import pending_batches
from tests.dbt.conftest import KEPT, empty
from tests.dbt.resolver import MERGED, SameFirms, decide
from tests.dbt.story import DAYS, story
from tests.dbt.world import build_models, rows, write_release
from tests.marts import Marts, assert_same_marts, mart_rows

PLAIN, ONE_FIRM, APART = SameFirms("t1"), SameFirms("t2", MERGED), SameFirms("t3")
KILLED_AFTER = (
    "int_changed_name_variant",
    "int_party_entity",
    "int_party_name_variant",
    "fct_shipment",
    "dim_consignee",
)


@pytest.fixture(scope="module")
def merged(shared_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of three batches, the last day and the merger come in one night; the third batch takes the firms apart.

    Its folders are the homes before and after the second batch, and with the third one waiting.
    """
    empty(shared_home)
    saved = tmp_path_factory.mktemp("parties")

    def save(name: str) -> None:
        shutil.copytree(shared_home.home, saved / name, ignore=shutil.ignore_patterns(KEPT))

    days = story()
    for day in DAYS[:-1]:
        write_release(shared_home, day, days[day])
    build_models(shared_home, resolver=PLAIN)
    write_release(shared_home, DAYS[-1], days[DAYS[-1]])
    save("before")
    build_models(shared_home, resolver=ONE_FIRM)
    save("merged")
    decide(shared_home, APART)
    save("waiting")
    empty(shared_home)
    yield saved
    shutil.rmtree(saved)


def opened(settings: Settings, saved: Path, name: str) -> Settings:
    shutil.copytree(saved / name, settings.home, dirs_exist_ok=True)
    return settings


def refreshed(settings: Settings, resolver: SameFirms, as_of_batch: int | None = None) -> Marts:
    build_models(settings, full_refresh=True, resolver=resolver, as_of_batch=as_of_batch)
    return mart_rows(settings, stamps=True)


def test_firms_that_turn_out_to_be_one_equal_a_full_refresh(settings: Settings, merged: Path) -> None:
    opened(settings, merged, "merged")
    found = rows(settings, "select * from dim_supplier where supplier_name = 'MERIDIAN POTTERY CO LTD'")
    assert [(row["spellings"], row["role"], row["confidence"]) for row in found] == [(3, "manufacturer", 1.0)]
    assert found[0]["group_id"] == found[0]["supplier_id"]
    assert rows(settings, "select 1 from dim_supplier where supplier_name like 'SALT RIVER%'") == []
    nights = mart_rows(settings, stamps=True)
    assert_same_marts(nights, refreshed(settings, ONE_FIRM))


def test_firms_split_again_equal_those_never_merged(settings: Settings, merged: Path, reference: Settings) -> None:
    opened(settings, merged, "waiting")
    assert pending_batches(settings) == [3]
    build_models(settings, resolver=APART)
    assert pending_batches(settings) == []
    nights = mart_rows(settings, stamps=True)
    assert_same_marts(mart_rows(settings), mart_rows(reference))
    assert_same_marts(nights, refreshed(settings, APART))


def test_tables_as_of_a_batch_are_those_of_its_night_and_the_next_night_moves_on(
    settings: Settings, merged: Path, reference: Settings
) -> None:
    opened(settings, merged, "merged")
    of_its_night = mart_rows(settings, stamps=True)
    empty(settings)
    opened(settings, merged, "waiting")
    assert_same_marts(refreshed(settings, APART, as_of_batch=2), of_its_night)
    assert pending_batches(settings) == [3]
    build_models(settings, resolver=APART)
    assert_same_marts(mart_rows(settings), mart_rows(reference))


def test_as_of_a_batch_later_decisions_show_as_first_decided(
    settings: Settings, merged: Path, reference: Settings
) -> None:
    opened(settings, merged, "waiting")
    build_models(settings, full_refresh=True, resolver=APART, as_of_batch=1)
    assert pending_batches(settings) == [2, 3]
    assert rows(settings, "select distinct er_version from dim_party_spelling where er_version <> 't2-000002'") == [
        {"er_version": "t1-000001"}
    ]
    assert rows(settings, "select 1 from int_party_name_variant where method is null") == []
    assert rows(settings, "select 1 from dim_supplier where supplier_name like 'SALT RIVER%'")
    build_models(settings, resolver=APART)
    assert_same_marts(mart_rows(settings), mart_rows(reference))


def test_a_night_killed_between_decisions_and_tables(settings: Settings, merged: Path, reference: Settings) -> None:
    opened(settings, merged, "before")
    decide(settings, ONE_FIRM)
    decide(settings, APART)
    assert pending_batches(settings) == [2, 3]
    build_models(settings, resolver=APART)
    assert pending_batches(settings) == []
    assert_same_marts(mart_rows(settings), mart_rows(reference))


@pytest.mark.full
@pytest.mark.parametrize("last_table", KILLED_AFTER)
@pytest.mark.parametrize("home", ["before", "waiting"])
def test_a_build_of_decisions_killed_after(
    settings: Settings, merged: Path, reference: Settings, last_table: str, home: str
) -> None:
    opened(settings, merged, home)
    broken_off = ONE_FIRM if home == "before" else APART
    build_models(settings, select=[f"+{last_table}"], resolver=broken_off)
    build_models(settings, resolver=APART)
    assert_same_marts(mart_rows(settings), mart_rows(reference))


def test_night_without_decisions_rebuilds_no_shipment(settings: Settings, merged: Path) -> None:
    opened(settings, merged, "merged")
    build_models(settings, resolver=ONE_FIRM)
    assert rows(settings, "select 1 from int_changed_shipment union all select 1 from int_changed_entity") == []


def test_no_party_without_a_name_is_an_entity(reference: Settings) -> None:
    nameless = "not regexp_matches(raw_name, '[\\pL\\pN]') or role = 'none' or clean_name = ''"
    assert rows(reference, "select 1 from int_party_name_variant where role = 'none'")
    assert rows(reference, f"select 1 from int_party_name_variant where entity_id is not null and ({nameless})") == []
    withheld = "consignee_visibility = 'redacted' and consignee_id is not null"
    shown = (
        f"select 1 from fct_shipment where {withheld} or (supplier_visibility = 'redacted' and supplier_id is not null)"
    )
    assert rows(reference, "select 1 from fct_shipment where consignee_visibility = 'redacted'")
    assert rows(reference, shown) == []
