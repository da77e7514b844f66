"""The colours of the report, for pictures and page alike: one name, a light and a dark value.

A picture is drawn in the light values. The page's style sheet finds them in the picture and sets the dark ones where
the reader's screen is dark: one picture serves both, and prints light. No two roles may share a light value.

The customers' colours differ with every common colour blindness (after Okabe and Ito), and each has a contrast of
3:1 and more with its background; text has 4.5:1 and more. Unnamed volume is hatched besides.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Colour(NamedTuple):
    """A colour on light and on dark background."""

    light: str
    dark: str


PALETTE: Final[dict[str, Colour]] = {
    "surface": Colour("#fffffe", "#161c24"),
    "ink": Colour("#1a2330", "#e8edf3"),
    "muted": Colour("#566272", "#a3b0bf"),
    "grid": Colour("#d8dee6", "#303b48"),
    "band": Colour("#eef2f6", "#1f2833"),
    "cut": Colour("#8593a3", "#66768a"),
    "us": Colour("#0b5cab", "#63adff"),
    "gap": Colour("#0b5cac", "#63adfe"),
    "bars": Colour("#6d8fb3", "#577ca3"),
    "slack": Colour("#f7d9ae", "#5c4318"),
    "best": Colour("#b45f06", "#f2a64e"),
    "other1": Colour("#c8700a", "#f0a048"),
    "other2": Colour("#12806f", "#4cc7b2"),
    "other3": Colour("#a3478f", "#e08fce"),
    "other4": Colour("#8f7a00", "#d9c24a"),
    "named": Colour("#8090a2", "#7d8da1"),
    "unnamed": Colour("#5f5f60", "#b4b4b5"),
}


def light(role: str) -> str:
    """The value a picture is drawn with."""
    return PALETTE[role].light
