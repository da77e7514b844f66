"""What a published week says of the other suppliers of a product: one of a few statements, in one sentence each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pipeline.formatting import counted, listed
from pipeline.plain_text import clean

READY: Final = "ready"
SEEN: Final = "seen"
NONE: Final = "none"
UNKNOWN: Final = "unknown"
"""Statements: others have shown room for the volume (grade A); others ship it (B, C); none is seen; no product."""
GRADES: Final = {"A": "showed room", "B": "ships it", "C": "shipped it before"}
"""What the records show of a supplier, by its grade."""
NAMED: Final = 2
"""Suppliers that a sentence names."""


@dataclass(frozen=True)
class Market:
    """The other suppliers of a product, for one buyer.

    Attributes:
        hs4: product; None where the records do not show it.
        ready: suppliers of grade A.
        seen: suppliers of any grade; None in weeks that were published before grades.
        others: name and grade of the best of them, best first.
        is_outside: whether the imported exports need not have all suppliers of the product.
    """

    hs4: str | None
    ready: int
    seen: int | None
    others: tuple[tuple[str, str], ...] = ()
    is_outside: bool = False

    @property
    def statement(self) -> str:
        """One of `READY`, `SEEN`, `NONE`, `UNKNOWN`."""
        if self.hs4 is None or self.is_outside:
            return UNKNOWN
        if self.ready:
            return READY
        return NONE if self.seen == 0 else SEEN

    @property
    def goods(self) -> str:
        """The product in a sentence."""
        return f"these goods (HS\N{NO-BREAK SPACE}{self.hs4})" if self.hs4 else "these goods"

    def sentence(self, our: str = "our", goods: str = "") -> str:
        """The statement as a sentence.

        Args:
            our: whose volume it is: `our` where the buyer speaks, `your` where it is spoken to.
            goods: how the product is called, where the text around names it.
        """
        goods = goods or self.goods
        statement = self.statement
        if self.is_outside:
            return f"Who else supplies {goods} cannot be seen: export all imports of the product to see it."
        if statement == UNKNOWN:
            return "The records do not show what the goods are, so no other supplier can be named."
        if statement == NONE:
            return f"The records show no other steady supplier of {goods}."
        count = self.ready if statement == READY else self.seen
        if count is None:
            return f"No other supplier of {goods} has shown room for {our} volume."
        names = [name for name, grade in self.others if statement == SEEN or grade == "A"][: min(count, NAMED)]
        past = statement == SEEN and bool(self.others) and all(grade == "C" for _, grade in self.others)
        one = count == 1
        verb = ("has" if one else "have") + " shipped" if past else "ships" if one else "ship"
        goods += " before" if past else ""
        if count <= len(names):
            text = f"{listed(names)} {verb} {goods}"
        else:
            among = f" ({listed(names)} among them)" if names else ""
            text = f"{counted(count, 'other supplier')}{among} {verb} {goods}"
        if statement == READY:
            return f"{text} and {'has' if one else 'have'} shown room for {our} volume."
        return f"{text}; whether {'it' if one else 'they'} could take {our} volume the records do not show."


def market_of(row: Mapping[str, Any], hs4: str | None, alternatives: Sequence[Mapping[str, Any]]) -> Market:
    """Return what a leverage row and its alternatives say.

    Args:
        row: of `fct_leverage_snapshot`.
        hs4: product of the alternatives; None or `unknown` where the records do not show it.
        alternatives: rows of `fct_alternative` in it with `name`, best first, without the row's own supplier.
    """
    seen = row.get("alternatives_seen")
    others = tuple(
        (clean(one["name"], one["alternative_supplier_id"]), one.get("grade") or "A") for one in alternatives
    )
    known = None if hs4 in (None, "unknown") else hs4
    is_outside = row.get("alternatives") is None and row.get("reason_code") == "outside_scope"
    return Market(known, int(row.get("alternatives") or 0), None if seen is None else int(seen), others, is_outside)
