"""Pictures of a pair's page: each says in words and figures what it shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.reporting.charts import axes as report_axes
from pipeline.reporting.charts import charts as report_charts
from pipeline.reporting.charts import svg as report_svg
from pipeline.reporting.charts.palette import PALETTE
from pipeline.reporting.weekly import report
from pipeline.reporting.weekly.snapshot import Pair, trail_weeks
from pipeline.settings import Settings
from pipeline.snapshots.calendar import parse_week
from tests.reporting.conftest import WEEK
from tests.reporting.pages import Element, parsed

FIGURES = ("axes", "ladder", "mix", "trend")


@pytest.fixture
def page(made_home: Settings, monkeypatch: pytest.MonkeyPatch) -> Element:
    return _page(made_home, monkeypatch)


def _page(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Element:
    pair = Pair("sup_a", "con_us", "watched", "con_big")
    monkeypatch.setattr(report, "watched_pairs", lambda *_: [pair])
    index = report.write_report(settings, WEEK)
    (path,) = [path for path in index.parent.iterdir() if path != index]
    return parsed(path)


def _figure(page: Element, name: str) -> Element:
    (found,) = page.all("figure", aria_labelledby=f"{name}-title")
    return found


@pytest.mark.parametrize("name", FIGURES)
def test_each_picture_has_marks_a_sentence_and_a_table(page: Element, name: str) -> None:
    figure = _figure(page, name)
    (picture,) = figure.all("div", class_="chart")[0].all("svg")
    assert picture.attributes["aria-hidden"] == "true"
    assert len(picture.all("path") + picture.all("line")) >= 5
    assert len(figure.all("p", class_="says")[0].text) > 40
    assert figure.all("figcaption")[0].text
    assert figure.all("table")[0].all("caption")[0].text == figure.all("h2")[0].text
    assert len(figure.all("tbody")[0].all("tr")) >= 2


def test_the_sentences_state_the_figures(page: Element) -> None:
    says = {name: _figure(page, name).all("p", class_="says")[0].text for name in FIGURES}
    ranged = r"Power \N{MINUS SIGN}0\.\d\d \(.+ to .+\), mutual dependence \d\.\d\d \(\d\.\d\d to \d\.\d\d\): "
    assert re.match(ranged, says["axes"])
    assert "In 2026-W32: power " in says["axes"]
    assert re.match(r"We are number \d of 6 named customers, volume tier B, with 1\d%", says["ladder"])
    assert "BIG CO took" in says["mix"]
    assert re.search(r"\d(\.\d)?% carries no customer's name", says["mix"])
    assert re.match(r"Its best 13 weeks \(from .*\) made 1\d(\.\d)? TEU a week, its last 13 weeks 1\d", says["trend"])


def test_the_trail_ends_with_this_week(page: Element) -> None:
    weeks = [row.all("th")[0].text for row in _figure(page, "axes").all("tbody")[0].all("tr")]
    assert weeks == ["2026-W45", "2026-W32"]


def test_unnamed_volume_has_a_colour_of_its_own(page: Element) -> None:
    picture = _figure(page, "mix").all("div", class_="chart")[0]
    assert picture.all("path", fill=PALETTE["unnamed"].light)
    assert "volume without a customer's name" in _figure(page, "mix").all("ul", class_="legend")[0].text


def test_a_late_bill_of_a_later_week_changes_nothing(
    made_home: Settings, monkeypatch: pytest.MonkeyPatch, page: Element
) -> None:
    import duckdb

    with duckdb.connect(str(made_home.warehouse_path)) as connection:
        connection.execute(
            "insert into int_pair_week select * replace (date '2026-11-09' as week_start_date, 900 as teu) "
            "from int_pair_week where supplier_key = 'sup_a' limit 1"
        )
    assert _page(made_home, monkeypatch).text == page.text


def test_every_colour_of_a_picture_follows_the_screen(page: Element) -> None:
    """A colour outside the palette would stay light on a dark screen."""
    known = {colour.light for colour in PALETTE.values()} | {"none", "transparent"}
    seen = {
        element.attributes[name]
        for picture in page.all("div", class_="chart")
        for element in picture.all("*")
        for name in ("fill", "stroke")
        if name in element.attributes
    }
    assert seen <= known
    style = page.all("style")[0].text
    assert all(f'[fill="{value}"]' in style for value in seen - {"none", "transparent"})


def test_no_two_roles_share_a_light_colour() -> None:
    assert len({colour.light for colour in PALETTE.values()}) == len(PALETTE)


def _contrast(one: str, other: str) -> float:
    """WCAG 2 contrast of two colours."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", [0, 1])
def test_contrast_is_enough_for_text_and_marks(mode: int) -> None:
    grounds = [PALETTE["surface"][mode], PALETTE["band"][mode], ("#f6f8fa", "#0e1319")[mode]]
    for role in ("ink", "muted", "us"):
        assert min(_contrast(PALETTE[role][mode], ground) for ground in grounds) >= 4.5, role
    for role in ("other1", "other2", "other3", "other4", "named", "unnamed", "best", "bars"):
        assert _contrast(PALETTE[role][mode], grounds[0]) >= 3, role


def test_the_trail_takes_quarters_or_the_weeks_there_are() -> None:
    week = parse_week("2026-W45")
    every = [week.before(number) for number in range(60, -1, -1)]
    assert [(week.monday - one.monday).days // 7 for one in trail_weeks(every)] == [52, 39, 26, 13, 0]
    assert trail_weeks(every[-4:]) == every[-4:]
    assert trail_weeks(every[-1:]) == [week]


def test_marks_that_would_cover_each_other_are_moved_apart() -> None:
    points = [{"power": 0.1, "mutual": 0.5, "order": number} for number in range(6)]
    moved = report_axes.apart(points)
    places = {(point["power"], point["mutual"]) for point in moved}
    assert len(places) == 6
    assert max(abs(point["power"] - 0.1) for point in moved) < 0.25
    assert report_axes.apart(points) == moved


def test_what_the_renderer_may_add_is_taken_out() -> None:
    import xml.etree.ElementTree as ET

    hostile = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" onload="x()"><script>x()</script>'
        '<foreignObject><b>x</b></foreignObject><a href="javascript:x()"><path d="M0,0"/></a>'
        '<path d="M1,1" style="fill:red" onclick="x()" fill="url(http://x)"/>'
        '<g clip-path="url(#clip17)"><path d="M2,2.123456" fill="#0b5cab"/></g>'
        '<defs><clipPath id="clip17"><path d="M3,3"/></clipPath></defs></svg>'
    )
    text = report_svg.cleaned(ET.fromstring(hostile), "mix")
    assert not re.search(r"script|foreign|javascript|on(load|click)|style|http:|clip17|<a\b", text)
    assert 'clip-path="url(#mix-1)"' in text
    assert 'id="mix-1"' in text
    assert "2.1" in text


def test_a_spark_line_of_nothing_is_drawn(tmp_path: Path) -> None:
    assert "<svg" in report_svg.drawn(report_charts.spark([0.0] * 13), "s1")


def test_a_supplier_without_bills_says_why_nothing_is_drawn(
    made_home: Settings, monkeypatch: pytest.MonkeyPatch, changed: Callable[[str, str], None]
) -> None:
    monkeypatch.setattr(report, "watched_pairs", lambda *_: [Pair("sup_none", "con_us", "watched")])
    index = report.write_report(made_home, WEEK)
    (path,) = [path for path in index.parent.iterdir() if path != index]
    for name in FIGURES:
        assert _figure(parsed(path), name).all("p", class_="says")[0].text.startswith("Not drawn: ")


@pytest.mark.parametrize("who", ["consignee_id = 'con_us'", "true"])
def test_a_customer_without_volume_has_no_mark_on_the_ladder(
    made_home: Settings, monkeypatch: pytest.MonkeyPatch, changed: Callable[[str, str], None], who: str
) -> None:
    """Bills without a weight or a sized box: a share of nothing, which a log scale cannot place."""
    changed("fct_tier", f"select * replace (if({who}, 0.0, share_of_supplier) as share_of_supplier) from frozen")
    figure = _figure(_page(made_home, monkeypatch), "ladder")
    assert bool(figure.all("div", class_="chart")) == (who != "true")
