"""Why a figure of a pair moved: the whole change, split along one fixed chain of states.

    frozen one -> rules -> entities -> late data -> volume -> alternatives -> frozen other

Each cause is the difference of two neighbours on the chain, in exact decimals, so that the causes add up to the whole
change. The states between are computed by the same models (see `counterfactual`), but for the last: the figures of the
second week with the alternatives of the first follow from the frozen rows by the same macro (see `axes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from pipeline.snapshots.differences.axes import with_axes

CAUSES: Final = ("rules", "entities", "late data", "volume", "alternatives")
"""In this order."""
ALL: Final = "all"
UNKNOWN: Final = "unknown"
TIER: Final = "tier"
"""Stands for a product where a figure is of the pair's row in fct_tier."""
DIGITS: Final = 12
NOTHING: Final = Decimal(0)

SHARES: Final = tuple(f"share_of_{side}{bound}" for side in ("supplier", "buyer") for bound in ("", "_low", "_high"))
AXES: Final = ("depends_supplier", "depends_buyer", "power", "mutual")
LEVERAGE_FIGURES: Final = (
    "volume_52w",
    *SHARES,
    "alternatives",
    "supplier_substitutability",
    "customer_substitutability",
    *AXES,
    "coverage",
)
TIER_FIGURES: Final = ("volume_52w", "share_of_supplier", "customer_rank", "customers", "gap_to_next_tier")
IN_UNITS: Final = ("volume_52w", "gap_to_next_tier")
"""Figures in the unit of their row, which can change from state to state."""
ABSENT: Final = ("volume_52w", *SHARES, *AXES)
"""What is zero where a pair has no row: nothing was bought."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class State:
    """One pair at one point of the chain.

    Attributes:
        rows: its leverage rows by product.
        tier: its row in fct_tier; None where it has none.
    """

    rows: Mapping[str, Row] = field(default_factory=dict)
    tier: Row | None = None


@dataclass(frozen=True)
class Change:
    """One figure that moved.

    Attributes:
        hs4: the product, `all`, `unknown`, or `tier` for a figure of fct_tier.
        figure: its column.
        before: its value in the first snapshot; None if it is null there.
        after: likewise in the second.
        change: the difference; None if one of them is null, or is a word.
        causes: the part of each of `CAUSES`, adding up to `change`; for words, the causes at which they moved.
        why_not: in words, why there are no causes, or which of them could not be separated.
    """

    hs4: str
    figure: str
    before: Decimal | str | None
    after: Decimal | str | None
    change: Decimal | None
    causes: dict[str, Decimal | str]
    why_not: str | None = None


@dataclass(frozen=True)
class Chain:
    """The states from the first snapshot to the second.

    Attributes:
        steps: pairs of neighbours, each with the cause of its move; the first state of all is the first snapshot, and
            each begins where the one before ends. `volume` stands for volume and alternatives together.
    """

    steps: Sequence[tuple[str, State, State]]

    @property
    def first(self) -> State:
        """The first snapshot."""
        return self.steps[0][1]

    @property
    def last(self) -> State:
        """The second snapshot."""
        return self.steps[-1][2]


def explain(chain: Chain) -> list[Change]:
    """Return each figure that differs between the snapshots, with its causes."""
    products = sorted(set(chain.first.rows) | set(chain.last.rows), key=lambda hs4: (hs4 != ALL, hs4))
    found = []
    for hs4 in products:
        found += [_explained(chain, hs4, figure) for figure in LEVERAGE_FIGURES]
        found += [_explained_word(chain, hs4, figure) for figure in ("posture", "reason_code")]
    found += [_explained(chain, TIER, figure) for figure in TIER_FIGURES]
    found.append(_explained_word(chain, TIER, "tier"))
    return [change for change in found if change.before != change.after]


def with_alternatives_of(before: State, after: State) -> State:
    """Return `after` with the alternatives of `before`, and the axes that follow from them.

    A product without a row in `before` keeps its own alternatives: how many there were is not known for this pair.
    """
    rows = {hs4: _with_alternatives(row, before.rows.get(hs4, row)) for hs4, row in after.rows.items() if hs4 != ALL}
    if ALL in after.rows:
        rows[ALL] = _with_alternatives(after.rows[ALL], _all_with_alternatives(after, rows))
    return State(rows, after.tier)


def _with_alternatives(row: Row, other: Row) -> Row:
    """A row with `alternatives` and `supplier_substitutability` of another, its axes computed again."""
    if (
        row["supplier_substitutability"] == other["supplier_substitutability"]
        and row["alternatives"] == other["alternatives"]
    ):
        return row
    return with_axes(
        {**row, "alternatives": other["alternatives"], "supplier_substitutability": other["supplier_substitutability"]}
    )


def _all_with_alternatives(after: State, fixed: Mapping[str, Row]) -> Row:
    """Alternatives of all products: substitutability is the mean by volume, the count that of the largest product."""
    own = after.rows[ALL]
    volumes = {hs4: float(row["volume_52w"] or 0) for hs4, row in fixed.items()}
    whole = sum(volumes.values())
    known = [hs4 for hs4 in fixed if hs4 != UNKNOWN]
    moved = sum(
        volumes[hs4]
        * ((fixed[hs4]["supplier_substitutability"] or 0.0) - (after.rows[hs4]["supplier_substitutability"] or 0.0))
        for hs4 in fixed
    )
    moved_products = {hs4 for hs4 in known if fixed[hs4]["alternatives"] != after.rows[hs4]["alternatives"]}
    largest = max(known, key=lambda hs4: (volumes[hs4], hs4), default=None)
    return {
        "supplier_substitutability": (own["supplier_substitutability"] or 0.0) + moved / whole
        if whole
        else own["supplier_substitutability"],
        "alternatives": fixed[largest]["alternatives"] if largest in moved_products else own["alternatives"],
    }


def _explained(chain: Chain, hs4: str, figure: str) -> Change:
    before, after = _ends(chain, hs4, figure)
    if before is None or after is None:
        return Change(hs4, figure, before, after, None, {}, _why_null(chain, hs4))
    if figure in IN_UNITS and _units_differ(chain.first, chain.last, hs4):
        return Change(hs4, figure, before, after, None, {}, "the unit has changed")
    causes = dict.fromkeys(CAUSES, NOTHING)
    at, inseparable = before, []
    for cause, _, end in _with_split(chain):
        value = after if end is chain.last else _between(chain, end, hs4, figure)
        if value is None:
            inseparable.append(cause)
        else:
            causes[cause] += value - at
            at = value
    why_not = (
        f"{' and '.join(inseparable)} cannot be separated from what follows: another unit, or no row"
        if inseparable
        else None
    )
    return Change(hs4, figure, before, after, after - before, {**causes}, why_not)


def _between(chain: Chain, state: State, hs4: str, figure: str) -> Decimal | None:
    if figure in IN_UNITS and _units_differ(state, chain.last, hs4):
        return None
    return _value(state, hs4, figure, unmask=True)


def _explained_word(chain: Chain, hs4: str, figure: str) -> Change:
    before, after = _word(chain.first, hs4, figure), _word(chain.last, hs4, figure)
    causes: dict[str, Decimal | str] = {}
    for cause, start, end in chain.steps:
        one, other = _word(start, hs4, figure), _word(end, hs4, figure)
        if one != other:
            joint = cause == "volume" and hs4 != TIER
            causes["volume, alternatives" if joint else cause] = f"{one or 'none'} -> {other or 'none'}"
    return Change(hs4, figure, before, after, None, causes)


def _with_split(chain: Chain) -> list[tuple[str, State, State]]:
    """The steps with `volume` split from `alternatives`."""
    steps = []
    for cause, start, end in chain.steps:
        if cause == "volume":
            fixed = with_alternatives_of(start, end)
            steps += [("volume", start, fixed), ("alternatives", fixed, end)]
        else:
            steps.append((cause, start, end))
    return steps


def _ends(chain: Chain, hs4: str, figure: str) -> tuple[Decimal | None, Decimal | None]:
    return _value(chain.first, hs4, figure), _value(chain.last, hs4, figure)


def _row(state: State, hs4: str) -> Row | None:
    return state.tier if hs4 == TIER else state.rows.get(hs4)


def _value(state: State, hs4: str, figure: str, *, unmask: bool = False) -> Decimal | None:
    """A figure in exact decimals; with `unmask` also an axis that a reason code hides."""
    row = _row(state, hs4)
    if row is None:
        return NOTHING if figure in ABSENT else None
    if unmask and figure in AXES and row[figure] is None:
        row = with_axes(row)
    value = row[figure]
    return None if value is None else Decimal(str(round(float(value), DIGITS) if isinstance(value, float) else value))


def _word(state: State, hs4: str, figure: str) -> str | None:
    row = _row(state, hs4)
    return None if row is None else row[figure]


def _units_differ(one: State, other: State, hs4: str) -> bool:
    units = {row["volume_unit"] for row in (_row(one, hs4), _row(other, hs4)) if row is not None}
    return len(units) > 1


def _why_null(chain: Chain, hs4: str) -> str:
    reasons = []
    for when, state in (("before", chain.first), ("after", chain.last)):
        row = _row(state, hs4)
        if row is None:
            reasons.append(f"{when}: no bill in the 52 weeks")
        elif row["reason_code"]:
            reasons.append(f"{when}: {row['reason_code']}")
    return "; ".join(reasons) or "null in one of them"
