"""The week's alerts in the report: which, in what order, and as text that no name can turn into markup."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.alerts.message import AlertMessage
from pipeline.alerts.watchlist import Watchlist, load_watchlist
from pipeline.alerts.watchlist_rows import COLUMNS
from pipeline.reporting.weekly import alerts as report_alerts
from pipeline.reporting.weekly import report
from pipeline.reporting.weekly.alerts import WeekAlerts, week_alerts
from pipeline.settings import Settings, load_settings
from pipeline.warehouse.connection import warehouse
from tests.alerts.made_alerts import WEEK, Names, alert, publish
from tests.reporting.conftest import HOSTILE
from tests.reporting.pages import parsed

NO_WATCHERS = Watchlist(None, ())


@pytest.fixture
def alerts_home(tmp_path: Path) -> Settings:
    home = load_settings(home=tmp_path / "alerts", source_url="file:///nowhere", watchlist=tmp_path / "watch.csv")
    publish(
        home,
        alert("a1", severity="info", consignee_id="con_big", driver_consignee_id="con_big", status="resolved"),
        alert("a2", severity="critical", supplier_id="sup_b", consignee_id="con_other"),
        alert("a3", severity="warning", alert_type="tier_crossed", threshold="B>A", consignee_id="con_big",
              window_start_date=WEEK.before(51).monday, window_before_start_date=WEEK.before(52).monday),
        alert("old", as_of_week="2026-W44"),
    )  # fmt: skip
    return home


def alerts_of(settings: Settings, watchlist: Watchlist) -> WeekAlerts:
    with warehouse(settings) as connection:
        return week_alerts(connection, watchlist, WEEK)


def test_the_gravest_come_first_and_before_them_what_concerns_the_watchlist(
    alerts_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = alerts_of(alerts_home, NO_WATCHERS)
    assert [one.alert_id for one in found.shown] == ["a2", "a3", "a1"], "whatever became of them since"
    assert alerts_home.watchlist is not None
    alerts_home.watchlist.write_text(f"{','.join(COLUMNS)}\nanna,OUR COMPANY INC,*,,info,,,,customer_lost,,\n")
    watching = load_watchlist(alerts_home, Names())  # type: ignore[arg-type]
    found = alerts_of(alerts_home, watching)
    assert [(one.alert_id, one.severity) for one in found.shown] == [
        ("a1", "warning"),
        ("a3", "warning"),
        ("a2", "critical"),
    ]
    monkeypatch.setattr(report_alerts, "ALERTS_SHOWN", 1)
    found = alerts_of(alerts_home, NO_WATCHERS)
    assert ([one.alert_id for one in found.shown], found.more) == (["a2"], 2)


def test_alerts_of_one_cause_are_shown_as_one(alerts_home: Settings) -> None:
    group = [alert(f"g{n}", cause_group="one", group_size=3, effect=-float(n)) for n in range(3)]
    publish(alerts_home, *group, alert("w1", severity="info"))
    found = alerts_of(alerts_home, NO_WATCHERS)
    assert [(one.alert_id, one.group_size) for one in found.shown] == [("g2", 3), ("w1", 1)]
    assert found.more == 0


def test_lines_crossed_have_no_picture_since_both_years_look_alike(alerts_home: Settings) -> None:
    pictures = {one.alert_id: one.picture for one in alerts_of(alerts_home, NO_WATCHERS).shown}
    assert pictures["a1"] is not None
    assert pictures["a3"] is None


def page_of(settings: Settings, monkeypatch: pytest.MonkeyPatch, found: WeekAlerts) -> Path:
    monkeypatch.setattr(report, "watched_pairs", lambda *_: [])
    monkeypatch.setattr(report, "week_alerts", lambda *_: found)
    return report.write_report(settings, WEEK)


def hostile(message: AlertMessage) -> AlertMessage:
    assert message.picture is not None
    customers = tuple(replace(customer, name=HOSTILE) for customer in message.picture.customers)
    return replace(
        message,
        headline=HOSTILE,
        question=HOSTILE,
        instead=HOSTILE,
        picture=replace(message.picture, customers=customers),
    )


def test_a_hostile_name_in_an_alert_is_text(
    made_home: Settings, alerts_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    messages = [hostile(one) for one in alerts_of(alerts_home, NO_WATCHERS).shown if one.picture]
    index = page_of(made_home, monkeypatch, WeekAlerts(messages, more=3))
    page = parsed(index)
    assert not page.all("script")
    assert not page.all("img")
    cards = page.all("article")
    assert len(cards) == len(messages) == 2
    for card in cards:
        assert "</script><script>alert(1)</script>" in card.text
        assert card.all("svg")
    assert "and 3 more: leverage alerts list --week 2026-W45" in " ".join(page.text.split())


def test_a_week_without_alerts_says_so(made_home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "watched_pairs", lambda *_: [])
    assert "This week was published without alerts." in parsed(report.write_report(made_home, WEEK)).text
    assert "Nothing to report:" in parsed(page_of(made_home, monkeypatch, WeekAlerts())).text
