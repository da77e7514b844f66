"""No resolver gives an entity to a party without a name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from pipeline.entities.matching.resolve import Matching
from pipeline.entities.night import decide_night
from pipeline.entities.registry import read_decisions
from pipeline.settings import load_settings
from tests.dbt.world import Bill, Party, write_release

DAY = date(2026, 3, 2)
SAID = (
    "[phone]",
    "TO ORDER OF SHIPPER",
    "N/A",
    "NONE",
    "UNKNOWN",
    "NOT AVAILABLE",
    "SAME AS CONSIGNEE",
    "TO ORDER",
    "TO THE ORDER OF",
    "TO ORDER OF.",
)
MARKS = st.text(st.characters(categories=("P", "S", "Z", "Cf", "Mn"), exclude_characters="|"), min_size=1, max_size=35)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path


@tried(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=st.lists(MARKS, min_size=1, max_size=20))
def test_marks_without_a_letter_or_digit_have_no_entity(base: Path, marks: list[str]) -> None:
    home = load_settings(home=base / str(len(list(base.iterdir()))))
    names = [*marks, *SAID]
    bills = [
        Bill(int(f"{DAY:%Y%m%d}{n}"), shipper=Party(name, address=""), consignee=Party(name), notify=(Party(name),))
        for n, name in enumerate(names)
    ]
    write_release(home, DAY, bills)
    decide_night(home, Matching())
    found = read_decisions(home)
    assert set(found["raw_name"].to_pylist()) == set(names)
    assert set(found["entity_id"].to_pylist()) == {None}
