"""Overrides apply from their run on, in all later runs, and end when the line is removed."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from pipeline.entities import registry
from pipeline.entities.matching.resolve import MODEL, Matching
from pipeline.entities.name_variants import VARIANT_SCHEMA
from pipeline.entities.night import Resolution
from pipeline.entities.overrides.load import load_overrides
from pipeline.entities.overrides.rows import OverridesError
from pipeline.entities.processed_releases import ProcessedReleases, append_processed
from pipeline.settings import Settings, load_settings
from pipeline.state.party_batches import batch_numbers
from tests.entities.registered import read_entities
from tests.entities.test_matching import FIRST, WORLD, entity_of, spellings

NO_NEW_VARIANTS = VARIANT_SCHEMA.empty_table()
MAKER, SHOP = ("ZAMBOQUERI PLASTICS CO LTD", "1 PORT ROAD, SHENZHEN CHINA"), ("PERDOVANTI TYRES LTD", "CHENNAI INDIA")
SAME, SAME_DOTTED = (
    ("DELVOMARTI GLASS LTD", "4 HILL STREET TURIN ITALY"),
    ("DELVOMARTI GLASS, LTD.", "4 HILL STREET TURIN ITALY"),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path / "home")


def with_overrides(settings: Settings, *lines: dict[str, str]) -> Settings:
    """Settings under which these lines are in force."""
    if not lines:
        return settings.model_copy(update={"overrides": None})
    path = settings.home / "people.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = ("action", "party_kind", "spelling", "address", "other_spelling", "other_address", "value", "who", "why")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows({"party_kind": "supplier", "who": "Jane", "why": "their letter", **line} for line in lines)
    return settings.model_copy(update={"overrides": path})


def pair(action: str, one: tuple[str, str], other: tuple[str, str]) -> dict[str, str]:
    return {
        "action": action,
        "spelling": one[0],
        "address": one[1],
        "other_spelling": other[0],
        "other_address": other[1],
    }


def about(action: str, one: tuple[str, str], value: str) -> dict[str, str]:
    return {"action": action, "spelling": one[0], "address": one[1], "value": value}


def night(settings: Settings, new: pa.Table = NO_NEW_VARIANTS, model: str = MODEL) -> Resolution:
    """Decide the new variants, write the batch and journal the processed releases."""
    resolver = Matching(model)
    resolved = resolver(settings, new)
    registry.write_batch(
        settings, resolved.decisions, resolved.entities, model=model, release_days={}, others=resolved.others
    )
    append_processed(settings, ProcessedReleases({}, model, "", len(batch_numbers(settings)), resolved.overridden))
    return resolved


def key(spelling: tuple[str, str]) -> str:
    return " | ".join(spelling)


def rows(settings: Settings) -> dict[str, dict[str, object]]:
    """The decision on each name variant."""
    listed = registry.read_decisions(settings).to_pylist()
    return {f"{row['raw_name']} | {row['raw_address']}": row for row in listed}


def live(settings: Settings) -> dict[str, dict[str, object]]:
    """The entities that stand, without what the registry stamps."""
    listed = read_entities(settings).drop_columns(["er_version", "reason", "split_from"]).to_pylist()
    return {row["entity_id"]: row for row in listed if row["status"] == "live"}


def partition(entities: dict[str, str | None]) -> set[frozenset[str]]:
    firms: dict[str, set[str]] = {}
    for spelling, entity in entities.items():
        firms.setdefault(entity or spelling, set()).add(spelling)
    return set(map(frozenset, firms.values()))


def test_merge_override_lasts_until_it_is_removed(settings: Settings) -> None:
    night(settings, spellings(MAKER))
    night(settings, spellings(SHOP, SAME, day=FIRST + timedelta(days=1)))
    before, firms = entity_of(settings), live(settings)
    joined = with_overrides(settings, pair("merge", SHOP, MAKER))
    night(joined)
    after = rows(settings)
    assert after[key(SHOP)]["entity_id"] == after[key(MAKER)]["entity_id"] == before[key(MAKER)]
    assert after[key(SAME)]["entity_id"] == before[key(SAME)]
    assert (after[key(SHOP)]["method"], after[key(SHOP)]["score"]) == ("override", None)
    assert "says Jane: their letter" in str(after[key(SHOP)]["reasons"])
    gone = [row for row in read_entities(settings).to_pylist() if row["status"] == "merged"]
    assert [(row["entity_id"], row["merged_into"]) for row in gone] == [(before[key(SHOP)], before[key(MAKER)])]

    assert night(joined).decisions.num_rows == 0
    night(with_overrides(settings))
    assert entity_of(settings) == before
    assert live(settings) == firms
    assert "Jane" not in str(rows(settings)[key(SHOP)]["reasons"])


def test_variants_of_the_same_words_can_be_split(settings: Settings) -> None:
    night(settings, spellings(SAME, SAME_DOTTED))
    before = entity_of(settings)
    assert len({*before.values()}) == 1
    night(with_overrides(settings, pair("split", SAME, SAME_DOTTED)))
    apart = entity_of(settings)
    assert len({*apart.values()}) == 2
    assert set(before.values()) < set(apart.values())
    origin = {row["entity_id"]: row["split_from"] for row in read_entities(settings).to_pylist()}
    assert sorted(map(str, origin.values())) == sorted(["None", *{*map(str, before.values())}])
    night(with_overrides(settings))
    assert entity_of(settings) == before


def test_no_later_variant_joins_what_people_have_split(settings: Settings) -> None:
    first, other = WORLD[6], WORLD[7]
    apart = with_overrides(settings, pair("split", first, other))
    night(apart, spellings(first, other))
    night(apart, spellings(("PERDOVANTI TYRES LTD.", "PLOT 9, INDUSTRIAL ESTATE, CHENNAI"), day=date(2026, 3, 9)))
    found = entity_of(settings)
    assert found[key(first)] != found[key(other)]
    assert len({*found.values()}) == 2


def test_a_merge_brings_whole_firms_and_dilutes_neither(settings: Settings) -> None:
    night(settings, spellings(*WORLD))
    before = partition(entity_of(settings))
    one, other = next(firm for firm in before if key(WORLD[0]) in firm), frozenset({key(WORLD[8])})
    night(with_overrides(settings, pair("merge", WORLD[0], WORLD[8])))
    assert partition(entity_of(settings)) == before - {one, other} | {one | other}


def test_names_roles_and_groups_follow_the_overrides(settings: Settings) -> None:
    night(settings, spellings(MAKER, SHOP, SAME))
    before, firms = entity_of(settings), live(settings)
    overridden = with_overrides(
        settings,
        about("rename", MAKER, "Zamboqueri of Shenzhen"),
        about("role", SHOP, "forwarder"),
        pair("group", SAME, MAKER),
    )
    night(overridden)
    named = live(settings)
    assert entity_of(settings) == before
    assert named[str(before[key(MAKER)])]["entity_name"] == "Zamboqueri of Shenzhen"
    assert named[str(before[key(SHOP)])]["role"] == rows(settings)[key(SHOP)]["role"] == "forwarder"
    assert named[str(before[key(SAME)])]["group_id"] == named[str(before[key(MAKER)])]["group_id"] == before[key(MAKER)]
    assert named[str(before[key(SHOP)])]["group_id"] == firms[str(before[key(SHOP)])]["group_id"]
    night(with_overrides(settings))
    assert live(settings) == firms
    assert rows(settings)[key(SHOP)]["role"] == "party"


def test_role_override_prevails_over_a_forwarders_name(settings: Settings) -> None:
    mover = ("BRIGHTWATER FREIGHT FORWARDING INC", "1 QUAY, HAMBURG GERMANY")
    night(settings, spellings(mover))
    assert rows(settings)[key(mover)]["role"] == "forwarder"
    night(with_overrides(settings, about("role", mover, "manufacturer")))
    assert rows(settings)[key(mover)]["role"] == "party"
    assert [row["role"] for row in live(settings).values()] == ["manufacturer"]


def test_override_of_a_variant_without_a_name_changes_nothing(settings: Settings) -> None:
    withheld = ("TO ORDER", ""), ("SAME AS CONSIGNEE", "")
    overridden = with_overrides(
        settings,
        pair("merge", withheld[0], MAKER) | {"address": "(none)"},
        about("rename", withheld[1], "ACME") | {"address": "(none)"},
    )
    resolved = night(overridden, spellings(MAKER, *withheld))
    found = rows(settings)
    assert [found[key(item)]["entity_id"] for item in withheld] == [None, None]
    assert len(live(settings)) == 1
    assert sum("it names no party" in warning for warning in resolved.warnings) == 2


def test_override_waits_for_its_variant(settings: Settings) -> None:
    overridden = with_overrides(settings, pair("merge", MAKER, SHOP))
    assert "waits" in night(overridden, spellings(MAKER)).warnings[0]
    night(overridden, spellings(SHOP, day=FIRST + timedelta(days=1)))
    assert len({*entity_of(settings).values()}) == 1


def test_contradicting_overrides_decide_nothing(settings: Settings) -> None:
    night(settings, spellings(MAKER, SHOP))
    with pytest.raises(OverridesError, match=r"line 3 splits what line 2"):
        night(with_overrides(settings, pair("merge", MAKER, SHOP), pair("split", SHOP, MAKER)))
    assert len(batch_numbers(settings)) == 1


def test_another_model_decides_everything_again_under_the_same_ids(settings: Settings) -> None:
    night(settings, spellings(*WORLD))
    night(with_overrides(settings, pair("merge", WORLD[0], WORLD[8])))
    before = entity_of(settings)
    resolved = night(with_overrides(settings), model="m0")
    assert resolved.counts["decided"] > 0
    assert entity_of(settings) != before
    assert {*before.values()} <= {*entity_of(settings).values()}


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(2, 6))])
def test_overrides_give_the_same_in_any_split_of_nights_and_leave_no_trace(tmp_path: Path, seed: int) -> None:
    draw = Random(seed)
    nights = [spellings(row, day=FIRST + timedelta(days=number)) for number, row in enumerate(WORLD)]
    plain, single, whole = (load_settings(home=tmp_path / name / "home") for name in ("plain", "single", "whole"))
    night(plain, pa.concat_tables(nights))
    named = WORLD[:10]
    lines = drawn_lines(draw, named)
    for part in nights:
        night(with_overrides(single, *lines), part)
    night(with_overrides(whole, *lines), pa.concat_tables(nights))
    assert entity_of(single) == entity_of(whole)
    overrides = load_overrides(with_overrides(whole, *lines), registry.read_decisions(whole))
    entity = {row["spelling_id"]: row["entity_id"] for row in registry.read_decisions(whole).to_pylist()}
    assert overrides.must or overrides.cannot
    assert all(entity[a] == entity[b] for a, b in overrides.must)
    assert all(entity[a] != entity[b] for a, b in overrides.cannot)
    night(with_overrides(single))
    assert entity_of(single) == entity_of(plain)
    assert live(single) == live(plain)


def drawn_lines(draw: Random, named: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """A few merges, and splits that do not contradict them."""
    firms = list(named)
    draw.shuffle(firms)
    merges = [pair("merge", *firms[:2]), pair("merge", *firms[2:4])]
    return [*merges, pair("split", firms[0], firms[4]), pair("split", firms[5], firms[6]), pair("split", *firms[1:3])]
