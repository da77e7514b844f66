"""A brief of a week worked by hand: its words, its bills, its reasons."""

import json
import re
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import duckdb
import pytest

from pipeline.formatting import REASONS, reason_text
from pipeline.reporting.brief.bills import wanted
from pipeline.reporting.brief.gather import gather
from pipeline.reporting.brief.needs import second_source
from pipeline.reporting.brief.page import page_of
from pipeline.reporting.brief.rows import leverage_of
from pipeline.reporting.brief.words import balance, need, whatever_holds
from pipeline.reporting.document.page import Shown, parts_of
from pipeline.reporting.document.text import WIDTH
from pipeline.reporting.facts.bills import query_of
from pipeline.reporting.facts.published_week import NoSnapshotError, opened
from pipeline.reporting.figures import Figure, as_json
from pipeline.reporting.market import Market
from pipeline.settings import Settings, load_settings
from pipeline.snapshots.calendar import parse_week
from pipeline.snapshots.manifest import SnapshotError, snapshot_dir
from tests.reporting import made_pair
from tests.reporting.briefs import brief_of, text_of

GOLDEN = Path(__file__).parent / "golden" / "brief.txt"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return made_pair.home(tmp_path_factory.mktemp("home"))


def flat(text: str) -> str:
    return " ".join(text.split())


def test_the_text_is_the_one_worked_by_hand(home: Settings) -> None:
    text = text_of(brief_of(home))
    assert text == GOLDEN.read_text(encoding="utf-8")
    assert max(len(line) for line in text.splitlines()) <= WIDTH


def test_the_brief_says_who_needs_whom_and_quotes_the_rival(home: Settings) -> None:
    text = flat(text_of(brief_of(home)))
    assert "You are 17% (11% to 23%) of what they ship to the US by sea; they are 100% (93% to 100%) of what" in text
    assert "“MUWIMBIF CORP takes 8.7 containers a month; we take 2.2." in text
    assert "17% to 19%, as the volume without a buyer's name is none or all of yours" in text
    assert "PERDOVANTI FOUNDRY (RAJKOT, India) and SILUFTIPRA METALS (RAJKOT, India) have shown room in HS 7325" in text
    assert "0.38 (\N{MINUS SIGN}0.60 to \N{MINUS SIGN}0.30); you are tied" in text


def test_a_rival_that_does_not_buy_there_is_named_as_such(home: Settings) -> None:
    stranger = "con_" + "0" * 16
    assert "does not show among their named customers" in flat(text_of(brief_of(home, rival=stranger)))


def test_bills_add_up_to_the_figures_of_the_snapshot(home: Settings) -> None:
    sets = {item.key: item for item in brief_of(home, shown=3).bill_sets}
    figures = {"pair.year": 52, "supplier.year": 312, "pair.product.7325": 52, "buyer.year": 52}
    figures |= {f"customer.year.{made_pair.BIG}": 208, f"customer.year.{made_pair.GONE}": 44}
    for key, volume in figures.items():
        assert sets[key].total == pytest.approx(volume), key
        assert sets[key].frozen == pytest.approx(volume), key
    assert sets["supplier.unnamed"].total == pytest.approx(8)
    assert sets["supplier.quarter"].total == pytest.approx(13 * 4 + 7 * 2 + 13)
    assert [len(sets[key].bills) for key in ("pair.year", "supplier.unnamed")] == [3, 0]


def test_the_query_of_a_set_lists_all_its_bills(home: Settings) -> None:
    brief = brief_of(home, shown=1)
    with opened(home, None) as reading:
        queries = {item.key: (query_of(item, reading), item.is_counted_only) for item in wanted(brief, reading)}
    sets = {item.key: item for item in brief.bill_sets}
    with closing(duckdb.connect(str(home.warehouse_path), read_only=True)) as plain:
        for key, (query, is_counted_only) in queries.items():
            rows = plain.execute(query).fetchall()
            count = rows[0][0] if is_counted_only else len(rows)
            assert count == sets[key].count, key
            assert query == sets[key].query


def test_bills_that_hide_their_buyer_are_counted_and_never_listed(home: Settings) -> None:
    text = text_of(brief_of(home, shown=3), has_evidence=True)
    at = text.index("to buyers not named, 52 weeks")
    assert "8 bills" in text[at : at + 80]
    assert "counted only" in text[at : at + 200]
    for item in brief_of(home, shown=3).bill_sets:
        if item.is_counted_only:
            assert item.bills == ()
            assert "bol_number" not in item.query


def test_every_figure_refers_to_a_listed_set_of_bills(home: Settings) -> None:
    brief = brief_of(home, shown=1)
    keys = {item.key for item in brief.bill_sets}
    named = {part.bills for part in parts_of(page_of(brief)) if isinstance(part, Shown) and part.bills}
    assert named
    assert named <= keys


def test_a_bill_withdrawn_since_is_noted_beside_the_frozen_figure(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path)
    assert "amended, withdrawn" not in text_of(brief_of(settings, shown=1), has_evidence=True)
    with closing(duckdb.connect(str(settings.warehouse_path))) as connection:
        connection.execute("delete from fct_shipment where shipment_id = 's2'")
    text = flat(text_of(brief_of(settings, shown=1), has_evidence=True))
    assert "they add up to 50.000 TEU; the published week has 52.000" in text


def test_bills_released_after_the_cut_off_are_left_out(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path)
    with closing(duckdb.connect(str(settings.warehouse_path))) as connection:
        connection.execute(
            "insert into fct_shipment select * replace ('late' as shipment_id, "
            f"date '{made_pair.CUT_OFF}' + 1 as first_release_date) from fct_shipment where shipment_id = 's1'"
        )
    sets = {item.key: item for item in brief_of(settings, shown=1).bill_sets}
    assert sets["supplier.year"].total == pytest.approx(312)
    assert brief_of(settings).past.year.value == pytest.approx(312)


def test_a_name_that_stops_is_hidden_lost_or_open_as_its_event_says(tmp_path: Path, home: Settings) -> None:
    text = flat(text_of(brief_of(home)))
    assert (
        "May be hidden, not lost: GOCASKAS TRADING LLC had 40% of their bills and has not been named since the week of "
        "7 Sep 2026 (8 weeks). Bills without a name rose as it stopped: by about 8 bills where it would "
        "have had about 8 bills."
    ) in text
    lost = made_pair.home(tmp_path / "lost", events=[made_pair.event(made_pair.GONE, "lost")])
    assert "Lost, it seems: GOCASKAS TRADING LLC had 40% of their bills" in flat(text_of(brief_of(lost)))
    watched = made_pair.event(made_pair.GONE, "silent", certainty="watch")
    open_ = made_pair.home(tmp_path / "open", events=[watched])
    assert "Lost, hidden or renamed: GOCASKAS TRADING LLC had 40% of their bills" in flat(text_of(brief_of(open_)))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (-4.2, "in its place: they fell by about 4 bills where it would have had about 8 bills."),
        (0.0, "in its place, where it would have had about 8 bills."),
        (1.0, "in its place (by about 1 bill where it would have had about 8 bills)."),
    ],
)
def test_a_lost_customer_is_compared_with_the_bills_without_a_name(tmp_path: Path, change: float, text: str) -> None:
    events = [made_pair.event(made_pair.GONE, "lost", unnamed_bills_change=change)]
    assert f"did not rise {text}" in flat(text_of(brief_of(made_pair.home(tmp_path, events=events))))


def test_a_pause_of_no_weight_and_an_old_event_are_not_listed(tmp_path: Path) -> None:
    events = [made_pair.event(made_pair.GONE, "silent"), made_pair.event(made_pair.BIG, "lost", since=26)]
    assert brief_of(made_pair.home(tmp_path, events=events)).customer_events == ()


def test_a_week_published_without_events_says_so(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path)
    (settings.snapshots_dir / made_pair.WEEK.text / "r1" / "fct_customer_event.parquet").unlink()
    assert "Not known: the week was published without customer events." in flat(text_of(brief_of(settings)))


@pytest.mark.parametrize("code", ["too_thin", "mostly_unnamed", "uncertain_entity", "unknown_product", "no_volume"])
def test_each_reason_for_a_null_has_a_sentence(tmp_path: Path, code: str) -> None:
    silent = dict.fromkeys(("depends_supplier", "depends_buyer", "power", "mutual", "posture", "question_id"))
    settings = made_pair.home(
        tmp_path, leverage={**silent, "reason_code": code}, tier={"tier": None, "reason_code": "no_volume"}
    )
    text = flat(text_of(brief_of(settings)))
    assert code in REASONS
    assert "These records do not show who needs whom. Whatever holds, " in text
    assert f"Who needs whom is not known: {reason_text(code)}." in text
    assert f"without a tier ({reason_text('no_volume')})" in re.sub(r"\[\w\]", "", text)
    assert code not in text
    assert "None" not in text


@pytest.mark.parametrize(("share", "shown"), [(None, "not known"), (0.5, "yes")])
def test_second_source_is_not_known_where_the_buyer_is_outside_the_scope(share: float | None, shown: str) -> None:
    row = {"hs4": "6907", "volume_unit": "kg", "reason_code": "outside_scope", "share_of_buyer": share}
    item = leverage_of(row, "TILES", Market("6907", 0, None))
    assert second_source(item) == shown


def test_the_supplier_is_described_without_a_row_of_the_pair(home: Settings) -> None:
    with opened(home, None) as reading:
        brief = gather(reading, made_pair.OTHER, made_pair.OURS)
    text = flat(text_of(brief))
    assert "show no bill from PERDOVANTI FOUNDRY to you" in text
    assert "In the year they shipped 52 TEU" in text


def test_without_alternatives_none_is_shown(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path, alternatives=False, leverage={"alternatives": 0, "alternatives_seen": 0})
    text = flat(text_of(brief_of(settings)))
    assert "Nowhere soon: the records show no other steady supplier of these goods" in text
    assert "no other steady supplier is in sight" in text
    assert "Elsewhere:" not in text


def test_json_is_the_facts(home: Settings) -> None:
    brief = brief_of(home, shown=2)
    document = json.loads(as_json(brief))
    assert document["standing"]["volume"] == {**asdict(brief)["standing"]["volume"]}
    assert document["standing"]["volume"]["bills"] == "pair.year"
    assert [item["count"] for item in document["bill_sets"] if item["key"] == "pair.year"] == [26]


def test_a_week_that_is_not_published_says_what_to_run(home: Settings, tmp_path: Path) -> None:
    with (
        pytest.raises(NoSnapshotError, match="leverage publish --as-of 2026-W01"),
        opened(home, parse_week("2026-W01")),
    ):
        pass
    with pytest.raises(NoSnapshotError, match="no week is published yet"), opened(load_settings(home=tmp_path), None):
        pass


def test_a_damaged_snapshot_says_which_file_and_the_way_back(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path)
    path = snapshot_dir(settings, made_pair.WEEK, 1) / "fct_tier.parquet"
    path.write_bytes(b"PAR1")
    with pytest.raises(SnapshotError, match=r"fct_tier\.parquet cannot be read .* backup"), opened(settings, None):
        pass


@pytest.mark.parametrize(
    ("market", "sentence"),
    [
        (Market("4011", 1, 3, (("ONE", "A"),)), "an offer from ONE is worth asking for"),
        (Market("4011", 0, 3, (("ONE", "B"),)), "ask ONE whether it could take your volume"),
        (Market("4011", 0, 0), "do not say that you could leave"),
        (Market(None, 0, None), "find out under which HS code"),
    ],
)
def test_an_open_balance_leaves_something_to_do_in_every_market(market: Market, sentence: str) -> None:
    assert sentence in whatever_holds(market)


@pytest.mark.parametrize(
    ("tier", "low", "high", "words"),
    [("A", "B", "A", "may as well be tier B"), ("C", "D", "A", "may as well be any of A, B or D")],
)
def test_a_wide_tier_names_the_others_that_it_may_be(
    tmp_path: Path, tier: str, low: str, high: str, words: str
) -> None:
    text = text_of(brief_of(made_pair.home(tmp_path, tier={"tier": tier, "tier_low": low, "tier_high": high})))
    assert words in re.sub(r"\[\w\]", "", flat(text))


def test_one_bill_has_no_typical_order(tmp_path: Path) -> None:
    text = re.sub(r"\[\w\]", "", flat(text_of(brief_of(made_pair.home(tmp_path, tier={"bills_per_month": 1 / 12})))))
    assert "on 1 bill. " in text


def test_volume_under_uncertain_spellings_is_stated(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path, leverage={"uncertain_volume_share": 0.3})
    assert "30% of your volume with them is under spellings that may be another" in flat(text_of(brief_of(settings)))


@pytest.mark.parametrize(
    ("changes", "decides"),
    [
        ({"interval_low": 0.02, "interval_high": 0.6}, "More shipments would decide"),
        ({"share_of_buyer_interval_low": 0.2, "interval_low": 0.16}, "Your own purchase orders would decide"),
        ({"alternatives": 0, "supplier_substitutability": 0.33}, "An offer from PERDOVANTI FOUNDRY"),
    ],
)
def test_an_open_posture_names_both_answers_and_the_record_that_decides(
    tmp_path: Path, changes: dict[str, float], decides: str
) -> None:
    open_ = {"posture": "undetermined", "posture_first": "partner", "posture_second": "quote", "power_high": 0.1}
    text = flat(text_of(brief_of(made_pair.home(tmp_path, leverage={**open_, **changes}))))
    assert (
        "Two answers fit the records. Either: Disclose and partner: a commitment for a better price. Or: Quote" in text
    )
    assert decides in text
    assert "Whatever holds, " in text
    assert "the balance is theirs or about even" in text
    assert "Which price goes with which volume?" in text


@pytest.mark.parametrize(
    ("need_of", "share", "whom", "words"),
    [
        (0.06, 0.28, "you", "would feel it if you left"),
        (0.06, 0.05, "you", "hardly need you"),
        (0.01, 0.4, "them", "though you could turn to others"),
        (0.96, 1.0, "them", "cannot do without them"),
    ],
)
def test_words_follow_the_share_as_well_as_the_need(need_of: float, share: float, whom: str, words: str) -> None:
    assert words in need(need_of, share, whom)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-0.6, -0.3, "the balance is theirs"),
        (-0.6, 0.1, "the balance is theirs or about even"),
        (0.1, 0.4, "the balance is yours or about even"),
        (-0.4, 0.4, "whose the balance is stays open"),
        (-0.1, 0.1, "it is about even"),
    ],
)
def test_the_balance_is_called_by_its_range(low: float, high: float, words: str) -> None:
    assert balance(Figure("power", (low + high) / 2, "signed", low=low, high=high)) == words


def test_the_source_of_the_refill_scale_is_stated(tmp_path: Path) -> None:
    assert "is assumed, not measured: at most 50%" in flat(text_of(brief_of(made_pair.home(tmp_path / "default"))))
    measured = made_pair.home(tmp_path / "own", leverage={"refill_source": "records", "refill_scale": 0.34})
    assert "the other customers took 34% of their volume within a year" in flat(text_of(brief_of(measured)))
