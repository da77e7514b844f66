"""Who gets which alert of a week, how grave, with what else; on a world of six pairs (`made_alerts`)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import duckdb
import pytest

from pipeline.alerts.routing import WEEKLY_CAP
from pipeline.alerts.watchlist import load_watchlist
from pipeline.reporting.alerts import digest
from pipeline.settings import Settings
from tests.alerts.digest_rows import EVERYTHING, US, DigestsOf, ids, only
from tests.alerts.made_alerts import CUT_OFF, WEEK, Names, alert


def test_an_alert_is_routed_by_company_supplier_or_product(digests_of: DigestsOf) -> None:
    rows = [alert("a1", consignee_id="con_big"), alert("b1", supplier_id="sup_b", consignee_id="con_other")]
    watch = (US, EVERYTHING, "carla,,sup_b,,,,,,,,", "dev,,4016,,,,,,,,", "emil,OUR COMPANY INC,4016,,,,,,,,")
    assert ids(digests_of(*rows, watch=watch)) == [["a1"], ["a1", "b1"], ["b1"], ["b1"], []], (
        "emil buys no 4016 this year"
    )


def test_severity_is_as_the_nearest_line_has_it(digests_of: DigestsOf) -> None:
    rows = [
        alert("a1", consignee_id="con_big"),
        alert("c1", supplier_id="sup_c", severity="warning", consignee_id="con_c"),
    ]
    found = digests_of(
        *rows,
        watch=(
            "anna,,*,,warning,,,,customer_lost,,",
            "ben,,*,,warning,,,,,customer_lost,",
            "carla,,*,,warning,,,customer_lost,,,",
            "dev,,*,,critical,,,,,,",
            "emil,,*,,info,,,,,,",
            "emil,,sup_a,,info,,,customer_lost,,,",
            "farah,,*,,info,,,customer_lost,,,",
            "farah,,sup_c,,info,,,,,,",
        ),
    )
    assert [[(message.alert_id, message.severity) for message in one.alerts] for one in found] == [
        [("a1", "critical"), ("c1", "critical")],
        [("a1", "warning")],
        [],
        [("a1", "critical")],
        [("c1", "warning")],
        [("c1", "warning")],
    ]


def test_loss_of_the_watchers_own_company_is_info_and_its_tier_change_a_warning(digests_of: DigestsOf) -> None:
    own = alert("a1", consignee_id="con_us", driver_consignee_id="con_us")
    message = only(digests_of(own))
    assert message.severity == "info"
    assert message.headline.startswith("OUR COMPANY INC (your own company) has received nothing")
    assert "what their sales people can read of you" in (message.meaning or "")
    assert ids(digests_of(own, watch=("anna,OUR COMPANY INC,*,,warning,,,,,,",))) == [[]]
    tier = alert("a2", alert_type="tier_crossed", threshold="A>B", consignee_id="con_us", severity="warning")
    message = only(digests_of(tier))
    assert (message.severity, message.question) == (
        "warning",
        "We take less of what you ship than before. What would it take to keep our terms?",
    )


def test_info_reaches_only_a_line_that_asks_for_it(digests_of: DigestsOf) -> None:
    rows = [
        alert("l1", alert_type="tier_crossed", threshold="C>B", severity="info", consignee_id="con_big"),
        alert("w1", alert_type="customer_won", severity="info", consignee_id="con_big"),
    ]
    channels = "email:a@example.com slack webhook"
    watch = tuple(f"{who},,*,,{least},{channels},,,,," for who, least in (("anna", ""), ("ben", "info")))
    quiet, asked = digests_of(*rows, watch=(*watch, f"carla,,*,,,{channels},,,tier_crossed,,"))[:2]
    assert quiet.alerts == ()
    assert [one.alert_id for one in asked.alerts] == ["w1", "l1"], "events before lines"
    assert ids(digests_of(*rows, watch=(f"carla,,*,,,{channels},,,tier_crossed,,",))) == [["l1"]], "raised by its line"


def test_lost_alternatives_concern_their_buyer_alone(digests_of: DigestsOf) -> None:
    gone = {"alert_type": "alternatives_gone", "threshold": "9403", "value_unit": "alternatives", "from_value": 1.0}
    rows = [alert("a1", consignee_id="con_us", **gone), alert("a2", consignee_id="con_big", **gone)]
    message = only(digests_of(*rows))
    assert message.alert_id == "a1"
    assert "1 other supplier of HS 9403 was in sight for you beside" in message.headline


def test_alerts_of_one_cause_are_grouped_and_those_beyond_the_cap_are_counted(digests_of: DigestsOf) -> None:
    group = [
        alert(f"g{n}", consignee_id="con_big", cause_group="big leaves", group_size=8, effect=-float(n))
        for n in range(1, 9)
    ]
    rest = [
        alert(f"w{n:02}", alert_type="customer_won", severity="warning" if n < 6 else "info", effect=20.0 + n)
        for n in range(12)
    ]
    (found,) = digests_of(*group, *rest)
    assert [message.alert_id for message in found.alerts] == [
        "g8", "w05", "w04", "w03", "w02", "w01", "w00", "w11", "w10", "w09",
    ]  # fmt: skip
    assert len(found.alerts) == WEEKLY_CAP
    assert found.alerts[0].group_size == 8
    assert found.more == 3, "w06, w07 and w08"
    (found,) = digests_of(*group, *rest, watch=("anna,OUR COMPANY INC,*,,warning,,,,,,",))
    assert (len(found.alerts), found.more) == (7, 0)


def test_a_customer_that_crosses_two_lines_in_one_week_made_one_move(digests_of: DigestsOf) -> None:
    tier = {"alert_type": "tier_crossed", "threshold": "C>B", "severity": "info"}
    line = {"alert_type": "concentration_crossed", "threshold": "major_customer_up", "severity": "warning"}
    rows = [alert("t1", consignee_id="con_big", **tier), alert("c1", consignee_id="con_big", **line)]
    rows += [alert("t2", consignee_id="con_us", **tier), alert("c2", **{**line, "threshold": "hhi_0.10_up"})]
    (found,) = digests_of(*rows, watch=(EVERYTHING,))
    assert [(message.alert_id, message.group_size) for message in found.alerts] == [("c1", 2), ("c2", 1), ("t2", 1)]


def test_resolved_alerts_are_left_out_and_ended_snoozes_return(digests_of: DigestsOf) -> None:
    states = ("open", "acknowledged", "snoozed", "resolved", "retracted", "expired")
    rows = [alert(state, status=state) for state in states]
    rows += [
        alert("back", as_of_week="2026-W40", status="open", snoozed_until=CUT_OFF - timedelta(days=2)),
        alert("later", as_of_week="2026-W40", status="snoozed", snoozed_until=CUT_OFF + timedelta(days=1)),
        alert("long ago", as_of_week="2026-W40", status="open", snoozed_until=CUT_OFF - timedelta(days=7)),
        alert("old", as_of_week="2026-W40", status="open"),
    ]
    assert sorted(ids(digests_of(*rows))[0]) == ["acknowledged", "back", "open"]


def test_a_retraction_of_a_week_that_is_revised_later_is_sent_too(digests_of: DigestsOf) -> None:
    sent = alert("a1", as_of_week="2026-W44", consignee_id="con_big", status="retracted", alert_type="customer_won",
                 from_value=0.0, to_value=0.2, severity="warning")  # fmt: skip
    back = alert("r1", alert_type="retracted", consignee_id="con_big", supersedes_alert_id="a1", severity="info",
                 status="expired", alternative_explanation_code="late_data")  # fmt: skip
    (one,) = digests_of(sent, back, watch=(US,))
    assert [message.alert_id for message in one.retractions] == ["r1"]


def test_a_retraction_goes_to_the_recipients_of_its_alert_and_names_it(digests_of: DigestsOf) -> None:
    sent = alert("a1", as_of_week="2026-W44", consignee_id="con_big", status="retracted", alert_type="customer_won",
                 from_value=0.0, to_value=0.2, severity="warning")  # fmt: skip
    back = alert("r1", alert_type="retracted", consignee_id="con_big", supersedes_alert_id="a1", severity="info",
                 alternative_explanation_code="late_data")  # fmt: skip
    ignoring = "ben,,*,,info,,,customer_won,,,"
    one, two, three = digests_of(sent, back, watch=(US, ignoring, "carla,OUR COMPANY INC,*,,critical,,,,,,"))
    assert (one.alerts, two.alerts, two.retractions, three.retractions) == ((), (), (), ())
    (message,) = one.retractions
    assert (message.alert_id, message.supersedes_alert_id, message.severity) == ("r1", "a1", "warning")
    assert message.headline == (
        "Taken back, late records do not bear out what was reported in week 2026-W44: BIG CO is new at ALPHA WORKS "
        "LTD: from none of its bills to 20%."
    )
    assert message.numbers.startswith("reported then: 0% → 20% of its bills")
    assert (message.meaning or "").startswith("Nothing follows from the earlier alert.")
    assert message.bills_in_all == 3 * 44


def test_number_of_queries_does_not_grow_with_recipients(
    digests_of: DigestsOf, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Counting:
        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self._connection = connection

        def execute(self, query: str, *given: Any) -> duckdb.DuckDBPyConnection:
            asked.append(query)
            return self._connection.execute(query, *given)

        def __getattr__(self, name: str) -> Any:
            return getattr(self._connection, name)

    def counted(*alerts: dict[str, Any], watch: tuple[str, ...]) -> int:
        digests_of(*alerts, watch=watch)
        asked.clear()
        watchers = load_watchlist(settings, Names()).watchers  # type: ignore[arg-type]
        with duckdb.connect(str(settings.warehouse_path)) as connection:
            made = digest.digests_of(Counting(connection), watchers, WEEK)  # type: ignore[arg-type]
        assert all(one.alerts for one in made)
        return len(asked)

    one = counted(alert("a1"), watch=(US,))
    lines = tuple(f"w{n},OUR COMPANY INC,*,,info,,,,,," for n in range(30))
    assert counted(*(alert(f"a{n}") for n in range(9)), watch=lines) == one
