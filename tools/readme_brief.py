"""Write the brief that README begins with: `python -m tools.readme_brief`, after `make demo`."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipeline.alerts.watchlist import load_watchlist
from pipeline.project_files import ROOT
from pipeline.reporting.brief.gather import gather
from pipeline.reporting.brief.page import page_of
from pipeline.reporting.document.text import as_text
from pipeline.reporting.facts.published_week import opened
from pipeline.reporting.weekly.snapshot import snapshots
from pipeline.reporting.weekly.watch import watched_pairs
from pipeline.settings import Settings, load_settings

README: Final = ROOT / "README.md"
BLOCK: Final = re.compile(r"(?<=```\n)Before you call .*?(?=```\n)", re.S)


def brief_of(settings: Settings) -> str:
    """The first section of the brief for the first watched pair of the newest week."""
    with opened(settings, None) as week:
        pair = watched_pairs(load_watchlist(settings), week.connection, snapshots(settings, week.week))[0]
        page = page_of(gather(week, pair.supplier_id, pair.consignee_id, pair.rival_id))
    lines = as_text(replace(page, subtitle=(), sections=page.sections[:1])).splitlines()
    first = lines.index("IN SHORT") + 1
    text = "\n".join([page.title, *lines[first : lines.index("", first)]]) + "\n"
    return re.sub(r"\[[a-z]\]", "", text)


def write(settings: Settings, path: Path = README) -> None:
    """Put the brief of `settings`' home into README."""
    text = path.read_text(encoding="utf-8")
    path.write_text(BLOCK.sub(lambda _: brief_of(settings), text, count=1), encoding="utf-8")


if __name__ == "__main__":
    write(load_settings())
