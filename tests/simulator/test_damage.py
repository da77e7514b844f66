"""Broken lines: exactly those that were broken on purpose, and none of a story."""

from __future__ import annotations

from collections import Counter

import pytest

from simulator import LAST_RELEASE, truth
from simulator.feed.damage import KINDS, UNCLOSED_QUOTE, Damage
from simulator.world import calendar
from tests.simulator.conftest import DAYS_READ, ReadBack


@pytest.fixture(scope="module")
def damage() -> list[Damage]:
    """Broken lines of the days that are read back."""
    before = calendar.ordinal(LAST_RELEASE) - DAYS_READ
    return [broken for broken in truth.damage() if broken.day > before]


def test_an_exact_reader_refuses_the_broken_lines_and_no_other(embedded: ReadBack, damage: list[Damage]) -> None:
    refused = Counter((line.day, line.table, line.content) for line in embedded.unread)
    assert refused == Counter((calendar.from_ordinal(broken.day), broken.table, broken.text) for broken in damage)


def test_a_few_a_month_are_broken_in_every_way(damage: list[Damage]) -> None:
    assert {broken.kind for broken in damage} == {*KINDS, UNCLOSED_QUOTE}
    assert 2 <= len(damage) / (DAYS_READ / 30) <= 20


def test_unclosed_quote_is_in_the_last_line(embedded: ReadBack, damage: list[Damage]) -> None:
    open_ended = {broken.text for broken in damage if broken.kind == UNCLOSED_QUOTE}
    places = [line.is_last for line in embedded.unread if line.content in open_ended]
    assert places
    assert all(places)


def test_no_delivery_of_a_story_is_broken(embedded: ReadBack, damage: list[Damage]) -> None:
    names = {story.supplier_name.replace(" ", "")[:20] for story in truth.stories()}
    shippers = embedded.tables["shipper"]
    ours = shippers[shippers["shipper_party_name"].str.replace(" ", "").str[:20].isin(names)]
    assert len(ours) > 1000
    assert not {broken.identifier for broken in damage} & set(ours["identifier"])
