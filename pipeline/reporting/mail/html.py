"""The HTML of a mail: tables and inline styles, since mail programs know little else; light and dark, desk and phone.

Every text is escaped by the template engine. Nothing is loaded: pictures come with the mail.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from pipeline.reporting.charts.palette import PALETTE, Colour
from pipeline.reporting.mail.view import View
from pipeline.reporting.templates import render

TEMPLATE: Final = "mail.html.j2"


class Badge(NamedTuple):
    """Ground and ink of a severity, the same on light and dark: white on it has a contrast of 4.5:1 and more."""

    ground: str
    ink: str


BADGES: Final = {
    "critical": Badge("#b3261e", "#ffffff"),
    "warning": Badge("#8a5300", "#ffffff"),
    "info": Badge("#0b5cab", "#ffffff"),
    "taken_back": Badge("#566272", "#ffffff"),
}
PAPER: Final = Colour("#f1f4f7", "#0e1319")
"""Behind the cards."""


def as_html(view: View) -> str:
    """The whole document; its pictures are named as `view` names them."""
    return render(TEMPLATE, view=view, badges=BADGES, colours={**PALETTE, "paper": PAPER})
