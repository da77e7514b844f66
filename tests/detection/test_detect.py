"""What raises an alert and what must not, on suppliers whose customers are regular."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipeline.detection.detect import detect, evaluated_weeks
from pipeline.detection.episodes import step
from pipeline.detection.findings import (
    CUSTOMER_LOST,
    CUSTOMER_WON,
    FINDING,
    MIX_SHIFTED,
    RESURFACED,
    WENT_DARK,
    of_suppliers,
)
from tests.detection.made import WEEK, WEEKS, columns, regular, renamed, rows, without

TOP = 1


def _fires(table: pa.Table, **given: object) -> list[tuple[str, int, int | None]]:
    found = detect(table, week=WEEK, **{"earlier_weeks": 0, **given})  # type: ignore[arg-type]
    assert found.schema == FINDING
    rows_ = found.filter(found["fires"]).select(["alert_type", "supplier_key", "driver_key"]).to_pylist()
    return [tuple(row.values()) for row in rows_]


def _alert_count(table: pa.Table) -> int:
    """Number of alerts that this week alone would raise."""
    return int(step(None, detect(table, week=WEEK, earlier_weeks=0), WEEK).fired.num_rows)


@pytest.fixture(scope="module")
def quiet() -> pa.Table:
    return regular(60)


@pytest.fixture(scope="module")
def shifted(quiet: pa.Table) -> pa.Table:
    """Five suppliers whose second customer takes what their largest had."""
    given = columns(quiet)
    moved = (given["supplier"] < 5) & (given["consignee"] % 100 == 1) & (given["week"] > WEEK - 13)
    given["consignee"] = np.where(moved, given["supplier"] * 100 + 2, given["consignee"])
    # A fifth stays, so that no customer is silent.
    given["consignee"][moved & (given["week"] % 5 == 0)] -= 1
    return rows(*given.values())


def test_quiet_suppliers_raise_nothing(quiet: pa.Table) -> None:
    assert _alert_count(quiet) == 0


def test_a_lost_customer_has_its_share_and_an_interval(quiet: pa.Table) -> None:
    found = detect(without(quiet, 3, 301, WEEK - 5), week=WEEK, earlier_weeks=0)
    (lost,) = found.filter(pc.and_(pc.equal(found["alert_type"], CUSTOMER_LOST), found["holds"])).to_pylist()
    assert (lost["supplier_key"], lost["consignee_key"], lost["fires"]) == (3, 301, True)
    assert lost["from_value"] == pytest.approx(4 / (1 + 4 * (1 + 1 / 2 + 1 / 3 + 1 / 4 + 1 / 5)), abs=0.04)
    assert lost["to_value"] == 0
    assert lost["effect"] == pytest.approx(-100 * lost["from_value"])
    assert lost["effect_low"] < lost["effect"] < lost["effect_high"] < 0
    assert (lost["window_start"], lost["window_end"]) == (WEEK - 5, WEEK)


def test_a_customer_that_may_only_be_late_raises_nothing(quiet: pa.Table) -> None:
    assert [row for row in _fires(without(quiet, 3, 301, WEEK)) if row[1] == 3] == []


def test_a_supplier_that_stops_altogether_has_lost_no_customer(quiet: pa.Table) -> None:
    given = columns(quiet)
    still = quiet.filter(pa.array(~((given["supplier"] == 3) & (given["week"] > WEEK - 6))))
    assert [row for row in _fires(still) if row[1] == 3] == []


def test_gone_dark_is_distinguished_from_lost(quiet: pa.Table) -> None:
    fired = _fires(renamed(quiet, 3, 301, -1, WEEK - 7))
    assert [row for row in fired if row[1] == 3] == [(WENT_DARK, 3, 301)]


def test_a_new_customer_is_won_and_one_from_the_dark_resurfaced(quiet: pa.Table) -> None:
    rng = np.random.default_rng(5)
    weeks = np.arange(WEEK - 7, WEEK + 1)
    new = rows(np.full(8, 3), np.full(8, 399), weeks, rng.poisson(5, 8) + 1)
    assert (CUSTOMER_WON, 3, 399) in _fires(pa.concat_tables([quiet, new]))
    hidden = renamed(quiet, 3, 301, -1, 0)
    open_ = renamed(quiet, 3, 301, -1, 0).filter(pa.array(columns(hidden)["week"] <= WEEK - 8))
    after = quiet.filter(pa.array(columns(quiet)["week"] > WEEK - 8))
    assert (RESURFACED, 3, 301) in _fires(pa.concat_tables([open_, after]))


@pytest.mark.parametrize("likely", [True, False])
def test_a_new_name_of_the_same_customer_is_no_news(quiet: pa.Table, likely: bool) -> None:
    alike = pa.table({"consignee_key": pa.array([399]), "other_key": pa.array([301])})
    for since in range(WEEK - 12, WEEK - 1):
        table = renamed(quiet, 3, 301, 399, since)
        fired = [row for row in _fires(table, likely_same=alike if likely else None) if row[1] == 3]
        assert fired == [], since


def test_alike_names_that_ship_side_by_side_stay_two(quiet: pa.Table) -> None:
    alike = pa.table({"consignee_key": pa.array([302]), "other_key": pa.array([301])})
    assert (CUSTOMER_LOST, 3, 301) in _fires(without(quiet, 3, 301, WEEK - 7), likely_same=alike)


def test_a_shifted_mix_is_found_with_the_customer_that_moved(shifted: pa.Table) -> None:
    found = detect(shifted, week=WEEK, earlier_weeks=0)
    mix = found.filter(pc.and_(pc.equal(found["alert_type"], MIX_SHIFTED), found["fires"]))
    # q at or below 5 % lets one in twenty be chance.
    assert set(mix["supplier_key"].to_pylist()) >= {0, 1, 2, 3, 4}
    assert mix.num_rows <= 7
    for row in mix.to_pylist()[:5]:
        assert row["driver_key"] % 100 in (1, 2)
        assert row["effect_low"] < row["effect"] < row["effect_high"]
        assert row["p_value"] <= row["q_value"] <= 0.05


def test_watched_suppliers_are_a_family_of_their_own(shifted: pa.Table) -> None:
    def q_of(watched: list[int]) -> float:
        found = detect(shifted, week=WEEK, watched=watched, earlier_weeks=0)
        (row,) = found.filter(
            pc.and_(pc.equal(found["alert_type"], MIX_SHIFTED), pc.equal(found["supplier_key"], 2))
        ).to_pylist()
        assert row["p_value"] <= row["q_value"]
        return float(row["q_value"] / row["p_value"])

    assert q_of([2]) == pytest.approx(1)
    assert q_of([]) > 5


def test_the_order_of_rows_and_the_numbering_of_suppliers_change_nothing(shifted: pa.Table) -> None:
    plain = detect(shifted, week=WEEK)
    rng = np.random.default_rng(3)
    assert detect(shifted.take(rng.permutation(shifted.num_rows)), week=WEEK) == plain
    given = columns(shifted)
    order = rng.permutation(60)
    given["supplier"] = order[given["supplier"]]
    other = detect(rows(*given.values()), week=WEEK).to_pandas()
    back = np.argsort(order)
    other["supplier_key"] = back[other["supplier_key"]]
    keys = ["at_week", "alert_type", "supplier_key", "driver_key"]
    other = other.sort_values(keys, ignore_index=True)
    mine = plain.to_pandas().sort_values(keys, ignore_index=True)
    assert mine[[*keys, "fires"]].equals(other[[*keys, "fires"]])
    np.testing.assert_allclose(mine["p_value"].astype(float), other["p_value"].astype(float), rtol=1e-3)


def test_bills_that_come_three_at_a_time_are_no_more_evidence(shifted: pa.Table) -> None:
    given = columns(shifted)
    three = rows(given["supplier"], given["consignee"], given["week"], 3 * given["bills"])
    plain, thick = (detect(table, week=WEEK, earlier_weeks=0) for table in (shifted, three))
    # Beside the scale nothing moves: p differs by what the floor of two points adds to a variance.
    for table in (plain, thick):
        fired = table.filter(table["fires"])["supplier_key"].to_pylist()
        assert set(fired) >= {0, 1, 2, 3, 4}
        assert len(fired) <= 7


def test_a_season_or_a_market_common_to_all_raises_nothing(quiet: pa.Table) -> None:
    for pace in (3.0, 0.4):
        season = np.where(np.arange(WEEKS) >= WEEKS - 10, pace, 1.0)
        assert _alert_count(regular(60, season=season)) == 0
    # Three times the market of one customer's product is its market, not its supplier's mix.
    given = columns(quiet)
    boom = (given["week"] > WEEK - 10) & (given["supplier"] == 3) & (given["consignee"] == 301)
    given["bills"] = np.where(boom, 4 * given["bills"], given["bills"])
    assert (MIX_SHIFTED, 3, 301) in _fires(rows(*given.values()))
    given["index"] = np.where(boom, 4.0, 1.0)
    assert (MIX_SHIFTED, 3, 301) not in _fires(rows(*given.values()))


def test_a_merge_or_split_of_entities_in_all_history_raises_nothing(quiet: pa.Table) -> None:
    given = columns(quiet)
    merged = np.where(given["consignee"] % 100 == 3, given["consignee"] - 1, given["consignee"])
    assert _alert_count(rows(given["supplier"], merged, given["week"], given["bills"])) == 0
    odd = (given["consignee"] % 100 == 1) & (given["week"] % 2 == 1)
    split = np.where(odd, given["consignee"] + 50, given["consignee"])
    assert _alert_count(rows(given["supplier"], split, given["week"], given["bills"])) == 0


def test_a_window_of_which_over_a_tenth_is_missing_raises_nothing(shifted: pa.Table) -> None:
    lost = without(shifted, 30, 3001, WEEK - 6)
    assert {row[0] for row in _fires(lost)} == {MIX_SHIFTED, CUSTOMER_LOST}
    two_weeks = {WEEK: 1.0, WEEK - 1: 1.0}
    assert _fires(lost, incomplete=two_weeks) == []
    assert WEEK - 1 not in evaluated_weeks(WEEK, incomplete=two_weeks)[MIX_SHIFTED]
    # A long silence after it is one again.
    assert (CUSTOMER_LOST, 30, 3001) in _fires(without(shifted, 30, 3001, WEEK - 9), incomplete={WEEK - 8: 1.0})


def test_one_waived_day_changes_no_alert(shifted: pa.Table) -> None:
    lost = without(shifted, 30, 3001, WEEK - 6)
    plain = _fires(lost)
    for ago in range(14):
        assert _fires(lost, incomplete={WEEK - ago: 0.1, WEEK - ago - 1: 0.05}) == plain, ago


def test_earlier_weeks_are_computed_from_current_data(quiet: pa.Table) -> None:
    found = detect(without(quiet, 3, 301, WEEK - 12), week=WEEK)
    lost = found.filter(pc.and_(pc.equal(found["alert_type"], CUSTOMER_LOST), found["fires"]))
    assert lost["at_week"].to_pylist() == list(range(WEEK - 4, WEEK + 1))
    back = detect(quiet, week=WEEK)
    assert back.filter(pc.and_(pc.equal(back["alert_type"], CUSTOMER_LOST), back["holds"])).num_rows == 0


def test_nothing_in_nothing_out() -> None:
    assert detect(regular(1).slice(0, 0), week=WEEK).num_rows == 0


def test_a_surprising_silence_is_found_in_the_first_year(quiet: pa.Table) -> None:
    young = quiet.filter(pc.greater(quiet["week_number"], WEEK - 30))
    assert (CUSTOMER_LOST, 3, 301) in _fires(without(young, 3, 301, WEEK - 8), first_week=WEEK - 29)
    assert [row for row in _fires(young, first_week=WEEK - 29) if row[0] == CUSTOMER_LOST] == []


def test_a_quarter_of_records_is_no_history(quiet: pa.Table) -> None:
    young = quiet.filter(pc.greater(quiet["week_number"], WEEK - 12))
    assert _fires(without(young, 3, 301, WEEK - 5), first_week=WEEK - 11) == []


def test_a_customer_is_new_only_where_its_absence_before_is_surprising(quiet: pa.Table) -> None:
    young = quiet.filter(pc.greater(quiet["week_number"], WEEK - 40))
    every = np.arange(WEEK - 9, WEEK + 1)
    new = rows(np.full(10, 3), np.full(10, 399), every, np.full(10, 4))
    assert (CUSTOMER_WON, 3, 399) in _fires(pa.concat_tables([young, new]), first_week=WEEK - 39)
    weeks = np.arange(WEEK - 9, WEEK + 1, 4)
    rare = rows(np.full(3, 3), np.full(3, 399), weeks, np.full(3, 12))
    fired = _fires(pa.concat_tables([young, rare]), first_week=WEEK - 39)
    assert (CUSTOMER_WON, 3, 399) not in fired


def test_a_move_that_comes_every_year_is_the_season() -> None:
    given = columns(regular(60, seed=4))
    before = WEEK - given["week"]
    yearly = (given["supplier"] < 4) & (given["consignee"] % 100 == 2) & (before % 52 < 10)
    given["bills"] = np.where(yearly, 6 * given["bills"], given["bills"])
    found = detect(rows(*given.values()), week=WEEK, earlier_weeks=0)
    mix = found.filter(pc.and_(pc.equal(found["alert_type"], MIX_SHIFTED), pc.less(found["supplier_key"], 4)))
    assert set(mix["alternative_explanation"].to_pylist()) <= {"season"}
    assert not pc.any(mix["fires"]).as_py()
    # The same move for the first time is a shift.
    new = yearly & (before < 10)
    given["bills"] = np.where(yearly & ~new, given["bills"] // 6, given["bills"])
    kept = given["bills"] > 0
    first = detect(rows(*(values[kept] for values in given.values())), week=WEEK, earlier_weeks=0)
    shifted = first.filter(pc.and_(first["fires"], pc.equal(first["alert_type"], MIX_SHIFTED)))
    assert set(shifted["supplier_key"].to_pylist()) >= {0, 1, 2, 3}


def test_a_history_of_little_more_than_a_year_gives_mix_tests_too(shifted: pa.Table) -> None:
    young = shifted.filter(pc.greater(shifted["week_number"], WEEK - 63))
    fired = _fires(without(young, 30, 3001, WEEK - 8), first_week=WEEK - 62)
    assert (CUSTOMER_LOST, 30, 3001) in fired
    assert {row[1] for row in fired if row[0] == MIX_SHIFTED} >= {0, 1, 2, 3, 4}


def test_a_supplier_with_a_changed_past_is_no_reference(quiet: pa.Table) -> None:
    given = columns(quiet)
    # Half of the suppliers lost their largest customer a year ago; one has a shift now.
    gone = (given["supplier"] % 2 == 0) & (given["consignee"] % 100 == 1) & (given["week"] > WEEK - 40)
    moved = (given["supplier"] == 5) & (given["consignee"] % 100 == 1) & (given["week"] > WEEK - 13)
    given["consignee"] = np.where(moved & (given["week"] % 5 > 0), 502, given["consignee"])
    found = detect(rows(*(values[~gone] for values in given.values())), week=WEEK, earlier_weeks=0)
    mix = found.filter(pc.and_(pc.equal(found["alert_type"], MIX_SHIFTED), pc.equal(found["supplier_key"], 5)))
    assert mix["fires"].to_pylist() == [True]


def test_a_customer_that_never_shipped_often_has_not_resurfaced(quiet: pa.Table) -> None:
    weeks = np.r_[WEEK - 90, np.arange(WEEK - 8, WEEK + 1)]
    rare = rows(np.full(10, 3), np.full(10, 399), weeks, np.full(10, 6))
    assert [row for row in _fires(pa.concat_tables([quiet, rare])) if row[0] in (CUSTOMER_WON, RESURFACED)] == []
    often = np.r_[np.arange(WEEK - 110, WEEK - 80), np.arange(WEEK - 8, WEEK + 1)]
    back = rows(np.full(39, 3), np.full(39, 399), often, np.full(39, 6))
    assert (RESURFACED, 3, 399) in _fires(pa.concat_tables([quiet, back]))


def test_findings_of_suppliers_that_are_not_loaded_whole_are_left_out() -> None:
    found = pa.table({"supplier_key": pa.array([1, 2], pa.int64())})
    assert of_suppliers(found, [2])["supplier_key"].to_pylist() == [2]
    assert of_suppliers(found, []).num_rows == 0
