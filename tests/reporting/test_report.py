"""The weekly report: nothing from outside is trusted, the same inputs give the same bytes, null figures say why."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.plain_text import clean
from pipeline.reporting.facts.published_week import NoSnapshotError
from pipeline.reporting.weekly import report
from pipeline.reporting.weekly.snapshot import Pair
from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse
from tests.reporting.conftest import BEFORE, HOSTILE, HOSTILE_BUYER, WEEK
from tests.reporting.made_week import freeze
from tests.reporting.pages import Element, parsed

OURS = Pair("sup_a", "con_us", "a <i>reason</i>", "con_big")
THIN = Pair("sup_c", "con_us", "few bills")
ABSENT = Pair("sup_a", "con_nobody", "never bought")


@pytest.fixture
def watching(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def watch(*pairs: Pair) -> None:
        monkeypatch.setattr(report, "watched_pairs", lambda *_: list(pairs))

    return watch


@pytest.fixture
def written(made_home: Settings, watching: Callable[..., None]) -> Path:
    watching(OURS, THIN, ABSENT)
    return report.write_report(made_home, WEEK)


def _pages(index: Path) -> dict[str, Element]:
    return {path.name: parsed(path) for path in sorted(index.parent.glob("*.html"))}


def _linked(index: Path) -> list[Element]:
    """The pages in the order of the table."""
    (table,) = parsed(index).all("table", class_="watched")
    return [parsed(index.parent / link.attributes["href"]) for link in table.all("a")]


def test_a_page_has_no_script_and_no_external_requests(written: Path) -> None:
    for name, page in _pages(written).items():
        tags = {element.tag for element in page.all("*")}
        assert not tags & {"script", "img", "link", "iframe", "object", "foreignobject", "b", "i", "base", "form"}, name
        for element in page.all("*"):
            assert not [key for key in element.attributes if key.startswith("on")], name
            assert "style" not in element.attributes, f"{name}: the policy would refuse it"
            for key in ("href", "src", "xlink:href"):
                target = element.attributes.get(key, "#main")
                assert target == "#main" or re.fullmatch(r"[a-z0-9-]+\.html", target), f"{name}: {target}"
                assert target == "#main" or (written.parent / target).exists()
        assert not re.search(r"url\((?!#)|@import|https?:", page.all("style")[0].text), name


def test_the_policy_allows_the_one_style_sheet_and_nothing_else(written: Path) -> None:
    for page in _pages(written).values():
        (policy,) = [meta for meta in page.all("meta") if "http-equiv" in meta.attributes]
        (style,) = page.all("style")
        digest = base64.b64encode(hashlib.sha256(style.text.encode()).digest()).decode()
        assert policy.attributes["content"] == (
            f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        )


def test_a_hostile_name_is_shown_as_it_is_written(written: Path) -> None:
    index, (ours, *_) = parsed(written), _linked(written)
    for page in (index, ours):
        assert clean(HOSTILE) in page.text
        assert clean(HOSTILE_BUYER) in page.text
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in page.text
    # in the pictures too, as text and as tooltips
    pictures = "".join(picture.text for picture in ours.all("svg"))
    assert pictures.count(clean(HOSTILE_BUYER)) >= 3


def test_the_same_inputs_give_the_same_bytes(written: Path, made_home: Settings) -> None:
    first = {path.name: path.read_bytes() for path in written.parent.iterdir()}
    report.write_report(made_home, WEEK.text)
    assert {path.name: path.read_bytes() for path in written.parent.iterdir()} == first


def test_the_report_appears_whole_or_not_at_all(
    written: Path, made_home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.read_bytes() for path in written.parent.iterdir()}
    monkeypatch.setattr(report, "pages", _failing(report.pages))
    with pytest.raises(OSError, match="disk full"):
        report.write_report(made_home, WEEK)
    assert {path.name: path.read_bytes() for path in written.parent.iterdir()} == before
    monkeypatch.undo()
    report.write_report(made_home, WEEK)
    assert [path.name for path in made_home.reports_dir.iterdir()] == [WEEK.text]


def _failing(pages: Callable[..., dict[str, str]]) -> Callable[..., Any]:
    class Failing(dict[str, str]):
        def items(self) -> Iterator[tuple[str, str]]:  # type: ignore[override]
            yield next(iter(super().items()))
            raise OSError("disk full")

    return lambda gathered: Failing(pages(gathered))


def test_a_page_no_longer_watched_is_gone(written: Path, made_home: Settings, watching: Callable[..., None]) -> None:
    assert len(list(written.parent.iterdir())) == 4
    watching(OURS)
    report.write_report(made_home, WEEK)
    assert len(list(written.parent.iterdir())) == 2


def test_a_week_that_is_not_frozen_is_refused_with_what_to_do(made_home: Settings) -> None:
    with pytest.raises(NoSnapshotError, match="leverage publish --as-of 2026-W46"):
        report.write_report(made_home, "2026-W46")
    assert not made_home.reports_dir.exists()


def test_the_newest_revision_is_reported(made_home: Settings, watching: Callable[..., None]) -> None:
    watching(OURS)
    with duckdb.connect(str(made_home.warehouse_path), read_only=True) as connection:
        freeze(connection, made_home.home, WEEK, revision=10)
    assert "revision 10" in parsed(report.write_report(made_home, WEEK)).all("footer")[0].text


def test_no_watched_pair_and_no_week_before_give_a_page_that_says_so(
    made_home: Settings, watching: Callable[..., None]
) -> None:
    for folder in made_home.snapshots_dir.iterdir():
        if folder.name != WEEK.text:
            shutil.rmtree(folder)
    watching()
    index = report.write_report(made_home, WEEK)
    text = parsed(index).text
    assert "No pair is watched this week." in text
    assert "first frozen week" in text
    assert len(list(index.parent.iterdir())) == 1


def test_an_empty_week_gives_a_page(
    made_home: Settings, watching: Callable[..., None], changed: Callable[[str, str], None]
) -> None:
    for table in ("fct_tier", "fct_leverage_snapshot", "fct_alternative", "fct_consolidation"):
        changed(table, "select * from frozen where false")
    watching(OURS)
    index = report.write_report(made_home, WEEK)
    (page,) = _linked(index)
    assert "Gone from the watched pairs" in parsed(index).text
    assert "Nothing shipped" in page.text
    assert "shipped nothing to us under our name" in page.text


def test_a_figure_that_is_null_says_why(written: Path) -> None:
    index, (_, thin, absent) = parsed(written), _linked(written)
    assert "Not known" in index.text
    assert "Power and mutual dependence are not known: too few bills" in thin.text
    assert "without a tier (too few bills" in thin.text
    assert not thin.all("table", class_="sum"), "parts of a power that is null"
    assert not thin.all("div", class_="first"), "a question without a posture"
    assert "not known" in thin.all("section", aria_labelledby="products")[0].text
    assert "shipped nothing to us" in absent.text


def test_changes_are_relative_to_the_week_before(
    made_home: Settings, watching: Callable[..., None], changed: Callable[[str, str], None]
) -> None:
    watching(OURS, Pair("sup_c", "con_new", "new"), Pair("sup_d", "con_big", "gone"))
    changed(
        "fct_tier",
        "select * replace (if(consignee_id = 'con_us' and supplier_id = 'sup_a', 'A', tier) as tier) from frozen",
    )
    index = parsed(report.write_report(made_home, WEEK))
    text = re.sub(r"\s+", " ", index.text)
    assert f"Against {BEFORE}" in text
    assert re.search(r"Tiers crossed .*B → A", text)
    assert re.search(r"New among the watched pairs .*from THIN CO", text)
    assert re.search(r"Gone from the watched pairs.*BIG CO", text)
    rows = [
        len(table.all("tbody")[0].all("tr"))
        for table in index.all("section", aria_labelledby="changed")[0].all("table")
    ]
    assert rows[:3] == [1, 1, 1]


def test_slugs_are_safe_and_differ_for_companies_of_one_name(
    made_home: Settings, watching: Callable[..., None]
) -> None:
    with duckdb.connect(str(made_home.warehouse_path)) as connection:
        connection.execute("update dim_consignee set consignee_name = '../../etc/passwd'")
    watching(OURS, Pair("sup_a", "con_big", "same name"))
    index = report.write_report(made_home, WEEK)
    names = sorted(path.stem for path in index.parent.iterdir() if path != index)
    assert len(names) == 2
    assert all(re.fullmatch(r"etc-passwd-[a-z0-9-]{1,60}", name) for name in names)


def test_a_company_that_the_warehouse_does_not_know_is_shown_by_its_id(written: Path) -> None:
    assert "con_nobody" in parsed(written).text


def test_the_supplier_itself_is_no_alternative(written: Path) -> None:
    (ours, *_) = _linked(written)
    table = ours.all("table", class_="evidence")[0]
    shown = [row.all("th")[0].text for row in table.all("tbody")[0].all("tr")]
    assert shown[0].startswith("SECOND SOURCE CO")
    assert not [name for name in shown if name.startswith(clean(HOSTILE))]


def test_only_moves_that_raise_the_tier_are_listed(
    made_home: Settings, watching: Callable[..., None], changed: Callable[[str, str], None]
) -> None:
    watching(OURS)
    heading = "If we moved volume from another supplier here"
    changed("fct_consolidation", "select * replace ('B' as tier_now, 'A' as tier_after) from frozen")
    (page,) = _linked(report.write_report(made_home, WEEK))
    assert heading in page.text
    changed("fct_consolidation", "select * replace ('A' as tier_now, 'A' as tier_after) from frozen")
    (page,) = _linked(report.write_report(made_home, WEEK))
    assert heading not in page.text
    assert "would not raise our tier" in page.text


def test_partial_releases_are_named_beside_the_coverage(made_home: Settings, watching: Callable[..., None]) -> None:
    watching(OURS)
    assert "partial" not in report.write_report(made_home, WEEK).read_text()
    lines = [
        ("2026-10-01", "header", "loaded"),
        ("2026-10-01", "hazmat", "partial"),
        ("2026-10-02", "header", "unchanged"),
        ("2026-10-02", "tariff", "failed"),
        ("2026-10-03", "header", "failed"),  # passed over whole
        ("2024-10-03", "header", "loaded"),  # before the 52 weeks
        ("2024-10-03", "hazmat", "partial"),
    ]
    with warehouse(made_home, read_only=False) as connection:
        connection.executemany("insert into meta_release values (?, ?, ?)", lines)
    text = report.write_report(made_home, WEEK).read_text()
    assert "of the kilograms of 52 weeks; partial: 2 releases lack rows of an optional table" in text
