"""What a sales rep can see about a company: sources, rhythm, what is hidden, own name variants only."""

from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipeline.reporting.document.html import as_html
from pipeline.reporting.document.page import Shown, parts_of
from pipeline.reporting.document.text import as_text
from pipeline.reporting.facts.published_week import opened
from pipeline.reporting.mirror.facts import Mirror
from pipeline.reporting.mirror.gather import gather_mirror
from pipeline.reporting.mirror.page import mirror_page
from pipeline.settings import Settings
from tests.reporting import made_pair


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return made_pair.home(tmp_path_factory.mktemp("home"))


def mirror_of(settings: Settings, company: str = made_pair.OURS, shown: int | None = 2) -> Mirror:
    with opened(settings, None) as reading:
        return gather_mirror(reading, company, shown=shown)


def text_of(mirror: Mirror) -> str:
    return " ".join(as_text(mirror_page(mirror, has_evidence=True)).split())


def change(settings: Settings, statement: str) -> Settings:
    with closing(duckdb.connect(str(settings.warehouse_path))) as connection:
        connection.execute(statement)
    return settings


def test_a_single_source_has_both_flags(home: Settings) -> None:
    (product,) = mirror_of(home).products
    assert product.no_second_source
    assert product.market is not None
    assert product.market.statement == "ready"
    assert product.second_tried is None
    assert product.sources[0].share.value == 1
    text = text_of(mirror_of(home))
    assert "No second source shows in HS 7325 (IRON CASTINGS): your supplier can read that." in text
    assert "Last second source tried: none in 24 months." in text


def test_the_last_second_source_tried_is_the_newest_and_what_became_of_it(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path)
    moved = f"update fct_shipment set supplier_id = '{made_pair.OTHER}' where consignee_id = '{made_pair.OURS}' and "
    change(settings, f"{moved} week_start_date between date '2025-03-01' and date '2025-04-30'")
    change(settings, f"{moved} week_start_date < date '2024-12-31'".replace(made_pair.OTHER, made_pair.FAR))
    (product,) = mirror_of(settings).products
    assert product.second_tried is not None
    assert product.second_tried.name == "PERDOVANTI FOUNDRY"
    assert not product.second_tried.is_current
    text = text_of(mirror_of(settings))
    assert "Last second source tried: PERDOVANTI FOUNDRY, first on 12 Mar 2025" in text
    assert "; none since 23 Apr 2025." in text


def test_a_gap_and_an_empty_shelf_show(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path)
    gone = f"delete from fct_shipment where consignee_id = '{made_pair.OURS}' and week_start_date"
    change(settings, f"{gone} between date '2026-02-01' and date '2026-04-30'")
    change(settings, f"{gone} > date '2026-09-20'")
    rhythm = mirror_of(settings).rhythm
    assert rhythm is not None
    assert rhythm.is_overdue
    assert [gap.weeks.value for gap in rhythm.gaps] == [14]
    assert "An empty shelf shows." in text_of(mirror_of(settings))


def test_a_rush_shows(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path)
    change(
        settings,
        "insert into fct_shipment select bill.* replace ('r' || n as shipment_id) "
        "from fct_shipment as bill, range(5) as r(n) where bill.shipment_id = 's2'",
    )
    rhythm = mirror_of(settings).rhythm
    assert rhythm is not None
    assert rhythm.is_rush
    assert rhythm.bills_recent.value == 9
    assert "look like a rush" in text_of(mirror_of(settings))


def test_redacted_suppliers_are_counted_and_never_listed(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path)
    hidden = "update fct_shipment set supplier_id = null, supplier_visibility = 'redacted' where "
    change(settings, f"{hidden} consignee_id = '{made_pair.OURS}' and week_start_date >= date '2026-09-01'")
    mirror = mirror_of(settings)
    assert mirror.hidden_bills.value == 5
    assert mirror.hidden_share.value == pytest.approx(5 / 52)
    (redacted,) = [item for item in mirror.bill_sets if item.key == "company.hidden"]
    assert (redacted.count, redacted.bills) == (5, ())
    assert "5 bills{2} that name you hide their supplier" in text_of(mirror)


def test_only_the_companys_own_name_variants_are_listed_and_rare_ones_marked(home: Settings) -> None:
    mirror = mirror_of(home)
    assert [(item.raw_name, item.bills.value, item.is_rare) for item in mirror.spellings] == [
        ("WONIRDEB BRANDS INC", 51, False),
        ("WONIRDEB BRANDS, INC.", 1, True),
    ]
    sets = {item.key: item for item in mirror.bill_sets}
    assert [sets[item.bills.bills or ""].count for item in mirror.spellings] == [51, 1]


def test_bills_of_the_mirror_add_up(home: Settings) -> None:
    mirror = mirror_of(home)
    sets = {item.key: item for item in mirror.bill_sets}
    assert sets["company"].count == mirror.bills.value == 52
    assert sets["company"].total == mirror.volume.value == 104
    for product in mirror.products:
        assert sets[f"product.{product.hs4}"].total == product.volume.value
        for source in product.sources:
            assert sets[source.volume.bills or ""].total == source.volume.value
    named = {part.bills for part in parts_of(mirror_page(mirror)) if isinstance(part, Shown) and part.bills}
    assert named <= sets.keys()


def test_a_company_that_no_bill_names_gets_a_page_that_says_so(home: Settings) -> None:
    mirror = mirror_of(home, "con_" + "0" * 16)
    assert "No bill of 24 months names you" in text_of(mirror)
    assert "None" not in as_html(mirror_page(mirror))


def test_products_chosen_by_text_count(tmp_path: Path) -> None:
    settings = made_pair.home(tmp_path)
    change(settings, "update fct_shipment_product set hs4 = null where identifier in (2, 3)")
    assert [item.hs4 for item in mirror_of(settings).products] == ["7325", "unknown"]
    change(settings, "update fct_shipment_product set hs4 = '7325' where identifier = 2")
    (product,) = mirror_of(settings).products
    assert (product.hs4, product.volume.value) == ("7325", 104)
    sets = {item.key: item for item in mirror_of(settings).bill_sets}
    assert sets["product.7325"].total == 104
