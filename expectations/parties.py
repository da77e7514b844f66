"""Parties: how many bills name their shipper and their consignee.

About a quarter of bills has no name on either side, because importers may have it withheld (19 CFR 103.31(d)).
"""

from __future__ import annotations

from typing import Final

from expectations.rules import SHARE, Suite, at_least, at_most

UNNAMED_LEAST: Final = 0.10
UNNAMED_MOST: Final = 0.45
"""The band around the quarter seen in the 2020 files; it holds houses and masters in any mix."""
UNNAMED_BLOCK: Final = 0.95
"""Nearly no bill names a party: the table does not belong to these bills, or its name column is read wrongly."""

_SIDES: Final = ("shipper", "consignee")

SUITE: Final = Suite(
    "parties",
    "the share of bills without a named party lies in the band seen",
    (
        at_most(
            "unnamed_bills",
            UNNAMED_MOST,
            tables=_SIDES,
            needs=("header",),
            unit=SHARE,
            blocks=False,
            says="bills without a named party",
            advice="compare with the days before: shares of named customers mean less when more is withheld",
        ),
        at_least(
            "unnamed_bills",
            UNNAMED_LEAST,
            tables=_SIDES,
            needs=("header",),
            unit=SHARE,
            blocks=False,
            says="bills without a named party",
            advice="look whether a placeholder stands where names are withheld; it would pass for a customer",
        ),
        at_most(
            "unnamed_bills",
            UNNAMED_BLOCK,
            tables=_SIDES,
            needs=("header",),
            unit=SHARE,
            blocks=True,
            says="bills without a named party",
            advice="look whether the party file is of another day or its name column has moved",
        ),
    ),
)
