"""Ranges of power: against a fine grid, and the worked example of the definition."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta

from pipeline.detection.power_range import Cuts, cell_names, power_ranges

CUTS = Cuts(0.9, 0.25, 0.6)
POWER = {"customer_substitutability": 0.0, "substitutability_low": 0.0, "substitutability_high": 0.0}


def ranges(**given: float) -> dict[str, float]:
    """Ranges of one row, its own figure made from what is given."""
    row = {**POWER, **given}
    depends_supplier = row["supplier_share"] * (1 - row["customer_substitutability"])
    depends_buyer = row["buyer_share"] * (1 - row["substitutability_high"])
    row |= {"power": depends_supplier - depends_buyer, "mutual": depends_supplier + depends_buyer}
    found = power_ranges({name: np.array([value]) for name, value in row.items()}, CUTS)
    return {name: float(values[0]) for name, values in found.items()}


@pytest.mark.parametrize(("shipments", "part"), [(12, 0.76), (24, 0.88)])
def test_the_worked_example_is_weak_and_low_to_the_part_it_names(shipments: int, part: float) -> None:
    found = ranges(
        supplier_share=999 / 50998,
        buyer_share=1.0,
        supplier_shipments=shipments,
        buyer_shipments=shipments,
        substitutability_low=4 / 6,
        substitutability_high=4 / 6,
    )
    assert found["weak_low"] == pytest.approx(part, abs=0.01)
    assert max(found[name] for name in cell_names()) == found["weak_low"]


def test_a_range_is_that_of_independent_draws_of_both_shares() -> None:
    points = (np.arange(2000) + 0.5) / 2000
    for share, other, shipments, others, rho in ((0.4, 0.3, 10, 6, 0.2), (0.05, 0.7, 40, 3, 0.5), (0.9, 0.1, 2, 25, 0)):
        found = ranges(
            supplier_share=share,
            buyer_share=other,
            supplier_shipments=shipments,
            buyer_shipments=others,
            customer_substitutability=rho,
        )
        supplier = beta.ppf(points, share * shipments + 0.5, (1 - share) * shipments + 0.5) * (1 - rho)
        buyer = beta.ppf(points, other * others + 0.5, (1 - other) * others + 0.5)
        power, mutual = np.subtract.outer(supplier, buyer), np.add.outer(supplier, buyer)
        for name, figure in (("power", power), ("mutual", mutual)):
            ends = [found[f"{name}_low"], found[f"{name}_high"]]
            assert ends == pytest.approx(list(np.quantile(figure, [0.05, 0.95])), abs=0.02)
        weak_high = np.mean((power <= -0.25) & (mutual >= 0.6))
        assert found["weak_high"] == pytest.approx(weak_high, abs=0.02)
        assert sum(found[name] for name in cell_names()) == pytest.approx(1)


def test_grades_that_show_no_capacity_widen_the_range_to_both_sides_of_them() -> None:
    sure = {"supplier_share": 0.1, "buyer_share": 1.0, "supplier_shipments": 1e6, "buyer_shipments": 1e6}
    found = ranges(**sure, substitutability_low=0.0, substitutability_high=1 / 3)
    assert found["power_low"] == pytest.approx(0.1 - 1, abs=0.005)
    assert found["power_high"] == pytest.approx(0.1 - 2 / 3, abs=0.005)


def test_nothing_known_of_a_share_leaves_it_open() -> None:
    found = ranges(supplier_share=0.0, buyer_share=0.0, supplier_shipments=0.0, buyer_shipments=0.0)
    assert found["power_low"] < -0.8
    assert found["power_high"] > 0.8


def test_rows_are_the_same_whatever_stands_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    draws = np.random.default_rng(3)
    rows = {name: draws.uniform(0, 1, 50) for name in ("supplier_share", "buyer_share", "power", "mutual")}
    rows |= {name: draws.uniform(0, 1, 50) for name in POWER}
    rows |= {f"{side}_shipments": draws.uniform(1, 30, 50) for side in ("supplier", "buyer")}
    whole = power_ranges(rows, CUTS)
    monkeypatch.setattr("pipeline.detection.power_range.CHUNK_ROWS", 7)
    parts = power_ranges(rows, CUTS)
    assert all(np.array_equal(whole[name], parts[name]) for name in whole)
