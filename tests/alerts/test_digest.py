"""Digests: in what words, with which bills; worked by hand on a world of six pairs.

ALPHA WORKS ships six bills a week: two to us, three to BIG CO until eight weeks ago, one without a name.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import duckdb
import pytest

from pipeline.formatting import MINUS
from pipeline.reporting.alerts.digest import digests
from pipeline.reporting.facts.published_week import NoSnapshotError
from pipeline.settings import Settings
from tests.alerts.digest_rows import EVERYTHING, DigestsOf, only
from tests.alerts.made_alerts import CUT_OFF, HOSTILE, MONDAY, NAMES, WEEK, alert


def test_a_lost_customer_in_plain_words_with_figures_worked_by_hand(digests_of: DigestsOf) -> None:
    lost = alert("a1", consignee_id="con_big", driver_consignee_id="con_big")
    message = only(digests_of(lost, watch=("anna,OUR COMPANY INC,sup_a,BIG CO,,,,,,,",)))
    assert (
        message.headline
        == "BIG CO has received nothing from ALPHA WORKS LTD since 14 Sep 2026: from 50% of its bills to 0%."
    )
    assert message.numbers == (
        f"50% → 0% of its bills; {MINUS}50.0 points (90% interval {MINUS}56.5 to {MINUS}43.0); by rule; 75% of it "
        "under a customer's name"
    )
    assert message.meaning == (
        "They have volume to replace: a good moment to ask for better terms. You are the largest customer with 36% of "
        "its volume (30%, no. 2 in week 2026-W40)."
    )
    assert message.question.startswith("A large customer of yours ships no more under its name.")
    assert message.instead == "A pause: some silences of this length have ended with the customer's return."
    assert message.standing is not None
    assert (message.standing.week_before, message.standing.week_after) == ("2026-W40", "2026-W45")
    assert (message.standing.power_before, message.standing.power_after) == (pytest.approx(-0.2), pytest.approx(-0.1))
    assert message.standing.rival == ("BIG CO", 0.5, 0.41)
    assert message.picture is not None
    shares = {item.name: (item.before, item.after) for item in message.picture.customers}
    assert shares["BIG CO"] == (pytest.approx(3 / 6), 0)
    assert shares["OUR COMPANY INC"] == (pytest.approx(2 / 6), pytest.approx(2 / 3))
    assert shares["unnamed"] == (pytest.approx(1 / 6), pytest.approx(1 / 3))
    assert [item.name for item in message.picture.customers if item.is_subject] == ["BIG CO"]
    assert [item.name for item in message.picture.customers if item.is_watcher] == ["OUR COMPANY INC"]
    assert message.picture.after == (MONDAY - timedelta(weeks=7), WEEK.sunday)
    assert (len(message.picture.weeks), message.picture.weeks[-1]) == (52, MONDAY)
    assert (message.picture.bills[0], message.picture.bills[-1]) == (6, 3)
    assert (message.picture.subject_bills[0], message.picture.subject_bills[-1]) == (3, 0)


def test_an_alert_lists_the_bills_of_its_frozen_evidence(digests_of: DigestsOf) -> None:
    rows = [
        alert("a1", consignee_id="con_big", driver_consignee_id="con_big"),
        alert("a2", alert_type="mix_shifted", driver_consignee_id="con_big"),
    ]
    found = {message.alert_id: message for message in digests_of(*rows)[0].alerts}
    assert found["a1"].bills_in_all == 3 * 44, "three a week in the weeks before"
    assert found["a2"].bills_in_all == 3 * 44 + 3 * 52
    assert found["a1"].query == "select * from fct_shipment where supplier_id = 'sup_a'"
    assert [len(message.bills) for message in found.values()] == [20, 20]
    newest = found["a1"].bills[0]
    assert (newest.arrival_date, newest.consignee_name) == (MONDAY - timedelta(weeks=8) + timedelta(days=3), "BIG CO")
    assert (newest.containers, newest.weight_kg) == (1.0, 9000.0)


def test_a_customer_that_went_dark_is_given_no_bill_without_a_name(digests_of: DigestsOf) -> None:
    dark = alert("a1", alert_type="went_dark", consignee_id="con_big", driver_consignee_id="con_big")
    message = only(digests_of(dark))
    assert {bill.consignee_name for bill in message.bills} == {"BIG CO"}
    assert message.bills_in_all == 3 * 44
    assert "and bills without a name rose by as much: it may buy on unseen" in message.headline


def test_bills_known_after_the_week_s_cut_off_are_not_in_its_alerts(digests_of: DigestsOf, settings: Settings) -> None:
    lost = alert("a1", consignee_id="con_big", driver_consignee_id="con_big")
    before = only(digests_of(lost))
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute(
            f"update fct_shipment set first_release_date = date '{CUT_OFF}' + 1 where consignee_id = 'con_us' "
            f"and week_start_date = date '{MONDAY}'"
        )
    after = only(digests(settings, WEEK))
    assert (after.bills, after.bills_in_all) == (before.bills, before.bills_in_all), "as they were frozen"
    assert before.picture is not None
    assert after.picture is not None
    assert after.picture.bills == (*before.picture.bills[:-1], before.picture.bills[-1] - 2)


CASES: list[tuple[str, dict[str, Any], str]] = [
    (
        "customer_won",
        {"from_value": 0.0, "to_value": 0.15},
        "BIG CO is new at ALPHA WORKS LTD: from none of its bills to 15%.",
    ),
    (
        "mix_shifted",
        {"to_value": 0.31},
        "The customers of ALPHA WORKS LTD have shifted: BIG CO went from 50% of its bills to 31%.",
    ),
    (
        "resurfaced",
        {"from_value": 0.0, "to_value": 0.5},
        "BIG CO shows again at ALPHA WORKS LTD (from none of its bills to 50%), and bills without a name fell by as "
        "much: an old customer, not a new one.",
    ),
    (
        "tier_crossed",
        {"threshold": "A>B", "from_value": 0.26, "to_value": 0.19},
        "BIG CO moved down from tier A to B at ALPHA WORKS LTD: from 26% of its volume to 19%.",
    ),
    (
        "tier_crossed",
        {"threshold": "C>B", "from_value": 0.11, "to_value": 0.121},
        "BIG CO moved up from tier C to B at ALPHA WORKS LTD: from 11% of its volume to 12%.",
    ),
    (
        "concentration_crossed",
        {"threshold": "hhi_0.18_up", "value_unit": "hhi", "from_value": 0.2, "to_value": 0.22},
        "ALPHA WORKS LTD leans on fewer customers than before: concentration (HHI) from 0.20 to 0.22, past 0.18.",
    ),
    (
        "concentration_crossed",
        {"threshold": "major_customer_down", "from_value": 0.09, "to_value": 0.075},
        "BIG CO is no major customer any more of ALPHA WORKS LTD: from 9.0% of its volume to 7.5% (line 10%).",
    ),
    (
        "alternatives_gone",
        {"threshold": "9403", "value_unit": "alternatives", "from_value": 2.0},
        "2 other suppliers of HS 9403 were in sight for BIG CO beside ALPHA WORKS LTD; now none is.",
    ),
    (
        "slack_opened",
        {"value_unit": "part_of_best", "from_value": 1.0, "to_value": 0.62},
        "ALPHA WORKS LTD has room: its last 13 weeks are at 62% of its best 13 of the year.",
    ),
]


@pytest.mark.parametrize(("kind", "given", "words"), CASES)
def test_each_type_says_who_did_what_from_what_to_what(
    digests_of: DigestsOf, kind: str, given: dict[str, Any], words: str
) -> None:
    row = alert("a1", alert_type=kind, consignee_id="con_big", driver_consignee_id="con_big", **given)
    message = only(digests_of(row, watch=(EVERYTHING,)))
    assert message.headline == words
    assert message.meaning is None, "who watches for no company has no place there"


def test_a_week_without_news_is_a_digest_too(digests_of: DigestsOf) -> None:
    (found,) = digests_of()
    assert (found.as_of_week, found.revision, found.window_end) == ("2026-W45", 1, date(2026, 11, 8))
    assert (found.newest_release_date, found.closed_through) == (CUT_OFF, date(2026, 11, 8))
    assert (found.alerts, found.retractions, found.more) == ((), (), 0)
    assert found.suppliers_watched == 1
    named, unnamed = 2 * 52 + 3 * 44, 52
    assert found.coverage == pytest.approx(named / (named + unnamed))
    (empty,) = digests_of(watch=("anna,,8482,,,,,,,,",))
    assert (empty.suppliers_watched, empty.coverage) == (0, None)


SPAN = "8.5% → 0.5% of its bills; ~50.0 points (90% interval ~56.5 to ~43.0); p = 0.012; q < 0.0001"


@pytest.mark.parametrize(("form", "sign"), [("german", ","), ("french", ","), ("english", ".")])
def test_numbers_are_printed_as_the_recipient_reads_them(digests_of: DigestsOf, form: str, sign: str) -> None:
    row = alert("a1", from_value=0.085, to_value=0.005, p_value=0.012, q_value=0.00002, certainty="confirmed")
    message = only(digests_of(row, watch=(f"anna,,*,,,,{form},,,,",)))
    numbers = SPAN.replace("~", MINUS).replace(".", sign)
    assert message.numbers == f"{numbers}; confirmed; 75% of it under a customer's name"


def test_names_from_manifests_are_one_line_without_bidirectional_marks(digests_of: DigestsOf) -> None:
    row = alert("a1", consignee_id="con_big", driver_consignee_id="con_big")
    message = only(digests_of(row, names={**NAMES, "con_big": HOSTILE, "sup_a": "A" * 300}))
    assert message.consignee_name == "<b>BIG</b> & =CO *LTD*", "markup is for whoever lays it out"
    assert message.bills[0].consignee_name == message.consignee_name
    assert len(message.supplier_name) == 80


def test_a_week_that_is_not_published_is_refused(digests_of: DigestsOf, settings: Settings) -> None:
    digests_of()
    with pytest.raises(NoSnapshotError, match="2026-W46 is not published"):
        digests(settings, "2026-W46")


def test_digests_leave_the_warehouse_as_it_is(digests_of: DigestsOf, settings: Settings) -> None:
    digests_of(alert("a1"))
    before = settings.warehouse_path.read_bytes()
    digests(settings, WEEK)
    assert settings.warehouse_path.read_bytes() == before
