"""Certificates hide the name variants that were filed, wherever they are, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.feed import parties
from simulator.feed.facts import Facts
from simulator.feed.feed import runs_of_days
from simulator.feed.parties import PartyRows
from simulator.names import firms
from simulator.names import name_variants as spellings
from simulator.world.world import EMBEDDED, build


@pytest.fixture(scope="module")
def facts() -> Facts:
    world = build(EMBEDDED)
    return Facts(world, next(iter(runs_of_days(world, 364, 1 << 40))).deliveries)


def certified(facts: Facts) -> np.ndarray:
    return facts.world.certificates.hides(facts.pair.consignee, facts.block["week"]) & ~facts.master


def names_own_consignee(facts: Facts, rows: PartyRows) -> np.ndarray:
    """Rows that print the delivery's own consignee."""
    consignee = facts.pair.consignee[rows.of]
    printed = ~np.isin(rows.parties.frame, [parties.BLANK, parties.SAME, parties.ORDER_ONLY])
    own = printed & (rows.parties.kind == firms.CONSIGNEE) & (rows.parties.number == consignee)
    return own | ((rows.parties.frame == parties.BEHALF) & (rows.parties.behind == consignee))


def test_filed_variant_of_a_hidden_consignee_is_nowhere(facts: Facts) -> None:
    for rows in (parties.consignees(facts), parties.notified(facts)):
        hidden = certified(facts)[rows.of] & names_own_consignee(facts, rows)
        consignee = facts.pair.consignee[rows.of]
        filed = spellings.filed(facts.world, firms.CONSIGNEE, consignee, rows.parties.variant)
        assert filed.any()
        assert not (hidden & filed).any()


def test_a_misspelling_leaks(facts: Facts) -> None:
    rows = parties.consignees(facts)
    leaks = certified(facts)[rows.of] & names_own_consignee(facts, rows)
    assert 0 < leaks.sum() < 0.15 * certified(facts).sum()


def test_most_certificates_hide_the_shippers_too(facts: Facts) -> None:
    rows = parties.shippers(facts)
    both = certified(facts) & (facts.world.certificates.shippers[facts.pair.consignee] == 1)
    own_only = certified(facts) & ~both
    named = np.zeros(facts.count, dtype=bool)
    named[rows.of] = (rows.parties.kind == firms.SUPPLIER) & (rows.parties.frame == parties.PLAIN)
    assert named[both].mean() < 0.15
    assert named[own_only].mean() > 0.8


def test_certificates_begin_lapse_and_are_renewed(facts: Facts) -> None:
    world = facts.world
    first, last = world.certificates.first_week, world.certificates.last_week
    held = first < world.last_week
    inside = (last >= world.first_week) & (last <= world.last_week)
    assert (held & (first > world.first_week)).any()
    assert (held & inside).any()
    assert (held & (last > world.last_week)).any()
