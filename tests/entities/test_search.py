"""Entities by any name variant, best first; the index follows the registry and is built again when damaged."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.entities import registry
from pipeline.entities.search.find import Search, open_search
from pipeline.settings import Settings, load_settings
from pipeline.state.party_batches import batches_dir
from tests.entities.decided import decision, decisions, entities, entity, entity_id

NAMES = [
    "NINGBO KELORVAX IMPORT AND EXPORT CO LTD",
    "KELORVAX THAILAND CO LTD",
    "PERDOVANTI TYRES LTD",
    "D LUXE BAGS INC",
    "GLOBAL TRADING CO LTD",
    "SAO PAULO ALIMENTOS LTDA",
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(home=tmp_path)


def batch(settings: Settings, spellings: list[dict[str, Any]], firms: list[dict[str, Any]]) -> None:
    registry.write_batch(settings, decisions(*spellings), entities(*firms), model="m1", release_days={})


@pytest.fixture
def filled(settings: Settings) -> Settings:
    more = [
        decision(50, "DHL ISC O/B OF D_LUXE BAGS", clean_name="D LUXE BAGS", entity_id=entity_id("D LUXE BAGS INC")),
        decision(51, "TO ORDER", is_order=True, role="none", clean_name="", entity_id=None),
        decision(52, "SÃO PAULO ALIM.", clean_name="SAO PAULO ALIM", entity_id=entity_id(NAMES[5])),
        decision(53, "PERDOVANTI STORES", party_kind="consignee"),
    ]
    named = [decision(number, name) for number, name in enumerate(NAMES, 1)]
    batch(
        settings, named + more, [entity(name) for name in NAMES] + [entity("PERDOVANTI STORES", party_kind="consignee")]
    )
    return settings


def first(search: Search, text: str, **asked: Any) -> str:
    return search.find(text, **asked)[0].entity_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PERDOVANTI TYRES LTD", "PERDOVANTI TYRES LTD"),
        ("perdovanti tires limited", "PERDOVANTI TYRES LTD"),
        ("Perdvoanti", "PERDOVANTI STORES"),
        ("tyres perdovanti", "PERDOVANTI TYRES LTD"),
        ("KELORVAX", "KELORVAX THAILAND CO LTD"),
        ("kelorvax ningbo imp", "NINGBO KELORVAX IMPORT AND EXPORT CO LTD"),
        ("dluxe bags", "D LUXE BAGS INC"),
        ("dhl isc o/b of d_luxe bags", "D LUXE BAGS INC"),
        ("são paulo alimentos", "SAO PAULO ALIMENTOS LTDA"),
        ("sao paulo alim.", "SAO PAULO ALIMENTOS LTDA"),
        ("global trading", "GLOBAL TRADING CO LTD"),
    ],
)
def test_any_variant_finds_its_entity_first(filled: Settings, text: str, name: str) -> None:
    assert first(open_search(filled), text) == name


def test_hit_has_the_matched_name_and_address(filled: Settings) -> None:
    (hit,) = open_search(filled).find("dhl isc o/b of d_luxe bags", limit=1)
    assert (hit.entity_id, hit.party_kind) == (entity_id("D LUXE BAGS INC"), "supplier")
    assert (hit.matched_name, hit.matched_address, hit.score) == ("DHL ISC O/B OF D_LUXE BAGS", "1 MAIN STREET", 1.0)


def test_text_unlike_any_name_finds_nothing(filled: Settings) -> None:
    search = open_search(filled)
    for text in ("QWXZ HJKPF", "", "  ", "???", "TO ORDER", "sup_ffffffffffffffff"):
        assert search.find(text) == []


def test_kind_and_limit_are_respected(filled: Settings) -> None:
    search = open_search(filled)
    assert [hit.party_kind for hit in search.find("PERDOVANTI")] == ["consignee", "supplier"]
    assert [hit.party_kind for hit in search.find("PERDOVANTI", kind="supplier")] == ["supplier"]
    assert len(search.find("PERDOVANTI", limit=1)) == 1


def test_an_id_finds_its_entity_also_after_a_merge(filled: Settings) -> None:
    old, into = "KELORVAX THAILAND CO LTD", "NINGBO KELORVAX IMPORT AND EXPORT CO LTD"
    assert first(open_search(filled), entity_id(old).upper()) == old
    batch(
        filled,
        [decision(2, old, entity_id=entity_id(into), method="score", score=0.9)],
        [entity(old, status="merged", merged_into=entity_id(into))],
    )
    search = open_search(filled)
    assert first(search, entity_id(old)) == into
    (hit, *others) = search.find(old)
    assert (hit.entity_name, hit.matched_name, hit.score) == (into, old, 1.0)
    assert entity_id(old) not in {other.entity_id for other in others}


def test_variant_without_an_entity_is_not_found(filled: Settings) -> None:
    batch(
        filled,
        [
            decision(
                5, "GLOBAL TRADING CO LTD", role="none", clean_name="", entity_id=None, method="no_name", score=None
            )
        ],
        [entity("GLOBAL TRADING CO LTD", status="empty")],
    )
    assert open_search(filled).find("GLOBAL TRADING CO LTD") == []


def test_name_given_by_an_override_is_found_until_it_is_removed(filled: Settings) -> None:
    tyres = entity_id("PERDOVANTI TYRES LTD")
    batch(filled, [], [entity("PERDOVANTI TYRES LTD") | {"entity_name": "Zwickelbacher Reifen"}])
    assert open_search(filled).find("zwikelbacher")[0].entity_id == tyres
    batch(filled, [], [entity("PERDOVANTI TYRES LTD")])
    assert open_search(filled).find("zwikelbacher") == []
    assert open_search(filled).find("PERDOVANTI TYRES")[0].entity_id == tyres


def test_nights_one_by_one_find_what_all_at_once_finds(settings: Settings, tmp_path: Path) -> None:
    whole = load_settings(home=tmp_path / "whole")
    names = [f"{word} {number} WORKS" for number, word in enumerate(["KELORVAX", "PERDOVANTI", "ZOMBELUNT"] * 7)]
    for number, name in enumerate(names):
        batch(settings, [decision(number + 1, name)], [entity(name)])
        open_search(settings)
    batch(whole, [decision(number + 1, name) for number, name in enumerate(names)], [entity(name) for name in names])
    single = {hit.entity_id for hit in open_search(settings).find("ZOMBELUNT WORKS", limit=50)}
    assert single == {hit.entity_id for hit in open_search(whole).find("ZOMBELUNT WORKS", limit=50)}
    assert len(single) == 7
    assert len(_index_files(settings)) == 1


def _index_files(settings: Settings) -> list[Path]:
    return list((settings.home / "parties" / "search").glob("*.duckdb"))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _overwrite(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def _damage_block(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-100_000:] = bytes(100_000)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_cut, _damage_block, _overwrite, Path.unlink])
def test_damaged_index_is_built_again(filled: Settings, damage: Callable[[Path], None]) -> None:
    open_search(filled)
    (index,) = _index_files(filled)
    damage(index)
    assert first(open_search(filled), "PERDOVANTI TYRES") == "PERDOVANTI TYRES LTD"


def test_damaged_index_is_not_copied_into_that_of_the_next_batch(filled: Settings) -> None:
    open_search(filled)
    (index,) = _index_files(filled)
    _overwrite(index)
    batch(filled, [decision(70, "NEW FIRM")], [entity("NEW FIRM")])
    search = open_search(filled)
    assert (first(search, "NEW FIRM"), first(search, "PERDOVANTI TYRES")) == ("NEW FIRM", "PERDOVANTI TYRES LTD")


def test_index_of_another_registry_is_built_again(filled: Settings) -> None:
    open_search(filled)
    shutil.rmtree(batches_dir(filled))
    batch(filled, [decision(1, "OTHER FIRM")], [entity("OTHER FIRM")])
    search = open_search(filled)
    assert search.find("PERDOVANTI") == []
    assert first(search, "OTHER FIRM") == "OTHER FIRM"


def test_before_the_first_run_nothing_is_found(settings: Settings) -> None:
    assert open_search(settings).find("ANY") == []
