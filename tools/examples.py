"""Write the examples of README and docs from the sample: `python -m tools.examples`, after `make demo`."""

from __future__ import annotations

import random
import re
import textwrap
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from pipeline.alerts.message import AlertMessage
from pipeline.alerts.watchlist import load_watchlist
from pipeline.project_files import ROOT
from pipeline.reporting.alerts.digest import digests
from pipeline.reporting.brief.gather import gather
from pipeline.reporting.brief.page import page_of
from pipeline.reporting.document.text import as_text
from pipeline.reporting.facts.published_week import opened
from pipeline.reporting.weekly.snapshot import snapshots
from pipeline.reporting.weekly.watch import watched_pairs
from pipeline.settings import Settings, load_settings
from pipeline.snapshots.manifest import frozen_weeks

README: Final = ROOT / "README.md"
BRIEFS: Final = ROOT / "docs" / "brief-examples.md"
BRIEF_BLOCK: Final = re.compile(r"(?<=```\n)Before you call .*?(?=```\n)", re.S)
ALERT_BLOCK: Final = re.compile(r"(?<=alert-mail.png\)\):\n\n```\n).*?(?=```\n)", re.S)
SEED: Final = 13
DRAWN: Final = 10
SHOWN: Final = 3
WIDTH: Final = 92
TELLING: Final = ("went_dark", "customer_lost", "mix_shifted", "customer_won", "slack_opened")
"""Types of alert, the one that README shows first."""


def readme_brief(settings: Settings) -> str:
    """The first section of the brief for the first watched pair of the newest week."""
    with opened(settings, None) as week:
        pair = watched_pairs(load_watchlist(settings), week.connection, snapshots(settings, week.week))[0]
        page = page_of(gather(week, pair.supplier_id, pair.consignee_id, pair.rival_id))
    lines = as_text(replace(page, subtitle=(), sections=page.sections[:1])).splitlines()
    first = lines.index("IN SHORT") + 1
    text = "\n".join([page.title, *lines[first : lines.index("", first)]]) + "\n"
    return re.sub(r"\[[a-z]\]", "", text)


def readme_alert(settings: Settings) -> str:
    """The most telling alert to a customer of the supplier in the published weeks."""
    alerts = [
        alert
        for week in reversed(frozen_weeks(settings))
        for one in digests(settings, week)
        for alert in one.alerts
        if alert.meaning and alert.alert_type in TELLING
    ]
    if not alerts:
        raise ValueError("the published weeks have no alert to a customer of the supplier")
    return "".join(f"{line}\n" for line in _alert_lines(min(alerts, key=lambda alert: TELLING.index(alert.alert_type))))


def _alert_lines(alert: AlertMessage) -> Iterator[str]:
    yield from textwrap.wrap(alert.headline, WIDTH)
    for label, text in (("For you", alert.meaning), ("Ask them", alert.question), ("May be instead", alert.instead)):
        yield from textwrap.wrap(f"{label + ':':<16}{text}", WIDTH, initial_indent="  ", subsequent_indent=" " * 18)


def drawn_briefs(settings: Settings) -> list[str]:
    """Whole briefs of pairs drawn at random, always the same ones of a published week."""
    with opened(settings, None) as week:
        pairs = week.rows("select supplier_id, consignee_id from leverage where hs4 = 'all' order by 1, 2")
        chosen = random.Random(SEED).sample(pairs, DRAWN)  # noqa: S311
        return [as_text(page_of(gather(week, row["supplier_id"], row["consignee_id"]))) for row in chosen]


def briefs_page(settings: Settings) -> str:
    """The page of examples in the docs."""
    blocks = "\n".join(f"```\n{text}```\n" for text in drawn_briefs(settings)[:SHOWN])
    return (
        "# Three briefs\n\n"
        f"Of {DRAWN} pairs drawn at random from the newest week of the embedded sample, the first {SHOWN}, as\n"
        "`leverage brief` prints them ([how to read them](brief.md)). Every firm is invented. Written by\n"
        f"`python -m tools.examples`.\n\n{blocks}"
    )


def readme(settings: Settings) -> str:
    """README with its brief and its alert."""
    text = BRIEF_BLOCK.sub(lambda _: readme_brief(settings), README.read_text(encoding="utf-8"), count=1)
    return ALERT_BLOCK.sub(lambda _: readme_alert(settings), text, count=1)


def write(settings: Settings, folder: Path = ROOT) -> None:
    """Write both files."""
    (folder / "README.md").write_text(readme(settings), encoding="utf-8")
    (folder / "docs" / "brief-examples.md").write_text(briefs_page(settings), encoding="utf-8")


if __name__ == "__main__":
    write(load_settings())
