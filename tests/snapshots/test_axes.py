"""The worked examples of docs/metrics.md, computed by the macro that computes a week."""

from __future__ import annotations

import pytest

from pipeline.snapshots.differences.axes import with_axes

NEAR = 1e-9


def test_axes_and_contributions_of_a_worked_example() -> None:
    row = with_axes(
        {
            "share_of_supplier": 0.3,
            "share_of_buyer": 0.5,
            "customer_substitutability": 0.4,
            "supplier_substitutability": 0.6,
        }
    )
    assert row["depends_supplier"] == pytest.approx(0.18, abs=NEAR)
    assert row["depends_buyer"] == pytest.approx(0.2, abs=NEAR)
    assert row["power"] == pytest.approx(-0.02, abs=NEAR)
    assert row["mutual"] == pytest.approx(0.38, abs=NEAR)
    parts = [value for name, value in row.items() if name.startswith("contribution_")]
    assert parts == pytest.approx([0.24, -0.06, -0.35, 0.15], abs=NEAR)
    assert sum(parts) == pytest.approx(row["power"], abs=1e-12)


def test_a_missing_measure_counts_as_nothing() -> None:
    missing = dict.fromkeys(
        ("share_of_supplier", "share_of_buyer", "customer_substitutability", "supplier_substitutability")
    )
    row = with_axes({**missing, "share_of_buyer": 0.5})
    assert (row["power"], row["mutual"]) == (-0.5, 0.5)
