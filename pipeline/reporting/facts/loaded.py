"""Which sides of a pair the imported exports hold whole, and what to export where they do not. A feed holds both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pipeline.formatting import listed

OUTSIDE: Final = "outside_scope"


@dataclass(frozen=True)
class Loaded:
    """What of a pair is loaded whole.

    Attributes:
        supplier: all bills of the supplier.
        buyer: all bills of the buyer.
        product: all bills of the pair's main product.
        exports: the exports that would fill in the rest, such as `all shipments of ACME TILES`.
    """

    supplier: bool = True
    buyer: bool = True
    product: bool = True
    exports: tuple[str, ...] = ()

    @property
    def all(self) -> bool:
        """Whether nothing is missing."""
        return self.supplier and self.buyer and self.product


def loaded_of(
    tier: Mapping[str, Any] | None, leverage: Mapping[str, Any] | None, supplier: str, buyer: str, hs4: str | None
) -> Loaded:
    """Return what the frozen rows of a pair say of it.

    Args:
        tier: row of `fct_tier`; None where the buyer took nothing.
        leverage: row of `fct_leverage_snapshot` over all products, or of the one that is read.
        supplier: its name.
        buyer: its name.
        hs4: the pair's main product; None where it is not known.
    """
    if tier is None or leverage is None:
        return Loaded()
    is_outside = leverage.get("reason_code") == OUTSIDE
    has_supplier = tier.get("reason_code") != OUTSIDE
    has_buyer = not (is_outside and leverage.get("share_of_buyer") is None)
    has_product = not (is_outside and leverage.get("alternatives") is None)
    exports = (
        *(() if has_supplier else (shipments_of(supplier),)),
        *(() if has_buyer else (imports_of(buyer),)),
        *(() if has_product else (f"all imports of HS {hs4}" if hs4 else "all imports of the product",)),
    )
    return Loaded(has_supplier, has_buyer, has_product, exports)


def shipments_of(supplier: str) -> str:
    """The export of a supplier, by name."""
    return f"all shipments of {supplier}"


def imports_of(buyer: str) -> str:
    """The export of a buyer, by name."""
    return f"all imports of {buyer}"


def export_sentence(exports: tuple[str, ...], purpose: str) -> str:
    """What to export and why: `Export all shipments of ACME TILES to see your tier.` is such a sentence."""
    return f"Export {listed(list(exports))} to {purpose}."
