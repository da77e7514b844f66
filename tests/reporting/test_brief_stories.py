"""Briefs of the newest closed week of the embedded world have its planted stories (loads the world: minutes)."""

from collections.abc import Callable

import pytest

from pipeline.entities.search.company import party_named
from pipeline.entities.search.find import open_search
from pipeline.reporting.brief.facts import Brief
from pipeline.reporting.brief.gather import gather
from pipeline.reporting.brief.page import page_of
from pipeline.reporting.document.text import as_text, difference
from pipeline.reporting.facts.published_week import opened
from pipeline.settings import Settings
from simulator.truth import Story, stories
from simulator.world.stories import OUR_BOXES, QUALIFIED, RIVAL_BOXES

pytestmark = pytest.mark.full

BriefOf = Callable[..., Brief]
SMALL = "Your largest US customer takes 29 containers a month; we take 3"


@pytest.fixture(scope="module")
def brief_of(published_sample: Settings) -> BriefOf:
    """A brief of two companies by the names that the world gives them."""
    settings = published_sample
    search = open_search(settings)

    def build(supplier: str, buyer: str, rival: str | None = None) -> Brief:
        ids = [party_named(search, supplier, "supplier").entity_id]
        ids += [party_named(search, name, "consignee").entity_id for name in (buyer, rival) if name]
        with opened(settings, None) as reading:
            return gather(reading, *ids, shown=1)

    return build


@pytest.fixture(scope="module")
def story() -> Callable[[str], Story]:
    found = {item.kind: item for item in stories()}
    return found.__getitem__


def text_of(brief: Brief) -> str:
    assert [difference(item) for item in brief.bill_sets if difference(item)] == []
    return " ".join(as_text(page_of(brief)).split())


def test_the_cornered_buyer_is_advised_to_disclose_and_commit(brief_of: BriefOf, story: Callable[[str], Story]) -> None:
    planted = story("cornered")
    brief = brief_of(planted.supplier_name, planted.consignee_name)
    assert brief.leverage is not None
    assert brief.leverage.power.value == pytest.approx(-0.98041, abs=1e-5)
    text = text_of(brief)
    assert "They hardly need you; you cannot do without them: the balance is theirs." in text
    assert "What to do: Disclose and partner: a commitment for a better price." in text
    assert "no second source of yours, and they can see that; no other steady supplier is in sight" in text


def test_the_rival_at_29_containers_a_month_is_quoted(brief_of: BriefOf, story: Callable[[str], Story]) -> None:
    assert (RIVAL_BOXES / 12, OUR_BOXES / 12) == (29, 3)
    planted, rival = story("small_buyer"), story("rival").consignee_name
    text = text_of(brief_of(planted.supplier_name, planted.consignee_name, rival))
    assert SMALL in text
    assert f"{rival} takes 29 containers a month; we take 3." in text


def test_the_buyer_with_unused_alternatives_is_shown_them_ranked(
    brief_of: BriefOf, story: Callable[[str], Story]
) -> None:
    planted = story("unused_alternatives")
    brief = brief_of(planted.supplier_name, planted.consignee_name)
    (product,) = brief.alternatives
    assert product.market.ready == QUALIFIED
    assert [item.grade for item in product.listed][: QUALIFIED + 1] == ["A"] * QUALIFIED + ["B"]
    assert not any(item.already_supplies for item in product.listed)
    assert "You buy it from no other supplier." in text_of(brief)


def test_spare_capacity_is_found(brief_of: BriefOf, story: Callable[[str], Story]) -> None:
    brief = brief_of(story("slack").supplier_name, story("small_buyer").consignee_name)
    assert brief.past.use.value == pytest.approx(0.5, abs=0.02)
    assert "Room there: they are hungry" in text_of(brief)


@pytest.mark.parametrize(
    ("kind", "event", "words"),
    [
        ("customer_lost", "lost", "Lost, it seems"),
        ("went_dark", "went_dark", "May be hidden, not lost"),
        ("resurfaced", "resurfaced", "Back"),
    ],
)
def test_customers_that_left_went_dark_and_came_back(
    brief_of: BriefOf, story: Callable[[str], Story], kind: str, event: str, words: str
) -> None:
    planted = story(kind)
    brief = brief_of(planted.supplier_name, story("small_buyer").consignee_name)
    assert [(item.event, item.name) for item in brief.customer_events or ()] == [(event, planted.consignee_name)]
    assert f"{words}: {planted.consignee_name}" in text_of(brief)
