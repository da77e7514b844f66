"""The evidence of an alternative, as a sentence of its frozen figures."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import duckdb
import pytest

from pipeline.reporting.alternatives import fill_evidence

GOOD: dict[str, Any] = {
    "alternative_supplier_id": "sup_good",
    "grade": "A",
    "reason": "same_city",
    "already_supplies": False,
    "is_largest": False,
    "bills_52w": 52,
    "customers_52w": 2,
    "window_weeks": 13,
    "weeks_seen": 100,
    "volume_unit": "teu",
    "last_window": 26.0,
    "spare_capacity": 26.0,
    "need": 13.0,
    "shared_words": "CAST, COVERS",
    "evidence": None,
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(duckdb.connect()) as opened:
        opened.execute(
            "create table dim_supplier as from (values ('sup_good', 'PUNE', 'IN'), ('sup_dark', null, null)) "
            "as t(supplier_id, city, country_code)"
        )
        yield opened


def sentence(connection: duckdb.DuckDBPyConnection, **changes: Any) -> str:
    row = GOOD | changes
    columns = ", ".join(f"${name}{'::varchar' * (name == 'evidence')} as {name}" for name in row)
    connection.execute(f"create or replace table fct_alternative as select {columns}", row)
    fill_evidence(connection, "fct_alternative", "dim_supplier", "filled")
    (found,) = connection.execute("select evidence from filled").fetchone() or ("",)
    return str(found)


def test_an_alternative_with_room_says_place_trade_room_and_goods(connection: duckdb.DuckDBPyConnection) -> None:
    assert sentence(connection) == (
        "In PUNE, where the largest supplier is. 52 bills of it to 2 unrelated named customers in 52 weeks. "
        "Best 13 of the 100 weeks seen: 52.0 TEU; last 13 weeks: 26.0 TEU. Room for 26.0 TEU a quarter, where "
        "13.0 TEU are needed. Cargo texts share CAST, COVERS."
    )


def test_room_of_longer_windows_is_given_for_a_quarter(connection: duckdb.DuckDBPyConnection) -> None:
    text = sentence(connection, window_weeks=52, volume_unit="kg", last_window=400_000.0, spare_capacity=1_200.0)
    assert "Best 52 of the 100 weeks seen: 401 tonnes; last 52 weeks: 400 tonnes. Room for 0.3 tonnes a quarter" in text


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"is_largest": True}, "The largest supplier now. In PUNE"),
        ({"already_supplies": True}, "Supplies this buyer already. In PUNE"),
        ({"reason": "same_country"}, "In the largest supplier's country."),
        ({"reason": "elsewhere"}, "In another country."),
        ({"reason": "elsewhere", "alternative_supplier_id": "sup_dark"}, "Its country is not known."),
        ({"bills_52w": 1, "customers_52w": 1}, "1 bill of it to 1 named customer in 52 weeks."),
        ({"bills_52w": 0}, "It shipped the product within three years, but not in the last 52 weeks."),
        ({"grade": "B"}, "Whether it could take the volume the records do not show."),
    ],
)
def test_each_figure_has_its_words(connection: duckdb.DuckDBPyConnection, changes: dict[str, Any], part: str) -> None:
    assert part in sentence(connection, **changes)


def test_a_week_without_the_newest_figures_leaves_their_parts_out(connection: duckdb.DuckDBPyConnection) -> None:
    text = sentence(connection, last_window=None, shared_words=None)
    assert text.endswith("named customers in 52 weeks. ")


def test_evidence_that_a_week_froze_stays(connection: duckdb.DuckDBPyConnection) -> None:
    assert sentence(connection, evidence="As it was written then.") == "As it was written then."
