"""Causes add up to the whole change, to the last digit, whatever the states between are."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.snapshots.differences.axes import with_axes
from pipeline.snapshots.differences.causes import AXES, CAUSES, Chain, Change, State, explain, with_alternatives_of
from tests.snapshots.toy import WEEK, leverage_row, tier_row

CHAIN = ("rules", "entities", "late data", "volume", "rules")
share = st.floats(0, 1)
figures = st.fixed_dictionaries(
    {
        "share_of_supplier": share,
        "share_of_buyer": share,
        "customer_substitutability": share,
        "supplier_substitutability": share,
        "alternatives": st.integers(0, 9),
        "volume_52w": st.floats(0.001, 1e9),
    }
)


def row(hs4: str = "all", **changes: Any) -> dict[str, Any]:
    return dict(with_axes(leverage_row(WEEK, hs4=hs4, **changes)))


def state(*rows: dict[str, Any], tier: dict[str, Any] | None = None) -> State:
    return State({each["hs4"]: each for each in rows}, tier or tier_row(WEEK))


def chain(*states: State) -> Chain:
    return Chain([(cause, states[n], states[n + 1]) for n, cause in enumerate(CHAIN[: len(states) - 1])])


def of(changes: list[Change], hs4: str, figure: str) -> Change:
    return next(item for item in changes if (item.hs4, item.figure) == (hs4, figure))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(figures, figures), min_size=6, max_size=6))
def test_causes_add_up_exactly(drawn: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    states = [state(row(**one), row("6910", **other)) for one, other in drawn]
    for change in explain(chain(*states)):
        if change.change is not None:
            assert sum(change.causes.values()) == change.change
            assert tuple(change.causes) == CAUSES
            assert isinstance(change.before, Decimal)
            assert isinstance(change.after, Decimal)
            assert change.after - change.before == change.change


def test_more_alternatives_alone_are_attributed_to_alternatives() -> None:
    before = state(
        row(supplier_substitutability=0.0, alternatives=0), row("6910", supplier_substitutability=0.0, alternatives=0)
    )
    after = state(
        row(supplier_substitutability=0.5, alternatives=2), row("6910", supplier_substitutability=0.5, alternatives=2)
    )
    changes = explain(Chain([("volume", before, after)]))
    for hs4 in ("all", "6910"):
        power = of(changes, hs4, "power")
        assert power.change == Decimal("0.5")
        assert power.causes["alternatives"] == Decimal("0.5")
        assert power.causes["volume"] == 0
        assert of(changes, hs4, "depends_buyer").causes["alternatives"] == Decimal("-0.5")
        assert of(changes, hs4, "alternatives").causes["alternatives"] == 2


def test_more_volume_alone_is_attributed_to_volume() -> None:
    after = state(row(share_of_supplier=0.3, volume_52w=300.0))
    changes = explain(Chain([("volume", state(row()), after)]))
    assert of(changes, "all", "power").causes["volume"] == Decimal("0.1")
    assert of(changes, "all", "power").causes["alternatives"] == 0
    assert of(changes, "all", "volume_52w").causes["volume"] == 200


def test_the_alternatives_of_all_products_are_held_as_their_mean_by_volume() -> None:
    before = state(
        row(),
        row("6910", supplier_substitutability=0.5, alternatives=2),
        row("7326", supplier_substitutability=0.0, alternatives=0),
    )
    one = row("6910", supplier_substitutability=0.75, alternatives=6, volume_52w=300.0)
    other, unknown = (
        row("7326", supplier_substitutability=0.5, alternatives=2, volume_52w=100.0),
        row("unknown", supplier_substitutability=0.0, alternatives=0),
    )
    mean = (300 * 0.75 + 100 * 0.5) / 500
    held = with_alternatives_of(before, state(row(supplier_substitutability=mean, alternatives=6), one, other, unknown))
    assert held.rows["all"]["supplier_substitutability"] == pytest.approx(300 * 0.5 / 500)
    assert held.rows["all"]["alternatives"] == 2
    assert held.rows["all"]["depends_supplier"] == pytest.approx(0.1 * 0.5)
    assert held.rows["all"]["depends_buyer"] == pytest.approx(1 - 300 * 0.5 / 500)
    assert held.rows["all"]["mutual"] == pytest.approx(0.1 * 0.5 + 1 - 300 * 0.5 / 500)
    assert held.rows["all"]["power"] == pytest.approx(0.1 * 0.5 - (1 - 300 * 0.5 / 500))


def test_a_product_without_a_row_before_keeps_its_alternatives() -> None:
    after = state(row(), row("6910", supplier_substitutability=0.5, alternatives=2))
    assert with_alternatives_of(state(row()), after).rows == after.rows


def test_an_axis_that_only_a_state_between_hides_is_worked_out_there() -> None:
    hidden = row(share_of_supplier=0.2) | dict.fromkeys(AXES) | {"reason_code": "few_bills"}
    after = state(row(share_of_supplier=0.3))
    changes = explain(Chain([("late data", state(row()), state(hidden)), ("volume", state(hidden), after)]))
    power = of(changes, "all", "power")
    assert power.causes["late data"] == power.causes["volume"] == Decimal("0.05")


def test_an_axis_that_is_null_at_one_end_has_its_reason_and_no_causes() -> None:
    hidden = row() | dict.fromkeys(AXES) | {"reason_code": "few_bills"}
    power = of(explain(Chain([("volume", state(row()), state(hidden))])), "all", "power")
    assert (power.after, power.change, power.causes) == (None, None, {})
    assert power.why_not == "after: few_bills"


def test_a_pair_that_is_new_comes_from_nothing() -> None:
    changes = explain(Chain([("late data", State(), State()), ("volume", State(), state(row()))]))
    volume = of(changes, "all", "volume_52w")
    assert (volume.before, volume.after, volume.causes["volume"]) == (0, 100, 100)
    assert of(changes, "all", "alternatives").why_not == "before: no bill in the 52 weeks"
    assert of(changes, "tier", "tier").causes == {"volume": "none -> B"}


def test_volumes_of_other_units_are_not_subtracted() -> None:
    after = state(row(volume_52w=5.0, volume_unit="teu"))
    volume = of(explain(Chain([("volume", state(row()), after)])), "all", "volume_52w")
    assert (volume.change, volume.why_not) == (None, "the unit has changed")


def test_an_unchanged_figure_is_left_out() -> None:
    same = state(row())
    assert explain(Chain([("late data", same, same)])) == []


def test_a_state_in_another_unit_leaves_its_move_to_the_next_cause_and_says_so() -> None:
    between, after = state(row(volume_52w=5.0, volume_unit="teu")), state(row(volume_52w=300.0))
    steps = [("late data", state(row()), between), ("volume", between, after)]
    volume = of(explain(Chain(steps)), "all", "volume_52w")
    assert (volume.causes["late data"], volume.causes["volume"]) == (0, 200)
    assert (volume.why_not or "").startswith("late data cannot be separated")
