"""Caveats of a brief as lines, each given once, beside the first figure that it bears on."""

from __future__ import annotations

from pipeline.formatting import day
from pipeline.reporting.brief.facts import Brief, Caveat
from pipeline.reporting.document.page import ASIDE, Line
from pipeline.reporting.document.terms import CAVEATS
from pipeline.reporting.figures import figure_text


class Caveats:
    """The caveats of a brief as lines, each given once."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        self._open = list(brief.caveats)

    def beside(self, key: str) -> list[Line]:
        """The caveats that bear on the figure `key`, unless they were given before."""
        return self._taken([item for item in self._open if key in item.touches])

    def rest(self) -> list[Line]:
        """The caveats that were not given yet."""
        return self._taken(list(self._open))

    def _taken(self, found: list[Caveat]) -> list[Line]:
        self._open = [item for item in self._open if item not in found]
        return [Line((CAVEATS[item.code].format(**self._values()),), ASIDE) for item in found]

    def _values(self) -> dict[str, str]:
        brief = self._brief
        return {
            "hidden": figure_text(brief.past.hidden_share),
            "both_hidden": figure_text(brief.leverage.both_hidden_share) if brief.leverage else "",
            "uncertain": figure_text(brief.leverage.uncertain_share) if brief.leverage else "",
            "cut_off": day(brief.as_of.cut_off),
            "week": brief.as_of.week,
            "revision": str(brief.as_of.revision),
        }
