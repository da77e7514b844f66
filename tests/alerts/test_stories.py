"""The stories of the embedded world as alerts: each in time, none at quiet suppliers, and one retracted.

Loads the world and publishes its last weeks one after the other: a quarter of an hour.
"""

from __future__ import annotations

import csv
import gzip
import io
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from pipeline.alerts.message import AlertMessage, Digest
from pipeline.progress import Progress
from pipeline.reporting.alerts.digest import digests
from pipeline.runs.nightly import run_release_days
from pipeline.runs.weekly import publish_week
from pipeline.settings import Settings
from pipeline.snapshots.calendar import Week, parse_week, week_of
from pipeline.warehouse.connection import warehouse
from simulator.truth import Story, stories
from simulator.world.span import LAST_CLOSED_WEEK
from tests.conftest import PUBLISHED_WEEKS

pytestmark = pytest.mark.full

LAST: Final = week_of(LAST_CLOSED_WEEK)
MAY_ALERT: Final = {
    "customer_lost": ("customer_lost", 8),
    "went_dark": ("went_dark", 8),
    "resurfaced": ("resurfaced", 6),
    "slack": ("slack_opened", 13),
}
"""By kind of story: its alert, and the closed weeks after its first in which it has to come. The customers that fall
silent, go dark or come back ship once a week and less: six to eight weeks are as many pauses of their own."""
QUIET: Final = ("cornered", "small_buyer", "unused_alternatives")
"""Stories in which nothing changes: as they are now, they were a year before."""
SIDE_EFFECTS: Final = ("tier_crossed", "concentration_crossed", "mix_shifted", "slack_opened")
"""What else a true change at a supplier may raise: the others weigh more where one is gone, and there is room."""


@pytest.fixture(scope="module")
def home(published_sample: Settings) -> Settings:
    return published_sample


def publish(settings: Settings, first: Week, last: Week) -> None:
    for back in reversed(range((last.monday - first.monday).days // 7 + 1)):
        report = publish_week(settings, last.before(back), progress=Progress())
        assert report.success, report.faults


def story(kind: str) -> Story:
    return next(item for item in stories() if item.kind == kind)


def alerts_of(settings: Settings, supplier_name: str) -> list[dict[str, Any]]:
    """Rows of `fct_alert` at a supplier, oldest first, with the customer's name."""
    with warehouse(settings) as connection:
        cursor = connection.execute(
            "select alert.*, customer.consignee_name from fct_alert as alert "
            "inner join dim_supplier using (supplier_id) "
            "left join dim_consignee as customer using (consignee_id) where supplier_name = $1 "
            "order by as_of_week, alert_type",
            [supplier_name],
        )
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def message_of(found: list[Digest], alert_id: str) -> AlertMessage:
    return next(alert for one in found for alert in (*one.alerts, *one.retractions) if alert.alert_id == alert_id)


@pytest.mark.parametrize("kind", MAY_ALERT)
def test_a_planted_change_raises_its_alert_in_time_and_no_other_of_its_kind(home: Settings, kind: str) -> None:
    planted, (alert_type, weeks) = story(kind), MAY_ALERT[kind]
    rows = alerts_of(home, planted.supplier_name)
    found = [row for row in rows if row["alert_type"] == alert_type]
    assert [row["consignee_name"] for row in found] == [planted.consignee_name], "one alert"
    delay = (parse_week(found[0]["as_of_week"]).monday - planted.first_week).days // 7 + 1
    assert 1 <= delay <= weeks
    assert {row["alert_type"] for row in rows} - {alert_type} <= {*SIDE_EFFECTS}
    alert = message_of(digests(home, found[0]["as_of_week"]), found[0]["alert_id"])
    assert planted.supplier_name in alert.headline
    assert (planted.consignee_name or "") in alert.headline
    assert alert.bills
    assert alert.standing is not None


@pytest.mark.parametrize("kind", QUIET)
def test_a_supplier_at_which_nothing_changes_raises_none(home: Settings, kind: str) -> None:
    assert alerts_of(home, story(kind).supplier_name) == []


def test_every_recipient_has_a_digest_of_every_week(home: Settings) -> None:
    for back in range(PUBLISHED_WEEKS):
        week = LAST.before(back)
        found = digests(home, week)
        assert len(found) == 7
        assert {(one.as_of_week, one.closed_through) for one in found} == {(week.text, week.sunday)}


def test_the_example_of_the_documentation_is_recomputed_from_shipments(home: Settings) -> None:
    lost = story("customer_lost")
    (row,) = [item for item in alerts_of(home, lost.supplier_name) if item["alert_type"] == "customer_lost"]
    text = (Path(__file__).resolve().parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8")
    query = text.split("```sql\n")[1].split("```")[0]
    with warehouse(home) as connection:
        counted = connection.execute(query).fetchall()
    before, now = sum(line[1] for line in counted), sum(line[2] for line in counted)
    for cells in [*counted, ("all", before, now)]:
        assert "| " + " | ".join(map(str, cells)) + " |" in text
    bills = {name: line for name, *line in counted}
    assert row["from_value"] == pytest.approx(bills[lost.consignee_name][0] / before)
    assert (row["to_value"], bills[lost.consignee_name][1]) == (0, 0)
    assert f"{row['from_value']:.4f}" in text


def test_a_late_correction_retracts_a_published_alert(home: Settings, tmp_path: Path) -> None:
    lost = story("customer_lost")
    (row,) = [item for item in alerts_of(home, lost.supplier_name) if item["alert_type"] == "customer_lost"]
    week = parse_week(row["as_of_week"])
    own = home.model_copy(update={"home": tmp_path / "home"})
    shutil.copytree(home.home, own.home, symlinks=True)
    corrected = week.cut_off(own.lateness_days)
    weeks = [lost.first_week + timedelta(weeks=n) for n in range((week.monday - lost.first_week).days // 7 + 1)]
    source = corrected_release(own, tmp_path / "source", corrected, (row["supplier_id"], row["consignee_id"]), weeks)
    again = own.model_copy(update={"source_url": source.as_uri()})
    assert run_release_days(again, corrected, corrected, recheck=True, progress=Progress()).success
    publish(own, week, week)
    rows = {item["alert_id"]: item for item in alerts_of(own, lost.supplier_name)}
    assert rows[row["alert_id"]]["status"] == "retracted"
    (back,) = [item for item in rows.values() if item["alert_type"] == "retracted"]
    assert back["supersedes_alert_id"] == row["alert_id"]
    found = digests(own, week)
    assert {one.revision for one in found} == {2}
    assert row["alert_id"] not in {alert.alert_id for one in found for alert in one.alerts}
    alert = message_of(found, back["alert_id"])
    assert alert.headline.startswith("Taken back, late records do not bear out what was reported")


def corrected_release(settings: Settings, folder: Path, day: date, pair: tuple[str, str], weeks: list[date]) -> Path:
    """The release of a day as first delivered, with one more bill of a pair in each of `weeks`; the source's base."""
    with warehouse(settings) as connection:
        found = connection.execute(
            "select identifier::varchar, strptime(left(identifier::varchar, 8), '%Y%m%d')::date from fct_shipment "
            "where supplier_id = $1 and consignee_id = $2 and bill_type = 'Regular Bill' order by arrival_date desc",
            pair,
        ).fetchone()
    assert found is not None
    model, model_day = found
    target = folder / f"{day:%Y}" / f"{day:%Y%m%d}"
    target.mkdir(parents=True)
    for path in sorted((settings.landing_dir / day.isoformat()).glob("ams__*.csv.gz")):
        table = path.name.removeprefix("ams__").partition("_")[0]
        text = gzip.decompress(path.read_bytes()).decode("utf-8", errors="surrogateescape")
        (older,) = (settings.landing_dir / model_day.isoformat()).glob(f"ams__{table}_*.csv.gz")
        old = csv.DictReader(io.StringIO(gzip.decompress(older.read_bytes()).decode("utf-8", "replace")))
        added = io.StringIO()
        # A table can be without rows on a day.
        writer = csv.DictWriter(added, list(old.fieldnames or ()), lineterminator="\n")
        for cells in (cells for cells in old if cells["identifier"] == model):
            for number, monday in enumerate(weeks):
                writer.writerow(cells | clone(table, day, number, monday))
        with_late_bills = text.rstrip("\n") + "\n" + added.getvalue()
        (target / path.name).write_bytes(gzip.compress(with_late_bills.encode("utf-8", "surrogateescape"), mtime=0))
    return folder


def clone(table: str, day: date, number: int, monday: date) -> dict[str, str]:
    """What differs in a bill that is released on `day` for the week of `monday`."""
    changed = {"identifier": f"{day:%Y%m%d}{900_000 + number}"}
    if table == "header":
        arrival = (monday + timedelta(days=2)).isoformat()
        changed |= {
            "estimated_arrival_date": arrival,
            "actual_arrival_date": arrival,
            "record_status_indicator": "New",
        }
    if table == "billgen":
        changed |= {"master_bol_number": f"ZZZZ{9_000_000 + number}", "run_date": day.isoformat()}
    return changed
