"""The plain resolver of the tests: one entity for equal words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pipeline.entities.night import decide_night
from pipeline.entities.registry import read_decisions
from pipeline.settings import load_settings
from tests.dbt.world import Bill, Party, write_release
from tests.entities.registered import read_entities
from tests.entities.same_words import SameWords

READ = {
    "MERIDIAN POTTERY CO., LTD.": ("MERIDIAN POTTERY CO LTD", False, "party"),
    "MERIDIAN POTTERY CO LTD": ("MERIDIAN POTTERY CO LTD", False, "party"),
    "BRIGHTWATER LINES O/B OF CORAL BAY": ("CORAL BAY", False, "party"),
    "TO THE ORDER OF ESSEX STONE LLC": ("ESSEX STONE LLC", True, "party"),
    "TO ORDERINTERNATIONAL STONE": ("INTERNATIONAL STONE", True, "party"),
    "TO ORDER OF FIRST HARBOR BANK": ("FIRST HARBOR BANK", True, "bank"),
    "TO ORDER": ("", True, "none"),
    "BRIGHTWATER FREIGHT FORWARDING": ("BRIGHTWATER FREIGHT FORWARDING", False, "forwarder"),
    "STAPLES INC": ("STAPLES INC", False, "party"),
    "N/A": ("N A", False, "none"),
}


def test_equal_words_are_one_entity(tmp_path: Path) -> None:
    settings, day = load_settings(home=tmp_path), date(2026, 3, 2)
    write_release(
        settings, day, [Bill(int(f"20260302{n}"), shipper=None, consignee=Party(name)) for n, name in enumerate(READ)]
    )
    decided = decide_night(settings, SameWords())
    assert decided.batch is not None
    assert decided.batch.counts == {"new_spellings": len(READ), "minted": 6, "merged": 0, "split": 0}
    rows = {row["raw_name"]: row for row in read_decisions(settings).to_pylist()}
    assert {name: (row["clean_name"], row["is_order"], row["role"]) for name, row in rows.items()} == READ
    unnamed = {name for name, row in rows.items() if row["entity_id"] is None}
    assert unnamed == {"TO ORDER OF FIRST HARBOR BANK", "TO ORDER", "N/A"}
    pottery = {row["entity_id"] for name, row in rows.items() if name.startswith("MERIDIAN")}
    assert len(pottery) == 1
    names = {row["entity_id"]: row["entity_name"] for row in read_entities(settings).to_pylist()}
    assert names[rows["TO THE ORDER OF ESSEX STONE LLC"]["entity_id"]] == "ESSEX STONE LLC"
