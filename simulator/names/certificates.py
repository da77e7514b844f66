"""Certificates of confidentiality: which names the publisher hides, and when.

19 CFR 103.31(d): an importer files a certificate for two years; its own name and, if it asks, all its shippers'
names are left out of what is published. Only the exact name variants that it filed are hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.basis.draws import Bools, Draws, Floats, Ints

HOLDERS_SHARE: Final = 0.26
"""Of cargo: bought by firms that held a certificate at some time."""
LARGEST_HOLDER: Final = 0.06
"""A firm with more of the cargo than this has none: one lapse would move the whole world."""
TERM_WEEKS: Final = 104
RENEWED: Final = 0.7
"""Certificates renewed when they end; the others lapse and the name comes back."""
OWN_NAME_ONLY: Final = 0.12
"""Holders that hide their own name and leave their shippers' names in the open."""
UNEXPLAINED: Final = 0.035
"""Parties that are missing for no reason that shows, on each side."""
FAR: Final = 1 << 20


@dataclass(frozen=True)
class Certificates:
    """Columns of one entry a consignee.

    Attributes:
        first_week: first week in which its name is hidden; `FAR` where never.
        last_week: last one.
        shippers: 1 where its shippers' names are hidden too.
    """

    first_week: Ints
    last_week: Ints
    shippers: Ints

    def hides(self, consignee: Ints, week: Ints) -> Bools:
        """Whether the consignee's filed variants (see `name_variants`) are hidden on a bill that arrives in `week`."""
        hidden: Bools = (self.first_week[consignee] <= week) & (week <= self.last_week[consignee])
        return hidden

    def below(self, other: Certificates) -> Certificates:
        """These and, behind them, the other ones."""
        return Certificates(
            **{name: np.concatenate([column, getattr(other, name)]) for name, column in vars(self).items()}
        )


def make_certificates(draws: Draws, volume: Floats, first_week: int) -> Certificates:
    """Certificates that cover `HOLDERS_SHARE` of the volume.

    Args:
        draws: of the world.
        volume: expected cargo of each consignee.
        first_week: the world's first week; a certificate can be older.
    """
    number = np.arange(len(volume))
    share = volume / volume.sum()
    order = np.argsort(draws.uniform(number, "certificate.order"))
    order = order[share[order] <= LARGEST_HOLDER]
    holders = order[np.cumsum(share[order]) <= HOLDERS_SHARE]
    age = draws.below(number, "certificate.age", 2 * TERM_WEEKS) - TERM_WEEKS // 4
    first = first_week - age
    terms = draws.geometric(number, "certificate.terms", 1 / (1 - RENEWED), 8)
    last = first + terms * TERM_WEEKS - 1
    held = np.zeros(len(volume), dtype=bool)
    held[holders] = True
    return Certificates(
        first_week=np.where(held, first, FAR),
        last_week=np.where(held, last, FAR),
        shippers=(~draws.chance(number, "certificate.own", OWN_NAME_ONLY)).astype(np.int64),
    )
