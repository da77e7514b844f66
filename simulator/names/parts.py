"""Parts that a firm's official name is made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.basis.draws import Bools, Ints
from simulator.names.texts import Text, pick, pool

NOWHERE, FRONT, INSIDE, END = range(4)
"""Where the city is in a name: in front, in brackets behind the brand, behind the trade."""


@dataclass(frozen=True)
class Parts:
    """Parts of names, in their order; columns of one entry a name.

    Attributes:
        before: words before all others.
        city: of the firm, whether it stands in the name or not.
        city_place: where it stands.
        city_fixed: whether clerks leave it there, since it distinguishes sisters.
        brand: the word that the firm is known by.
        rejoined: the same with its blank lost or added.
        trade: what it deals in.
        tail: a word more.
        mark: what distinguishes it from a sister.
        business: words that belong to the legal form.
        form: legal form.
        form_number: of both (`forms`).
        country: of the firm, whether it stands in the name or not.
        marked: whether the name holds a country.
        distinguished: whether each word counts, so that none is left out.
        plain: whether only punctuation may vary.
    """

    before: Text
    city: Text
    city_place: Ints
    city_fixed: Bools
    brand: Text
    rejoined: Text
    trade: Text
    tail: Text
    mark: Text
    business: Text
    form: Text
    form_number: Ints
    country: Text
    marked: Bools
    distinguished: Bools
    plain: Bools


def empty(numbers: Ints) -> Text:
    """Return no text for each of the numbers."""
    return pick(pool([""]), np.zeros(len(numbers), dtype=np.int64))
