"""Briefs of the made pair, as facts and as text."""

from pipeline.reporting.brief.facts import Brief
from pipeline.reporting.brief.gather import gather
from pipeline.reporting.brief.page import page_of
from pipeline.reporting.document.text import as_text
from pipeline.reporting.facts.published_week import opened
from pipeline.settings import Settings
from tests.reporting import made_pair


def brief_of(settings: Settings, *, shown: int | None = None, rival: str | None = made_pair.BIG) -> Brief:
    with opened(settings, None) as reading:
        return gather(reading, made_pair.MILL, made_pair.OURS, rival, shown=shown)


def text_of(brief: Brief, *, has_evidence: bool = False) -> str:
    return as_text(page_of(brief, has_evidence=has_evidence))
