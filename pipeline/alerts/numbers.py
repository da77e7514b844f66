"""Numbers as a recipient reads them: with the signs of its own language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pipeline.reporting.document import words

SIGNS: Final = {"1,234.5": ",.", "1.234,5": ".,", "1 234,5": "\N{NO-BREAK SPACE},"}
"""The sign of thousands and of decimals, by the form of the watchlist; a blank that breaks would tear it apart."""
LEAST_P: Final = 0.0001
"""Below it a p or q value is no more exact than its digits would say."""


@dataclass(frozen=True)
class Numbers:
    """Prints figures in one number format.

    Attributes:
        form: `1,234.5`, `1.234,5` or `1 234,5`.
    """

    form: str = "1,234.5"

    def share(self, value: float) -> str:
        """A share of 0..1, such as `5.5%`."""
        return self._in_form(words.share(value))

    def points(self, value: float) -> str:
        """Percentage points with their sign and one digit, of a value in points."""
        text = f"{abs(value):.1f}"
        return self._in_form(text if not text.strip("0.") else f"{'+' if value > 0 else words.MINUS}{text}")

    def signed(self, value: float) -> str:
        """A figure of -1..1 with its sign and two digits."""
        return self._in_form(words.signed(value))

    def plain(self, value: float, digits: int = 2) -> str:
        """A figure with so many digits."""
        return self._in_form(f"{value:,.{digits}f}".replace("-", words.MINUS))

    def number(self, value: float) -> str:
        """An amount without its unit."""
        return self._in_form(words.number(value))

    def counted(self, value: float, one: str) -> str:
        """`1 bill`, `2 bills`."""
        return f"{self.number(value)} {one if value == 1 else one + 's'}"

    def probability(self, value: float) -> str:
        """A p or q value with its sign of comparison: `= 0.012`, `< 0.0001`."""
        if value < LEAST_P:
            return f"< {self.plain(LEAST_P, 4)}"
        return f"= {self.plain(value, 4 if value < 0.01 else 3)}"

    def _in_form(self, text: str) -> str:
        return text.translate(str.maketrans(",.", SIGNS[self.form]))
