"""All suites, in the order in which they are run."""

from __future__ import annotations

from typing import Final

from expectations import (
    codes,
    completeness,
    conservation,
    dates,
    keys,
    links,
    parties,
    privacy,
    schema,
    volumes,
    weights,
)

SUITES: Final = (
    completeness.SUITE,
    schema.SUITE,
    conservation.SUITE,
    keys.SUITE,
    links.SUITE,
    dates.SUITE,
    codes.SUITE,
    weights.SUITE,
    parties.SUITE,
    volumes.SUITE,
    privacy.SUITE,
)
