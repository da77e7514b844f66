"""The first screen of a digest, the words for certainty, and what a digest says that it does not show."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.alerts.message import Message
from pipeline.detection.events.reach import FULL_WEEKS, shortest_silence
from pipeline.formatting import NumberFormat
from pipeline.reporting.alerts import digest as digest_module
from pipeline.reporting.alerts.certainty import how_sure, stake
from pipeline.reporting.alerts.digest import digests
from pipeline.reporting.alerts.first_screen import FIRST, NOTHING, summary
from pipeline.reporting.alerts.limits import limits
from pipeline.reporting.mail.forms import as_html, as_text
from pipeline.reporting.mail.view import view
from pipeline.settings import load_settings
from pipeline.snapshots.calendar import parse_week
from tests.alerts import made_alerts
from tests.delivery import made

WEEK = parse_week("2026-W46")


def test_first_screen_has_the_count_and_the_gravest_event_in_full() -> None:
    first, gravest, second = summary(made.digest(alerts=(made.alert(), made.shifted(), made.line())))
    assert first == (
        "2 events, 1 of them critical, the gravest first. 1 line crossed, in the table below. 2 more changes of less "
        "weight. 1 earlier alert is taken back."
    )
    alert = made.alert()
    assert gravest == f"{alert.headline} {alert.sure} {alert.meaning}"
    assert second == f"{made.shifted().headline} {made.shifted().sure}"


def test_first_screen_stays_short_however_much_happened() -> None:
    alerts = tuple(made.alert(number, headline="X " * 900) for number in range(10))
    found = summary(made.digest(alerts=alerts))
    assert len(found) == 1 + FIRST
    assert all(len(text) < 950 for text in found)
    assert summary(made.quiet()) == (NOTHING,)


def test_lines_stand_in_one_table_and_have_no_card() -> None:
    digest = made.digest(alerts=(made.alert(), made.line(4), made.line(5)), limits=("The record is short.",))
    shown = view(Message("digest", digest, None), {})
    assert [card.alert.alert_type for card in shown.cards] == ["customer_lost"]
    assert [row.show for row in shown.lines] == [made.line(4).alert_id[:10], made.line(5).alert_id[:10]]
    for text in (as_text(shown), re.sub(r"<[^>]+>", " ", as_html(shown))):
        assert text.count(made.line().change) == 2
        places = [text.index(part) for part in ("1 critical event", "The record", "Lines crossed", "Ask them")]
        assert places == sorted(places)


def test_digest_of_lines_alone_says_that_no_customer_moved() -> None:
    (text,) = summary(made.digest(alerts=(made.line(),), more=0, retractions=()))
    assert text == ("No customer came, went or shifted at the suppliers you watch. 1 line crossed, in the table below.")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            {"certainty": "confirmed", "q_value": 0.004},
            "Confirmed: of two hundred alerts like it at most one is chance.",
        ),
        ({"certainty": "confirmed", "q_value": 0.04}, "Confirmed: of twenty alerts like it at most one is chance."),
        ({"certainty": "watch", "q_value": 0.15}, "To be watched: of five alerts like it at most one is chance."),
        ({"alert_type": "tier_crossed", "q_value": 0.03}, "By rule: of twenty alerts like it at most one is chance."),
        ({}, "By rule: hardly any silence like it has ended with a return."),
        ({"alert_type": "retracted"}, ""),
    ],
)
def test_words_for_certainty_follow_the_probability(given: dict[str, Any], words: str) -> None:
    assert how_sure(made_alerts.alert("a", **given)) == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"from_value": 0.33, "to_value": 0.0}, "33% of its bills"),
        ({"alert_type": "mix_shifted", "from_value": 0.18, "to_value": 0.29}, "11% of its bills"),
        ({"alert_type": "tier_crossed", "from_value": 0.11, "to_value": 0.13}, "13% of its volume"),
        ({"value_unit": "part_of_best", "to_value": 0.6}, None),
    ],
)
def test_stake_is_the_part_of_the_supplier(given: dict[str, Any], words: str | None) -> None:
    assert stake(made_alerts.alert("a", **given), NumberFormat()) == words


def test_shorter_records_need_longer_silences() -> None:
    for every in (1, 2, 4):
        found = [shortest_silence(weeks, every) or 999 for weeks in (13, 20, 26, 40, 52, FULL_WEEKS)]
        assert found == sorted(found, reverse=True)
        assert shortest_silence(FULL_WEEKS, every) == shortest_silence(130, every)
    assert shortest_silence(20, 1) == 5
    assert shortest_silence(20, 2) is None


@pytest.mark.parametrize(
    ("weeks", "words"),
    [
        (9, "Your record begins in September 2026: nothing is judged before it has 13 weeks."),
        (
            40,
            "Your record begins in February 2026: silences under 4 weeks of a customer that ships weekly, under "
            "11 weeks of a customer that ships every other week, any of one that ships less often than every "
            "other week cannot be judged yet; nor can lines crossed, which take a year of records.",
        ),
    ],
)
def test_digest_says_what_a_short_record_cannot_show(weeks: int, words: str) -> None:
    assert limits(WEEK, weeks, WEEK.before(1)) == (words,)


def test_a_long_record_published_every_week_has_no_limits() -> None:
    assert limits(WEEK, FULL_WEEKS, WEEK.before(2)) == ()
    assert limits(WEEK, None, None) == ()


def test_digest_after_25_missed_weeks_says_that_states_were_set_without_alerts() -> None:
    assert limits(WEEK, FULL_WEEKS, WEEK.before(26)) == (
        "25 weeks were left out since week 2026-W20, the last one published: states of what changed meanwhile were set "
        "without alerts. Publish the missed weeks in order to have them.",
    )
    assert limits(WEEK, FULL_WEEKS, WEEK.before(3))


def test_digest_reads_the_record_and_the_week_published_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings(home=tmp_path, watchlist=tmp_path / "watch.csv", source_url="file:///nowhere")
    assert settings.watchlist is not None
    settings.watchlist.write_text("watcher,watch\nanna,*\n")
    read = digest_module.load_watchlist
    monkeypatch.setattr(digest_module, "load_watchlist", lambda given: read(given, made_alerts.Names()))  # type: ignore[arg-type]
    made_alerts.publish(settings)
    with duckdb.connect(str(settings.warehouse_path)) as connection:
        connection.execute("delete from meta_publish where as_of_week = '2026-W44'")
    (found,) = digests(settings, made_alerts.WEEK)
    gap, record = found.limits
    assert gap.startswith("4 weeks were left out since week 2026-W40")
    assert record.startswith("Your record begins in September 2025: silences under 4 weeks")
    assert made_alerts.WEEK.before(59).monday == date(2025, 9, 15)
