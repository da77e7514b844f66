"""A week as it would have been: under older decisions on parties, and without touching the real home."""

from __future__ import annotations

from datetime import date
from hashlib import md5
from pathlib import Path

import pytest

from pipeline.entities.registry import read_batches
from pipeline.settings import Settings
from pipeline.snapshots.differences.counterfactual import counterfactuals, decisions_moved
from pipeline.warehouse.cutoff import AsOf
from tests.dbt.resolver import MERGED, SameFirms
from tests.dbt.story import story
from tests.dbt.world import build_models, home, write_release
from tests.entities.decided import entity_id
from tests.entities.test_registry import merged, two_firms
from tests.snapshots.toy import home as toy_home

AS_OF = AsOf.of(date(2026, 3, 9), date(2026, 3, 17))


def _id(kind: str, words: str) -> str:
    return f"{kind}_{md5(words.encode(), usedforsecurity=False).hexdigest()[:16]}"


PAIR = (_id("sup", "MERIDIAN POTTERY CO LTD"), _id("con", "HOLLOW OAK HOME INC"))


@pytest.mark.full
def test_a_week_under_older_decisions_is_the_week_as_it_was_before_they_changed(tmp_path: Path) -> None:
    settings = home(tmp_path)
    for day, bills in story().items():
        write_release(settings, day, bills)
    build_models(settings, resolver=SameFirms())
    with counterfactuals(settings, *PAIR) as computed:
        before = computed.state(None, AS_OF)
    build_models(settings, resolver=SameFirms("t2", MERGED))
    first, second = (batch.er_version for batch in read_batches(settings))
    assert decisions_moved(settings, first, second, *PAIR)
    with counterfactuals(settings, *PAIR) as computed:
        now, then = computed.state(None, AS_OF), computed.state(first, AS_OF)
    assert then == before
    assert before.tier is not None
    assert now.tier is not None
    assert now.tier["supplier_bills_52w"] > before.tier["supplier_bills_52w"], "another firm was merged into it"
    assert list(settings.home.glob(".diff-*")) == []


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return toy_home(tmp_path)


def test_changed_decisions_are_found_and_new_name_variants_alone_are_no_change(settings: Settings) -> None:
    pair = (entity_id("ALPHA MILLS"), "con_1")
    two_firms(settings)
    (first, second) = (batch.er_version for batch in read_batches(settings))
    assert not decisions_moved(settings, first, first, *pair)
    assert not decisions_moved(settings, first, second, *pair), "what came later stands as it first came"
    merged(settings)
    third = read_batches(settings)[-1].er_version
    assert decisions_moved(settings, second, third, *pair)
