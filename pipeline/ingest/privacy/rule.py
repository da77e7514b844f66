"""What a rule of personal data is, and what its matches become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

RUNS_ON: Final = "\x1e"
ENDS: Final = "\x1f"
"""Signs between the cells of a joined text: the line before is full and may run on, or it is not. Control characters,
which are blanks in what is loaded."""

PHONE: Final = "[phone]"
EMAIL: Final = "[email]"
TAX_ID: Final = "[tax id]"
PERSON: Final = "[person]"
ACCOUNT: Final = "[account]"
SWEPT: Final = "[withheld]"
"""What the masks left and the check found."""


@dataclass(frozen=True)
class Rule:
    r"""One replacement.

    Attributes:
        pattern: RE2; case does not matter.
        by: what a match becomes; `\1` and `\2` are the pattern's groups.
        when: texts of which a match has one; searching for them first costs a tenth of searching for the pattern.
        finds: whether a match is personal data.
        prepares: whether the rule only marks what no name has, for the rules behind it.
    """

    pattern: str
    by: str
    when: tuple[str, ...] = ()
    finds: bool = True
    prepares: bool = False
