"""A decision of people in the tables: in every fact the same night, and gone without a trace when it is taken away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.entities.matching.resolve import Matching
from pipeline.entities.registry import read_batches
from pipeline.settings import Settings
from tests.dbt.conftest import KEPT, empty
from tests.dbt.story import DAYS, story
from tests.dbt.world import build_models, rows, write_release
from tests.marts import Marts, assert_same_marts, mart_rows

COLUMNS = "action,party_kind,spelling,other_spelling,value,who,why"
ONE_FIRM = f"{COLUMNS}\nmerge,supplier,SALT RIVER TILE SA,MERIDIAN POTTERY CO LTD,,Jane,their invoice names both\n"
ROLES = (
    f"{COLUMNS}\nrole,consignee,HOLLOW OAK HOME INC,,forwarder,Jane,moves cargo for others\n"
    "rename,supplier,CORAL BAY WORKS,,Coral Bay,Jane,its web page\n"
)
SUPPLIER_TABLES = ("fct_shipment", "fct_supplier_weekly", "fct_pair_weekly", "dim_supplier")


def with_people(settings: Settings, tmp_path: Path, lines: str) -> Settings:
    sheet = tmp_path / "people.csv"
    sheet.write_text(lines, encoding="utf-8")
    return settings.model_copy(update={"overrides": sheet})


def supplier(settings: Settings, raw_name: str) -> str:
    """The supplier of a name variant."""
    (row,) = rows(
        settings,
        f"select entity_id from dim_party_spelling where party_kind = 'supplier' and raw_name = '{raw_name}'",
    )
    return str(row["entity_id"])


@pytest.fixture(scope="module")
def of_evidence(shared_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the story as evidence alone has it; only to be copied."""
    empty(shared_home)
    for day in DAYS:
        write_release(shared_home, day, story()[day])
    build_models(shared_home, resolver=Matching())
    saved = tmp_path_factory.mktemp("evidence") / "home"
    shutil.copytree(shared_home.home, saved, ignore=shutil.ignore_patterns(KEPT))
    return saved


@pytest.fixture
def before(settings: Settings, of_evidence: Path) -> Marts:
    """The marts of the story as evidence alone has them."""
    shutil.copytree(of_evidence, settings.home, dirs_exist_ok=True)
    return mart_rows(settings)


def test_merged_firms_are_one_in_every_fact_until_the_override_is_removed(
    settings: Settings, before: Marts, tmp_path: Path
) -> None:
    firms = {supplier(settings, "SALT RIVER TILE SA"), supplier(settings, "MERIDIAN POTTERY CO LTD")}
    assert len(firms) == 2
    people = with_people(settings, tmp_path, ONE_FIRM)
    build_models(people, resolver=Matching())
    merged = supplier(people, "SALT RIVER TILE SA")
    (gone,) = firms - {merged}
    for table in SUPPLIER_TABLES:
        assert rows(people, f"select 1 from {table} where supplier_id = '{merged}'"), table
        assert not rows(people, f"select 1 from {table} where supplier_id = '{gone}'"), table
    overridden = rows(people, "select reasons from dim_party_spelling where method = 'override'")
    assert overridden
    assert all("says Jane: their invoice names both" in row["reasons"] for row in overridden)
    nights = mart_rows(people, stamps=True)
    build_models(people, full_refresh=True, resolver=Matching())
    assert_same_marts(mart_rows(people, stamps=True), nights)

    build_models(settings, resolver=Matching())
    assert_same_marts(mart_rows(settings), before)
    assert len(read_batches(settings)) == 3


def test_an_overridden_role_is_on_the_bills_until_the_override_is_removed(
    settings: Settings, before: Marts, tmp_path: Path
) -> None:
    oak = "inner join dim_consignee using (consignee_id) where consignee_name = 'HOLLOW OAK HOME INC'"
    shown = f"select distinct consignee_visibility as v from fct_shipment {oak} order by 1"
    assert {"v": "forwarder"} not in rows(settings, shown)
    people = with_people(settings, tmp_path, ROLES)
    build_models(people, resolver=Matching())
    assert rows(people, shown) == [{"v": "forwarder"}]
    assert rows(people, f"select 1 from fct_pair_weekly {oak}") == []
    assert rows(people, "select 1 from dim_supplier where supplier_name = 'Coral Bay'")
    build_models(settings, resolver=Matching())
    assert_same_marts(mart_rows(settings), before)
