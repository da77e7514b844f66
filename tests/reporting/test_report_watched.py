"""Which pairs the weekly report has pages of: those of a watchlist, else what moved most."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline.alerts.message import Recipient
from pipeline.alerts.watchlist import Watch, Watcher, Watchlist
from pipeline.reporting.weekly import report
from pipeline.reporting.weekly import watch as report_watch
from pipeline.reporting.weekly.snapshot import Pair, snapshots
from pipeline.settings import Settings
from pipeline.warehouse.connection import warehouse
from tests.reporting.conftest import WEEK
from tests.reporting.pages import parsed


def test_without_a_watchlist_the_largest_moves_are_watched_and_none_twice(
    made_home: Settings, changed: Callable[[str, str], None]
) -> None:
    changed(
        "fct_leverage_snapshot",
        "select * replace (if(supplier_id = 'sup_b', power + 0.3, power) as power) from frozen",
    )
    index = report.write_report(made_home, WEEK)
    suppliers = [cell.text for cell in parsed(index).all("table", class_="watched")[0].all("span", class_="from")]
    assert suppliers[0] == "from SECOND SOURCE CO"
    links = [link.attributes["href"] for link in parsed(index).all("table", class_="watched")[0].all("a")]
    assert len(links) == len(set(links)) <= report_watch.MOST_PAIRS


def _watching(path: Path | None, *lines: tuple[str | None, str | None, str]) -> Watchlist:
    """A watchlist of company, supplier (None: everything) and note."""
    return Watchlist(
        path,
        tuple(
            Watcher(
                Recipient(f"w{number}", company, ("file",)),
                company,
                (Watch(number, supplier, supplier, None, None, "info", *[frozenset[str]()] * 3, note),),
            )
            for number, (company, supplier, note) in enumerate(lines, start=2)
        ),
    )


def test_the_sample_watches_its_pairs_once_and_first_and_then_what_moved(
    made_home: Settings, changed: Callable[[str, str], None]
) -> None:
    changed("fct_leverage_snapshot", "select * replace (power - 0.3 as power) from frozen")
    with warehouse(made_home) as connection:
        _bought(connection)
        frozen = snapshots(made_home, WEEK)
        pairs = report_watch.watched_pairs(_watching(None, ("con_big", "sup_b", "reported")), connection, frozen)
        without = report_watch.watched_pairs(Watchlist(None, ()), connection, frozen)
    assert pairs[0] == Pair("sup_b", "con_big", "reported")
    keys = [(pair.supplier_id, pair.consignee_id) for pair in pairs]
    assert len(keys) == len(set(keys)) > 3
    assert ("sup_b", "con_big") in {(pair.supplier_id, pair.consignee_id) for pair in without}
    assert "reported" not in {pair.why for pair in without}


def test_a_watchlist_s_pairs_are_the_pages_and_no_others(made_home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    watchlist = _watching(
        Path("watch.csv"),
        ("con_us", "sup_c", ""),
        ("con_us", None, ""),
        (None, "sup_b", "no company, no pair"),
    )
    monkeypatch.setattr(report_watch, "MOST_PAIRS", 2)
    with warehouse(made_home) as connection:
        _bought(connection)
        pairs = report_watch.watched_pairs(watchlist, connection, snapshots(made_home, WEEK))
    assert pairs[0] == Pair("sup_c", "con_us", "on the watchlist of w2")
    assert len(pairs) == 2
    assert pairs[1].consignee_id == "con_us"
    assert pairs[1].why == "on the watchlist of w3"
    assert pairs[1].supplier_id in ("sup_a", "sup_b")


def _bought(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables by which a watchlist reaches suppliers."""
    connection.execute(
        "create temp view fct_pair_weekly as select supplier_key as supplier_id, consignee_key as consignee_id, "
        "week_start_date, bills from int_pair_week where consignee_is_named"
    )
    connection.execute(
        "create temp view fct_shipment as select null::varchar as shipment_id, null::varchar as supplier_id, "
        "null::varchar as consignee_id, null::date as week_start_date, false as is_in_transit limit 0"
    )
    connection.execute("create temp view fct_shipment_product as select ''::varchar as shipment_id, '' as hs4 limit 0")
