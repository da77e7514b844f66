"""Parties: how many bills name their shipper and their consignee.

About a quarter of bills has no name on either side, because importers may have it withheld (19 CFR 103.31(d)).
"""

from __future__ import annotations

from typing import Final

from expectations.rules import SHARE, Measure, Suite

UNNAMED_LEAST: Final = 0.10
UNNAMED_MOST: Final = 0.45
"""The band around the quarter seen in the 2020 files; it covers houses and masters in any mix."""
UNNAMED_BLOCK: Final = 0.95
"""Nearly no bill names a party: the table does not belong to these bills, or its name column is read wrongly."""

_UNNAMED: Final = Measure(
    "unnamed_bills", ("shipper", "consignee"), "bills without a named party", SHARE, needs=("header",)
)

SUITE: Final = Suite(
    "parties",
    "the share of bills without a named party is in the usual band",
    (
        _UNNAMED.at_most(
            UNNAMED_MOST,
            blocks=False,
            advice="compare with the days before: shares of named customers mean less when more is withheld",
        ),
        _UNNAMED.at_least(
            UNNAMED_LEAST,
            blocks=False,
            advice="check for a placeholder where names are withheld; it would pass for a customer",
        ),
        _UNNAMED.at_most(
            UNNAMED_BLOCK,
            blocks=True,
            advice="check whether the party file is of another day or its name column has moved",
        ),
    ),
)
