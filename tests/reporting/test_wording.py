"""Every sentence of briefs, mirrors, alerts, report and mail is whole, on weeks worked by hand and on the sample."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.alerts.message import Digest, Message
from pipeline.alerts.watchlist import load_watchlist
from pipeline.reporting.alerts import digest
from pipeline.reporting.alerts.digest import digests
from pipeline.reporting.alerts.listing import AlertFilter, listed
from pipeline.reporting.brief.gather import gather
from pipeline.reporting.brief.page import page_of
from pipeline.reporting.facts.published_week import opened
from pipeline.reporting.mail.view import View, view
from pipeline.reporting.mirror.gather import gather_mirror
from pipeline.reporting.mirror.page import mirror_page
from pipeline.reporting.weekly import report
from pipeline.settings import Settings, load_settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.manifest import frozen_weeks
from pipeline.warehouse.connection import warehouse
from tests.alerts import made_alerts
from tests.reporting import made_pair
from tests.reporting.conftest import WEEK
from tests.reporting.contradictions import contradictions
from tests.reporting.pages import parsed
from tests.reporting.wording import faults_of, sentences_of, texts_of
from tools import digest_examples, examples

SPOKEN_PAIRS = 150
"""Pairs of the sample whose briefs are read: the largest and the smallest."""


def read(texts: Iterable[str]) -> None:
    """Fail with every fault of the texts; there has to be something to read."""
    found = list(texts)
    assert found
    assert [fault for text in found for fault in faults_of(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "you are {share} of it",
        "a [tier](tier)",
        "You took None of it",
        "nan TEU",
        "you are 100% of 999.0.",
        "No advice: too_thin.",
        "about 3.1415926 TEU",
        "You took 52 on 26 bills.",
        "takes 29 a month",
        "1 bills behind it",
        "1 more widgets",
        "2 other supplier that could",
        "12 gearbox came",
        "You are 144% of what they ship.",
        "You took 0 TEU.",
        "They are 0% of what you buy.",
        "You are 97 % of what we buy.",
        "we take less than 0.1 tonnes",
        "In the year they shipped 549,799,000 kg.",
        "Best 13 weeks 336 tonnes, last 13 weeks 37,800 kg.",
        "In TR, where the largest supplier is.",
        "of the the year",
        "an supplier",
        "You are  second.",
        "so far .",
        "to them..",
        "decide it.; then",
    ],
)
def test_a_faulty_sentence_is_found(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "You are customer 2 of 5 named ones, with 1 bill and 1.5 containers; 1 other supplier, 12 bills.",
        "You are 97% of what we buy of HS 7325, \N{MINUS SIGN}0.25 of 2.",
        "takes 29 containers a month; we take 3, and you are 5.5% (2.7% to 9.5%) of what we buy.",
        "from 33% of its bills to 0%, since the week of 7 Sep 2026 on",
        "It took 50,000 tonnes; we took 83 kg.",
        "6 more customers together take 44 TEU, on 11 bills of 4 years.",
    ],
)
def test_a_good_sentence_is_left_alone(text: str) -> None:
    assert faults_of(text) == []


VARIANTS: dict[str, dict[str, Any]] = {
    "whole": {},
    "largest": {"leverage": {"question_id": "secure_largest", "posture": "secure"}},
    "no tier": {"tier": {"tier": None, "reason_code": "no_volume"}},
    "no alternative": {"alternatives": False, "leverage": {"alternatives": 0, "alternatives_seen": 0}},
    "open": {"leverage": {"posture": "undetermined", "posture_first": "partner", "posture_second": "quote"}},
    "a large share with ways out": {"leverage": {"depends_supplier": 0.02}},
    "too thin": {
        "leverage": {
            **dict.fromkeys(("depends_supplier", "depends_buyer", "power", "mutual", "posture", "question_id")),
            "reason_code": "too_thin",
        }
    },
}


@pytest.mark.parametrize("name", VARIANTS)
def test_briefs_and_mirrors_of_a_worked_pair_read_well(tmp_path: Path, name: str) -> None:
    settings = made_pair.home(tmp_path, **VARIANTS[name])
    with opened(settings, None) as reading:
        for rival in (None, made_pair.BIG):
            brief = gather(reading, made_pair.MILL, made_pair.OURS, rival, shown=3)
            read(sentences_of(page_of(brief)))
            assert contradictions(brief) == []
        read(sentences_of(page_of(gather(reading, made_pair.OTHER, made_pair.OURS))))
        for company in (made_pair.OURS, made_pair.BIG):
            read(sentences_of(mirror_page(gather_mirror(reading, company))))


def test_the_report_of_a_worked_week_reads_well(made_home: Settings) -> None:
    read(report_texts(made_home, WEEK))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_digests_of_a_worked_week_read_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    settings = load_settings(home=tmp_path / "home", watchlist=tmp_path / "watch.csv", source_url="file:///nowhere")
    names = {**made_alerts.NAMES, **{key: "PLAIN CO" for key, name in made_alerts.NAMES.items() if "<" in name}}
    monkeypatch.setattr(
        digest,
        "load_watchlist",
        lambda given: load_watchlist(given, made_alerts.Names()),  # type: ignore[arg-type]
    )
    (tmp_path / "watch.csv").write_text("watcher,company,watch\nanna,OUR COMPANY INC,*\nben,,*\n", encoding="utf-8")
    alerts = [made_alerts.alert(f"{number:064x}", consignee_id="con_big") for number in range(count)]
    made_alerts.publish(settings, *alerts, names=names)
    read(text for one in digests(settings, made_alerts.WEEK) for text in digest_texts(one))


@pytest.mark.full
def test_every_sentence_of_the_sample_reads_well(published_sample: Settings) -> None:
    week = frozen_weeks(published_sample)[-1]
    with opened(published_sample, None) as reading:
        rows = reading.rows(
            "select supplier_id, consignee_id from leverage where hs4 = 'all' order by volume_52w desc, 1, 2"
        )
        for row in [*rows[:SPOKEN_PAIRS], *rows[-SPOKEN_PAIRS:]]:
            brief = gather(reading, row["supplier_id"], row["consignee_id"])
            read(sentences_of(page_of(brief)))
            assert contradictions(brief) == []
        for company in sorted({row["consignee_id"] for row in rows[:SPOKEN_PAIRS]}):
            read(sentences_of(mirror_page(gather_mirror(reading, company))))
    read(report_texts(published_sample, week))
    read(text for one in digests(published_sample, week) for text in digest_texts(one))
    with warehouse(published_sample) as connection:
        read(line.headline for line in listed(connection, AlertFilter(statuses=())))


def report_texts(settings: Settings, week: Week) -> Iterator[str]:
    """The sentences of all pages of a report."""
    index = report.write_report(settings, week)
    for path in sorted(index.parent.glob("*.html")):
        yield from texts_of(parsed(path))


def digest_texts(one: Digest) -> Iterator[str]:
    """The sentences of a digest's mail and of the mails of its single alerts."""
    yield from _view_texts(view(Message("digest", one, None), {}))
    for alert in one.alerts:
        yield from _view_texts(view(Message("alert", one, alert), {}))
    for alert in one.retractions:
        yield from _view_texts(view(Message("retraction", one, alert), {}))


def _view_texts(shown: View) -> Iterator[str]:
    yield from (text for text in (shown.title, shown.more, shown.data, shown.caveat) if text)
    yield from (*shown.summary, *shown.limits)
    yield from (cell for row in shown.lines for cell in row[:-1])
    for card in (*shown.cards, *shown.taken_back):
        yield from (
            text for text in (card.label, card.headline, card.group, card.bills_head, card.picture_text) if text
        )
        yield from (text for _, text in card.paragraphs)
        yield from (cell for row in card.bills for cell in row)


@pytest.mark.full
def test_the_examples_of_the_docs_are_those_of_the_sample(published_sample: Settings) -> None:
    assert examples.README.read_text(encoding="utf-8") == examples.readme(published_sample)
    assert examples.BRIEFS.read_text(encoding="utf-8") == examples.briefs_page(published_sample)
    assert digest_examples.PAGE.read_text(encoding="utf-8") == digest_examples.page(published_sample)
