"""Goods texts of many lines and texts about people, as fields of a file."""

from __future__ import annotations

import csv
import re

import numpy as np
import pytest

from pipeline.ingest.formats.ams import TABLES
from simulator.basis.draws import Draws
from simulator.feed.facts import Facts
from simulator.feed.feed import runs_of_days
from simulator.feed.tables.cargo import cargodesc
from simulator.names import contacts
from simulator.world.world import EMBEDDED, build


@pytest.fixture(scope="module")
def texts() -> list[str]:
    world = build(EMBEDDED)
    facts = Facts(world, next(iter(runs_of_days(world, 200, 1 << 40))).deliveries)
    columns = TABLES["cargodesc"].columns
    rows = [row for line in cargodesc(facts).lines.to_pylist() for row in csv.reader([line], strict=True)]
    assert {len(row) for row in rows} == {len(columns)}
    return [row[columns.index("description_text")] for row in rows]


def test_a_text_of_many_lines_is_one_field(texts: list[str]) -> None:
    lines = np.array([text.count("\n") + 1 for text in texts])
    assert np.median(lines) == 1
    assert lines.max() > 40
    longest = texts[int(lines.argmax())].split("\n")
    assert all(line == line.strip() and line for line in longest)


def test_phones_come_in_many_forms_and_all_are_fictitious() -> None:
    rows = np.arange(5_000)
    found = contacts.phone_text(Draws(1), rows, rows).to_pylist()
    assert len({re.sub(r"\d", "0", text) for text in found}) >= 12
    assert all("55501" in re.sub(r"\D", "", text) for text in found)


def test_an_address_has_at_most_one_kind_of_personal_data() -> None:
    rows = np.arange(5_000)
    found = contacts.personal_text(Draws(1), rows, rows).to_pylist()
    assert 0.3 < np.mean([bool(text) for text in found]) < 0.4
    assert all(not re.search("555.*@|@.*555", text) for text in found)
