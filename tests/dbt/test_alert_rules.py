"""Lines that are crossed: tiers, concentration, alternatives, slack; and what detection is given to look at."""

from __future__ import annotations

import csv
from decimal import Decimal
from itertools import product

import pytest

from pipeline.alerts.message import SEVERITIES
from pipeline.alerts.watchlist_rows import ALERT_TYPES
from pipeline.detection.findings import EXPLANATIONS as EXPLANATION_CODES
from pipeline.project_files import DBT_PROJECT
from pipeline.reporting.alerts.text import EXPLANATIONS, QUESTIONS
from tests.dbt.alert_world import Weeks, containers_of, weekly
from tests.dbt.weekly_world import WEEK_NUMBER, Bill, Row

SEEDS = DBT_PROJECT / "seeds" / "weekly"
SPLIT = [*weekly("b", 2), *weekly("c", 2), *weekly("d", 2)]
"""Three customers of a third each."""


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def crossings(alerts: list[Row], alert_type: str) -> dict[tuple[str | None, str], tuple[float, float]]:
    """Figures by customer and threshold."""
    return {
        (row["consignee_id"], row["threshold"]): (round(row["from_value"], 4), round(row["to_value"], 4))
        for row in alerts
        if row["alert_type"] == alert_type
    }


# tiers --------------------------------------------------------------------------------------------------------------


def growing(begins: int) -> list[Bill]:
    """Three customers of two bills a week; a takes one a month, and two a week from `begins` weeks before MONDAY."""
    return [*SPLIT, *weekly("a", ends=begins + 1, every=4), *weekly("a", 2, begins=begins)]


def test_a_tier_change_on_evidence_is_alerted_once(weeks: Weeks) -> None:
    assert weeks.publish(growing(27), -16).of("tier_crossed") == []
    (line,) = [row for row in weeks.publish(growing(27), 2).of("tier_crossed") if row["consignee_id"] == "a"]
    assert (line["threshold"], line["severity"], line["value_unit"]) == ("C>B", "warning", "share")
    assert line["from_value"] < 0.1 < 0.12 < line["to_value"]
    assert line["q_value"] <= 0.05
    assert weeks.publish(growing(27), 3).of("tier_crossed") == []


def test_a_line_crossed_where_no_event_was_alerted_is_info(weeks: Weeks) -> None:
    """Larger bills, not more of them: the mix of bills does not move."""
    small, large = containers_of("0.5"), containers_of("2")
    bills = [*SPLIT, *weekly("a", 2, ends=28, **small), *weekly("a", 2, begins=27, **large)]
    weeks.publish(bills, -16)
    (line,) = weeks.publish(bills, 2, freeze=False).alerts
    assert (line["alert_type"], line["threshold"], line["severity"]) == ("tier_crossed", "B>A", "info")
    assert line["to_value"] > 0.3, "of this size it would be a warning beside an event"


def test_a_customer_alerted_as_lost_raises_no_tier_alerts_too(weeks: Weeks) -> None:
    bills = [*weekly("a", 3, ends=3), *weekly("b", 2), *weekly("c", 2), *weekly("d", 1)]
    weeks.publish(bills, -3)
    assert weeks.publish(bills, 1).brief == [("customer_lost", "s", "a")]
    tiers, crossed = [], []
    for week in (20, 40):
        later = weeks.publish(bills, week, shows=("week_ladder",))
        tiers += [row["tier"] for row in later.tables["week_ladder"] if row["consignee_id"] == "a"]
        crossed += [row for row in later.of("tier_crossed") if row["consignee_id"] == "a"]
    assert tiers == ["B", "C"] or len(set(tiers)) > 1
    assert crossed == []


# alternatives -------------------------------------------------------------------------------------------------------


def test_the_last_alternative_gone_raises_an_alert_in_the_second_week_without(weeks: Weeks) -> None:
    some, none = {"alternatives": {("b", "9403"): 3}}, {"alternatives": {("b", "9403"): 0}}
    bills = SPLIT
    assert weeks.publish(bills, **some).alerts == []
    assert weeks.publish(bills, 1, **none).alerts == []
    result = weeks.publish(bills, 2, **none)
    (alert,) = result.alerts
    assert (alert["alert_type"], alert["consignee_id"], alert["threshold"]) == ("alternatives_gone", "b", "9403")
    assert (alert["from_value"], alert["to_value"], alert["value_unit"]) == (3, 0, "alternatives")
    assert alert["severity"] == "warning", "all that it buys of the product comes from there"
    # one that comes and goes raises no second alert
    for week, world in ((3, {"alternatives": {("b", "9403"): 1}}), (4, none), (5, none)):
        assert weeks.publish(bills, week, **world).alerts == []


@pytest.mark.parametrize("anew", ["b", "x"])
def test_an_alternative_that_was_decided_anew_is_not_gone(weeks: Weeks, anew: str) -> None:
    """Of the buyer, or of the candidate that was listed, a name variant went to another firm."""
    some, none = {"alternatives": {("b", "9403"): 3}}, {"alternatives": {("b", "9403"): 0}}
    weeks.publish(SPLIT, decided=[(7, 1, anew)], listed=[("b", "9403", "x")], **some)
    weeks.publish(SPLIT, 1, decided=[(7, 1, anew)], **none)
    for other, expected in (("y", 0), (anew, 1)):
        result = weeks.publish(SPLIT, 2, decided=[(7, 1, anew), (7, 2, other)], freeze=False, **none)
        assert len(result.of("alternatives_gone")) == expected


# slack --------------------------------------------------------------------------------------------------------------


def falling(supplier: str = "s", *, market: int = 0, falls: bool = True) -> list[Bill]:
    """Four bills a week to three customers, from MONDAY on two; `market` other suppliers in the market."""
    bills = []
    for n, customer in enumerate(("b", "c", "d")):
        bills += weekly(customer, 4 - n // 2, supplier=supplier, ends=1 if falls else -40)
        bills += weekly(customer, 1, supplier=supplier, begins=0, ends=-40) if falls else []
    for n in range(market):
        bills += weekly(f"m{n}", 4, supplier=f"t{n}", ends=1)
        bills += weekly(f"m{n}", 1, supplier=f"t{n}", begins=0, ends=-40)
    return bills


def test_a_supplier_that_fell_well_under_its_best_is_hungry(weeks: Weeks) -> None:
    bills = falling()
    by_week = {}
    for week in (3, 5, 6, 7):
        for alert in weeks.publish(bills, week).of("slack_opened"):
            by_week[week] = alert
    ((week, alert),) = by_week.items()
    assert alert["to_value"] < 0.7
    assert alert["value_unit"] == "part_of_best"
    assert alert["effect"] == pytest.approx(100 * (alert["to_value"] - 1))
    weeks_of_window = (alert["window_end_date"] - alert["window_start_date"]).days + 1
    assert weeks_of_window == (alert["window_before_end_date"] - alert["window_before_start_date"]).days + 1 == 7 * 13


def test_fewer_containers_on_as_many_bills_are_slack_too(weeks: Weeks) -> None:
    bills = weekly("b", 4, ends=1, teu=Decimal(4)) + weekly("b", 4, begins=0, ends=-40)
    assert [alert for week in (3, 5, 6, 7) for alert in weeks.publish(bills, week).of("slack_opened")]


def test_a_season_common_to_all_is_no_slack(weeks: Weeks) -> None:
    bills = falling(market=6)
    weeks.publish(bills, 3)
    assert weeks.publish(bills, 8, shows=("week_activity",)).of("slack_opened") == []


def test_a_fall_as_in_the_same_weeks_of_a_year_ago_is_no_slack(weeks: Weeks) -> None:
    season = [bill for bill in falling() if not 40 <= bill.weeks_ago <= 52]
    for customer in ("b", "c", "d"):
        season += weekly(customer, 1, begins=52, ends=40)
    weeks.publish(season, 3)
    (found,) = weeks.publish(season, 7, shows=("week_slack_opened",)).tables["week_slack_opened"]
    assert (found["alternative_explanation"], found["fires"]) == ("season", False)


# what detection is given --------------------------------------------------------------------------------------------


def test_activity_counts_bills_by_named_and_unnamed_customers(weeks: Weeks) -> None:
    bills = [
        *weekly("b", 2),
        *weekly(None),
        *weekly("*mover"),
        *weekly("c", every=2),
        Bill(supplier=None, consignee="b"),
        Bill(consignee="b", weeks_ago=400),
    ]
    result = weeks.publish(bills, shows=("week_activity", "week_consignee_entity", "week_past"))
    names = {row["consignee_key"]: row["consignee_id"] for row in result.tables["week_consignee_entity"]}
    rows = result.tables["week_activity"]
    newest = {names.get(row["consignee_key"]): row["bills"] for row in rows if row["week_number"] == WEEK_NUMBER}
    assert newest == {"b": 2, None: 2} | ({"c": 1} if 129 % 2 == 0 else {})
    assert min(row["week_number"] for row in rows) == WEEK_NUMBER - 129
    assert {row["market_index"] for row in rows} == {1}, "no other supplier is there"
    assert [row["first_week"] for row in result.tables["week_past"]] == [WEEK_NUMBER - 129]


def test_history_begins_with_the_first_whole_week(weeks: Weeks) -> None:
    bills = [*weekly("b", 4, begins=80), Bill(consignee="b", weeks_ago=120)]
    result = weeks.publish(bills, shows=("week_past", "week_activity"))
    assert [row["first_week"] for row in result.tables["week_past"]] == [WEEK_NUMBER - 80]
    assert min(row["week_number"] for row in result.tables["week_activity"]) == WEEK_NUMBER - 80


def test_the_market_is_that_of_the_others_in_the_same_product_and_origin(weeks: Weeks) -> None:
    """Others ship ten bills a week and twenty in the last four weeks; s itself trebles, which is not the market."""
    market = [bill for n in range(5) for bill in weekly(f"m{n}", 2, supplier=f"t{n}")]
    market += [bill for n in range(5) for bill in weekly(f"m{n}", 2, supplier=f"t{n}", begins=3)]
    elsewhere = [bill for n in range(5) for bill in weekly(f"m{n}", 9, supplier=f"t{n}", origin="VN", begins=3)]
    own = [*weekly("b"), *weekly("b", 2, begins=3), *weekly("c", origin="VN")]
    result = weeks.publish(
        [*market, *elsewhere, *own], shows=("week_activity", "week_consignee_entity", "week_supplier_entity")
    )
    customers = {row["consignee_key"]: row["consignee_id"] for row in result.tables["week_consignee_entity"]}
    (seller,) = (row["supplier_key"] for row in result.tables["week_supplier_entity"] if row["supplier_id"] == "s")
    indexes = {
        (customers[row["consignee_key"]], WEEK_NUMBER - row["week_number"]): row["market_index"]
        for row in result.tables["week_activity"]
        if row["supplier_key"] == seller
    }
    mean = (10 * 130 + 10 * 4) / 130
    assert indexes["b", 0] == pytest.approx(20 / mean, abs=1e-6)
    assert indexes["b", 2] == pytest.approx((10 + 10 + 20 + 20) / 4 / mean, abs=1e-6)
    assert indexes["b", 50] == pytest.approx(10 / mean, abs=1e-6)
    # of the other origin there was nothing before: the few weeks make a mean under five bills
    assert indexes["c", 0] == 1


# words and constants ------------------------------------------------------------------------------------------------


def test_every_type_has_its_severities_and_questions() -> None:
    raised = set(ALERT_TYPES)
    severities = {(row["alert_type"], row["size"]): row["severity"] for row in seed("alert_severity")}
    assert set(severities) == set(product(raised, ("large", "middling", "small")))
    assert set(severities.values()) <= set(SEVERITIES)
    assert set(QUESTIONS) == {*ALERT_TYPES, "retracted"}
    assert all(isinstance(texts, str) or set(texts) == {"up", "down"} for texts in QUESTIONS.values())


def test_every_explanation_has_its_words() -> None:
    assert {code or "nothing" for code in EXPLANATION_CODES} <= set(EXPLANATIONS)
