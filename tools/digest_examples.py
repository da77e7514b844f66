"""Write the digests of the docs: `python -m tools.digest_examples`, where the last nine weeks are published."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import duckdb

from pipeline.alerts.message import DIGEST, Digest, Message, Recipient
from pipeline.alerts.watchlist import Watch, Watcher
from pipeline.project_files import ROOT
from pipeline.reporting.alerts.digest import digests_of
from pipeline.reporting.mail.forms import as_text
from pipeline.reporting.mail.view import view
from pipeline.settings import Settings, load_settings
from pipeline.snapshots.calendar import Week
from pipeline.snapshots.manifest import frozen_weeks
from pipeline.thresholds import YEAR_WEEKS
from pipeline.warehouse.connection import warehouse

PAGE: Final = ROOT / "docs" / "digest-examples.md"
WATCHED: Final = 10
WEEKS: Final = 8
"""Newest weeks of which digests are made; one more is published before, since the first one raises what it finds."""
SHOWN: Final = 3


def watcher(connection: duckdb.DuckDBPyConnection, week: Week) -> Watcher:
    """A watcher of the suppliers with most bills in the year before the digests."""
    rows = connection.execute(
        "select supplier_id, supplier_name from fct_shipment inner join dim_supplier using (supplier_id) "
        "where week_start_date between $1 and $2 group by all order by count(*) desc, supplier_id limit $3",
        [week.before(YEAR_WEEKS).monday, week.before(1).monday, WATCHED],
    ).fetchall()
    none: frozenset[str] = frozenset()
    watches = tuple(
        Watch(line, key, name, None, None, "info", none, none, none, "") for line, (key, name) in enumerate(rows, 2)
    )
    return Watcher(Recipient("hanna", None, ("file",)), None, watches)


def made(settings: Settings) -> list[Digest]:
    """The digests of that watcher, the oldest week first.

    Raises:
        ValueError: too few weeks are published.
    """
    weeks = frozen_weeks(settings)
    if len(weeks) <= WEEKS:
        raise ValueError(
            f"{len(weeks)} weeks are published, {WEEKS + 1} are needed: run `leverage publish --as-of WEEK`"
        )
    shown = weeks[-WEEKS:]
    with warehouse(settings) as connection:
        who = watcher(connection, shown[0])
        return [digest for week in shown for digest in digests_of(connection, [who], week)]


def page(settings: Settings) -> str:
    """The page of digests in the docs."""
    found = made(settings)
    table = "\n".join(f"| {each.as_of_week} | {len(each.alerts)} | {len(each.retractions)} |" for each in found)
    chosen = [each for each in found if each.alerts or each.retractions][-SHOWN:]
    blocks = "\n".join(f"```\n{as_text(view(Message(DIGEST, each, None), {})).strip()}\n```\n" for each in chosen)
    return (
        "# Three digests\n\n"
        f"To one who watches the {WATCHED} suppliers of the embedded sample with most bills, for no company and\n"
        f"`info` too: the mails' text ([how to read it](alerts.md)), of the last {WEEKS} weeks those with an alert.\n"
        "Every firm is invented. Written by `python -m tools.digest_examples`.\n\n"
        f"| week | alerts | retractions |\n|---|---|---|\n{table}\n\n{blocks}"
    )


def write(settings: Settings, file: Path = PAGE) -> None:
    """Write the page."""
    file.write_text(page(settings), encoding="utf-8")


if __name__ == "__main__":
    write(load_settings())
