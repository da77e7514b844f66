"""Trend, season and slack of made-up weeks; customers that were won, that came back and that stopped."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.reporting.brief.facts import Brief
from pipeline.reporting.brief.gather import gather
from pipeline.reporting.facts.published_week import opened
from pipeline.reporting.facts.supplier_past import Weeks, past_of, season_of
from tests.reporting import made_pair

LAST = date(2026, 11, 2)


def weeks(volumes: list[float], *, unnamed: list[float] | None = None, bills: int = 3) -> Weeks:
    mondays = tuple(LAST - timedelta(weeks=len(volumes) - 1 - number) for number in range(len(volumes)))
    return Weeks(mondays, tuple(volumes), tuple(unnamed or [0.0] * len(volumes)), (bills,) * len(volumes))


def capacity(last: float, best: float | None, weeks_: int = 13) -> dict[str, Any]:
    end = None if best is None else LAST - timedelta(weeks=10) + timedelta(days=6)
    return {
        "volume_unit": "teu",
        "window_weeks": weeks_,
        "last_window": last,
        "best_window_156w": best,
        "best_window_156w_end": end,
    }


def test_slack_is_the_published_best_window_less_the_last() -> None:
    past = past_of(weeks([4.0] * 13 + [2.0] * 91), "teu", capacity(20.0, 60.0))
    assert (past.best_window.value, past.last_window.value, past.slack.value) == (60, 20, 40)
    assert past.use.value == pytest.approx(1 / 3)
    assert past.best_start == LAST - timedelta(weeks=22)
    assert past.growth.value == pytest.approx(104 / (13 * 4 + 39 * 2) - 1)
    half = past_of(weeks([2.0] * 104), "teu", capacity(20.0, 60.0, weeks_=26))
    assert (half.window_weeks, half.best_start) == (26, LAST - timedelta(weeks=35))


def test_an_unpublished_window_has_no_slack() -> None:
    for row, reason in ((capacity(20.0, None), "short_history"), (None, "not_published")):
        past = past_of(weeks([2.0] * 104), "teu", row)
        assert (past.slack.value, past.slack.reason, past.best_start) == (None, reason, None)
        assert not past.is_hungry


def test_volume_without_a_name_counts_as_theirs() -> None:
    past = past_of(weeks([1.0] * 52, unnamed=[3.0] * 52), "teu", None)
    assert past.year.value == 208
    assert past.hidden_share.value == 0.75


def test_figures_of_a_short_history_have_their_reason() -> None:
    past = past_of(weeks([1.0] * 30), "teu", capacity(13.0, None))
    for figure in (past.slack, past.use, past.growth, past.year_before, past.quarter_year_ago):
        assert (figure.value, figure.reason) == (None, "short_history"), figure.key
    assert season_of(weeks([1.0] * 60)).reason == "short_history"


def test_weeks_without_any_bill_have_no_shares() -> None:
    past = past_of(Weeks((), (), (), ()), "teu", None)
    assert past.year.value == 0
    assert past.hidden_share.reason == "no_bills"
    assert past.buckets == ()


def test_a_month_stands_out_when_it_does_in_each_year() -> None:
    made = weeks([1.0] * 156)
    peak = [3.0 if (monday + timedelta(days=3)).month == 8 else 1.0 for monday in made.mondays]
    season = season_of(weeks(peak))
    assert (season.high, season.low, season.years) == ((8,), (), 3)
    once = [value if number >= 104 else 1.0 for number, value in enumerate(peak)]
    assert season_of(weeks(once)).high == ()
    assert season_of(weeks(peak, bills=1)).reason == "few_bills"


def test_every_week_of_the_picture_is_in_one_column() -> None:
    past = past_of(weeks([1.0] * 104, unnamed=[0.5] * 104), "teu", None)
    assert len(past.buckets) == 26
    assert sum(bucket.named + bucket.unnamed for bucket in past.buckets) == 156


def events(path: Path, *rows: made_pair.Row, buyer: str = made_pair.BIG) -> Brief:
    with opened(made_pair.home(path, events=list(rows)), None) as reading:
        return gather(reading, made_pair.MILL, buyer)


def test_a_new_customer_is_listed_as_won(tmp_path: Path) -> None:
    (won,) = events(tmp_path, made_pair.event(made_pair.OURS, "won", since=12)).customer_events or ()
    assert (won.event, won.consignee_id, won.since) == ("won", made_pair.OURS, date(2026, 8, 10))
    assert (won.share.value, won.silent_weeks.value) == (0.4, None)


def test_a_customer_that_resurfaced_is_listed_with_its_silence(tmp_path: Path) -> None:
    silence = {"since": 76, "until_week": made_pair.WEEK.before(14).text, "share_before": 0.2}
    rows = [
        made_pair.event(made_pair.OURS, "resurfaced", since=13, unnamed_bills_change=-5.0),
        made_pair.event(made_pair.OURS, "silent", **silence),
    ]
    (back,) = events(tmp_path, *rows).customer_events or ()
    assert (back.event, back.consignee_id, back.silent_weeks.value) == ("resurfaced", made_pair.OURS, 63)
    assert back.unnamed_change.value == -5


def test_the_buyers_own_silence_is_a_caveat_and_no_event_of_another(tmp_path: Path) -> None:
    brief = events(tmp_path, made_pair.event(made_pair.OURS, "lost"), buyer=made_pair.OURS)
    assert brief.customer_events == ()
    assert "own_silent" in [caveat.code for caveat in brief.caveats]


def test_a_low_season_is_no_hunger() -> None:
    year = [4.0] * 13 + [8.0] * 13 + [4.0] * 13 + [2.0] * 13
    assert not past_of(weeks(year * 2), "teu", capacity(26.0, 104.0)).is_hungry
    assert past_of(weeks([*year, *year[:39], *[1.0] * 13]), "teu", capacity(13.0, 104.0)).is_hungry
    assert not past_of(weeks([4.0] * 104), "teu", capacity(52.0, 52.0)).is_hungry
