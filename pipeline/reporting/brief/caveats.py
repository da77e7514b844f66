"""Caveats of a brief as sentences, each told once beside the first figure that it touches."""

from __future__ import annotations

from pipeline.formatting import day, share
from pipeline.reporting.brief.facts import Brief, Caveat
from pipeline.reporting.document.page import ASIDE, Line
from pipeline.reporting.document.terms import CAVEATS
from pipeline.reporting.figures import figure_text


class Caveats:
    """The caveats of a brief, as lines."""

    def __init__(self, brief: Brief) -> None:
        """Nothing is told yet."""
        self._brief = brief
        self._told: set[Caveat] = set()

    def beside(self, key: str) -> list[Line]:
        """What has to stand beside the figure `key`, unless it was told before."""
        found = [item for item in self._brief.caveats if key in item.touches and item not in self._told]
        self._told.update(found)
        return [self._line(item) for item in found]

    def rest(self) -> list[Line]:
        """All that is not told yet: what bears on everything, and what no sentence took."""
        found = [item for item in self._brief.caveats if item not in self._told]
        self._told.update(found)
        return [self._line(item) for item in found]

    def _line(self, caveat: Caveat) -> Line:
        return Line((CAVEATS[caveat.code].format(**self._values(caveat)),), ASIDE)

    def _values(self, caveat: Caveat) -> dict[str, str]:
        brief = self._brief
        if caveat.code == "spellings":
            who = brief.buyer if f"party.{brief.buyer.entity_id}" in caveat.touches else brief.supplier
            return {"name": who.name, "spellings": str(who.spellings), "confidence": share(who.confidence or 0.0)}
        return {
            "hidden": figure_text(brief.past.hidden_share),
            "both_hidden": figure_text(brief.leverage.both_hidden_share) if brief.leverage else "",
            "cut_off": day(brief.as_of.cut_off),
            "week": brief.as_of.week,
            "revision": str(brief.as_of.revision),
        }
