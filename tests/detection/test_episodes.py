"""A change fires once, re-arms when it is long over, and is retracted when its week does not show it any more."""

from typing import Any

import pyarrow as pa

from pipeline.detection import episodes, findings
from pipeline.detection.episodes import REARM_WEEKS, Step, step
from pipeline.detection.findings import CONFIRMED, CUSTOMER_LOST, FINDING, MIX_SHIFTED, RULE, WATCH, WENT_DARK

WEEK = 2900
EVALUATED = {CUSTOMER_LOST: range(WEEK - 4, WEEK), MIX_SHIFTED: range(WEEK - 4, WEEK)}


def _finding(**given: Any) -> dict[str, Any]:
    week = given.get("at_week", WEEK)
    row = {
        "alert_type": CUSTOMER_LOST,
        "supplier_key": 1,
        "consignee_key": 7,
        "threshold": "",
        "at_week": week,
        "before_start": week - 60,
        "before_end": week - 9,
        "window_start": week - 8,
        "window_end": week,
        "began": week - 8,
        "certainty": RULE,
        "fires": True,
        "holds": True,
        "alternative_explanation": "",
    }
    return row | given


def _mix(q: float, **given: Any) -> dict[str, Any]:
    certainty = CONFIRMED if q <= 0.05 else WATCH
    shape = {"alert_type": MIX_SHIFTED, "consignee_key": None, "q_value": q, "certainty": certainty}
    return _finding(**shape, **{"fires": q <= 0.05, **given})


def _step(before: Step | None, *rows: dict[str, Any], week: int = WEEK, **given: Any) -> Step:
    table = pa.Table.from_pylist(list(rows), schema=FINDING)
    return step(None if before is None else before.open, table, week, **given)


def test_a_change_fires_once_and_keeps_the_window_that_first_showed_it() -> None:
    done = _step(None, _finding())
    assert done.fired.num_rows == 1
    assert done.fired["first_window_end"].to_pylist() == [WEEK]
    for week in range(WEEK + 1, WEEK + 30):
        done = _step(done, _finding(at_week=week), week=week)
        assert done.fired.num_rows == 0
        assert done.open["first_window_end"].to_pylist() == [WEEK]


def test_it_re_arms_only_after_so_many_quiet_weeks() -> None:
    done = _step(None, _finding())
    for week in range(WEEK + 1, WEEK + REARM_WEEKS):
        done = _step(done, week=week)
        assert done.open.num_rows == 1
    again = _step(done, _finding(at_week=WEEK + REARM_WEEKS), week=WEEK + REARM_WEEKS)
    assert again.fired.num_rows == 0
    done = _step(done, week=WEEK + REARM_WEEKS)
    assert done.ended.num_rows == 1
    assert done.open.num_rows == 0
    later = WEEK + REARM_WEEKS + 1
    assert _step(done, _finding(at_week=later), week=later).fired["first_window_end"].to_pylist() == [later]


def test_what_holds_without_firing_keeps_an_episode_open_and_starts_none() -> None:
    weak = {"fires": False, "holds": True}
    assert _step(None, _finding(**weak)).open.num_rows == 0
    done = _step(None, _finding())
    for week in range(WEEK + 1, WEEK + 3 * REARM_WEEKS):
        done = _step(done, _finding(at_week=week, **weak), week=week)
    assert done.open["weeks_quiet"].to_pylist() == [0]


def test_a_shift_fires_at_once_below_the_limit_and_otherwise_in_the_third_consecutive_week() -> None:
    assert _step(None, _mix(episodes.NOTIFY_Q)).fired.num_rows == 1
    waiting = _step(None, _mix(0.04))
    for week in range(WEEK + 1, WEEK + episodes.WEEKS_RUNNING - 1):
        waiting = _step(waiting, _mix(0.04, at_week=week), week=week)
    assert waiting.fired.num_rows == 0
    assert waiting.open["phase"].to_pylist() == ["pending"]
    last = WEEK + episodes.WEEKS_RUNNING - 1
    alerted = _step(waiting, _mix(0.04, at_week=last), week=last)
    assert alerted.fired["first_window_end"].to_pylist() == [WEEK]
    assert alerted.open["notified_week"].to_pylist() == [last]
    broken = _step(waiting, _mix(0.1, at_week=last), week=last)
    assert broken.open.num_rows == 0
    assert _step(broken, _mix(0.04, at_week=last + 1), week=last + 1).fired.num_rows == 0


def test_late_data_retracts_an_alert() -> None:
    alerted = _step(None, _finding(at_week=WEEK - 1), week=WEEK - 1)
    assert _step(alerted, evaluated=EVALUATED).retracted["consignee_key"].to_pylist() == [7]
    # Still there in the week that fired it, or again in this week, or that week was not evaluated.
    assert _step(alerted, _finding(at_week=WEEK - 1), evaluated=EVALUATED).retracted.num_rows == 0
    assert _step(alerted, _finding(), evaluated=EVALUATED).retracted.num_rows == 0
    assert _step(alerted).retracted.num_rows == 0
    assert _step(alerted, evaluated={CUSTOMER_LOST: [WEEK - 2]}).retracted.num_rows == 0
    # A customer event too weak for an alert is as good as absent.
    weak = _finding(at_week=WEEK - 1, fires=False, holds=False)
    assert _step(alerted, weak, evaluated=EVALUATED).retracted.num_rows == 1


def test_an_episode_that_never_fired_is_not_retracted() -> None:
    waiting = _step(None, _mix(0.04, at_week=WEEK - 1), week=WEEK - 1)
    done = _step(waiting, evaluated=EVALUATED)
    assert done.retracted.num_rows == 0
    assert done.open.num_rows == 0


def test_in_the_first_week_published_only_what_is_new_is_news() -> None:
    old = _finding(began=WEEK - 13)
    new = _finding(consignee_key=8, began=WEEK - 12)
    done = _step(None, old, new, first_published=True)
    assert done.fired["consignee_key"].to_pylist() == [8]
    later = _step(done, *(row | {"at_week": WEEK + 1} for row in (old, new)), week=WEEK + 1)
    assert later.fired.num_rows == 0


def test_a_loss_that_later_looks_like_going_dark_fires_once() -> None:
    alerted = _step(None, _finding(at_week=WEEK - 1), week=WEEK - 1)
    done = _step(alerted, _finding(alert_type=WENT_DARK), evaluated=EVALUATED)
    assert (done.fired.num_rows, done.retracted.num_rows) == (0, 0)
    assert done.open["alert_type"].to_pylist() == [CUSTOMER_LOST]


def test_changes_of_one_supplier_do_not_mix() -> None:
    done = _step(None, _finding(), _finding(consignee_key=8), _mix(0.001), _finding(threshold="0.18"))
    assert done.fired.num_rows == 4
    assert done.open.num_rows == 4


def test_the_same_week_twice_gives_the_same() -> None:
    rows = [_finding(consignee_key=key) for key in (3, 1, 2)]
    assert _step(None, *rows) == _step(None, *reversed(rows))


def test_no_findings_is_an_empty_table() -> None:
    done = step(None, findings.empty(), WEEK)
    assert [table.num_rows for table in done] == [0, 0, 0, 0]


def test_a_gap_of_25_weeks_raises_no_flood_then_or_later() -> None:
    changes = [{"supplier_key": key, "consignee_key": 7 * key} for key in range(400)]
    changes += [{"supplier_key": key, "consignee_key": 7 * key, "alert_type": WENT_DARK} for key in range(400, 500)]
    before = _step(None, _finding(supplier_key=999))
    week = WEEK + 26
    late = _step(before, *(_finding(at_week=week, **given) for given in changes), week=week, rebased=True)
    assert late.fired.num_rows == 0
    assert late.open["phase"].to_pylist().count("silent") == len(changes)
    fresh = _finding(at_week=week + 1, supplier_key=1000)
    after = _step(late, fresh, *(_finding(at_week=week + 1, **given) for given in changes), week=week + 1)
    assert after.fired["supplier_key"].to_pylist() == [1000]
