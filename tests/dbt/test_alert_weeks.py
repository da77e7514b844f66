"""News of a supplier's customers over the weeks: alerted once, retracted, grouped, and never where nothing changed."""

from __future__ import annotations

import hashlib
import json
import random
from datetime import date, timedelta

import duckdb
import pytest

from pipeline.alerts.states import note_state, read_moves, state_of
from pipeline.detection.episodes import LONGEST_GAP
from tests.dbt.alert_world import Weeks, weekly, write_weeks
from tests.dbt.weekly_world import AS_OF, MONDAY, Bill

OTHERS = [*weekly("b", 2), *weekly("c", 2), *weekly("d", 1)]
LOST = [*weekly("a", 3, ends=3), *OTHERS]
"""The largest of four customers ships for the last time in the week that is published first."""
STAYS = [*weekly("a", 3), *OTHERS]
ALERT_WEEK = 1
"""Weeks after MONDAY in which the loss is alerted: four weeks of silence where three bills came every week."""


def publish_loss(weeks: Weeks) -> str:
    """Publish a quiet week and the one that alerts of the loss; return the id of the alert."""
    assert weeks.publish(LOST, -3).brief == []
    (alert,) = weeks.publish(LOST, ALERT_WEEK).alerts
    assert (alert["alert_type"], alert["consignee_id"]) == ("customer_lost", "a")
    return str(alert["alert_id"])


def test_a_lost_customer_is_alerted_once(weeks: Weeks) -> None:
    alert_id = publish_loss(weeks)
    later = weeks.publish(LOST, ALERT_WEEK + 1)
    assert later.brief == []
    (episode,) = later.episodes
    assert (episode["alert_id"], episode["phase"], episode["consignee_id"]) == (alert_id, "open", "a")


def test_an_alert_has_its_identity_figures_and_evidence(weeks: Weeks) -> None:
    publish_loss(weeks)
    (alert,) = weeks.published()
    sunday = MONDAY + timedelta(weeks=ALERT_WEEK, days=6)
    identity = "\n".join(("customer_lost", "s", "a", "", sunday.isoformat(), "1"))
    assert alert["alert_id"] == hashlib.sha256(identity.encode()).hexdigest()
    assert (alert["as_of_week"], alert["revision"], alert["episode_start_week"]) == ("2026-W47", 1, "2026-W44")
    assert alert["window_end_date"] == sunday
    assert (alert["from_value"], alert["to_value"], alert["value_unit"]) == (0.375, 0, "share")
    assert (alert["severity"], alert["certainty"], alert["coverage"]) == ("critical", "rule", 1)
    assert (alert["effect"], alert["group_size"], alert["cause_group"]) == (-37.5, 1, None)
    assert alert["alternative_explanation_code"] == "pause"
    evidence = json.loads(alert["evidence"])
    assert evidence["bills_after"] == 0
    assert evidence["bills_before"] == evidence["bills_in_all"] == 3 * 52
    assert len(evidence["bills"]) == 20
    with duckdb.connect() as connection:
        connection.execute(
            "create table fct_shipment as select unnest(range(40)) as shipment_id, 's' as supplier_id, "
            "'a' as consignee_id, date '2026-10-12' as week_start_date, date '2026-10-13' as arrival_date, "
            "false as is_in_transit, date '2026-10-14' as first_release_date, 'named' as consignee_visibility"
        )
        connection.execute("update fct_shipment set consignee_id = 'b' where shipment_id < 10")
        connection.execute("update fct_shipment set first_release_date = date '2027-01-01' where shipment_id = 11")
        assert len(connection.execute(evidence["query"]).fetchall()) == 29


def test_the_same_week_twice_is_the_same_to_the_byte(weeks: Weeks) -> None:
    publish_loss(weeks)
    folder = weeks.folder("2026-W47")
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    shuffled = random.Random(5).sample(LOST, len(LOST))
    # the bills of the newest arrivals are listed by their number, which the order of the bills gives here
    again = weeks.publish(LOST, ALERT_WEEK)
    assert {path.name: path.read_bytes() for path in weeks.folder("2026-W47").iterdir()} == first
    assert again.of("retracted") == []
    mixed = weeks.publish(shuffled, ALERT_WEEK, freeze=False)
    assert [{**row, "evidence": None} for row in mixed.alerts] == [{**row, "evidence": None} for row in again.alerts]
    assert len(weeks.published()) == 1
    assert len(weeks.published("fct_alert_history")) == 2


def test_a_revision_without_the_change_retracts_its_alert(weeks: Weeks) -> None:
    alert_id = publish_loss(weeks)
    (retraction,) = weeks.publish(STAYS, ALERT_WEEK).alerts
    assert retraction["alert_type"] == "retracted"
    assert retraction["supersedes_alert_id"] == alert_id
    assert retraction["alert_id"] == hashlib.sha256(f"retracted\n{alert_id}".encode()).hexdigest()
    assert (retraction["supplier_id"], retraction["consignee_id"], retraction["severity"]) == ("s", "a", "critical")
    assert weeks.publish(STAYS, ALERT_WEEK).brief == [("retracted", "s", "a")], "a third revision says so still"
    states = {row["alert_id"]: (row["status"], row["revision"]) for row in weeks.published()}
    assert states == {alert_id: ("retracted", 1), retraction["alert_id"]: ("open", 3)}
    # and one that shows it after all
    weeks.publish(LOST, ALERT_WEEK)
    assert [(row["alert_id"], row["status"]) for row in weeks.published()] == [(alert_id, "open")]


def test_an_alert_first_raised_by_a_revision_of_an_earlier_week_is_not_retracted(weeks: Weeks) -> None:
    """The week before is corrected, alerts of it first, and the week itself is published anew."""
    weeks.publish(STAYS, -3)
    assert weeks.publish(STAYS, ALERT_WEEK - 1).brief == []
    (alert,) = weeks.publish(LOST, ALERT_WEEK).alerts
    earlier = [bill for bill in LOST if bill.consignee != "a" or bill.weeks_ago > 4]
    (first,) = weeks.publish(earlier, ALERT_WEEK - 1).alerts
    assert (
        weeks.publish(earlier, ALERT_WEEK, freeze=False).alerts[0]["alert_id"]
        == hashlib.sha256(f"retracted\n{alert['alert_id']}".encode()).hexdigest()
    ), "another episode, with an id of its own"
    # the same episode under the same id, as where it waited for its third week
    folder = weeks.folder("2026-W46")
    for name in ("fct_alert", "alert_episode"):
        with duckdb.connect() as connection:
            path = folder / f"{name}.parquet"
            connection.execute("create table t as from read_parquet($1)", [str(path)])
            connection.execute("update t set alert_id = ?", [alert["alert_id"]])
            connection.execute("copy t to $path (format parquet)", {"path": str(path)})
    assert weeks.publish(earlier, ALERT_WEEK).alerts == []
    assert first["alert_type"] == "customer_lost"
    assert [(row["as_of_week"], row["status"]) for row in weeks.published()] == [("2026-W46", "open")]


def test_late_bills_retract_an_alert_of_an_earlier_week(weeks: Weeks) -> None:
    alert_id = publish_loss(weeks)
    came_late = [*LOST, *(Bill(consignee="a", weeks_ago=ago) for ago in (2, 1, 0, -1) for _ in range(3))]
    (retraction,) = weeks.publish(came_late, ALERT_WEEK + 1).alerts
    assert (retraction["alert_type"], retraction["supersedes_alert_id"]) == ("retracted", alert_id)
    assert weeks.publish(came_late + weekly("a", 3, begins=-2), ALERT_WEEK + 2).alerts == []
    assert {row["status"] for row in weeks.published() if row["alert_id"] == alert_id} == {"retracted"}


def test_a_customers_return_does_not_retract_the_alert_of_its_silence(weeks: Weeks) -> None:
    publish_loss(weeks)
    back = weeks.publish(LOST + weekly("a", 3, begins=-ALERT_WEEK - 1), ALERT_WEEK + 1)
    assert back.of("retracted") == []
    (row,) = weeks.published()
    assert row["status"] == "open"


def test_a_change_before_the_first_week_is_alerted_only_when_recent(weeks: Weeks) -> None:
    old = weeks.publish([*weekly("a", 3, ends=20), *OTHERS])
    assert [(row["alert_type"], row["phase"]) for row in old.episodes if row["consignee_id"] == "a"] == [
        ("customer_lost", "silent")
    ]
    assert not old.of("customer_lost")


def test_weeks_of_before_alerts_count_as_none(weeks: Weeks) -> None:
    """A home that published weeks without episodes: all that is old would be news at once."""
    bills = [*weekly("a", 3, ends=20), *OTHERS]
    weeks.publish(bills, -1)
    (weeks.folder("2026-W45") / "alert_episode.parquet").unlink()
    (weeks.folder("2026-W45") / "fct_alert.parquet").unlink()
    result = weeks.publish(bills)
    assert not result.of("customer_lost")
    assert "silent" in {row["phase"] for row in result.episodes}


@pytest.mark.parametrize("ago", [0, 1])
def test_a_window_with_a_week_that_lacks_records_raises_nothing(weeks: Weeks, ago: int) -> None:
    weeks.publish(LOST, -3)
    write_weeks(weeks.settings, [ago])
    assert weeks.publish(LOST, ALERT_WEEK).brief == []


def test_a_publish_after_a_gap_opens_what_is_new_without_alerts(weeks: Weeks) -> None:
    weeks.longest_gap = LONGEST_GAP
    weeks.publish(LOST, -3)
    weeks.publish(LOST, -2)
    late = weeks.publish(LOST, 3)
    assert late.brief == []
    assert {row["phase"] for row in late.episodes} == {"silent"}
    assert weeks.publish(LOST, 4).brief == []


def test_a_name_replaced_by_a_similar_one_raises_no_alert(weeks: Weeks) -> None:
    names = {"a": "HOLLOW OAK HOME INC", "a2": "HOLLOW OAK HOMES INC", "z": "NINE MILE STORES"}
    for heir, alike in (("a2", True), ("z", False)):
        bills = [*LOST, *weekly(heir, 3, begins=2)]
        result = weeks.publish(bills, ALERT_WEEK, names=names, shows=("week_likely_same",), freeze=False)
        assert bool(result.tables["week_likely_same"]) == alike
        assert not (result.of("customer_lost") and alike)
        assert not (result.of("customer_won") and alike)


def test_a_merge_retracts_the_alert_that_the_split_raised(weeks: Weeks) -> None:
    """The customer ships on under another name, which is found to be the same firm a week later."""
    alert_id = publish_loss(weeks)
    one_firm = [bill.but(consignee="a2") if bill.consignee == "a" else bill for bill in STAYS]
    result = weeks.publish(one_firm, ALERT_WEEK + 1, merged={"a": "a1", "a1": "a2"})
    (retraction,) = result.alerts
    assert (retraction["alert_type"], retraction["consignee_id"]) == ("retracted", "a2")
    assert retraction["supersedes_alert_id"] == alert_id


def test_a_merged_customer_that_is_still_lost_keeps_its_alert_id(weeks: Weeks) -> None:
    alert_id = publish_loss(weeks)
    one_firm = [bill.but(consignee="a2") if bill.consignee == "a" else bill for bill in LOST]
    result = weeks.publish(one_firm, ALERT_WEEK + 1, merged={"a": "a2"})
    assert result.alerts == []
    assert [(row["alert_id"], row["consignee_id"]) for row in result.episodes] == [(alert_id, "a2")]


def test_one_customer_that_leaves_several_suppliers_is_one_cause(weeks: Weeks) -> None:
    left = [
        *LOST,
        *(bill.but(supplier="t") for bill in LOST),
        *(bill.but(supplier="u", consignee="e" if bill.consignee == "a" else bill.consignee) for bill in LOST),
    ]
    weeks.publish(left, -3)
    result = weeks.publish(left, ALERT_WEEK)
    groups = {
        (row["supplier_id"], row["consignee_id"]): (row["cause_group"], row["group_size"]) for row in result.alerts
    }
    assert groups == {
        ("s", "a"): ("2026-W47 customer a", 2),
        ("t", "a"): ("2026-W47 customer a", 2),
        ("u", "e"): (None, 1),
    }


def test_what_the_customers_of_one_supplier_did_is_one_cause(weeks: Weeks) -> None:
    two = [*weekly("a", 3, ends=3), *weekly("b", 3, ends=3), *OTHERS[len(weekly("b", 2)) :], *weekly("e", 4)]
    weeks.publish(two, -3)
    lost = weeks.publish(two, ALERT_WEEK).of("customer_lost")
    assert [row["consignee_id"] for row in lost] == ["a", "b"] or len(lost) == 2
    assert {row["cause_group"] for row in lost} == {"2026-W47 supplier s"}
    assert {row["group_size"] >= 2 for row in lost} == {True}


def test_the_published_state_is_that_of_the_journal(weeks: Weeks) -> None:
    alert_id = publish_loss(weeks)
    tomorrow = date.today() + timedelta(days=1)

    def states() -> set[tuple[str, date | None]]:
        (row,) = weeks.published()
        move = read_moves(weeks.settings).get(alert_id)
        assert row["status"] == state_of(weeks.settings, alert_id, move, date.today())
        return {(row["status"], row["snoozed_until"])}

    assert states() == {("open", None)}
    note_state(weeks.settings, alert_id, "snoozed", until=tomorrow, reason="their new year")
    assert states() == {("snoozed", tomorrow)}
    with weeks.settings.alert_states_path.open("ab") as journal:
        journal.write(b'{"alert_id": "')  # torn by a kill
    assert states() == {("snoozed", tomorrow)}
    note_state(weeks.settings, alert_id, "acknowledged")
    assert states() == {("acknowledged", None)}
    ended = weeks.settings.alert_states_path.read_text().replace(tomorrow.isoformat(), "2026-01-05")
    weeks.settings.alert_states_path.write_text(ended.splitlines()[0] + "\n")
    assert states() == {("open", None)}
    # its episode is over: a later week that does not go on with it
    folder = weeks.settings.snapshots_dir / "2026-W50" / "r1"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{}")
    assert states() == {("expired", None)}
    note = weeks.settings.alert_states_path
    note.write_text(note.read_text() + json.dumps({"seq": 9, "alert_id": alert_id, "status": "resolved",
                                                   "moved_at": "2026-01-06T00:00:00+00:00"}) + "\n")  # fmt: skip
    assert states() == {("resolved", None)}


def test_a_return_two_weeks_later_does_not_retract_the_alert(weeks: Weeks) -> None:
    publish_loss(weeks)
    back = LOST + weekly("a", 3, begins=-ALERT_WEEK - 2)
    assert weeks.publish(back, ALERT_WEEK + 1).of("retracted") == []
    assert weeks.publish(back, ALERT_WEEK + 2).of("retracted") == []


@pytest.mark.full
def test_an_episode_that_is_long_over_is_alerted_anew(weeks: Weeks) -> None:
    """Lost, back for a quarter, lost again: two alerts, each once, and nothing in between but that it is back."""
    bills = [*weekly("a", 3, ends=3), *weekly("a", 3, begins=-3, ends=-25), *weekly("b", 2, ends=-50)]
    bills += [*weekly("c", 2, ends=-50), *weekly("d", 1, ends=-50)]
    alert_ids: dict[int, str] = {}
    for week in range(-3, 38):
        for alert in weeks.publish(bills, week).of("customer_lost"):
            assert alert["consignee_id"] == "a"
            alert_ids[week] = alert["alert_id"]
    first, second = alert_ids
    assert first == ALERT_WEEK
    assert second > 25
    assert len(set(alert_ids.values())) == 2
    states = {row["alert_id"]: row["status"] for row in weeks.published() if row["alert_type"] == "customer_lost"}
    assert set(states) == set(alert_ids.values())
    assert states[alert_ids[second]] == "open"
    assert states[alert_ids[first]] != "open"


def test_a_quiet_world_raises_no_alert(weeks: Weeks) -> None:
    for week in (-1, 0):
        result = weeks.publish(STAYS, week)
        assert result.alerts == []
        assert result.episodes == []
    assert AS_OF.week == "2026-W46"
    assert weeks.published() == []
