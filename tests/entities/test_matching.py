"""Nights in any split give the entities that one night with everything gives; a merge keeps the older id."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from pipeline.entities import registry
from pipeline.entities.matching.resolve import MODEL, Matching, entities_of
from pipeline.entities.name_variants import VARIANT_SCHEMA
from pipeline.settings import Settings, load_settings
from tests.entities.registered import read_entities

FIRST = date(2026, 3, 2)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


def spellings(*rows: tuple[str, str], day: date = FIRST, kind: str = "supplier") -> pa.Table:
    """A table of name variants that came on one day."""
    listed = [{"party_kind": kind, "raw_name": name, "raw_address": address} for name, address in rows]
    given = pa.Table.from_pylist(listed)
    with duckdb.connect() as connection:
        connection.register("given", given)
        table = connection.execute(
            "select cast(md5_number_lower(concat(party_kind, '|', raw_name, '|', raw_address)) >> 1 as bigint) as "
            "spelling_id, *, '' as city, '' as state, '' as zip, '' as country_code, cast(? as date) as first_run_date "
            "from given order by 1",
            [day],
        ).to_arrow_table()
    return table.select(VARIANT_SCHEMA.names).cast(VARIANT_SCHEMA)


def night(settings: Settings, new: pa.Table) -> None:
    """Decide on a night's name variants and keep what was decided."""
    resolved = Matching()(settings, new)
    registry.write_batch(
        settings,
        resolved.decisions,
        resolved.entities,
        model=MODEL,
        release_days={},
        counts=resolved.counts,
        others=resolved.others,
    )


def entity_of(settings: Settings) -> dict[str, str | None]:
    """The entity of each name, as the registry has it."""
    rows = registry.read_decisions(settings).to_pylist()
    return {f"{row['raw_name']} | {row['raw_address']}": row["entity_id"] for row in rows}


WORLD = [
    ("NINGBO KELORVAX IMP & EXP CO.,LTD", "NO. 12 XUEYUAN ROAD, NINGBO CHINA"),
    ("NINGBO KELORVAX IMPORT AND EXPORT C", "O LTD 12 XUEYUAN RD NINGBO"),
    ("KELORVAX IMP/EXP COMPANY LIMITED", "12 XUEYUAN ROAD, NINGBO 315000 CHINA"),
    ("NINGBO KELROVAX IMP & EXP CO LTD", "NO 12 XUEYUAN ROAD NINGBO CHINA"),
    ("KELORVAX (THAILAND) CO., LTD.", "88 RAMA IX ROAD, BANGKOK THAILAND"),
    ("KELORVAX IMP EXP CO LTD UNIT II", "770 HUANCHENG ROAD, NINGBO CHINA"),
    ("PERDOVANTI TYRES LTD", "PLOT 9 INDUSTRIAL ESTATE, CHENNAI INDIA"),
    ("PERDOVANTI TYRES LIMITED", "PLOT 9 INDUSTRIAL ESTATE CHENNAI"),
    ("GLOBAL TRADING CO LTD", "1 QUEENS ROAD, HONG KONG"),
    ("GLOBAL TRADING CO LTD", "45 NATHAN STREET, KARACHI PAKISTAN"),
    ("TO ORDER", ""),
    ("SAME AS CONSIGNEE", ""),
]


def test_nights_one_by_one_give_what_all_at_once_gives(tmp_path: Path) -> None:
    whole = load_settings(home=tmp_path / "whole")
    single = load_settings(home=tmp_path / "single")
    parts = [spellings(row, day=FIRST + timedelta(days=number)) for number, row in enumerate(WORLD)]
    night(whole, pa.concat_tables(parts))
    for part in parts:
        night(single, part)
    assert entity_of(single) == entity_of(whole)
    assert len({*entity_of(whole).values()} - {None}) == 6


def test_second_run_changes_nothing(settings: Settings) -> None:
    night(settings, spellings(*WORLD))
    again = Matching()(settings, VARIANT_SCHEMA.empty_table())
    assert (again.decisions.num_rows, again.entities.num_rows) == (0, 0)


def test_variant_between_two_entities_joins_them_under_the_older_id(settings: Settings) -> None:
    first = ("ZAMBOQUERI PLASTICS CO LTD", "")
    second = ("ZAMBOQUERI LTD", "300 GUANGMING ROAD, SHENZHEN 518000 CHINA")
    bridge = ("ZAMBOQUERI PLASTICS CO., LIMITED", "300 GUANGMING RD SHENZHEN 518000 CHINA")
    night(settings, spellings(first))
    night(settings, spellings(second, day=FIRST + timedelta(days=1)))
    older = entity_of(settings)
    night(settings, spellings(bridge, day=FIRST + timedelta(days=2)))
    after = entity_of(settings)
    assert len({*after.values()}) < 3
    assert after[" | ".join(first)] == older[" | ".join(first)]
    gone = [row for row in read_entities(settings).to_pylist() if row["status"] == "merged"]
    assert [row["merged_into"] for row in gone] == [after[" | ".join(bridge)]] * len(gone)


def test_late_older_day_changes_no_id(settings: Settings) -> None:
    night(settings, spellings(WORLD[0], day=FIRST + timedelta(days=9)))
    before = entity_of(settings)
    night(settings, spellings(WORLD[1], WORLD[4], day=FIRST))
    after = entity_of(settings)
    assert after[" | ".join(WORLD[1])] == after[" | ".join(WORLD[0])] == before[" | ".join(WORLD[0])]
    assert after[" | ".join(WORLD[4])] not in before.values()
    assert {row["status"] for row in read_entities(settings).to_pylist()} == {"live"}


def test_index_is_built_again_when_it_is_lost_or_damaged(settings: Settings) -> None:
    night(settings, spellings(*WORLD[:3]))
    file = next((settings.home / "parties").glob("index-*.duckdb"))
    file.unlink()
    night(settings, spellings(WORLD[3], day=FIRST + timedelta(days=1)))
    file.write_bytes(b"no database")
    night(settings, spellings(WORLD[4], day=FIRST + timedelta(days=2)))
    assert len({*entity_of(settings).values()}) == 2


def test_suppliers_and_consignees_never_meet() -> None:
    both = pa.concat_tables([spellings(WORLD[0]), spellings(WORLD[0], kind="consignee")])
    assert len({*entities_of(both)["entity_id"].to_pylist()}) == 2


def test_party_without_a_name_has_no_entity() -> None:
    found = entities_of(
        spellings(("N/A", "1 MAIN STREET"), ("SAME AS CONSIGNEE", ""), ("TO ORDER", "HONG KONG"), ("--", ""))
    )
    assert found["entity_id"].to_pylist() == [None] * 4


def test_choice_between_two_parties_of_a_text_is_recorded_with_its_reason(settings: Settings) -> None:
    night(settings, spellings(("VELDRA STONE C/O BAYSIDE TERMINALS", "1 DOCK ROAD"), ("DURAN TOYS LTD", "2 DOCK ROAD")))
    rows = {row["clean_name"]: row for row in registry.read_decisions(settings).to_pylist()}
    assert rows["VELDRA STONE"]["other_party"] == "BAYSIDE TERMINALS"
    assert rows["VELDRA STONE"]["reasons"].endswith("; the other one is a terminal")
    assert rows["DURAN TOYS LTD"]["reasons"] == "the spelling that this firm was first known by"
